"""Addresses of placements outside a framework, and bringing in what already runs."""

from django.urls import path

from referrals.views import bringing_placements, outside

urlpatterns: list = [
    path("organisations/<int:pk>/placements/import/", bringing_placements.import_placements, name="import_placements"),
    path("pupils/<int:pk>/place-outside/", outside.place_outside, name="place_outside"),
    path("placements/<int:pk>/edit-outside/", outside.edit_outside, name="edit_outside"),
    path("organisations/<int:pk>/outside/", outside.outside_spend, name="outside_spend"),
    path("organisations/<int:pk>/outside/chart.svg", outside.outside_spend_chart, name="outside_spend_chart"),
]
