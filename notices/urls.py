"""Addresses of procurement notices: bringing one in, giving one back."""

urlpatterns: list = []
