"""Addresses of concerns about a child or an adult."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
