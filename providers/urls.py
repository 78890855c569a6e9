"""Addresses of applications: applying, the list of tasks, its parts."""

from django.urls import path

from providers.views import applications, edit

urlpatterns = [
    path("frameworks/<int:pk>/apply/", applications.apply, name="apply"),
    path("frameworks/<int:pk>/clock/", applications.application_clock, name="application_clock"),
    path("organisations/<int:pk>/applications/", applications.applications, name="applications"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path(
        "applications/<int:pk>/parts/organisation/upload/",
        edit.upload_supplier_information,
        name="upload_supplier_information",
    ),
    path("applications/<int:pk>/parts/<slug:code>/", edit.edit_part, name="edit_part"),
]
