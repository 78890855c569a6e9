"""Addresses of referrals and their approval."""

urlpatterns: list = []
