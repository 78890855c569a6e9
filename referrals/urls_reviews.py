"""Addresses of reviews, outcomes, census and counts."""

from django.urls import path

from referrals.views import reviews, threshold

urlpatterns = [
    path("organisations/<int:pk>/reviews/", reviews.reviews, name="reviews"),
    path("placements/<int:pk>/reviews/", reviews.placement_reviews, name="placement_reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("organisations/<int:pk>/unregistered/", threshold.threshold_warnings, name="threshold_warnings"),
]
