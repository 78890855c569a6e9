"""The register of places as of a day, for the buyer's people; who is on a running framework, for anybody."""

from __future__ import annotations

import csv
import datetime as dt
import io
from urllib.parse import urlencode

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lots.actions import places as actions
from lots.actions import suspensions
from lots.models import Lot, Place
from lots.queries import places as queries
from lots.rules.places import Life, label, state_at
from lots.states import Cause, EndReason
from tests.lots.places import AT, accept, active, begin, provider, published, running

D = dt.date
HOUR = dt.timedelta(hours=1)


def utc(*moment) -> dt.datetime:
    return dt.datetime(*moment, tzinfo=dt.UTC)


A, B, C, E = utc(2026, 1, 1), utc(2026, 2, 1), utc(2026, 3, 1), utc(2026, 9, 1)


@pytest.mark.parametrize(
    ("life", "moment", "state"),
    [
        (Life(A, None, None, None), A, None),
        (Life(A, None, None, None), A + HOUR, "awarded"),
        (Life(A, B, None, None), B, "awarded"),
        (Life(A, B, None, None), B + HOUR, "accepted"),
        (Life(A, B, C, None), C, "accepted"),
        (Life(A, B, C, None), C + HOUR, "active"),
        (Life(A, B, C, E), E, "active"),
        (Life(A, B, C, E), E + HOUR, "ended"),
        (Life(A, None, None, E), E + HOUR, "ended"),
        # Held before it was accepted: only from the acceptance on.
        (Life(A, B, None, None, ((A, None),)), B, "awarded"),
        (Life(A, B, None, None, ((A, None),)), B + HOUR, "suspended"),
        (Life(A, B, C, None, ((C + HOUR, C + 3 * HOUR),)), C + HOUR, "active"),
        (Life(A, B, C, None, ((C + HOUR, C + 3 * HOUR),)), C + 2 * HOUR, "suspended"),
        (Life(A, B, C, None, ((C + HOUR, C + 3 * HOUR),)), C + 3 * HOUR, "suspended"),
        (Life(A, B, C, None, ((C + HOUR, C + 3 * HOUR),)), C + 4 * HOUR, "active"),
        (Life(A, B, C, E, ((C, None),)), E + HOUR, "ended"),
    ],
)
def test_what_a_place_was_at_a_moment(life, moment, state):
    assert state_at(life, moment) == state


def test_what_a_part_is_called():
    assert label("1", "B") == "Lot 1, part B"
    assert label("7", None) == "Lot 7"


def test_a_day_ends_at_midnight_in_england():
    assert queries.end_of(D(2026, 7, 10)) == utc(2026, 7, 10, 23)
    assert queries.end_of(D(2026, 1, 10)) == utc(2026, 1, 11)


def a_year(world):
    """Ash House on 1B and 2A (ended in October), held by a suspension in November; Birch Farm on 1C, only awarded."""
    made = running(world)
    first, second = made.give(world, made.award(world.ash_house, "1B"), made.award(world.ash_house, "2A"))
    accept(world, first, second, at=utc(2026, 7, 20, 9))
    made.give(world, made.award(world.birch_farm, "1C"), at=utc(2026, 8, 3, 9))
    begin(at=utc(2026, 9, 7, 9))
    actions.end_place(place=second, reason=EndReason.WITHDREW, by=world.alice, at=utc(2026, 10, 5, 9))
    held = suspensions.suspend_provider(
        place=first, cause=Cause.SAFEGUARDING, reason="Why", by=world.max, at=utc(2026, 11, 2, 9)
    )
    suspensions.lift_suspension(suspension=held, reason="Settled", by=world.max, at=utc(2026, 11, 20, 9))
    return made


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: utc(2026, 12, 1, 12))


