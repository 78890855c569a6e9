"""Timers of concerns, what is told of incidents, when a drill is late: as tables."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from lots.rules.refusals import Refused
from monitoring.rules import concerns as rules
from monitoring.rules import incidents
from monitoring.states import CONCERN_MOVES, ConcernKind, ConcernState, IncidentKind
from tests.monitoring.made import local

MONDAY = dt.date(2026, 10, 5)
DAY = dt.timedelta(days=1)
# A day from MONDAY, hour and minute in England: raised, about a child by, about an adult by.
TIMES = [
    ("in the morning", (0, 9, 0), (0, 13, 0), (1, 9, 0)),
    ("at the first minute", (0, 8, 0), (0, 12, 0), (1, 8, 0)),
    ("before it opens", (0, 6, 0), (0, 12, 0), (1, 8, 0)),
    ("in the afternoon, no later than the same day", (0, 15, 0), (0, 18, 0), (1, 15, 0)),
    ("in the last minutes, with an hour at least", (0, 17, 45), (0, 18, 45), (1, 17, 45)),
    ("as it closes", (0, 18, 0), (1, 12, 0), (2, 8, 0)),
    ("on Friday evening", (4, 20, 0), (7, 12, 0), (8, 8, 0)),
    ("on Friday morning", (4, 9, 30), (4, 13, 30), (7, 9, 30)),
    ("on Sunday", (6, 11, 0), (7, 12, 0), (8, 8, 0)),
    ("before the clocks go back", (18, 9, 0), (18, 13, 0), (21, 9, 0)),
    ("on Christmas Eve, Boxing Day being a Saturday", (80, 10, 0), (80, 14, 0), (85, 10, 0)),
]


def moment(when):
    days, hour, minute = when
    return local(MONDAY + days * DAY, hour, minute)


@pytest.mark.parametrize(("raised", "child", "adult"), [row[1:] for row in TIMES], ids=[row[0] for row in TIMES])
def test_by_when_somebody_must_say_that_it_came(raised, child, adult):
    assert rules.acknowledge_by(ConcernKind.CHILD, moment(raised)) == moment(child)
    assert rules.acknowledge_by(ConcernKind.ADULT, moment(raised)) == moment(adult)


@pytest.mark.parametrize("state", ConcernState)
@pytest.mark.parametrize("to", ConcernState)
def test_a_concern_goes_on_in_one_order(state, to):
    if to in CONCERN_MOVES[state]:
        rules.check_move(state, to)
    else:
        with pytest.raises(Refused, match="meanwhile"):
            rules.check_move(state, to)


@pytest.mark.parametrize(
    ("kind", "receivers", "has_authority", "sent"),
    [
        (ConcernKind.CHILD, 1, True, True),
        (ConcernKind.CHILD, 1, False, True),
        (ConcernKind.CHILD, 0, True, False),
        (ConcernKind.ADULT, 1, True, True),
        (ConcernKind.ADULT, 1, False, False),
        (ConcernKind.ADULT, 0, True, False),
    ],
)
def test_nothing_is_sent_to_nobody(kind, receivers, has_authority, sent):
    if sent:
        rules.check_raised(receivers=receivers, kind=kind, has_authority=has_authority)
    else:
        with pytest.raises(Refused, match="Ring the council"):
            rules.check_raised(receivers=receivers, kind=kind, has_authority=has_authority)


@pytest.mark.parametrize(
    ("state", "at", "stands"),
    [
        ("raised", local(MONDAY, 13), rules.WAITS),
        ("raised", local(MONDAY, 13, 1), rules.LATE),
        ("received", local(MONDAY + 2 * DAY, 23, 59), rules.RECEIVED),
        ("received", local(MONDAY + 3 * DAY, 0, 1), rules.SLOW),
        ("handed", local(MONDAY + 90 * DAY, 9), rules.HANDED),
        ("closed", local(MONDAY + 90 * DAY, 9), rules.CLOSED),
    ],
)
def test_how_a_concern_stands(state, at, stands):
    found = rules.stands(state=state, acknowledge_by=local(MONDAY, 13), acknowledged_at=local(MONDAY, 10), at=at)

    assert found == stands


def test_detail_goes_28_days_after_it_was_handed_over():
    handed = local(MONDAY, 9)

    assert rules.removed_on(handed) == dt.date(2026, 11, 2)
    assert rules.handed_before(handed + 28 * DAY) == handed


def test_a_reference_is_part_of_the_key():
    assert rules.reference(uuid.UUID("3f2a9b1c-5a5b-4c5d-8e5f-6a6b6c6d6e6f")) == "C-3F2A9B1C"


@pytest.mark.parametrize("kind", IncidentKind)
def test_leads_are_told_of_force_leaving_hospital_and_what_is_reported(kind):
    assert incidents.is_told(kind, hospital=False, reportable=False) == (kind in {"force", "left"})
    assert incidents.is_told(kind, hospital=True, reportable=False)
    assert incidents.is_told(kind, hospital=False, reportable=True)


@pytest.mark.parametrize(
    ("happened", "told", "field"),
    [
        (9, None, None),
        (9, 10, None),
        (9, 9, None),
        (13, None, "happened_time"),
        (9, 8, "told_time"),
        (9, 13, "told_time"),
    ],
)
def test_an_incident_has_happened_and_a_parent_was_told_after_it(happened, told, field):
    times = {
        "happened_at": local(MONDAY, happened),
        "parent_told_at": told and local(MONDAY, told),
        "at": local(MONDAY, 12),
    }

    if field is None:
        incidents.check_incident(**times)
    else:
        with pytest.raises(Refused) as refused:
            incidents.check_incident(**times)
        assert refused.value.field == field


def test_a_record_is_corrected_once_and_a_drill_was_held():
    incidents.check_correction(is_replaced=False)
    incidents.check_drill(held_on=MONDAY, today=MONDAY)
    with pytest.raises(Refused, match="meanwhile"):
        incidents.check_correction(is_replaced=True)
    with pytest.raises(Refused, match="in the past"):
        incidents.check_drill(held_on=MONDAY + DAY, today=MONDAY)


@pytest.mark.parametrize(
    ("last", "today", "late"),
    [
        (None, MONDAY, True),
        (dt.date(2025, 10, 5), MONDAY, False),
        (dt.date(2025, 10, 4), MONDAY, True),
        (dt.date(2028, 2, 29), dt.date(2029, 2, 28), False),
        (dt.date(2028, 2, 29), dt.date(2029, 3, 1), True),
    ],
)
def test_a_drill_is_late_after_a_year(last, today, late):
    assert incidents.is_drill_late(last, today) is late
