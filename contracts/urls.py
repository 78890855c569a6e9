"""Addresses of agreements."""

from django.urls import path

from contracts.views import agreements, kpis

urlpatterns = [
    path("organisations/<int:pk>/agreements/", agreements.agreements, name="agreements"),
    path("agreements/<int:pk>/", agreements.contract, name="contract"),
    path("agreements/<int:pk>/agreement.pdf", agreements.contract_file, name="contract_file"),
    path("agreements/<int:pk>/sign/", agreements.sign_contract, name="sign_contract"),
    path("agreements/<int:pk>/countersign/", agreements.countersign_contract, name="countersign_contract"),
    path("agreements/<int:pk>/kpis/", kpis.contract_kpis, name="contract_kpis"),
    path("agreements/<int:pk>/kpis/five/", kpis.add_five_kpis, name="add_five_kpis"),
    path("agreements/<int:pk>/kpis/add/", kpis.add_kpi, name="add_kpi"),
    path("kpis/<int:pk>/change/", kpis.change_kpi, name="change_kpi"),
    path("kpis/<int:pk>/end/", kpis.end_kpi, name="end_kpi"),
    path("kpi-questions/<int:pk>/", kpis.answer_kpi_question, name="answer_kpi_question"),
    path("frameworks/<int:pk>/kpis/", kpis.framework_kpis, name="framework_kpis"),
]
