"""Addresses of placements outside a framework, and bringing in what already runs."""

urlpatterns: list = []
