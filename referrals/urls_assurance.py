"""Addresses of what must be in place before a pupil starts, and who answers."""

from django.urls import path

from referrals.views import assurance, cover, direction, starting

urlpatterns = [
    path("placements/<int:pk>/before-start/", assurance.before_start, name="before_start"),
    path("placements/<int:pk>/before-start/<slug:item>/", assurance.assurance_item, name="assurance_item"),
    path("placements/<int:pk>/before-start/<slug:item>/undo/", assurance.undo_assurance, name="undo_assurance"),
    path("before-start/<int:pk>/file/", assurance.assurance_file, name="assurance_file"),
    path("placements/<int:pk>/start/", starting.start_placement, name="start_placement"),
    path("placements/<int:pk>/emergency-start/", starting.emergency_start, name="emergency_start"),
    path("placements/<int:pk>/direction.pdf", direction.direction_notice, name="direction_notice"),
    path("placements/<int:pk>/transport/", assurance.transport, name="transport"),
    path("organisations/<int:pk>/who-answers/", cover.rota, name="rota"),
    path("organisations/<int:pk>/who-answers/add/", cover.add_cover, name="add_cover"),
    path("who-answers/<int:pk>/", cover.change_cover, name="change_cover"),
    path("who-answers/<int:pk>/end/", cover.end_cover, name="end_cover"),
]
