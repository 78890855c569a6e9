"""Addresses of the outbox."""

from django.urls import path

from outbox import views

urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("<int:pk>/", views.outbox_message, name="outbox_message"),
    path("<int:pk>/retry/", views.retry_message, name="retry_message"),
    path("<int:pk>/give-up/", views.give_up_message, name="give_up_message"),
]
