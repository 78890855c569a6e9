"""Addresses of pupils."""

urlpatterns: list = []
