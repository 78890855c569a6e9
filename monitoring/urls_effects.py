"""Addresses of what documents that ran out propose."""

from django.urls import path

from monitoring.views import effects

urlpatterns = [
    path("organisations/<int:pk>/documents-that-ran-out/", effects.proposals, name="proposals"),
    path("documents-that-ran-out/<int:pk>/", effects.answer_proposal, name="answer_proposal"),
]
