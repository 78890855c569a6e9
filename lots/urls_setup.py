"""Addresses of setting a framework up."""

urlpatterns: list = []
