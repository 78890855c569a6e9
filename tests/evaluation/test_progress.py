"""How far judging is: how much is done, never what was decided, and of an evaluator their own alone."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Judgement
from evaluation.queries.progress import Done, own_progress, progress
from evaluation.states import Outcome, Slot
from evaluation.steps import settling
from lots.states import QualityScope
from tests.evaluation.documents import standards_of
from tests.evaluation.judging import asked, conflicts, decide, fresh, give_out, live, policy
from tests.evaluation.made import DAY, bids_of, evaluation
from tests.frameworks import AT


@pytest.fixture
def made(world):
    """Two bids, two standards; nothing is in the sample, nothing is about safeguarding."""
    made = evaluation(world, read=False)
    policy(made, blind_percent=0)
    return made


def numbers(found) -> tuple:
    return tuple((one.of, one.given, one.locked) for one in (found.whole, *found.themes))


def test_all_of_it_by_person_and_theme(world, made):
    before = progress(fresh(made), at=timezone.now())
    give_out(made, world)
    first = live(bids_of(made)[0], standards_of(made.framework)[0], 1)
    decide(first)

    after = progress(fresh(made), at=timezone.now())

    assert (numbers(before), before.people) == (((8, 0, 0), (8, 0, 0)), [])
    assert numbers(after) == ((8, 8, 1), (8, 8, 1))
    who = first.person.name
    assert [(one.label, one.of, one.locked) for one in after.people] == [
        ("Eve", 4, 1 if who == "Eve" else 0),
        ("Tom", 4, 1 if who == "Tom" else 0),
    ]
    assert (after.bids, after.standards, after.waiting) == (2, 2, 0)


@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE])
def test_no_number_tells_what_was_decided(world, made, outcome):
    """A proposed fail calls for a second person who judges blind, a pass for a reader: either way there are two."""
    give_out(made, world)
    decide(live(bids_of(made)[0], standards_of(made.framework)[0], 1), outcome)

    assert numbers(progress(fresh(made), at=timezone.now())) == ((8, 8, 1), (8, 8, 1))


def test_what_was_not_asked_is_not_waited_for(world, made):
    bid, standard = bids_of(made)[0], standards_of(made.framework)[0]
    with transaction.atomic():
        settling.note_not_asked(evaluation=fresh(made), rows=[(bid.pk, standard.pk)], by=world.ada, at=AT)
    give_out(made, world)

    assert numbers(progress(fresh(made), at=timezone.now())) == ((6, 6, 0), (6, 6, 0))


def test_lot_by_lot(world):
    made = evaluation(world, read=False, lots=("1", "2"))
    policy(made, quality=QualityScope.LOT)

    assert progress(fresh(made), at=timezone.now()).whole.of == 16


def test_questions_wait_until_their_time_is_over(world, made):
    give_out(made, world)
    now = timezone.now()
    asked(Judgement.objects.filter(number=1).first(), world.eve, due_at=now)

    assert [progress(fresh(made), at=at).waiting for at in (now, now + DAY)] == [1, 0]


def test_an_evaluator_sees_their_own_alone(world, made):
    give_out(made, world)
    hers = Judgement.objects.filter(person=world.eve)
    decide(hers.exclude(slot=Slot.LATER).first())
    later = hers.filter(slot=Slot.LATER).count()

    found = own_progress(fresh(made), user=world.eve)

    assert found.whole == Done("Everything that is yours", 4, 4, 1, later)
    assert (found.people, found.bids, found.waiting) == ([], 0, 0)
    conflicts(made, world, "eve", world.ash_house)
    assert own_progress(fresh(made), user=world.eve).whole.of == 2


def test_a_share_is_rounded_down(world):
    assert [Done("", of, of, locked).percent for of, locked in ((3, 2), (1000, 999), (2, 2), (0, 0))] == [
        66,
        99,
        100,
        100,
    ]


def test_the_pages(world, made, sign_in):
    give_out(made, world)
    address = reverse("progress", args=[made.pk])

    whole, own = (sign_in(person).get(address).content.decode() for person in (world.max, world.eve))

    assert "By person" in whole
    assert "Give out judging" in whole
    assert "You see your own progress alone" in own
    assert "Tom" not in own
