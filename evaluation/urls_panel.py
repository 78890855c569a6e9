"""Addresses of the panel, the opening and the list of bids."""

from django.urls import path

from evaluation.views import bids, interests, opening, overview, panel

urlpatterns = [
    path("frameworks/<int:pk>/evaluation/", panel.evaluation_of_framework, name="evaluation_of_framework"),
    path("evaluations/", overview.evaluations, name="evaluations"),
    path("evaluations/<int:pk>/", overview.evaluation, name="evaluation"),
    path("evaluations/<int:pk>/panel/", panel.panel, name="panel"),
    path("evaluations/<int:pk>/panel/appoint/", panel.appoint, name="appoint"),
    path("appointments/<int:pk>/end/", panel.end_appointment, name="end_appointment"),
    path("appointments/<int:pk>/standards/", panel.assign_standards, name="assign_standards"),
    path("evaluations/<int:pk>/rules/", panel.evaluation_rules, name="evaluation_rules"),
    path("evaluations/<int:pk>/interests/", interests.interests, name="interests"),
    path("evaluations/<int:pk>/interests/declare/", interests.declare_interests, name="declare_interests"),
    path("evaluations/<int:pk>/interests/bidders/", interests.declare_bidders, name="declare_bidders"),
    path("evaluations/<int:pk>/interests/report/", interests.report_interest, name="report_interest"),
    path("interests/<int:pk>/decide/", interests.mitigate_interest, name="mitigate_interest"),
    path("evaluations/<int:pk>/opening/", opening.opening, name="opening"),
    path("evaluations/<int:pk>/opening/record.pdf", opening.opening_pdf, name="opening_pdf"),
    path("evaluations/<int:pk>/bids/", bids.bids, name="bids"),
    path("bids/<int:pk>/", bids.bid, name="bid"),
    path("bids/<int:pk>/withdraw/", bids.withdraw_bid, name="withdraw_bid"),
    path("bids/<int:pk>/exclude/", bids.exclude_bid, name="exclude_bid"),
    path("bids/<int:pk>/bring-back/", bids.bring_back_bid, name="bring_back_bid"),
]
