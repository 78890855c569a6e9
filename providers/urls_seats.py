"""Addresses of a provider's free places."""

from django.urls import path

from providers.views import seats

urlpatterns = [
    path("organisations/<int:pk>/free-places/", seats.free_places, name="free_places"),
    path("sites/<int:pk>/free-places/", seats.free_places_at, name="free_places_at"),
]
