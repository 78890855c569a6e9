"""Addresses of places on a framework, and of opening a framework again."""

urlpatterns: list = []
