"""Addresses of the standards in an application, and of the self-check that anybody may make."""

from django.urls import path

from providers.views import self_check, standards

urlpatterns = [
    path("frameworks/<int:pk>/self-check/", self_check.self_check, name="self_check"),
    path("applications/<int:pk>/standards/", standards.application_standards, name="application_standards"),
    path("applications/<int:pk>/standards/<int:standard>/", standards.edit_standard, name="edit_standard"),
    path(
        "applications/<int:pk>/standards/<int:standard>/<slug:field>/upload/",
        standards.upload_evidence,
        name="upload_evidence",
    ),
    path("applications/<int:pk>/missing/", standards.what_is_missing, name="what_is_missing"),
]
