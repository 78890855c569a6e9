"""Addresses of the queue of judgements and one judgement."""

from django.urls import URLPattern, path

from evaluation.views import judging

urlpatterns: list[URLPattern] = [
    path("evaluations/<int:pk>/judgements/", judging.my_judgements, name="my_judgements"),
    path("evaluations/<int:pk>/judgements/next/", judging.next_judgement, name="next_judgement"),
    path("evaluations/<int:pk>/progress/", judging.progress, name="progress"),
    path("evaluations/<int:pk>/progress/give-out/", judging.give_out_judging, name="give_out_judging"),
    path("judgements/<int:pk>/", judging.judgement, name="judgement"),
]
