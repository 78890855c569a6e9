"""From the award to the public list: nobody stands there before the notice, the waiting period and the start."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contracts.actions import signing as actions
from contracts.models import Contract
from lots.models import Framework, Place
from lots.states import FrameworkState
from lots.steps import places
from tests.evaluation.letters import awarded
from tests.evaluation.made import evaluation
from tests.lots.places import begin


def test_who_was_awarded_is_public_once_active_and_not_before(world):
    made = evaluation(world, count=2, read=False)
    award_set = awarded(world, made)
    framework = made.framework
    now = timezone.now()
    Framework.objects.filter(pk=framework.pk).update(state=FrameworkState.RUNNING, awarded_at=now)
    contract = Contract.objects.get(supplier=world.ash_house)

    def listed() -> set[str]:
        begin(at=now + dt.timedelta(days=2))
        page = Client().get(reverse("on_framework", args=[framework.pk])).content.decode()
        return {name for name in ("Ash House", "Birch Farm") if name in page}

    assert listed() == set()
    actions.sign_contract(contract=contract, name="Alice", position="Director", by=world.alice, at=now)
    assert listed() == set()
    with transaction.atomic():
        rows = list(Place.objects.filter(award_line__award_set=award_set))
        places.waiting_ends(framework=framework, places=rows, until=now + dt.timedelta(days=1), by=world.max, at=now)
    assert listed() == {"Ash House"}
