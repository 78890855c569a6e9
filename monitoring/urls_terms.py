"""Addresses of when reports are due and providers reminded."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
