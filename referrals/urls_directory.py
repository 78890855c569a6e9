"""Addresses of the directory and shortlists."""

urlpatterns: list = []
