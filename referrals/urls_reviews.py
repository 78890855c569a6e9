"""Addresses of reviews, outcomes, census and counts."""

urlpatterns: list = []
