"""Addresses of a framework's policies, and of quality standards."""

urlpatterns: list = []