def register(client, framework, **asked) -> list[tuple]:
    """(provider, part, state) as the CSV says them."""
    address = reverse("places_csv", args=[framework.pk]) + (f"?{urlencode(asked)}" if asked else "")
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return [(row["Provider"], row["Lot"] + row["Part"], row["State"]) for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("9/7/2026", []),
        ("10/7/2026", [("Ash House", "1B", "Awarded"), ("Ash House", "2A", "Awarded"), ("Ash House", "7", "Awarded")]),
        (
            "20/7/2026",
            [("Ash House", "1B", "Accepted"), ("Ash House", "2A", "Accepted"), ("Ash House", "7", "Accepted")],
        ),
        (
            "1/9/2026",
            [
                ("Ash House", "1B", "Active"),
                ("Ash House", "2A", "Active"),
                ("Ash House", "7", "Active"),
                ("Birch Farm", "1C", "Awarded"),
                ("Birch Farm", "7", "Awarded"),
            ],
        ),
        (
            "5/10/2026",
            [
                ("Ash House", "1B", "Active"),
                ("Ash House", "7", "Active"),
                ("Birch Farm", "1C", "Awarded"),
                ("Birch Farm", "7", "Awarded"),
            ],
        ),
        (
            "2/11/2026",
            [
                ("Ash House", "1B", "Suspended"),
                ("Ash House", "7", "Suspended"),
                ("Birch Farm", "1C", "Awarded"),
                ("Birch Farm", "7", "Awarded"),
            ],
        ),
        (
            "1/1/2030",
            [
                ("Ash House", "1B", "Active"),
                ("Ash House", "7", "Active"),
                ("Birch Farm", "1C", "Awarded"),
                ("Birch Farm", "7", "Awarded"),
            ],
        ),
    ],
)
def test_the_register_on_any_day(world, sign_in, now, on, expected):
    made = a_year(world)

    assert sorted(register(sign_in(world.max), made.framework, on=on)) == expected


def test_what_had_ended_is_shown_when_that_is_asked(world, sign_in, now):
    made, client = a_year(world), sign_in(world.max)

    assert register(client, made.framework, show="ended") == [("Ash House", "2A", "Ended")]
    assert register(client, made.framework, show="ended", on="4/10/2026") == []
    page = client.get(reverse("places", args=[made.framework.pk]), {"show": "ended"}).content.decode()
    assert "5 October 2026" in page


def test_the_register_is_narrowed_by_lot_part_and_name(world, sign_in, now):
    made, client = a_year(world), sign_in(world.max)
    lot = made.lots["1"]

    assert register(client, made.framework, words="birch") == [
        ("Birch Farm", "1C", "Awarded"),
        ("Birch Farm", "7", "Awarded"),
    ]
    assert register(client, made.framework, part=lot.pk) == [
        ("Ash House", "1B", "Active"),
        ("Birch Farm", "1C", "Awarded"),
    ]
    part = lot.sub_lots.get(letter="C").pk
    assert register(client, made.framework, part=f"{lot.pk}-{part}") == [("Birch Farm", "1C", "Awarded")]
    assert len(register(client, made.framework, part="9-9")) == 4  # what cannot be read narrows nothing


def test_the_page_shows_the_day_and_its_states(world, sign_in, now):
    made, client = a_year(world), sign_in(world.max)

    page = client.get(reverse("places", args=[made.framework.pk]), {"on": "2/11/2026"}).content.decode()

    assert "at the end of" in page
    assert "2 November 2026" in page
    assert page.count("Suspended") == 2
    assert "places.csv?on=2%2F11%2F2026" in page
    assert "as it stood now" in client.get(reverse("places", args=[made.framework.pk])).content.decode()


def test_the_file_holds_the_same_as_the_page_and_runs_no_formula(world, sign_in, now):
    made, client = a_year(world), sign_in(world.max)
    type(world.ash_house).objects.filter(pk=world.ash_house.pk).update(name="=1+1")
    Lot.objects.filter(number="7").update(title="\x0bA\x00B" if connection.vendor == "sqlite" else "\x0bAB")

    answer = client.get(reverse("places_xlsx", args=[made.framework.pk]))

    assert answer["Content-Disposition"] == f'attachment; filename="register-{made.framework.pk}-2026-12-01.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [
        "Provider", "Lot", "Lot title", "Part", "Phase", "State", "Awarded", "Accepted", "Active from", "Ended",
    ]  # fmt: skip
    assert rows[1][:6] == ["=1+1", "1", "Vocational", "B", "Secondary", "Active"]
    days = [value and value.date() for value in rows[1][6:]]
    assert days == [dt.date(2026, 7, 10), dt.date(2026, 7, 20), dt.date(2026, 9, 1), None]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n", "d"}
    assert [row[2] for row in rows if row[1] == "7"] == ["AB", "AB"]
    assert register(client, made.framework)[0][0] == "'=1+1"


