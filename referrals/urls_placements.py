"""Addresses of placements: how one is agreed, signed and paid for."""

urlpatterns: list = []
