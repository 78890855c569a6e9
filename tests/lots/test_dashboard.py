"""A buyer's frameworks as its own people see them: how each stands, what is due, where to go on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from core import clock
from lots.models import KeyDate, Place
from lots.states import PlaceState
from tests.frameworks import AT, make_framework

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def now(monkeypatch):
    """`now(moment)` sets the portal's clock."""

    def set_it(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_it(NOW)
    return set_it


def address(organisation) -> str:
    return reverse("organisation_frameworks", args=[organisation.pk])


def rows_of(client, organisation) -> dict:
    return {one.title: one for one in client.get(address(organisation)).context["page"]}


def ways(one) -> list[str]:
    return [way.label for way in one.ways]


def test_max_sees_all_frameworks_of_larkshire_and_nobody_elses(world, sign_in, now):
    make_framework(world, title="Draft")
    make_framework(world, title="Running", running=True)
    make_framework(world, title="Theirs", published=True, buyer=world.mereshire)

    found = rows_of(sign_in(world.max), world.larkshire)

    assert [(title, one.standing.words) for title, one in found.items()] == [
        ("Running", "Running"),
        ("Draft", "Being set up"),
    ]


def test_only_who_buys_is_led_to_what_changes_something(world, sign_in, now):
    make_framework(world, title="Draft")
    make_framework(world, title="Running", running=True)

    keeps = ["Recovery file"]
    for who, acts, belongs in [("max", True, keeps), ("eve", False, keeps), ("olu", False, [])]:
        client = sign_in(getattr(world, who))
        page = client.get(address(world.larkshire)).content.decode()
        found = rows_of(client, world.larkshire)
        assert (reverse("start_framework", args=[world.larkshire.pk]) in page) is acts
        assert (reverse("import_notice", args=[world.larkshire.pk]) in page) is acts
        assert ways(found["Draft"]) == (["Go on setting it up", "See what is missing"] if acts else []) + belongs
        assert ways(found["Running"]) == ["Register of places", "Openings", *(["Open it again"] if acts else [])]


def test_tariq_buys_for_his_trust(world, sign_in, now):
    make_framework(world, title="The trust’s", buyer=world.oak_trust)

    assert list(rows_of(sign_in(world.tariq), world.oak_trust)) == ["The trust’s"]


def test_an_organisation_that_does_not_buy_has_no_such_page(world, sign_in, now):
    assert sign_in(world.alice).get(address(world.ash_house)).status_code == 403
    assert sign_in(world.sana).get(address(world.elm_grove)).status_code == 403
    assert sign_in(world.olu).get(address(world.ash_house)).status_code == 403


def test_what_is_due_next_is_said_with_its_date(world, sign_in, now):
    now(AT)
    make_framework(world, published=True)
    one = rows_of(sign_in(world.max), world.larkshire)["Alternative provision"]
    assert one.due == "Published: 12 January 2026 at 9am (UK time)"

    now(AT + dt.timedelta(seconds=1))
    one = rows_of(sign_in(world.max), world.larkshire)["Alternative provision"]
    assert one.due == "Last moment for questions: 14 April 2026 at midday (UK time)"


def test_a_day_without_a_time_is_due_on_that_day(world, sign_in, now):
    framework = make_framework(world, running=True)
    last_second = dt.datetime(2028, 3, 1, 23, 59, 59, tzinfo=dt.UTC)
    KeyDate.objects.create(framework=framework, kind="reopening", at=last_second)

    one = rows_of(sign_in(world.max), world.larkshire)["Alternative provision"]

    assert one.due == "Planned re-opening: 1 March 2028"


def test_a_draft_whose_deadline_has_passed_says_so(world, sign_in, now):
    make_framework(world, title="Late")
    make_framework(world, title="In time", closes_at=NOW + dt.timedelta(days=1))

    found = rows_of(sign_in(world.max), world.larkshire)

    assert {title: one.late for title, one in found.items()} == {"In time": False, "Late": True}


def award(framework, provider):
    Place.objects.create(
        framework=framework,
        lot=framework.lots.first(),
        provider=provider,
        provider_name=provider.name,
        state=PlaceState.ACTIVE,
        awarded_at=AT,
        accepted_at=AT,
        active_from=AT,
    )


@pytest.mark.parametrize(
    ("at", "near"),
    [
        (dt.datetime(2026, 11, 22, tzinfo=dt.UTC), ""),
        (dt.datetime(2028, 5, 11, 23, tzinfo=dt.UTC), "Within a year"),
        (dt.datetime(2029, 3, 1, tzinfo=dt.UTC), "Within 3 months"),
        (dt.datetime(2029, 5, 11, 22, 59, tzinfo=dt.UTC), "Within 3 months"),
        (dt.datetime(2029, 5, 11, 23, 0, tzinfo=dt.UTC), "Missed"),  # midnight in England
    ],
)
def test_the_days_that_the_law_sets_are_counted_from_the_first_award(world, sign_in, now, at, near):
    """Awarded on 12 May 2026: the second opening by 11 May 2029, everything over by 11 May 2034 (s.49(2))."""
    framework = make_framework(world, running=True)
    award(framework, world.ash_house)
    award(framework, world.birch_farm)
    now(at)

    one = rows_of(sign_in(world.max), world.larkshire)["Alternative provision"]

    assert [(words, how_near) for words, how_near, _ in one.by_law] == [
        ("Second opening awarded by: 11 May 2029 (section 49(2)(a)(i))", near),
        ("Everything ends: 11 May 2034 (section 49(2)(c))", ""),
    ]


@pytest.mark.parametrize(("ends_on", "too_long"), [((2034, 5, 11), ""), ((2034, 5, 12), "12 May 2034")])
def test_a_framework_that_says_it_runs_longer_than_it_may_is_marked(world, sign_in, now, ends_on, too_long):
    framework = make_framework(world, running=True, ends_on=dt.date(*ends_on))
    award(framework, world.ash_house)
    award(framework, world.birch_farm)

    one = rows_of(sign_in(world.max), world.larkshire)["Alternative provision"]

    assert one.too_long == too_long


def test_one_provider_alone_ends_it_earlier(world, sign_in, now):
    framework = make_framework(world, running=True)
    award(framework, world.ash_house)

    one = rows_of(sign_in(world.max), world.larkshire)["Alternative provision"]

    assert [words for words, _, _ in one.by_law][-1] == (
        "Everything ends, because there is one provider only: 11 May 2030 (section 49(6))"
    )


def test_a_second_opening_counts_from_both_awards(world, sign_in, now):
    first = make_framework(
        world, title="First", state="ended", published_at=AT, awarded_at=AT + dt.timedelta(days=120), ended_at=NOW
    )
    second = make_framework(world, title="Second", running=True, previous=first, generation=2)
    second.awarded_at = dt.datetime(2028, 9, 1, 9, 0, tzinfo=dt.UTC)
    second.save()
    for one in (first, second):
        award(one, world.ash_house)
        award(one, world.birch_farm)

    found = rows_of(sign_in(world.max), world.larkshire)

    assert found["First"].by_law == []
    assert [words for words, _, _ in found["Second"].by_law] == [
        "A later opening awarded by: 31 August 2033 (section 49(2)(a)(ii))",
        "Everything ends: 11 May 2034 (section 49(2)(c))",
    ]


def test_somebody_whose_role_ended_is_a_stranger(world, sign_in, now):
    Membership.objects.filter(user=world.max, role=Role.PROCUREMENT).update(ended_at=NOW, person_name="")

    assert sign_in(world.max).get(address(world.larkshire)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_with_one_framework_and_with_three(world, sign_in, now, rows):
    for _ in range(rows):
        framework = make_framework(world, running=True)
        award(framework, world.ash_house)
        KeyDate.objects.create(framework=framework, kind="reopening", at=NOW)
    client = sign_in(world.max)
    client.get(address(world.larkshire))

    with CaptureQueriesContext(connection) as made:
        assert client.get(address(world.larkshire)).status_code == 200

    # session, person, roles, organisation, frameworks, their dates, their awards
    assert len(made) == 7, [query["sql"][:150] for query in made]
