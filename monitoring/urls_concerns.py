"""Addresses of concerns about a child or an adult."""

from django.urls import path

from monitoring.views import concerns, raising

urlpatterns = [
    path("organisations/<int:pk>/concerns/", concerns.concerns, name="concerns"),
    path("organisations/<int:pk>/concerns/raise/", raising.raise_concern, name="raise_concern"),
    path("organisations/<int:pk>/front-door/", concerns.front_door, name="front_door"),
    path("concerns/<uuid:key>/", concerns.concern, name="concern"),
    path("concerns/<uuid:key>/received/", concerns.receive_concern, name="receive_concern"),
    path("concerns/<uuid:key>/hand-over/", concerns.hand_over_concern, name="hand_over_concern"),
    path("concerns/<uuid:key>/close/", concerns.close_concern, name="close_concern"),
    path("concerns/<uuid:key>/paper/", concerns.concern_paper, name="concern_paper"),
]
