"""URLs of the panel, of interests, of the opening and of bids. Max runs and opens, Ada moderates and opens, Eve and Tom
evaluate, Fay approves; everybody else is a stranger to whom there is no evaluation."""

from __future__ import annotations

from evaluation.models import Appointment
from tests.evaluation.made import bids_of, evaluation, preparing
from tests.evaluation.panels import conflict
from tests.house.matrix import Row
from tests.providers.bids import open_framework


def _framework(world):
    return (open_framework(world).pk,)


def _preparing(world):
    return (preparing(world).pk,)


def _opened(world):
    return (evaluation(world, count=1, read=False).pk,)


def _bid(world):
    return (bids_of(evaluation(world, count=1))[0].pk,)


def _appointment(world):
    made = preparing(world)
    return (Appointment.objects.get(evaluation=made, person=world.eve).pk,)


def _conflict(world):
    return (conflict(preparing(world), world.eve, world.ash_house).pk,)


PANEL = dict.fromkeys(("max", "ada", "eve", "fay"), 200)
OVERSEE = PANEL | {"eve": 403, "fay": 403}
RUN = OVERSEE | {"ada": 403}

ROWS: dict[str, Row] = {
    "evaluation_of_framework": Row(others=403, roles={"max": 200, "ada": 200}, args=_framework),
    "evaluations": Row(others=200),
    "evaluation": Row(others=404, roles=PANEL, args=_opened),
    "panel": Row(others=404, roles=OVERSEE, args=_preparing),
    "appoint": Row(others=404, roles=RUN, args=_preparing),
    "end_appointment": Row(others=404, roles=RUN, args=_appointment),
    "assign_standards": Row(others=404, roles=RUN, args=_appointment),
    "evaluation_rules": Row(others=404, roles=OVERSEE, args=_preparing),
    "interests": Row(others=404, roles=OVERSEE, args=_opened),
    "declare_interests": Row(others=404, roles=PANEL, args=_preparing),
    "declare_bidders": Row(others=404, roles=PANEL, args=_opened),
    "report_interest": Row(others=404, roles=PANEL, args=_opened),
    "mitigate_interest": Row(others=404, roles=OVERSEE, args=_conflict),
    "opening": Row(others=404, roles=PANEL, args=_preparing),
    "opening_pdf": Row(others=404, roles=PANEL, args=_opened),
    "bids": Row(others=404, roles=PANEL, args=_opened),
    "bid": Row(others=404, roles=PANEL, args=_bid),
    "withdraw_bid": Row(others=404, roles=RUN, args=_bid),
    "exclude_bid": Row(others=404, roles=RUN, args=_bid),
    "bring_back_bid": Row(others=404, roles=RUN, args=_bid),
}
