"""Addresses of frameworks: what anybody reads, and the officer's list."""

urlpatterns: list = []
