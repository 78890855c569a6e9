"""Addresses of a provider's daily reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
