"""Addresses of referrals and their approval."""

from django.urls import path, register_converter

from referrals.rules.referral import TITLES
from referrals.views import approvals, referral_parts, referrals


class PartConverter:
    """The parts of a referral, and nothing else: the pages of enquiries stand beside them."""

    regex = "|".join(TITLES)

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(PartConverter, "part")

urlpatterns = [
    path("organisations/<int:pk>/referrals/", referrals.referrals, name="referrals"),
    path("pupils/<int:pk>/refer/", referrals.start_referral, name="start_referral"),
    path("referrals/<int:pk>/", referrals.referral, name="referral"),
    path("referrals/<int:pk>/check/", referrals.check_referral, name="check_referral"),
    path("referrals/<int:pk>/close/", referrals.close_referral, name="close_referral"),
    path("referrals/<int:pk>/documents/", referral_parts.referral_documents, name="referral_documents"),
    path("referrals/<int:pk>/<part:part>/", referral_parts.referral_part, name="referral_part"),
    path("referral-files/<int:pk>/", referral_parts.referral_file, name="referral_file"),
    path("referral-files/<int:pk>/remove/", referral_parts.remove_referral_file, name="remove_referral_file"),
    path("organisations/<int:pk>/approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/", approvals.approval, name="approval"),
]
