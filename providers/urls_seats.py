"""Addresses of a provider's free places."""

urlpatterns: list = []
