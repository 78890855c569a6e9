"""Addresses of the contract manager's board, comparison and ratings."""

from django.urls import path

from monitoring.views import board, ratings

urlpatterns = [
    path("organisations/<int:pk>/daily-reports/board/", board.board, name="board"),
    path("organisations/<int:pk>/daily-reports/board.<slug:kind>", board.board_file, name="board_file"),
    path("organisations/<int:pk>/daily-reports/providers/<int:provider>/", board.board_of, name="board_of"),
    path("organisations/<int:pk>/ratings/", ratings.ratings, name="ratings"),
    path("organisations/<int:pk>/ratings-had/", ratings.ratings_of, name="ratings_of"),
    path("kpis/<int:pk>/rate/", ratings.rate_kpi, name="rate_kpi"),
]
