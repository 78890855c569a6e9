"""Counts: figures without anybody in them, and for the public none from which somebody could be worked out."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from referrals.models import FunderShare
from referrals.queries import counts as queries
from referrals.rules import counts as rules
from referrals.rules.counts import Figures
from tests.referrals.made import AT, CANARIES, PRIVATE, another_place, made_place, made_pupil
from tests.referrals.placed import ENDS, STARTS, made_placement, made_terms_of_year

FIRST, LAST = dt.date(2026, 10, 5), dt.date(2026, 10, 18)
DAYS = {
    "first_0": "5", "first_1": "10", "first_2": "2026", "last_0": "18", "last_1": "10", "last_2": "2026",
    "by": "provider",
}  # fmt: skip
UNNUMBERED = replace(PRIVATE, upn="")
COST = 45_00 * 120
ALL_DAYS = (ENDS - STARTS).days + 1


def of(*pupils: int) -> list[Figures]:
    return [Figures(f"Line {i}", one, one, one, one * 100) for i, one in enumerate(pupils)]


@pytest.mark.parametrize(
    ("pupils", "hidden", "total", "total_hidden"),
    [
        ((), set(), 0, True),
        ((5, 9), set(), 14, False),
        ((4, 9, 6), {0, 2}, 19, False),
        ((4, 1, 9), {0, 1}, 14, False),
        ((2, 1, 9, 7), {0, 1, 3}, 19, False),
        ((4, 9), {0, 1}, 13, False),
        ((4,), {0}, 4, True),
        ((3, 1), {0, 1}, 4, True),
        ((4, 4), {0, 1}, 4, True),
        ((1, 1), {0, 1}, 5, True),
    ],
)
def test_a_small_line_is_hidden_with_others_until_no_total_gives_it_away(pupils, hidden, total, total_hidden):
    rows = of(*pupils)

    assert rules.hidden(rows) == hidden
    assert rules.hides_total(rows, of(total)[0]) is total_hidden


def test_what_is_shown_of_a_line():
    few, some = of(4, 6)

    assert rules.cells(some, hide=False) == ["Line 1", 6, 6, 6, 6]
    assert rules.cells(few, hide=True) == ["Line 0", "withheld", "fewer than 5", "withheld", "withheld"]
    assert rules.cells(some, hide=True)[2] == "withheld"


def test_months_days_and_shares():
    whole = rules.whole_months(dt.date(2026, 1, 31), dt.date(2026, 2, 1))
    assert whole == (dt.date(2026, 1, 1), dt.date(2026, 2, 28))
    assert rules.days_both(FIRST, LAST, (FIRST, None)) == 14
    assert rules.days_both(FIRST, LAST, (LAST, LAST)) == 1
    assert rules.days_both(FIRST, LAST, (STARTS, STARTS)) == 0
    assert rules.share_of(100_00, 1, 3) == 33_33
    assert rules.share_of(100_00, 3, 3, share=2_500) == 25_00


@pytest.mark.parametrize(
    ("by", "label"),
    [("provider", "Ash House"), ("mode", None), ("group", None), ("funder", "Elm Grove School"), ("reason", None)],
)
def test_placements_pupils_sessions_and_cost_by_each(world, by, label, django_assert_max_num_queries):
    made_terms_of_year(world.elm_grove)
    place = made_place(world)
    first = made_placement(world, place=place)
    made_placement(world, place=place, pupil=first.pupil)
    made_placement(world, place=place, pupil=first.pupil, state="cancelled")
    made_placement(world, place=place, pupil=first.pupil, state="ended", ended_on=FIRST - dt.timedelta(days=1))

    with django_assert_max_num_queries(8):
        rows = queries.of_commissioner(world.elm_grove, FIRST, LAST, user=world.sana)
        [line], total = queries.figures(rows, by, FIRST, LAST)

    assert label is None or line.label == label
    assert (line.placements, line.pupils, line.sessions) == (2, 1, 8)
    assert line.pence == total.pence == 2 * (COST * 14 // ALL_DAYS)
    assert total.placements == 2


def test_who_pays_changes_and_what_is_outside_a_framework_or_has_no_reason(world):
    placement = made_placement(world, line=None, reason="")
    FunderShare.objects.filter(placement=placement).update(until_on=FIRST + dt.timedelta(days=6))
    FunderShare.objects.create(
        placement=placement, funder=world.larkshire, share=10_000, from_on=FIRST + dt.timedelta(days=7), written_at=AT
    )
    FunderShare.objects.create(
        placement=placement, funder=world.oak_trust, share=1, from_on=LAST + dt.timedelta(days=1), written_at=AT
    )

    def labels(by):
        rows = queries.of_commissioner(world.elm_grove, FIRST, LAST, user=world.sana)
        return [(one.label, one.pence) for one in queries.figures(rows, by, FIRST, LAST)[0]]

    half = COST * 7 // ALL_DAYS
    assert labels("funder") == [("Elm Grove School", half), ("Larkshire Council", half)]
    assert [label for label, _ in labels("mode")] == ["Bought outside a framework"]
    assert [label for label, _ in labels("reason")] == ["Not written down"]


def test_a_trust_counts_the_schools_that_are_listed_for_the_person(world):
    made_placement(world)
    oak = queries.of_commissioner(world.oak_trust, FIRST, LAST, user=world.tariq)
    assert not oak.exists()

    Membership.objects.get(user=world.tariq).schools.add(world.elm_grove)
    again = world.tariq.__class__.objects.get(pk=world.tariq.pk)

    assert queries.of_commissioner(world.oak_trust, FIRST, LAST, user=again).count() == 1


def test_the_page_the_picture_and_the_files(world, sign_in):
    place = made_place(world)
    for number in range(5):
        made_placement(world, place=place, pupil=made_pupil(world, first_names=f"No {number}", private=UNNUMBERED))
    far = another_place(world, place, world.birch_farm, pence=40_00)
    made_placement(world, place=far, pupil=made_pupil(world))
    client = sign_in(world.sana)
    args = [world.elm_grove.pk]

    ours = client.get(reverse("counts", args=args), DAYS).content.decode()
    public = client.get(reverse("counts", args=args), DAYS | {"public": "on"}).content.decode()
    picture = client.get(reverse("counts_chart", args=args), DAYS)
    answer = client.get(reverse("counts_file", args=[*args, "csv"]), DAYS | {"public": "on"})
    file = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert "Birch Farm" in ours
    assert "Pupils by provider" in ours
    assert "fewer than 5" in public
    assert ">1 October 2026<" in public
    assert ">31 October 2026<" in public
    assert "Pupils by provider" not in public
    assert picture["Content-Type"] == "image/svg+xml"
    assert [row[2] for row in file[1:]] == ["withheld", "fewer than 5", "6"]
    assert not [word for word in CANARIES if word in ours + public]
    for wrong in ({"by": "name"}, {"last_2": "2025"}):
        assert client.get(reverse("counts", args=args), DAYS | wrong).status_code == 200
        assert client.get(reverse("counts_chart", args=args), DAYS | wrong).status_code == 404
        assert client.get(reverse("counts_file", args=[*args, "csv"]), DAYS | wrong).status_code == 302
    assert client.get(reverse("counts_chart", args=args), DAYS | {"public": "on"}).status_code == 404
    assert client.get(reverse("counts_file", args=[*args, "pdf"]), DAYS).status_code == 404
    assert b"".join(client.get(reverse("counts_file", args=[*args, "xlsx"]), DAYS)).startswith(b"PK")


def test_a_budget_holder_counts_and_takes_no_census(world, sign_in):
    Membership.objects.filter(user=world.sana, role=Role.SCHOOL_DSL).delete()
    Membership.objects.filter(user=world.sana).update(role=Role.SCHOOL_FINANCE)
    client = sign_in(world.sana)

    assert client.get(reverse("counts", args=[world.elm_grove.pk])).status_code == 200
    assert client.get(reverse("census", args=[world.elm_grove.pk])).status_code == 403
