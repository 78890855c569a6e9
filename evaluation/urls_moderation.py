"""Addresses of moderation, the freeze and appeals."""

from django.urls import path

from evaluation.views import appeals, freezing, moderation

urlpatterns = [
    path("evaluations/<int:pk>/differences/", moderation.differences, name="differences"),
    path("bids/<int:pk>/standards/<int:standard>/moderate/", moderation.moderate, name="moderate"),
    path("evaluations/<int:pk>/freeze/", freezing.freeze, name="freeze"),
    path("freezes/<int:pk>/", freezing.frozen, name="frozen"),
    path("freezes/<int:pk>/check/", freezing.check_freeze, name="check_freeze"),
    path("freezes/<int:pk>/file/", freezing.freeze_file, name="freeze_file"),
    path("evaluations/<int:pk>/unfreeze/", freezing.unfreeze, name="unfreeze"),
    path("evaluations/<int:pk>/unfreeze/confirm/", freezing.confirm_unfreeze, name="confirm_unfreeze"),
    path("evaluations/<int:pk>/unfreeze/drop/", freezing.drop_unfreeze, name="drop_unfreeze"),
    path("evaluations/<int:pk>/appeals/", appeals.appeals, name="appeals"),
    path("bids/<int:pk>/appeals/note/", appeals.note_appeal, name="note_appeal"),
    path("appeals/<int:pk>/", appeals.appeal, name="appeal"),
]
