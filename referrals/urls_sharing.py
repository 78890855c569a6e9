"""Addresses of agreements to share data, how a commissioner works, bringing pupils in, and records kept longer."""

from django.urls import path

from referrals.views import bringing_in, keeping, sharing

urlpatterns = [
    path("organisations/<int:pk>/data-sharing/", sharing.sharing_agreements, name="sharing_agreements"),
    path("organisations/<int:pk>/data-sharing/add/", sharing.add_sharing_agreement, name="add_sharing_agreement"),
    path("data-sharing/<int:pk>/", sharing.sharing_agreement, name="sharing_agreement"),
    path("data-sharing/<int:pk>/file/", sharing.sharing_agreement_file, name="sharing_agreement_file"),
    path("data-sharing/<int:pk>/end/", sharing.end_sharing_agreement, name="end_sharing_agreement"),
    path("organisations/<int:pk>/how-we-refer/", sharing.terms_of_referral, name="terms_of_referral"),
    path("organisations/<int:pk>/pupils/import/", bringing_in.import_pupils, name="import_pupils"),
    path("pupils/<int:pk>/keep/", keeping.keep_pupil, name="keep_pupil"),
]
