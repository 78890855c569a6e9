"""Addresses of placements: how one is agreed, signed and paid for."""

from django.urls import path

from referrals.views import papers, placements, placing, quotes, spend

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
    path("referrals/<int:pk>/quotes/", quotes.quotes, name="quotes"),
    path("referrals/<int:pk>/quotes/add/", quotes.add_quote, name="add_quote"),
    path("quotes/<int:pk>/", quotes.quote, name="quote"),
    path("quotes/<int:pk>/place/", quotes.place_by_quote, name="place_by_quote"),
    path("frameworks/<int:pk>/spend/", spend.framework_spend, name="framework_spend"),
    path("frameworks/<int:pk>/spend/chart.svg", spend.framework_spend_chart, name="framework_spend_chart"),
]
