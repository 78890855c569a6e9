"""Addresses of referrals: each file holds those of one part of the work."""

from django.urls import include, path

urlpatterns = [
    path("", include("referrals.urls_directory")),
    path("", include("referrals.urls_pupils")),
    path("", include("referrals.urls_sharing")),
    path("", include("referrals.urls_referrals")),
    path("", include("referrals.urls_enquiries")),
    path("", include("referrals.urls_placements")),
    path("", include("referrals.urls_life")),
    path("", include("referrals.urls_assurance")),
    path("", include("referrals.urls_reviews")),
    path("", include("referrals.urls_events")),
    path("", include("referrals.urls_timetable")),
    path("", include("referrals.urls_outside")),
]
