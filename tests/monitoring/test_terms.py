"""A buyer's times of daily reports: the usual ones, who changes them, two at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.states import Role
from audit.models import Event
from core.access import Denied
from lots.rules.refusals import Refused
from monitoring.actions import terms as actions
from monitoring.models import ReportTerms
from monitoring.permissions import terms as permissions
from monitoring.queries.terms import terms_of
from monitoring.rules.terms import USUAL, Terms, mark_of
from tests.monitoring.made import NINE, made_member

TYPED = {
    "due_today_at": "7:30am",
    "remind_at": "15:00",
    "cut_off": "5pm",
    "overdue_at": "9am",
    "escalate_after": "3",
    "quiet_from": "7pm",
    "quiet_until": "7am",
}


def address(organisation) -> str:
    return reverse("report_terms", args=[organisation.pk])


def typed(**fields) -> dict:
    return TYPED | {"seen": mark_of(USUAL)} | fields


def test_the_defaults_of_the_rows_are_the_usual_times(world):
    row = ReportTerms.objects.create(buyer=world.mereshire, changed_at=NINE)

    found = terms_of([world.larkshire, row.buyer_id])

    assert found == {world.larkshire.pk: USUAL, world.mereshire.pk: USUAL}


def test_eve_changes_the_times(world, sign_in):
    client = sign_in(world.eve)
    first = client.get(address(world.larkshire)).text
    assert "Nobody has set these yet" in first
    assert 'value="3:30pm"' in first

    page = client.post(address(world.larkshire), typed(), follow=True).text

    assert "The times of daily reports were saved" in page
    assert "Set 2" in page or "by Eve" in page
    times = Terms(dt.time(7, 30), dt.time(15), dt.time(17), dt.time(9), 3, dt.time(19), dt.time(7))
    assert terms_of([world.larkshire]) == {world.larkshire.pk: times}
    event = Event.objects.get(action="monitoring.terms.set")
    assert (event.organisation_id, event.data["cut_off"], event.data["escalate_after"]) == (
        world.larkshire.pk,
        "17:00",
        3,
    )


def test_who_comes_second_sees_what_counts_and_keeps_what_was_typed(world, sign_in):
    client = sign_in(world.eve)
    client.post(address(world.larkshire), typed())

    page = client.post(address(world.larkshire), typed(cut_off="4pm")).text

    assert "Somebody changed these times since you opened the page" in page
    assert "What counts now" in page
    assert "5pm" in page
    assert 'value="4pm"' in page
    seen = mark_of(terms_of([world.larkshire])[world.larkshire.pk])
    assert f'value="{seen}"' in page
    assert client.post(address(world.larkshire), typed(cut_off="4pm", seen=seen)).status_code == 302
    assert ReportTerms.objects.get().cut_off == dt.time(16)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"due_today_at": ""}, "Enter when providers are told in the morning, like 8am"),
        ({"cut_off": "25:00"}, "Enter a time, like midday, 2:30pm or 14:30"),
        ({"cut_off": "6"}, "Enter a time, like midday, 2:30pm or 14:30"),
        ({"cut_off": "2:59pm"}, "A report must become late after the reminder"),
        ({"remind_at": "7am"}, "The reminder must come after the morning message"),
        ({"overdue_at": "6:30am"}, "The message about missing reports would fall into the quiet hours"),
        ({"escalate_after": "0"}, "The number of days must be a whole number from 1 to 20"),
        ({"escalate_after": "two"}, "The number of days must be a whole number from 1 to 20"),
        ({"seen": "x"}, "Somebody changed these times"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world, sign_in, fields, words):
    page = sign_in(world.eve).post(address(world.larkshire), typed(**fields)).text

    assert words in page
    assert 'value="7:30am"' in page or "due_today_at" in fields
    assert not ReportTerms.objects.exists()


def test_who_reads_and_who_changes(world, sign_in):
    connie = made_member(world, "connie", world.larkshire, Role.CONTRACTS)
    client = sign_in(world.tom)

    page = client.get(address(world.larkshire)).text

    assert "3:30pm" in page
    assert "8pm to 7am" in page
    assert "Whoever manages the agreements of Larkshire Council can change these times" in page
    assert client.post(address(world.larkshire), typed()).status_code == 403

    def may(predicate, organisation):
        return {name for name, who in world.people.items() if predicate(who, organisation)}

    assert may(permissions.can_see_terms, world.larkshire) == {"eve", "tom", "connie"}
    assert may(permissions.can_set_terms, world.larkshire) == {"eve", "connie"}
    assert (
        may(permissions.can_set_terms, world.oak_trust) == may(permissions.can_see_terms, world.oak_trust) == {"tariq"}
    )
    assert may(permissions.can_see_terms, world.elm_grove) == may(permissions.can_see_terms, world.ash_house) == set()
    assert not permissions.can_remind(connie)


def test_the_action_refuses_what_the_rule_refuses_and_whom_the_door_would(world):
    words = {"organisation": world.larkshire, "seen": mark_of(USUAL), "at": NINE}
    with pytest.raises(Refused):
        actions.set_report_terms(terms=Terms(cut_off=dt.time(15)), by=world.eve, **words)
    with pytest.raises(Denied):
        actions.set_report_terms(terms=USUAL, by=world.ada, **words)

    assert not ReportTerms.objects.exists()


@pytest.mark.parametrize("fields", [{"remind_at": dt.time(8)}, {"cut_off": dt.time(15, 30)}, {"escalate_after": 0}])
def test_the_database_keeps_the_order_of_the_times(world, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportTerms.objects.create(buyer=world.larkshire, changed_at=NINE, **fields)
