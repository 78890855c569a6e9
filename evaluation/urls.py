"""Addresses of evaluations: each file holds those of one part of the work."""

from django.urls import include, path

urlpatterns = [
    path("", include("evaluation.urls_panel")),
    path("", include("evaluation.urls_judging")),
    path("", include("evaluation.urls_clarify")),
    path("", include("evaluation.urls_moderation")),
    path("", include("evaluation.urls_prices")),
    path("", include("evaluation.urls_awards")),
    path("", include("evaluation.urls_letters")),
    path("", include("evaluation.urls_report")),
]
