"""Addresses of pupils. What is looked for, and who a pupil is, stands in none of them."""

from django.urls import path

from referrals.views import pupil_edits, pupil_moves, pupils

urlpatterns = [
    path("organisations/<int:pk>/pupils/", pupils.pupils, name="pupils"),
    path("organisations/<int:pk>/pupils/list.csv", pupils.pupils_csv, name="pupils_csv"),
    path("organisations/<int:pk>/pupils/add/", pupils.add_pupil, name="add_pupil"),
    path("organisations/<int:pk>/pupils/moves/", pupil_moves.pupil_moves, name="pupil_moves"),
    path("pupil-moves/<int:pk>/", pupil_moves.answer_move, name="answer_move"),
    path("pupils/<int:pk>/", pupils.pupil, name="pupil"),
    path("pupils/<int:pk>/record/", pupils.pupil_record, name="pupil_record"),
    path("pupils/<int:pk>/edit/", pupil_edits.edit_pupil, name="edit_pupil"),
    path("pupils/<int:pk>/needs/", pupil_edits.edit_needs, name="edit_needs"),
    path("pupils/<int:pk>/contacts/", pupil_edits.edit_contacts, name="edit_contacts"),
    path("pupils/<int:pk>/roll/add/", pupil_edits.add_enrolment, name="add_enrolment"),
    path("pupils/<int:pk>/roll/<int:enrolment>/end/", pupil_edits.end_enrolment, name="end_enrolment"),
    path("pupils/<int:pk>/roll/<int:enrolment>/correct/", pupil_edits.correct_enrolment, name="correct_enrolment"),
    path("pupils/<int:pk>/move/", pupil_moves.move_pupil, name="move_pupil"),
    path("pupils/<int:pk>/merge/", pupil_moves.merge_pupil, name="merge_pupil"),
    path("pupils/<int:pk>/merge/<int:other>/", pupil_moves.merge_pupils, name="merge_pupils"),
]
