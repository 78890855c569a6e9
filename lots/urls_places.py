"""Addresses of places and openings."""

from django.urls import path

from lots.views import limits, places, registers, reopening

urlpatterns = [
    path("frameworks/<int:pk>/places/", registers.places, name="places"),
    path("frameworks/<int:pk>/places.csv", registers.places_csv, name="places_csv"),
    path("frameworks/<int:pk>/places.xlsx", registers.places_xlsx, name="places_xlsx"),
    path("frameworks/<int:pk>/providers/", registers.on_framework, name="on_framework"),
    path("frameworks/<int:pk>/openings/", reopening.framework_openings, name="framework_openings"),
    path("frameworks/<int:pk>/open-again/", reopening.reopen_framework, name="reopen_framework"),
    path("frameworks/<int:pk>/begin/", reopening.switch_framework, name="switch_framework"),
    path("frameworks/<int:pk>/begin/list-read/", reopening.acknowledge_coverage, name="acknowledge_coverage"),
    path("frameworks/<int:pk>/limits/", limits.change_limit, name="change_limit"),
    path("frameworks/<int:pk>/limits/confirm/", limits.confirm_limit, name="confirm_limit"),
    path("organisations/<int:pk>/places/", places.provider_places, name="provider_places"),
    path("organisations/<int:pk>/hand-over/", reopening.offer_succession, name="offer_succession"),
    path("hand-over/<int:pk>/accept/", reopening.accept_succession, name="accept_succession"),
    path("hand-over/<int:pk>/take-back/", reopening.withdraw_succession, name="withdraw_succession"),
    path("places/<int:pk>/", places.place, name="place"),
    path("places/<int:pk>/suspend/", places.suspend_place, name="suspend_place"),
    path("places/<int:pk>/suspend-provider/", places.suspend_provider, name="suspend_provider"),
    path("places/<int:pk>/end/", places.end_place, name="end_place"),
    path("places/<int:pk>/move/", places.transfer_places, name="transfer_places"),
    path("places/<int:pk>/price/", places.set_price, name="set_price"),
    path("suspensions/<int:pk>/lift/", places.lift_suspension, name="lift_suspension"),
]
