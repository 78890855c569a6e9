"""Lists cost the same whatever their length."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Closure, Invitation, LookAlike, Membership, Organisation, TermDates
from accounts.states import Role
from tests.cast import make_person


def people(world, number):
    at = timezone.now()
    for count in range(number):
        person = make_person(f"p{count}", second_step=False)
        Membership.objects.create(
            user=person, organisation=world.ash_house, role=Role.PROVIDER_STAFF, given_at=at, given_by=world.alice
        )
        Invitation.objects.create(
            organisation=world.ash_house,
            email=f"i{count}@many.example",
            roles=["provider_staff"],
            token_hash=f"{count:064}",
            sent_at=at,
            sent_by=world.alice,
            expires_at=at + dt.timedelta(days=7),
        )
    return world.alice, reverse("people", args=[world.ash_house.pk])


def places(world, number):
    for count in range(number):
        Organisation.objects.create(kind="provider", name=f"P{count}", name_key=f"p{count}", parent=world.larkshire)
    return world.olu, reverse("organisations")


def pairs(world, number):
    for count in range(number):
        one = Organisation.objects.create(kind="provider", name=f"P{count}", name_key=f"p{count}")
        LookAlike.objects.create(
            organisation=one, resembles=world.ash_house, reason="Same name", found_at=timezone.now()
        )
    return world.olu, reverse("look_alikes")


def dates(world, number):
    for count in range(number):
        day = dt.date(2026, 1, 1 + count)
        TermDates.objects.create(organisation=world.elm_grove, name="Term", starts_on=day, ends_on=day)
        Closure.objects.create(organisation=world.elm_grove, reason="Snow", starts_on=day, ends_on=day)
    return world.sana, reverse("term_dates", args=[world.elm_grove.pk])


def schools_of_a_trust(world, number):
    for count in range(number):
        Organisation.objects.create(
            kind="school", name=f"S{count}", name_key=f"s{count}", urn=f"90010{count}", parent=world.oak_trust
        )
    return world.tariq, reverse("person_schools", args=[world.tariq.memberships.get().pk])


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("fill", "queries"), [(people, 6), (places, 4), (pairs, 4), (dates, 6), (schools_of_a_trust, 8)]
)
def test_a_list_costs_the_same_with_one_row_and_with_three(world, sign_in, fill, rows, queries):
    who, address = fill(world, rows)
    client = sign_in(who)
    client.get(address)

    with CaptureQueriesContext(
        connection,
    ) as made:
        page = client.get(address)

    assert page.status_code == 200
    assert len(made) <= 8
    assert len(made) == queries, [query["sql"][:150] for query in made]


def test_a_page_of_people_holds_fifty_and_leads_on(world, sign_in):
    people(world, 60)
    client = sign_in(world.alice)

    first = client.get(reverse("people", args=[world.ash_house.pk]))
    second = client.get(reverse("people", args=[world.ash_house.pk]) + first.context["page"].after)

    assert (len(first.context["page"]), len(second.context["page"])) == (50, 12)
    assert first.context["page"].count == 62
