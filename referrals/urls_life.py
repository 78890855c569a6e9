"""Addresses of what happens to a placement once it is agreed."""

urlpatterns: list = []
