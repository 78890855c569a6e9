"""Addresses of the contract manager's board, comparison and ratings."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
