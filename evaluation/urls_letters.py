"""Addresses of letters and what a bidder is told."""

from django.urls import path

from evaluation.views import bidder, letters

urlpatterns = [
    path("evaluations/<int:pk>/letters/", letters.letters, name="letters"),
    path("letters/<int:pk>/letter.pdf", letters.letter_file, name="letter_file"),
    path("letters/<int:pk>/beside/", letters.letters_beside, name="letters_beside"),
    path("applications/<int:pk>/evaluation/", bidder.bidder_evaluation, name="bidder_evaluation"),
]
