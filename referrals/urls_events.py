"""Addresses of what a provider’s changes ask of commissioners."""

from django.urls import path

from referrals.views import events

urlpatterns = [
    path("organisations/<int:pk>/changes/", events.provider_changes, name="provider_changes"),
    path("organisations/<int:pk>/changes/add/", events.add_change, name="add_change"),
    path("organisations/<int:pk>/provider-changes/", events.changes_told, name="changes_told"),
    path("organisations/<int:pk>/decisions/", events.decisions, name="decisions"),
    path("decisions/<int:pk>/", events.decide, name="decide"),
]
