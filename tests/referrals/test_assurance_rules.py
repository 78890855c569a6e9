"""When an item is done, which may be left out, when a pupil may start, by when the first review is held."""

from __future__ import annotations

import datetime as dt

import pytest

from core.calendars import Calendar
from lots.rules.refusals import Refused
from referrals.rules import assurance as rules
from referrals.rules.assurance import Said
from referrals.states import NEVER_WAIVED, Basis, Item, PlacementState

DAY = dt.timedelta(days=1)
START, END = dt.date(2026, 9, 28), dt.date(2026, 12, 18)
HALVES = Calendar(terms=((dt.date(2026, 9, 2), dt.date(2026, 10, 23)), (dt.date(2026, 11, 2), dt.date(2026, 12, 18))))
WHOLE = Calendar(terms=((dt.date(2026, 9, 2), dt.date(2026, 12, 18)),))
NOTICE = Said(report_to="Dana", breaks="12:00", reasons="Fights", objectives="Calm")


@pytest.mark.parametrize(
    ("item", "said", "on", "basis", "complete"),
    [
        (Item.STAFF, Said(who="Dana", paper="List 3"), START, Basis.S19, True),
        (Item.STAFF, Said(who="Dana", paper="List 3"), None, Basis.S19, False),
        (Item.STAFF, Said(who="Dana"), START, Basis.S19, False),
        (Item.SITES, Said(), None, Basis.S19, True),
        (Item.RISKS, Said(ours="Runs"), None, Basis.S19, False),
        (Item.RISKS, Said(theirs="Knives locked away"), None, Basis.S19, False),
        (Item.RISKS, Said(ours="Runs", theirs="Knives locked away"), None, Basis.S19, True),
        (Item.EMERGENCY, Said(who="Mother", phone="1"), None, Basis.S19, False),
        (Item.EMERGENCY, Said(who="Mother", phone="1", medication="None"), None, Basis.S19, True),
        (Item.ABSENCE, Said(), None, Basis.S19, True),
        (Item.VISIT, Said(who="Sana"), START, Basis.S19, True),
        (Item.CONSENT, Said(who="Mother"), START, Basis.S19, True),
        (Item.CONSENT, Said(who="Mother"), START, Basis.S29A, False),
        (Item.CONSENT, NOTICE, START, Basis.S29A, True),
        (Item.CONSENT, NOTICE, None, Basis.S29A, False),
        (Item.TRANSPORT, Said(), None, Basis.S19, True),
        (Item.LINK, Said(who="Sana", phone="1"), None, Basis.S19, True),
        (Item.LINK, Said(who="Sana"), None, Basis.S19, False),
        (Item.REVIEW, Said(), START, Basis.S19, True),
        (Item.REVIEW, Said(), None, Basis.S19, False),
    ],
)
def test_when_an_item_is_done(item, said, on, basis, complete):
    assert rules.is_complete(item, said, on, basis=basis) is complete


@pytest.mark.parametrize("item", Item)
def test_which_item_may_be_left_out(item):
    left = item in {Item.VISIT, Item.CONSENT, Item.TRANSPORT}

    assert rules.may_be_left(item, Basis.S19) is left
    assert rules.may_be_left(item, Basis.S29A) is (left and item != Item.CONSENT)
    assert not (left and item in NEVER_WAIVED)


def write(**fields):
    good = {"state": "assurance", "item": Item.VISIT, "not_needed": False, "said": Said(), "basis": Basis.S19}
    rules.check_write(**(good | fields))


def test_what_may_be_written():
    for state in PlacementState:
        if state in {PlacementState.ASSURANCE, PlacementState.LIVE, PlacementState.PAUSED}:
            write(state=state)
        else:
            with pytest.raises(Refused, match="nothing can be written"):
                write(state=state)
    write(not_needed=True, said=Said(why="Online"))
    with pytest.raises(Refused, match="why it is not needed"):
        write(not_needed=True)
    with pytest.raises(Refused, match="always needed"):
        write(item=Item.LINK, not_needed=True, said=Said(why="Nobody"))
    for state, was, now in [("assurance", True, False), ("live", True, True), ("live", False, False)]:
        rules.check_stays(state=state, was=was, now=now)
    with pytest.raises(Refused, match="has to stay in place"):
        rules.check_stays(state="live", was=True, now=False)
    rules.check_provider(is_done=False)
    with pytest.raises(Refused, match="has accepted this"):
        rules.check_provider(is_done=True)
    rules.check_seen(3, 3)
    with pytest.raises(Refused, match="What you typed is kept"):
        rules.check_seen(3, 4)
    rules.check_happened(None, START)
    rules.check_happened(START, START)
    with pytest.raises(Refused, match="today or in the past"):
        rules.check_happened(START + DAY, START)


