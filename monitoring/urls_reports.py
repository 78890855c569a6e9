"""Addresses of a provider's daily reports."""

from django.urls import path

from monitoring.views import reports

urlpatterns = [
    path("organisations/<int:pk>/daily-report/", reports.daily_report, name="daily_report"),
    path("organisations/<int:pk>/daily-reports/", reports.daily_reports, name="daily_reports"),
    path("daily-reports/<int:pk>/", reports.report, name="report"),
]
