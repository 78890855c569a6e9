"""Addresses of what documents that ran out propose."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
