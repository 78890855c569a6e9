"""Addresses of the directory and shortlists."""

from django.urls import path

from referrals.views import directory

urlpatterns = [
    path("organisations/<int:pk>/provision/", directory.directory, name="directory"),
    path("organisations/<int:pk>/provision/<int:place>/", directory.provision, name="provision"),
    path(
        "organisations/<int:pk>/provision/<int:place>/shortlist/", directory.add_to_shortlist, name="add_to_shortlist"
    ),
    path("organisations/<int:pk>/shortlist/", directory.shortlist, name="shortlist"),
    path("organisations/<int:pk>/shortlist.csv", directory.shortlist_csv, name="shortlist_csv"),
    path("shortlist/<int:pk>/take-off/", directory.take_off_shortlist, name="take_off_shortlist"),
    path("find-provision/", directory.find_provision, name="find_provision"),
    path("find-provision/<int:pk>/", directory.find_provision_provider, name="find_provision_provider"),
]
