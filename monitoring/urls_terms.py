"""Addresses of when reports are due and providers reminded."""

from django.urls import path

from monitoring.views import terms

urlpatterns = [
    path("organisations/<int:pk>/daily-reports/times/", terms.report_terms, name="report_terms"),
]
