"""Term dates and closures of organisations."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import queries
from accounts.actions import calendars
from accounts.models import Closure, Organisation, TermDates
from accounts.rules.people import Refused
from audit.models import Event
from core import access

D = dt.date


def days(first: D, last: D) -> dict:
    return {
        "starts_on_0": str(first.day), "starts_on_1": str(first.month), "starts_on_2": str(first.year),
        "ends_on_0": str(last.day), "ends_on_1": str(last.month), "ends_on_2": str(last.year),
    }  # fmt: skip


def term(organisation, first: D, last: D, name="Autumn") -> TermDates:
    return TermDates.objects.create(organisation=organisation, name=name, starts_on=first, ends_on=last)


def closure(organisation, first: D, last: D) -> Closure:
    return Closure.objects.create(organisation=organisation, reason="Training", starts_on=first, ends_on=last)


def test_sana_writes_down_changes_and_removes_a_term(world, sign_in):
    client = sign_in(world.sana)
    client.post(
        reverse("add_term", args=[world.elm_grove.pk]), {"name": "Autumn", **days(D(2026, 9, 2), D(2026, 10, 23))}
    )
    made = TermDates.objects.get()
    assert "2 September 2026" in client.get(reverse("term_dates", args=[world.elm_grove.pk])).content.decode()

    client.post(reverse("change_term", args=[made.pk]), {"name": "Autumn", **days(D(2026, 9, 3), D(2026, 10, 23))})
    made.refresh_from_db()
    assert made.starts_on == D(2026, 9, 3)
    assert Event.objects.get(action="accounts.term.changed").data["was"]["starts_on"] == "2026-09-02"

    assert client.get(reverse("remove_term", args=[made.pk])).status_code == 200
    client.post(reverse("remove_term", args=[made.pk]))
    assert TermDates.objects.count() == 0
    assert client.post(reverse("remove_term", args=[made.pk])).status_code == 404


def test_sana_writes_down_changes_and_removes_a_closure(world, sign_in):
    client = sign_in(world.sana)
    one = days(D(2026, 9, 2), D(2026, 9, 2))
    client.post(reverse("add_closure", args=[world.elm_grove.pk]), {"reason": "Training", **one})
    made = Closure.objects.get()

    client.post(reverse("change_closure", args=[made.pk]), {"reason": "Snow", **one})
    made.refresh_from_db()
    assert made.reason == "Snow"

    client.post(reverse("remove_closure", args=[made.pk]))
    assert Closure.objects.count() == 0
    assert sorted(Event.objects.filter(action__startswith="accounts.closure").values_list("action", flat=True)) == [
        "accounts.closure.added",
        "accounts.closure.changed",
        "accounts.closure.removed",
    ]


@pytest.mark.parametrize("what", ["term", "closure"])
def test_an_overlap_is_refused_with_both_named_and_nothing_lost(world, sign_in, what):
    (term if what == "term" else closure)(world.elm_grove, D(2026, 9, 2), D(2026, 10, 23))
    field, name = ("name", "Autumn") if what == "term" else ("reason", "Training")

    page = sign_in(world.sana).post(
        reverse(f"add_{what}", args=[world.elm_grove.pk]), {field: "Late", **days(D(2026, 10, 23), D(2026, 11, 1))}
    )

    text = page.content.decode()
    assert "Late (23 October 2026 to 1 November 2026) overlaps" in text
    assert f"{name} (2 September 2026 to 23 October 2026)" in text
    assert 'value="Late"' in text


def test_other_organisations_dates_do_not_overlap(world, sign_in):
    term(world.ash_house, D(2026, 9, 2), D(2026, 10, 23))

    calendars.add_term(
        organisation=world.elm_grove, name="Autumn", starts_on=D(2026, 9, 2), ends_on=D(2026, 10, 23),
        by=world.sana, at=timezone.now(),
    )  # fmt: skip

    assert TermDates.objects.filter(organisation=world.elm_grove).count() == 1


@pytest.mark.parametrize(
    ("day", "month", "year", "error"),
    [
        ("31", "2", "2026", "real date"),
        ("0", "1", "2026", "real date"),
        ("1", "13", "2026", "real date"),
        ("1", "1", "1999", "with a year from 2000 to 2100"),
        ("1", "1", "99999", "real date"),
        ("1" * 5000, "1", "2026", "real date"),
        ("1", "", "2026", "Enter the month"),
        ("", "", "", "Enter the first day"),
        ("١", "1", "2026", "Enter a valid date"),
        ("1\x00", "1", "2026", "Null characters are not allowed"),
        ("-1", "1", "2026", "Enter a valid date"),
    ],
)
def test_a_day_that_is_none_is_refused_in_words(world, sign_in, day, month, year, error):
    typed = days(D(2026, 9, 2), D(2026, 9, 2)) | {"starts_on_0": day, "starts_on_1": month, "starts_on_2": year}

    page = sign_in(world.sana).post(reverse("add_term", args=[world.elm_grove.pk]), {"name": "Autumn", **typed})

    assert page.status_code == 200
    assert error in page.content.decode()
    assert TermDates.objects.count() == 0


def test_dates_removed_meanwhile_are_refused_in_words(world):
    gone = term(world.elm_grove, D(2026, 9, 2), D(2026, 10, 23))
    TermDates.objects.all().delete()

    with pytest.raises(Refused, match="already been removed"):
        calendars.remove_term(term=gone, by=world.sana, at=timezone.now())


@pytest.mark.parametrize("who", ["tariq", "ada", "olu", "alice"])
def test_nobody_else_changes_a_schools_dates(world, who):
    with pytest.raises(access.Denied):
        calendars.add_term(
            organisation=world.elm_grove, name="Autumn", starts_on=D(2026, 9, 2), ends_on=D(2026, 9, 3),
            by=getattr(world, who), at=timezone.now(),
        )  # fmt: skip


def test_calendars_come_in_one_query_own_first_then_the_councils(world, django_assert_num_queries):
    other = Organisation.objects.create(
        kind="school", name="Quayside", name_key="quayside", urn="900013", la_code="999"
    )
    term(world.larkshire, D(2026, 9, 1), D(2026, 10, 23))
    closure(world.larkshire, D(2026, 9, 7), D(2026, 9, 7))
    term(world.mereshire, D(2026, 9, 14), D(2026, 10, 23))
    term(world.elm_grove, D(2026, 9, 3), D(2026, 10, 16))
    term(world.oak_trust, D(2026, 1, 1), D(2026, 1, 2))
    closure(other, D(2026, 9, 8), D(2026, 9, 8))
    closure(world.ash_house, D(2026, 9, 9), D(2026, 9, 9))

    with django_assert_num_queries(1):
        found = queries.calendars_for([world.elm_grove, other, world.ash_house, world.larkshire, world.birch_farm])

    assert found[world.elm_grove.pk].terms == ((D(2026, 9, 3), D(2026, 10, 16)),)
    assert found[world.elm_grove.pk].closures == ()
    assert found[other.pk].terms == ((D(2026, 9, 1), D(2026, 10, 23)),)
    assert found[other.pk].closures == ((D(2026, 9, 7), D(2026, 9, 7)), (D(2026, 9, 8), D(2026, 9, 8)))
    assert found[world.ash_house.pk].terms == ()
    assert found[world.ash_house.pk].closures == ((D(2026, 9, 9), D(2026, 9, 9)),)
    assert found[world.larkshire.pk].terms == ((D(2026, 9, 1), D(2026, 10, 23)),)
    assert found[world.birch_farm.pk] == queries.Calendar()
