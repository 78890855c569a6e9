"""Addresses of reviews, outcomes, census and counts."""

from django.urls import path

from referrals.views import census, counts, reviews, threshold

urlpatterns = [
    path("organisations/<int:pk>/reviews/", reviews.reviews, name="reviews"),
    path("placements/<int:pk>/reviews/", reviews.placement_reviews, name="placement_reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("organisations/<int:pk>/unregistered/", threshold.threshold_warnings, name="threshold_warnings"),
    path("organisations/<int:pk>/census/", census.census, name="census"),
    path("organisations/<int:pk>/census/<slug:kind>/", census.census_file, name="census_file"),
    path("organisations/<int:pk>/counts/", counts.counts, name="counts"),
    path("organisations/<int:pk>/counts/picture.svg", counts.counts_chart, name="counts_chart"),
    path("organisations/<int:pk>/counts/<slug:kind>/", counts.counts_file, name="counts_file"),
]
