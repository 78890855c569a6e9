"""Addresses of awards, their publication, and taking one back."""

from django.urls import path

from evaluation.views import awards, publication, taking_back

urlpatterns = [
    path("evaluations/<int:pk>/awards/", awards.awards, name="awards"),
    path("evaluations/<int:pk>/awards/propose/", awards.propose_award, name="propose_award"),
    path("awards/<int:pk>/", awards.award_set, name="award_set"),
    path("awards/<int:pk>/lines.csv", awards.award_csv, name="award_csv"),
    path("awards/<int:pk>/lines.xlsx", awards.award_xlsx, name="award_xlsx"),
    path("awards/<int:pk>/approve/", awards.approve_award, name="approve_award"),
    path("awards/<int:pk>/send-back/", awards.send_back_award, name="send_back_award"),
    path("awards/<int:pk>/publication/", publication.award_publication, name="award_publication"),
    path("award-lines/<int:pk>/take-back/", taking_back.take_back_award, name="take_back_award"),
    path("awards-taken-back/<int:pk>/", taking_back.award_taken_back, name="award_taken_back"),
    path("awards-taken-back/<int:pk>/drop/", taking_back.drop_taking_back, name="drop_taking_back"),
]
