"""Addresses of what a provider’s changes ask of commissioners."""

urlpatterns: list = []
