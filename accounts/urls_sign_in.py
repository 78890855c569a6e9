"""Addresses of signing in that are our own, beside allauth's."""

from django.urls import path

from accounts.views import sign_in

urlpatterns = [
    path("kept-answers/", sign_in.held_answers, name="held_answers"),
    path("sessions/", sign_in.usersessions_list, name="usersessions_list"),
    path("sessions/<int:pk>/end/", sign_in.end_session, name="end_session"),
    path("sessions/end-others/", sign_in.end_other_sessions, name="end_other_sessions"),
    path("linked/<str:provider_id>/login/", sign_in.openid_connect_login, name="openid_connect_login"),
    path("linked/<str:provider_id>/login/callback/", sign_in.openid_connect_callback, name="openid_connect_callback"),
]
