"""Addresses of what commissioners are told within 30 minutes, and what they did."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
