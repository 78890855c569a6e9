"""A made-up pupil and an adult whom somebody worries about are planted, every page of monitoring opened and every
letter, log line and record searched. She stands where she may; he is told of to nobody of his house. Pages are those of
the access matrix, so that a new one is under this from its first day."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.states import Role
from audit.models import Event
from monitoring.actions import concerns as actions
from monitoring.models import Alert, Concern
from outbox.models import Message
from referrals.models import Placement
from tests.apframework.test_logs import lines  # noqa: F401
from tests.house.matrix import ROLES
from tests.monitoring.made import NINE, made_concern, made_incident, made_member
from tests.monitoring.worries import GIDEON, HEARD, raised, still
from tests.referrals.placed import made_placement
from tests.referrals.test_canaries import SEALED, canaries, meets, outside, text_of

HERE = Path(__file__).parent.parent / "house" / "matrix"
ROWS = {
    name: row
    for path in sorted(HERE.glob("monitoring_*.py"))
    for name, row in import_module(f"tests.house.matrix.{path.stem}").ROWS.items()
}
PAGES = sorted(name for name, row in ROWS.items() if row.method == "get")


def looked_at_by(row) -> list[str]:
    """Everybody who is shown the page, a stranger, and nobody."""
    shown = [role for role in ROLES if row.expected(role) == 200]
    return [*dict.fromkeys([*shown, "charlie", "nobody"])]


def answers(person) -> bool:
    """An alert about her has come to this person, on whatever page."""
    return person is not None and Alert.objects.visible_to(person).exists()


@pytest.mark.once
@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_her_to_those_who_may_meet_her_and_to_nobody_else(name, world, sign_in, lines):  # noqa: F811
    row = ROWS[name]
    address = reverse(name, args=row.args(world) if row.args else ())
    placement = Placement.objects.first() or made_placement(world)
    made_concern(world, placement, words=f"{SEALED[1]} and {HEARD}", kind="adult", raised_by=world.eve)
    made_incident(world, placement)
    made_concern(world, placement, words=SEALED[1])
    leaks = {}

    for role in looked_at_by(row):
        person = None if role == "nobody" else getattr(world, role)
        reads = Event.objects.filter(by=person).count()
        answer = (Client() if person is None else sign_in(person)).get(address)
        text = text_of(answer)
        title = "".join(re.findall(r"<title>.*?</title>", text, flags=re.S))
        told = person is not None and Concern.objects.visible_to(person).exists()
        found = {
            "title": canaries(title),
            "headers": canaries(f"{dict(answer.headers)} {answer.cookies.output()}"),
            "page": [] if told or meets(person, name) or answers(person) else canaries(text),
            "adult": [] if name.startswith("concern") and told else [one for one in (GIDEON, HEARD) if one in text],
        }
        if any(one in text for one in SEALED):
            found["read unseen"] = [] if Event.objects.filter(by=person).count() > reads else [role]
        leaks |= {f"{role}: {where}": what for where, what in found.items() if what}

    assert leaks == {}
    assert canaries(address) == []
    assert outside(lines) == {}


def test_no_address_takes_a_name():
    """Addresses take numbers, keys, days and the names of kinds and parts: nobody could put a name into one."""
    taken = {
        type(converter).__name__
        for name in ROWS
        for *_, converters in get_resolver().reverse_dict.getlist(name)
        for converter in converters.values()
    }

    assert taken <= {"IntConverter", "UUIDConverter", "SlugConverter", "DayConverter", "DateConverter"}


@pytest.mark.once
def test_a_concern_about_an_adult_leaves_no_trace_for_anybody_of_the_house(world, sign_in, lines):  # noqa: F811
    """Every page of theirs is the same to the letter before and after; so is their record, by person too; no letter is
    theirs, and the operator's list of messages tells neither to whom nor what for."""
    dina = made_member(world, "dina", world.ash_house, Role.PROVIDER_DSL)
    placement = made_placement(world)
    made_incident(world, placement)
    house = [world.ash_house.pk]
    names = {"home": [], "people": house} | {name: house for name in PAGES if is_of_organisation(name)}
    pages = [reverse(name, args=args) for name, args in names.items()]
    record = reverse("audit", args=house)
    # What reading other pages writes stands here, so these are looked at next to what happens.
    records = [record, reverse("audit_days", args=house), reverse("my_record")]
    records += [f"{record}?person={one.pk}" for one in (world.bob, world.alice)]
    watchers = {name: sign_in(one) for name, one in (("alice", world.alice), ("dina", dina))}
    bob, tom, olu = (sign_in(one) for one in (world.bob, world.tom, world.olu))

    with time_machine.travel(NINE, tick=False):
        looked_at(watchers, records)
        before = looked_at(watchers, pages) | looked_at(watchers, records)
        concern = raised(world, placement, kind="adult", about=GIDEON)
        receipt = bob.get(reverse("concern", args=[concern.key])).content.decode()
        actions.receive_concern(concern=concern, by=world.tom, at=NINE)
        detail = tom.get(reverse("concern", args=[concern.key])).content.decode()
        after = looked_at(watchers, records) | looked_at(watchers, pages)
        operator = text_of(olu.get(reverse("outbox")))
        theirs = [client.get(reverse("concern", args=[concern.key])).status_code for client in watchers.values()]

    assert HEARD in receipt
    assert HEARD in detail
    assert len(before) >= 20
    assert [key for key in before if before[key] != after[key]] == []
    assert [one for page in after.values() for one in (GIDEON, HEARD, str(concern.key)) if one in page] == []
    assert theirs == [404, 404]
    assert [
        one for one in (f"concern:{concern.pk}", str(concern.key), world.tom.email, GIDEON) if one in operator
    ] == []
    kept = Event.objects.filter(about_type="monitoring.concern")
    assert {one.organisation_id for one in kept} == {world.larkshire.pk}
    assert not Message.objects.filter(key__startswith="concern:", to__in=[world.alice.email, dina.email]).exists()
    assert outside(lines) == {}
    assert not any(GIDEON in str(line) or HEARD in str(line) for line in lines())


def is_of_organisation(name: str) -> bool:
    """It is a page of one organisation."""
    [(found, *_)] = get_resolver().reverse_dict.getlist(name)
    [(pattern, taken)] = found
    return pattern.startswith("organisations/") and taken == ["pk"]


def looked_at(watchers, pages) -> dict:
    """Each page as each of them is shown it, without what changes at every request."""
    return {
        (name, address): still(text_of(client.get(address))) for name, client in watchers.items() for address in pages
    }
