"""Addresses of questions to bidders and pages of evidence."""

from django.urls import path

from evaluation.views import clarifying, evidence

urlpatterns = [
    path("bids/<int:pk>/evidence/<int:version>/", evidence.bid_evidence_file, name="bid_evidence_file"),
    path(
        "bids/<int:pk>/evidence/<int:version>/pages/<int:number>/",
        evidence.bid_evidence_page,
        name="bid_evidence_page",
    ),
    path("judgements/<int:pk>/ask/", clarifying.ask_bidder, name="ask_bidder"),
    path("bids/<int:pk>/standards/<int:standard>/ask/", clarifying.ask_in_moderation, name="ask_in_moderation"),
    path("bidder-questions/<int:pk>/", clarifying.clarification, name="clarification"),
    path("bid-questions/<int:pk>/", clarifying.answer_clarification, name="answer_clarification"),
]
