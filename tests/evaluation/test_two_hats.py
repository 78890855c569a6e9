"""People who judge and also buy or administer: what their other role opens tells them nothing that judging hides."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.states import Role
from core.access import Denied
from evaluation.actions import awards, freezing
from evaluation.models import Appointment
from evaluation.states import Duty
from tests.evaluation.awarding import approve, checked, propose
from tests.evaluation.further import frozen
from tests.evaluation.made import evaluation, judged
from tests.frameworks import AT


@pytest.fixture
def buyer(world):
    """Eve evaluates, and runs it for the buyer; Fay approves, and moderates."""
    Membership.objects.create(
        user=world.eve, organisation=world.larkshire, role=Role.PROCUREMENT, person_name="Eve", given_at=AT
    )
    return world


def moderates(made, world) -> None:
    Appointment.objects.create(evaluation=made, person=world.fay, duty=Duty.MODERATOR, appointed_at=AT)


def statuses(client, *addresses: tuple) -> set[int]:
    return {client.get(reverse(name, args=[key])).status_code for name, key in addresses}


def test_what_is_open_before_a_freeze_and_what_was_frozen_is_not_for_somebody_who_judges(buyer, sign_in):
    made = evaluation(buyer, read=False)
    client = sign_in(buyer.eve)
    assert statuses(client, ("freeze", made.pk), ("appeals", made.pk)) == {403}

    freeze = frozen(judged(made, buyer), buyer)

    pages = [("freeze", made.pk), ("frozen", freeze.pk), ("freeze_file", freeze.pk), ("unfreeze", made.pk)]
    assert statuses(client, *pages) == {403}
    with pytest.raises(Denied):
        freezing.propose_unfreeze(evaluation=made, reason="I want to see it again.", by=buyer.eve, at=timezone.now())
    freezing.propose_unfreeze(evaluation=made, reason="A slip.", by=buyer.max, at=timezone.now())
    with pytest.raises(Denied):
        freezing.confirm_unfreeze(evaluation=made, seen="frozen", by=buyer.eve, at=timezone.now())


def test_who_judges_or_moderates_neither_draws_an_award_up_nor_sees_one_that_waits(buyer, sign_in):
    made = checked(buyer)
    moderates(made, buyer)
    client = sign_in(buyer.eve)
    assert statuses(client, ("propose_award", made.pk)) == {403}
    with pytest.raises(Denied):
        propose(made, buyer, by=buyer.eve)

    award = propose(made, buyer)

    line = award.lines.first()
    pages = [(name, award.pk) for name in ("award_set", "approve_award", "send_back_award", "award_csv")]
    assert statuses(client, *pages, ("take_back_award", line.pk)) == {403}
    assert statuses(sign_in(buyer.fay), *pages) == {403}
    with pytest.raises(Denied):
        approve(award, buyer)
    with pytest.raises(Denied):
        awards.send_back_award(award_set=award, note="No.", by=buyer.eve, at=timezone.now())


def test_once_it_is_approved_who_judges_reads_it_and_asks_to_take_it_back(buyer, sign_in):
    award = approve(propose(checked(buyer), buyer), buyer)
    line = award.lines.first()

    assert statuses(sign_in(buyer.eve), ("award_set", award.pk), ("take_back_award", line.pk)) == {200}
