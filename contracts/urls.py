"""Addresses of agreements."""

from django.urls import path

from contracts import views

urlpatterns = [
    path("organisations/<int:pk>/agreements/", views.agreements, name="agreements"),
    path("agreements/<int:pk>/", views.contract, name="contract"),
    path("agreements/<int:pk>/agreement.pdf", views.contract_file, name="contract_file"),
    path("agreements/<int:pk>/sign/", views.sign_contract, name="sign_contract"),
    path("agreements/<int:pk>/countersign/", views.countersign_contract, name="countersign_contract"),
]