def test_the_register_asks_no_more_for_many_than_for_one(world, sign_in):
    made, client = running(world), sign_in(world.max)
    address, counts = reverse("places", args=[made.framework.pk]), []
    client.get(address)
    for number in (1, 2):
        firms = [provider(f"Firm {number}-{turn}") for turn in range(1 if number == 1 else 70)]
        made.give(world, *[made.award(firm, "1B") for firm in firms])
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] <= counts[1] <= 8


def test_the_file_is_read_in_chunks(world, sign_in, monkeypatch):
    monkeypatch.setattr(queries, "CHUNK", 2)
    made, client = running(world), sign_in(world.max)
    made.give(world, *[made.award(provider(f"Firm {number}"), "1B") for number in range(5)])

    assert len(register(client, made.framework)) == 10


# --- for anybody


def test_anybody_sees_who_is_on_a_framework_that_runs_and_no_state(world):
    made = running(world)
    [place] = active(world, made, "1B")
    made.give(world, made.award(world.birch_farm, "1C"))
    suspensions.suspend_provider(place=place, cause=Cause.SAFEGUARDING, reason="Why", by=world.max, at=AT)

    page = Client().get(reverse("on_framework", args=[made.framework.pk])).content.decode()
    main = page.split("<main")[1].split("</main>")[0]

    assert main.count("Ash House") == 2  # lot 1 and lot 7
    assert "Birch Farm" not in main  # only awarded
    assert "uspend" not in main
    assert "45.00" not in main
    assert "on the framework" in main


def test_nobody_is_on_a_framework_that_does_not_run(world):
    made = published(world)
    accept(world, *made.give(world, made.award(world.ash_house, "1B")))

    page = Client().get(reverse("on_framework", args=[made.framework.pk])).content.decode()

    assert "is not running" in page
    assert "Ash House" not in page


def test_the_public_list_is_narrowed_by_part_and_name_and_costs_the_same(world, django_assert_max_num_queries):
    made = running(world)
    active(world, made, "1B", "2A")
    address, lot = reverse("on_framework", args=[made.framework.pk]), made.lots["2"]
    firms = [provider(f"Firm {number}") for number in range(70)]
    rows = made.give(world, *[made.award(firm, "1B") for firm in firms])
    Place.objects.filter(pk__in=[row.pk for row in rows]).update(state="active", accepted_at=AT, active_from=AT)

    with django_assert_max_num_queries(8):
        page = Client().get(address).content.decode()
    assert page.count("<tr") == 51
    narrowed = Client().get(address, {"part": lot.pk}).content.decode()
    assert narrowed.count("<tr") == 2


# --- one place


def test_one_place_shows_its_history_to_its_buyer(world, sign_in, now):
    made = a_year(world)
    place = made.place(world.ash_house, "1B")

    page = sign_in(world.max).get(reverse("place", args=[place.pk])).content.decode()

    for words in ("20 July 2026", "Safeguarding", "Why", "Settled", "£45.00", "As bid", "End this place"):
        assert words in page


@pytest.mark.parametrize(
    ("who", "sees"), [("max", True), ("fay", True), ("alice", True), ("bob", False), ("olu", False)]
)
def test_who_sees_prices(world, sign_in, who, sees):
    made = running(world)
    [place] = active(world, made, "1B")

    page = sign_in(getattr(world, who)).get(reverse("place", args=[place.pk])).content.decode()

    assert ("£45.00" in page) is sees


