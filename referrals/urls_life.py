"""Addresses of what happens to a placement once it is agreed."""

from django.urls import path

from referrals.views import life, life_dated, life_ends, life_funders

urlpatterns: list = [
    path("placements/<int:pk>/history/", life.placement_history, name="placement_history"),
    path("placements/<int:pk>/hours/", life.amend_placement, name="amend_placement"),
    path("placements/<int:pk>/dates/", life_dated.add_dated_session, name="add_dated_session"),
    path(
        "placements/<int:pk>/dates/<int:session>/remove/",
        life_dated.remove_dated_session,
        name="remove_dated_session",
    ),
    path("placements/<int:pk>/extend/", life.extend_placement, name="extend_placement"),
    path("placements/<int:pk>/price/", life.lower_price, name="lower_price"),
    path("placements/<int:pk>/pause/", life_ends.pause_placement, name="pause_placement"),
    path("placements/<int:pk>/resume/", life_ends.resume_placement, name="resume_placement"),
    path("placements/<int:pk>/end/", life_ends.end_placement, name="end_placement"),
    path("placements/<int:pk>/funders/", life_funders.change_funders, name="change_funders"),
]
