"""Addresses of where everybody is today, and calendar feeds."""

urlpatterns: list = []
