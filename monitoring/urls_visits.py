"""Addresses of visits to providers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
