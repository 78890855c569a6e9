"""The census: one line for each placement, exactly one setting, what it lacks named, and who took it written down."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.models import Organisation
from audit.models import Event
from lots.models import PriceLine
from providers.models import Profile
from referrals.models import Placement
from referrals.rules import census as rules
from referrals.rules.census import Setting
from tests.referrals.made import AT, PRIVATE, UPN, made_place, made_pupil
from tests.referrals.placed import made_placement

DAYS = {
    "first_0": "1", "first_1": "9", "first_2": "2026", "last_0": "31", "last_1": "12", "last_2": "2026",
}  # fmt: skip
NINE, NOON, HALF_ONE, THREE = dt.time(9), dt.time(12), dt.time(13, 30), dt.time(15)


@pytest.mark.parametrize(
    ("urn", "ukprn", "establishment", "alone", "setting"),
    [
        ("900009", "10001234", "", True, Setting(urn="900009")),
        ("", "10001234", "Further education", True, Setting(ukprn="10001234")),
        ("", "", "Further Education college", True, Setting(kind="NFE")),
        ("", "", "", True, Setting(kind="OOT")),
        ("", "", "", False, Setting(kind="OTH")),
    ],
)
def test_every_placement_has_exactly_one_setting(urn, ukprn, establishment, alone, setting):
    assert rules.setting_of(urn=urn, ukprn=ukprn, establishment=establishment, one_to_one=alone) == setting


@pytest.mark.parametrize(
    "parts", [{}, {"urn": "1", "ukprn": "2"}, {"urn": "1", "kind": "OTH"}, {"ukprn": "2", "kind": "OTH"}]
)
def test_none_and_two_are_no_setting(parts):
    with pytest.raises(ValueError, match="Exactly one"):
        Setting(**parts)


@pytest.mark.parametrize(
    ("week", "number"),
    [
        ([], 0),
        ([(0, NINE, NOON)], 1),
        ([(0, NINE, HALF_ONE)], 2),
        ([(0, HALF_ONE, THREE)], 1),
        ([(0, NINE, NOON), (0, NINE, NOON)], 1),
        ([(day, NINE, THREE) for day in range(5)], 10),
    ],
)
def test_mornings_and_afternoons(week, number):
    assert rules.sessions_a_week(week) == number


def test_the_school_year():
    assert rules.year_begins(dt.date(2026, 8, 31)) == dt.date(2025, 9, 1)
    assert rules.year_begins(dt.date(2026, 9, 1)) == dt.date(2026, 9, 1)


def a_line(**fields) -> rules.Line:
    facts = {
        "upn": UPN, "uln": "", "last_name": "A", "first_names": "B", "born_on": dt.date(2012, 5, 4), "sex": "F",
        "setting": Setting(kind="OTH"), "reason": "Other", "entry_on": dt.date(2026, 9, 28), "leaving_on": None,
        "sessions": 10, "has_ehcp": True, "postcode": "LK1 1AA",
    }  # fmt: skip
    return rules.Line(**facts | fields)


def test_what_a_line_lacks_is_named():
    assert a_line().missing == []
    assert a_line().pattern == "F"
    bare = a_line(upn="", sex="", reason="", sessions=0, postcode="", has_ehcp=False)
    assert bare.missing == ["UPN", "Sex", "Primary reason", "Sessions a week", "Postcode"]
    assert bare.pattern == "P"
    assert len(bare.cells) == len(rules.HEADINGS)


def rows_of(client, world, kind="csv", days=DAYS):
    answer = client.get(reverse("census_file", args=[world.elm_grove.pk, kind]), days)
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_the_file_has_a_line_for_each_placement_and_the_taking_is_written_down(world, sign_in):
    place = made_place(world)
    made_placement(world, place=place, state="ended")
    other = made_pupil(world, private=replace(PRIVATE, upn="", postcode=""), last_name="=1+1", has_ehcp=True)
    made_placement(world, place=place, pupil=other)
    made_placement(world, place=place, pupil=other, state="draft")
    made_placement(world, place=place, pupil=other, basis="eotas")
    made_placement(
        world, place=place, pupil=other, state="ended", ended_on=dt.date(2026, 8, 31), starts_on=dt.date(2026, 8, 3)
    )
    client = sign_in(world.sana)

    first, second = rows_of(client, world)

    assert first["UPN"] == UPN
    assert (first["Entry date"], first["Leaving date"]) == ("2026-09-28", "2026-11-13")
    assert (first["Setting type"], first["URN"], first["UKPRN"]) == ("OTH", "", "")
    assert (first["Sessions a week"], first["Attendance pattern"], first["Missing"]) == ("4", "P", "")
    assert (second["Surname"], second["SEN provision"]) == ("'=1+1", "E")
    assert second["Missing"] == "UPN, Postcode"
    assert Event.objects.filter(action="accounts.organisation.read", by=world.sana).exists()


@pytest.mark.parametrize("kind", ["xlsx", "pdf"])
def test_a_spreadsheet_and_no_other_kind(world, sign_in, kind):
    answer = sign_in(world.sana).get(reverse("census_file", args=[world.elm_grove.pk, kind]), DAYS)

    assert answer.status_code == (200 if kind == "xlsx" else 404)
    assert kind != "xlsx" or b"".join(answer).startswith(b"PK")


def test_where_it_is_taught_comes_from_the_provider(world, sign_in):
    made_placement(world)
    client = sign_in(world.sana)
    PriceLine.objects.update(group="one")
    assert rows_of(client, world)[0]["Setting type"] == "OOT"
    PriceLine.objects.update(group="small")
    profile, _ = Profile.objects.update_or_create(
        provider=world.ash_house, defaults={"sole_tutor": True, "updated_at": AT}
    )
    assert rows_of(client, world)[0]["Setting type"] == "OOT"
    profile.registration, profile.school_urn = "registered", "900009"
    profile.save()
    assert rows_of(client, world)[0]["URN"] == "900009"
    Organisation.objects.filter(pk=world.ash_house.pk).update(urn="900010")
    assert rows_of(client, world)[0]["URN"] == "900010"


def test_the_page_names_what_is_missing_at_the_same_cost_for_many(world, sign_in, django_assert_max_num_queries):
    place = made_place(world)
    for number in range(3):
        pupil = made_pupil(world, private=replace(PRIVATE, upn="", sex=""), first_names=f"No {number}")
        made_placement(world, place=place, pupil=pupil)
    Placement.objects.filter(pupil=pupil).update(line=None)
    client = sign_in(world.sana)
    url = reverse("census", args=[world.elm_grove.pk])
    client.get(url, DAYS)

    with django_assert_max_num_queries(15):
        page = client.get(url, DAYS).content.decode()

    assert page.count(">Sex<") >= 3 or page.count("Sex") >= 3
    assert "census/csv/?first_0=1&amp;first_1=9" in page
    wrong = client.get(url, DAYS | {"last_2": "2025"}).content.decode()
    assert "The last day must be the first day or later" in wrong
    assert "Choose three years" in client.get(url, DAYS | {"first_2": "2020"}).content.decode()
    assert (
        client.get(reverse("census_file", args=[world.elm_grove.pk, "csv"]), DAYS | {"last_2": "x"}).status_code == 302
    )
