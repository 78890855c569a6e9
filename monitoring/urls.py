"""Addresses of monitoring: each file holds those of one part of the work."""

from django.urls import include, path

urlpatterns = [
    path("", include("monitoring.urls_registers")),
    path("", include("monitoring.urls_alerts")),
    path("", include("monitoring.urls_reports")),
    path("", include("monitoring.urls_board")),
    path("", include("monitoring.urls_terms")),
    path("", include("monitoring.urls_visits")),
    path("", include("monitoring.urls_concerns")),
    path("", include("monitoring.urls_incidents")),
    path("", include("monitoring.urls_effects")),
]