def test_a_place_that_comes_with_others_has_no_price(world, sign_in):
    made = running(world)
    active(world, made, "1B")

    page = sign_in(world.max).get(reverse("place", args=[made.place(world.ash_house, "7").pk])).content.decode()

    assert "Each piece of work is quoted for" in page
    assert "Comes with the provider’s other places" in page


def test_alice_accepts_on_her_page_and_sees_what_she_has(world, sign_in):
    made, client = running(world), sign_in(world.alice)
    first, second = made.give(world, made.award(world.ash_house, "1B"), made.award(world.ash_house, "2A"))
    address = reverse("provider_places", args=[world.ash_house.pk])

    assert "Accept these places" in client.get(address).content.decode()
    assert "Select at least one place" in client.post(address, {}).content.decode()
    wrong = client.post(address, {"places": [made.place(world.ash_house, "7").pk]}).content.decode()
    assert "Select only places that are on this page" in wrong
    client.post(address, {"places": [first.pk]})
    assert Place.objects.get(pk=first.pk).state == "accepted"
    client.post(address, {"places": [second.pk]})
    page = client.get(address).content.decode()
    assert "Accept these places" not in page
    assert page.count("Accepted</strong>") == 3
    answer = client.post(address, {"places": [second.pk]}).content.decode()
    assert "There is no place for you to accept" in answer


def test_what_was_withdrawn_meanwhile_is_told_at_the_form(world, sign_in):
    made, client = running(world), sign_in(world.alice)
    [first] = made.give(world, made.award(world.ash_house, "1B"))
    type(made.framework).objects.update(state="ended", ended_at=AT)

    page = client.post(reverse("provider_places", args=[world.ash_house.pk]), {"places": [first.pk]})

    assert "can no longer be accepted" in page.content.decode()


def test_bob_sees_the_places_and_accepts_none(world, sign_in):
    made, client = running(world), sign_in(world.bob)
    made.give(world, made.award(world.ash_house, "1B"))

    page = client.get(reverse("provider_places", args=[world.ash_house.pk])).content.decode()

    assert "Lot 1, part B" in page
    assert "Accept these places" not in page


def test_ending_and_pricing_on_the_pages(world, sign_in, monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: utc(2026, 9, 8, 9))
    made = running(world)
    made.framework.policies.__class__.objects.update(price_review="on_request")
    first, second = active(world, made, "1B", "2A")
    max_, alice = sign_in(world.max), sign_in(world.alice)
    line = made.lots["1"].price_lines.get().pk
    typed = {"line": line, "pence": "£50", "reason": "Rent"}
    typed |= {"from_on_0": "1", "from_on_1": "10", "from_on_2": "2026"}

    wrong = max_.post(reverse("set_price", args=[first.pk]), typed | {"from_on_2": "2025"}).content.decode()
    assert "cannot change for days that have passed" in wrong
    assert 'value="Rent"' in wrong
    max_.post(reverse("set_price", args=[first.pk]), typed)
    assert [row.pence for row in queries.prices_of(first)] == [45_00, 50_00]
    assert queries.price_on(first, line, D(2026, 9, 30)) == 45_00
    assert queries.price_on(first, line, D(2026, 10, 1)) == 50_00
    assert queries.price_on(first, line, D(2026, 7, 9)) is None

    page = max_.post(reverse("end_place", args=[first.pk]), {"end_reason": "expired", "also_others": "no"})
    assert "Select why the place ends" in page.content.decode()
    alice.post(reverse("end_place", args=[first.pk]), {"also_others": "no"})
    max_.post(
        reverse("end_place", args=[second.pk]), {"end_reason": "terminated", "also_others": "yes", "note": "Closed"}
    )
    assert set(Place.objects.values_list("state", "end_reason")) == {
        ("ended", "withdrew"),
        ("ended", "terminated"),
        ("ended", "last_place_ended"),
    }
    assert "Closed" in max_.get(reverse("place", args=[second.pk])).content.decode()
    assert "Closed" not in alice.get(reverse("place", args=[second.pk])).content.decode()
