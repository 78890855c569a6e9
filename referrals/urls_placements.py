"""Addresses of placements: how one is agreed, signed and paid for."""

from django.urls import path

from referrals.views import papers, placements, placing

urlpatterns: list = [
    path("organisations/<int:pk>/placements/", placements.placements, name="placements"),
    path("referrals/<int:pk>/place/", placing.place_pupil, name="place_pupil"),
    path("placements/<int:pk>/", placements.placement, name="placement"),
    path("placements/<int:pk>/edit/", placing.edit_placement, name="edit_placement"),
    path("placements/<int:pk>/send/", papers.send_for_signature, name="send_for_signature"),
    path("placements/<int:pk>/sign/", papers.sign_placement, name="sign_placement"),
    path("placements/<int:pk>/agreement.pdf", papers.placement_paper, name="placement_paper"),
    path("placements/<int:pk>/parent-letter.pdf", papers.parent_letter, name="parent_letter"),
    path("placements/<int:pk>/cancel/", placing.cancel_placement, name="cancel_placement"),
]
