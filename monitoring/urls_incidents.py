"""Addresses of incidents, first aid and fire drills."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
