"""Addresses of long work."""

from django.urls import path

from jobs import views

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("outages/", views.outages, name="outages"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/state/", views.job_state, name="job_state"),
    path("<int:pk>/stop/", views.cancel_job, name="cancel_job"),
    path("<int:pk>/retry/", views.retry_job, name="retry_job"),
]
