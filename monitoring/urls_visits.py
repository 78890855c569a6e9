"""Addresses of visits to providers."""

from django.urls import path

from monitoring.views import visit, visits

urlpatterns = [
    path("organisations/<int:pk>/visits/", visits.visits, name="visits"),
    path("organisations/<int:pk>/visits/planned/", visits.visits_planned, name="visits_planned"),
    path("organisations/<int:pk>/visits/to-do/", visits.visits_to_do, name="visits_to_do"),
    path("organisations/<int:pk>/visits/shared/", visits.visits_shared, name="visits_shared"),
    path("organisations/<int:pk>/visits/plan/", visits.plan_visit, name="plan_visit"),
    path("organisations/<int:pk>/visits/schedule/", visits.schedule_visits, name="schedule_visits"),
    path("organisations/<int:pk>/visits-had/", visits.visits_had, name="visits_had"),
    path("visit-schedules/<int:pk>/end/", visits.end_schedule, name="end_schedule"),
    path("visits/<int:pk>/", visit.visit, name="visit"),
    path("visits/<int:pk>/write/", visit.write_visit, name="write_visit"),
    path("visits/<int:pk>/cancel/", visits.cancel_visit, name="cancel_visit"),
    path("visits/<int:pk>/share/", visit.share_visit, name="share_visit"),
    path("visit-actions/<int:pk>/done/", visits.action_done, name="action_done"),
]
