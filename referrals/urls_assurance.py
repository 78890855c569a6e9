"""Addresses of what must be in place before a pupil starts, and who answers."""

urlpatterns: list = []
