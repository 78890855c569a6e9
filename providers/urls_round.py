"""Addresses of questions, messages, the deadline, and the officers' page of a round."""

from django.urls import path

from providers.views import messages, questions, rounds

urlpatterns = [
    path("frameworks/<int:pk>/clarifications/", questions.clarifications, name="clarifications"),
    path("frameworks/<int:pk>/clarifications/ask/", questions.ask_question, name="ask_question"),
    path("frameworks/<int:pk>/clarifications/mine/", questions.my_questions, name="my_questions"),
    path("frameworks/<int:pk>/clarifications/add/", questions.add_clarification, name="add_clarification"),
    path("questions/<int:pk>/answer/", questions.answer_question, name="answer_question"),
    path("answers/<int:pk>/edit/", questions.edit_answer, name="edit_answer"),
    path("applications/<int:pk>/messages/", messages.bid_messages, name="bid_messages"),
    path("applications/<int:pk>/help/", messages.ask_for_help, name="ask_for_help"),
    path("frameworks/<int:pk>/round/", rounds.round, name="round"),
    path("frameworks/<int:pk>/round/questions/", questions.questions, name="questions"),
    path("frameworks/<int:pk>/round/messages/", messages.messages_of_round, name="messages_of_round"),
    path("frameworks/<int:pk>/round/messages/<str:code>/", messages.bidder_messages, name="bidder_messages"),
    path("frameworks/<int:pk>/round/help/", messages.help_queue, name="help_queue"),
    path("messages/<int:pk>/answer/", messages.answer_help, name="answer_help"),
    path("frameworks/<int:pk>/round/deadline/", rounds.extend_deadline, name="extend_deadline"),
    path("frameworks/<int:pk>/round/outage/", rounds.propose_outage_deadline, name="propose_outage_deadline"),
    path("deadline-changes/<int:pk>/confirm/", rounds.confirm_outage_deadline, name="confirm_outage_deadline"),
    path("deadline-changes/<int:pk>/drop/", rounds.drop_outage_deadline, name="drop_outage_deadline"),
]
