"""Addresses of long work."""

urlpatterns: list = []
