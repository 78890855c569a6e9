"""Addresses of what commissioners are told within 30 minutes, and what they did."""

from django.urls import path

from monitoring.views import alerts

urlpatterns = [
    path("organisations/<int:pk>/alerts/", alerts.alerts, name="alerts"),
    path("alerts/<int:pk>/", alerts.alert, name="alert"),
    path("alerts/<int:pk>/answer/", alerts.acknowledge_alert, name="acknowledge_alert"),
]
