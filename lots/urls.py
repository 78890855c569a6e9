"""Addresses of frameworks: what anybody reads, and the officer's list."""

from django.urls import path

from lots.views import dashboard, public

urlpatterns = [
    path("frameworks/", public.frameworks, name="frameworks"),
    path("frameworks/<int:pk>/", public.framework, name="framework"),
    path("frameworks/<int:pk>/timeline.svg", public.framework_timeline, name="framework_timeline"),
    path("lots/<int:pk>/", public.lot, name="lot"),
    path("organisations/<int:pk>/frameworks/", dashboard.organisation_frameworks, name="organisation_frameworks"),
]
