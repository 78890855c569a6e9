"""A page of a list costs the same wherever it is and however long the list."""

from __future__ import annotations

import base64
import json

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from core import lists


def organisations(how_many: int, **fields):
    return Organisation.objects.bulk_create(
        Organisation(kind="provider", name=f"House {i // 2:05d}", name_key=f"house {i // 2:05d}", **fields)
        for i in range(how_many)
    )


def names(page) -> list[tuple[str, int]]:
    return [(row.name, row.pk) for row in page]


def follow(queryset, query: str, **kwargs):
    return lists.page(queryset, QueryDict(query.removeprefix("?")), **kwargs)


@pytest.mark.parametrize("order", [["name", "id"], ["-name", "id"], ["name", "-id"], ["-id"], ["-created_at", "-id"]])
def test_walking_forward_and_back_shows_every_row_once_in_order(db, order):
    organisations(23)
    everything = Organisation.objects.order_by(*order)
    wanted = names(everything)

    page, forward = lists.page(everything, QueryDict(), order=order, per=5), []
    while True:
        forward.append(names(page))
        if not page.after:
            break
        page = follow(everything, page.after, order=order, per=5)
    back = [names(page)]
    while page.before:
        page = follow(everything, page.before, order=order, per=5)
        back.append(names(page))

    assert [row for page in forward for row in page] == wanted
    assert [len(page) for page in forward] == [5, 5, 5, 5, 3]
    assert {row for page in back for row in page} == set(wanted)
    assert back[-1] == forward[0]


def test_a_list_may_be_ordered_by_what_its_rows_point_to(world):
    order = ["user__name", "organisation__name", "role", "id"]
    first = lists.page(Membership.objects.all(), QueryDict(), order=order, per=3)
    second = follow(Membership.objects.all(), first.after, order=order, per=3)

    wanted = list(Membership.objects.order_by(*order))[:6]
    assert [*first, *second] == wanted


@pytest.mark.parametrize(
    ("rows", "says", "exact"),
    [(0, "0", True), (1, "1", True), (50, "50", True), (51, "51", True), (1_000, "1,000", True),
     (1_001, "more than 1,000", False), (1_500, "more than 1,000", False)],
)  # fmt: skip
def test_counting_stops_at_a_thousand(db, rows, says, exact):
    organisations(rows)

    page = lists.page(Organisation.objects.all(), QueryDict(), order=["id"])

    assert (page.how_many, page.count_is_exact, len(page)) == (says, exact, min(rows, 50))


@pytest.mark.parametrize(("rows", "queries"), [(1, 1), (3, 1), (60, 2), (1_500, 2)])
def test_a_page_costs_two_queries_at_most(db, rows, queries, django_assert_num_queries):
    organisations(rows)

    with django_assert_num_queries(queries):
        lists.page(Organisation.objects.all(), QueryDict(), order=["name", "id"])


def test_the_filters_stay_in_the_links(db):
    organisations(60)

    page = lists.page(Organisation.objects.all(), QueryDict("kind=provider&after=&words=a%26b"), order=["id"])

    kept = QueryDict(page.after.removeprefix("?"))
    assert (kept["kind"], kept["words"], set(kept)) == ("provider", "a&b", {"kind", "words", "after"})
    assert page.before == ""


def _key(values) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "key",
    [
        "x",
        "é",
        "====",
        "a" * 5_000,
        _key({}),
        _key([]),
        _key(["House", "1", "2"]),
        _key([1, 2]),
        _key(["House\x00", "1"]),
        _key(["House", "one"]),
        _key(["House", "9" * 40]),
        _key(["House", "9" * 5_000])[:1_900],
        _key(["House", "Infinity"]),
        _key(["House\ud800", "1"]),
        "W1tb" * 400,
    ],
)
@pytest.mark.parametrize("word", ["after", "before"])
def test_a_key_that_nobody_gave_out_leads_to_the_first_page(db, key, word):
    organisations(60)
    first = lists.page(Organisation.objects.all(), QueryDict(), order=["name", "id"])

    page = lists.page(Organisation.objects.all(), {word: key}, order=["name", "id"])

    assert names(page) == names(first)


@pytest.mark.parametrize(
    "moment",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00", "2026-01-01", "NaN"],
)
def test_a_moment_that_no_database_knows_leads_to_the_first_page(db, moment):
    organisations(3)
    order = ["-created_at", "-id"]
    first = lists.page(Organisation.objects.all(), QueryDict(), order=order)

    page = lists.page(Organisation.objects.all(), {"after": _key([moment, "1"])}, order=order)

    assert names(page) == names(first)


def test_going_back_to_where_rows_went_away_shows_the_first_page_whole(db):
    organisations(30)
    order = ["id"]
    third = follow(
        Organisation.objects.all(),
        follow(Organisation.objects.all(), lists.page(Organisation.objects.all(), {}, order=order, per=10).after,
               order=order, per=10).after,
        order=order, per=10,
    )  # fmt: skip
    Organisation.objects.filter(pk__in=Organisation.objects.order_by("id").values("pk")[:15]).delete()

    page = follow(Organisation.objects.all(), third.before, order=order, per=10)

    assert names(page) == names(Organisation.objects.order_by("id")[:10])


def test_going_on_to_where_every_row_went_away_leads_back(db):
    organisations(12)
    first = lists.page(Organisation.objects.all(), {}, order=["id"], per=10)
    Organisation.objects.all().delete()

    page = follow(Organisation.objects.all(), first.after, order=["id"], per=10)

    assert (list(page), page.before, page.after) == ([], "?", "")


@pytest.mark.parametrize("order", [["urn", "id"], ["nothing"], ["parent__name", "id"]])
def test_an_order_that_could_lose_rows_is_refused(db, order):
    with pytest.raises(FieldDoesNotExist):
        lists.page(Organisation.objects.all(), {}, order=order)


@pytest.mark.parametrize("per", [0, 51])
def test_a_page_is_fifty_rows_at_most(db, per):
    with pytest.raises(ValueError, match="50"):
        lists.page(User.objects.all(), {}, order=["id"], per=per)


def test_moments_are_compared_to_the_microsecond(db):
    at = timezone.now()
    made = organisations(3)
    for i, one in enumerate(made):
        Organisation.objects.filter(pk=one.pk).update(created_at=at.replace(microsecond=i))

    first = lists.page(Organisation.objects.all(), {}, order=["-created_at", "-id"], per=2)
    second = follow(Organisation.objects.all(), first.after, order=["-created_at", "-id"], per=2)

    assert [row.pk for row in [*first, *second]] == [made[2].pk, made[1].pk, made[0].pk]
