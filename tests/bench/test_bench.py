"""The measurements run; what they say is never asserted on."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from bench import __main__ as command
from bench import due_rows, harness, pages, run

pytestmark = [pytest.mark.urls("bench.floor"), pytest.mark.no_cover]


def test_every_page_is_measured_beside_its_floor_with_as_many_rows(db):
    told = []

    found, work = run.everything(sizes=[5, 60], rounds=1, only=set(), amount=40, tell=told.append)

    assert [(one["page"], one["size"]) for one in found] == [(p.name, size) for size in (5, 60) for p in run.PAGES]
    assert {one["work"] for one in work} == {
        "audit.record, one transaction",
        "audit.record, a transaction each",
        "seal, 5,000 events at a time",
        "seal when nothing waits",
        "verify_audit",
        "import_schools, all new",
        "import_schools, nothing new",
        "notices brought in",
        "notices given back",
        "award set, whole or not at all",
        "switch to a framework",
        "an answer, told to its followers",
        "a withdrawal, told to its followers",
        "what runs out, told to its providers",
    }
    assert "  faults found: 0" in told
    json.dumps([found, work])


@pytest.mark.django_db(transaction=True)  # four at once are connections of their own
def test_a_day_is_measured_beside_its_floor_and_no_row_is_missing(world):
    told, kept = [], []

    due_rows.run_days(world, 40, 1, told.append, kept)

    assert [(one["work"], one["number"]) for one in kept[:4]] == [
        ("a day's due rows", 10),
        ("a day's due rows, second pass", 10),
        ("a day: sessions and due rows", 40),
        ("a day, second pass", 40),
    ]
    assert told[0].endswith("(budget 1.25)")


def test_a_row_that_is_missing_is_no_fast_one(world, monkeypatch):
    monkeypatch.setattr(due_rows, "_run", lambda: None)

    with pytest.raises(RuntimeError, match="0 sessions and 0 due rows"):
        due_rows.run_days(world, 40, 1, print, [])


def test_a_page_that_refuses_is_not_measured_as_a_fast_one(world):
    with pytest.raises(RuntimeError, match="answered 302"):
        harness.once(Client(), reverse("audit", args=[world.ash_house.pk]))


def test_a_cost_counts_queries_and_bytes(world, sign_in):
    pages.fill_events(world, 0, 30)

    cost = harness.once(sign_in(world.alice), reverse("floor_list", args=[25]))

    assert (cost.queries, Event.objects.count()) == (5, 30)  # session, person, permission, count, rows
    assert cost.bytes > 1000
    assert cost.total == cost.python + cost.database


def test_the_command_says_what_it_can_be_asked(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["bench", "--help"])

    with pytest.raises(SystemExit):
        command.main()

    assert "Measure ours against the floor" in capsys.readouterr().out