def test_a_provider_writes_its_own_side_alone():
    ours = Said(ours="Runs", note="Ours")

    assert rules.merged(Item.RISKS, ours, Said(ours="Nothing", theirs="Gate"), provider=True) == Said(
        ours="Runs", theirs="Gate", note="Ours"
    )
    assert rules.merged(Item.RISKS, ours, Said(theirs="Gate"), provider=False) == Said(theirs="Gate")
    assert rules.merged(Item.STAFF, ours, Said(who="Dana"), provider=True) == Said(who="Dana")


@pytest.mark.parametrize(
    ("settled", "emergency", "starts"),
    [
        (set(Item), False, True),
        (set(Item) - {Item.LINK}, False, False),
        (set(Item) - {Item.STAFF}, True, False),
        (set(NEVER_WAIVED), False, False),
        (set(NEVER_WAIVED), True, True),
        (set(), True, False),
    ],
)
def test_who_may_start(settled, emergency, starts):
    lacks = rules.missing(settled)
    given = {"state": "assurance", "ends_on": END, "today": START, "lacks": lacks, "emergency": emergency}

    assert lacks == [item for item in Item if item not in settled]
    if starts:
        rules.check_start(**given)
        return
    with pytest.raises(Refused) as refusal:
        rules.check_start(**given)
    needed = [one for one in lacks if not emergency or one in NEVER_WAIVED]
    assert all(one.label in str(refusal.value) for one in needed)
    assert not any(one.label in str(refusal.value) for one in Item if one not in needed)


@pytest.mark.parametrize("state", PlacementState)
def test_a_placement_starts_from_one_state_alone(state):
    if state == PlacementState.ASSURANCE:
        rules.check_start(state=state, ends_on=END, today=END, lacks=[])
        with pytest.raises(Refused, match="last day of this placement has passed"):
            rules.check_start(state=state, ends_on=END, today=END + DAY, lacks=[])
        rules.check_undo(state=state, item=Item.LINK, stands=True)
        with pytest.raises(Refused, match="nothing to undo"):
            rules.check_undo(state=state, item=Item.LINK, stands=False)
        return
    with pytest.raises(Refused, match="cannot start"):
        rules.check_start(state=state, ends_on=END, today=START, lacks=[])
    with pytest.raises(Refused, match="has started or is over"):
        rules.check_undo(state=state, item=Item.LINK, stands=True)


def test_what_the_portal_sees_for_itself():
    rules.check_sites([])
    rules.check_absence([])
    rules.check_provider_now(suspended=False, insured=True)
    with pytest.raises(Refused, match="Monday 09:30 to 14:30"):
        rules.check_sites(["Monday 09:30 to 14:30"])
    with pytest.raises(Refused) as refusal:
        rules.check_absence(["one", "two", "three", "four"])
    assert "one; two; three." in str(refusal.value)
    with pytest.raises(Refused, match="suspended"):
        rules.check_provider_now(suspended=True, insured=True)
    with pytest.raises(Refused, match="insurance"):
        rules.check_provider_now(suspended=False, insured=False)


@pytest.mark.parametrize(
    ("starts", "ends", "basis", "calendar", "latest"),
    [
        (START, END, Basis.S19, HALVES, START + 52 * DAY),  # the half-term from 2 September to 23 October
        (START, END, Basis.S29A, HALVES, START + 30 * DAY),
        (START, END, Basis.S19, WHOLE, START + 54 * DAY),  # half of 108 days
        (START, END, Basis.S19, Calendar(), START + 42 * DAY),
        (START, END, Basis.S29A, Calendar(), START + 30 * DAY),
        (dt.date(2026, 10, 28), END, Basis.S19, HALVES, dt.date(2026, 10, 28) + 47 * DAY),  # in the holidays: the next
        (dt.date(2027, 1, 5), dt.date(2027, 7, 1), Basis.S19, HALVES, dt.date(2027, 2, 16)),  # after the last term
        (START, START + 9 * DAY, Basis.S19, HALVES, START + 9 * DAY),
    ],
)
def test_by_when_the_first_review_is_held(starts, ends, basis, calendar, latest):
    assert rules.latest_review(starts, ends, basis, calendar) == latest
    rules.check_review(latest, starts, latest)
    rules.check_review(starts, starts, latest)
    for wrong in (starts - DAY, latest + DAY):
        with pytest.raises(Refused) as refusal:
            rules.check_review(wrong, starts, latest)
        assert refusal.value.field == "on"


@pytest.mark.parametrize(
    ("today", "calendar", "due"),
    [
        (START, HALVES, dt.date(2026, 10, 5)),
        (dt.date(2026, 10, 21), HALVES, dt.date(2026, 11, 4)),  # half-term lies between
        (dt.date(2026, 12, 17), HALVES, dt.date(2026, 12, 24)),  # no later term is written down: working days
    ],
)
def test_by_when_the_rest_is_due(today, calendar, due):
    assert rules.due_after(today, calendar) == due


@pytest.mark.parametrize(("due", "days"), [(None, 0), (START, 0), (START - DAY, 1), (START - 9 * DAY, 9)])
def test_how_late_something_is(due, days):
    assert rules.days_overdue(due, START) == days
