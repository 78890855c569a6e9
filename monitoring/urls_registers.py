"""Addresses of registers and what a school sees of them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
