"""Addresses of incidents, first aid and fire drills."""

from django.urls import path

from monitoring.views import drills, incidents

urlpatterns = [
    path("organisations/<int:pk>/incidents/", incidents.incidents, name="incidents"),
    path("organisations/<int:pk>/incidents/add/", incidents.add_incident, name="add_incident"),
    path("organisations/<int:pk>/pupil-incidents/", incidents.pupil_incidents, name="pupil_incidents"),
    path("incidents/<int:pk>/", incidents.incident, name="incident"),
    path("incidents/<int:pk>/correct/", incidents.correct_incident, name="correct_incident"),
    path("organisations/<int:pk>/drills/", drills.drills, name="drills"),
    path("organisations/<int:pk>/drills/add/", drills.add_drill, name="add_drill"),
]
