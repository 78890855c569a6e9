"""Which free places schools are shown."""

from __future__ import annotations

import datetime as dt

import pytest

from lots.models import Place
from providers.queries import seats as queries
from providers.rules import seats as rules
from providers.states import SiteKind
from tests.lots import places
from tests.providers.library import site
from tests.providers.seats import AT, made_seats

LATER = AT + dt.timedelta(days=rules.STALE_DAYS)


@pytest.fixture
def two(world):
    """Ash House on two parts of lot 1."""
    made = places.running(world)
    return places.active(world, made, "1B", "1C")


@pytest.fixture
def barn(world):
    return site(world.alice)


def found(*, at=AT, **wanted) -> list[int]:
    return list(queries.places_free_on(Place.objects.order_by("pk"), at=at, **wanted).values_list("pk", flat=True))


def test_a_place_is_found_by_the_weekdays_on_which_each_has_a_free_half(two, barn):
    one, other = two
    made_seats(one, barn, halves=[(0, "am"), (2, "pm")])
    made_seats(other, barn, halves=[(0, "pm")])

    assert found() == [one.pk, other.pk]
    assert found(weekdays=[0]) == [one.pk, other.pk]
    assert found(weekdays=[0, 2]) == [one.pk]
    assert found(weekdays=[0], half="pm") == [other.pk]
    assert found(half="am") == [one.pk]
    assert found(weekdays=[4]) == []


def test_what_is_full_unconfirmed_or_at_a_closed_site_is_not_offered(two, barn, world):
    one, other = two
    made_seats(one, barn, free=0)
    made_seats(other, barn, halves=[(0, "am")])
    shut = site(world.alice, name="Hut", kind=SiteKind.ONLINE, street="", town="", postcode="")
    made_seats(other, shut, halves=[(1, "am")])
    type(shut).objects.filter(pk=shut.pk).update(closed_at=AT)

    assert found() == [other.pk]
    assert found(weekdays=[1]) == []
    assert found(at=LATER) == [other.pk]
    assert found(at=LATER + dt.timedelta(microseconds=1)) == []


def test_a_page_of_places_asks_once_and_tells_each_its_own_halves(two, barn, django_assert_num_queries):
    one, other = two
    made_seats(one, barn, halves=[(2, "pm"), (0, "pm"), (0, "am")])
    made_seats(one, barn, halves=[(4, "am")], confirmed_at=AT - dt.timedelta(days=3))
    made_seats(one, barn, halves=[(3, "am")], confirmed_at=AT - dt.timedelta(days=9))

    with django_assert_num_queries(1):
        halves = queries.halves_of(two, at=AT)

    assert halves == {
        one.pk: queries.Free(((0, "am"), (0, "pm"), (2, "pm"), (4, "am")), AT - dt.timedelta(days=3)),
        other.pk: queries.Free(),
    }
    assert halves[one.pk].weekdays == (0, 2, 4)
    assert [(row.site.name, row.weekday, row.half) for row in queries.free_at(one, at=AT)] == [
        ("The Barn", 0, "am"), ("The Barn", 0, "pm"), ("The Barn", 2, "pm"), ("The Barn", 4, "am"),
    ]  # fmt: skip


def test_a_lot_without_parts_has_its_own_free_places(two, barn):
    one, other = two
    Place.objects.filter(pk=one.pk).update(sub_lot=None)
    one.refresh_from_db()
    made_seats(one, barn, halves=[(0, "am")])

    assert found() == [one.pk]
    assert queries.halves_of(two, at=AT)[one.pk].halves == ((0, "am"),)
    assert queries.halves_of(two, at=AT)[other.pk].halves == ()
    assert len(queries.free_at(one, at=AT)) == 1
