"""Addresses of agreements to share data, how a commissioner works, and bringing pupils in."""

urlpatterns: list = []
