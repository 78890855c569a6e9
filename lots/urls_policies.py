"""Addresses of a framework's policies, and of quality standards."""

from django.urls import path

from lots.views import policies

urlpatterns = [
    path("frameworks/<int:pk>/policies/", policies.framework_policies, name="framework_policies"),
    path("frameworks/<int:pk>/policies/<slug:topic>/", policies.framework_policy, name="framework_policy"),
]
