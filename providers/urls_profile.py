"""Addresses of a provider's profile and of its evidence library."""

from django.urls import path

from providers.views import library, profile, profile_rows, public

urlpatterns = [
    path("providers/<int:pk>/", public.provider, name="provider"),
    path("organisations/<int:pk>/profile/", profile.provider_profile, name="provider_profile"),
    path("organisations/<int:pk>/profile/sites/add/", profile_rows.add_site, name="add_site"),
    path("organisations/<int:pk>/profile/insurances/add/", profile_rows.add_insurance, name="add_insurance"),
    path(
        "organisations/<int:pk>/profile/accreditations/add/",
        profile_rows.add_accreditation,
        name="add_accreditation",
    ),
    path("organisations/<int:pk>/profile/<slug:group>/", profile.edit_profile, name="edit_profile"),
    path("sites/<int:pk>/change/", profile_rows.change_site, name="change_site"),
    path("sites/<int:pk>/close/", profile_rows.close_site, name="close_site"),
    path("insurances/<int:pk>/change/", profile_rows.change_insurance, name="change_insurance"),
    path("insurances/<int:pk>/remove/", profile_rows.remove_insurance, name="remove_insurance"),
    path("accreditations/<int:pk>/change/", profile_rows.change_accreditation, name="change_accreditation"),
    path("accreditations/<int:pk>/remove/", profile_rows.remove_accreditation, name="remove_accreditation"),
    path("organisations/<int:pk>/library/", library.library, name="library"),
    path("organisations/<int:pk>/library/add/", library.add_item, name="add_item"),
    path("library/<int:pk>/", library.item, name="item"),
    path("library/<int:pk>/replace/", library.replace_item, name="replace_item"),
    path("library/<int:pk>/rename/", library.rename_item, name="rename_item"),
    path("library/<int:pk>/remove/", library.remove_item, name="remove_item"),
    path("library/versions/<int:pk>/download/", library.download_version, name="download_version"),
]
