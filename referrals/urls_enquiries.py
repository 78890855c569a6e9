"""Addresses of enquiries, offers, the choice, and what the chosen provider reads."""

urlpatterns: list = []
