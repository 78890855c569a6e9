"""The people of an organisation stand in the order of their names, and a role that is over names nobody."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import queries
from accounts.actions import people
from accounts.models import Membership, Organisation
from tests.cast import make_person


def test_whoever_is_given_a_role_stands_in_the_list_by_name(world, sign_in):
    for name, full in (("zed", "Aaron Zed"), ("amy", "Zoe Amy")):
        person = make_person(name, full_name=full, second_step=False)
        Membership.objects.create(
            user=person,
            organisation=world.ash_house,
            role="provider_dsl",
            person_name=full,
            given_at=timezone.now(),
        )

    page = sign_in(world.alice).get(reverse("people", args=[world.ash_house.pk])).context["page"]

    assert [membership.user.name for membership in page] == ["Aaron Zed", "Alice", "Bob", "Zoe Amy"]


@pytest.mark.django_db(transaction=True)
def test_a_role_given_carries_the_name_and_a_role_ended_carries_none(world):
    at = timezone.now()
    people.change_roles(organisation=world.ash_house, person=world.bob, roles=["provider_dsl"], by=world.alice, at=at)

    held = Membership.objects.filter(user=world.bob).order_by("role").values_list("role", "person_name")
    assert list(held) == [("provider_dsl", "Bob"), ("provider_staff", "")]

    people.close_account(person=world.bob, by=world.olu, at=at)

    assert set(Membership.objects.filter(user=world.bob).values_list("person_name", flat=True)) == {""}


def test_the_database_refuses_a_name_beside_a_role_that_is_over(world):
    with pytest.raises(IntegrityError, match="accounts_ended_roles_name_nobody"), transaction.atomic():
        Membership.objects.filter(user=world.bob).update(ended_at=timezone.now())


def test_who_does_not_belong_and_who_asks_about_a_closed_organisation_sees_nobody(world):
    seen = {
        name: queries.people_of(world.ash_house, user=getattr(world, name)).count()
        for name in ("alice", "olu", "charlie")
    }
    assert seen == {"alice": 2, "olu": 2, "charlie": 0}

    Organisation.objects.filter(pk=world.ash_house.pk).update(is_open=False)
    closed = Organisation.objects.get(pk=world.ash_house.pk)
    assert queries.people_of(closed, user=world.olu).count() == 0


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda world: queries.people_of(world.ash_house, user=world.olu), "accounts_people_of"),
        (lambda world: queries.organisations_for(user=world.olu), "accounts_by_name"),
    ],
    ids=["people", "organisations"],
)
def test_an_index_gives_the_order(world, rows, index):
    """Nothing is sorted, so the first page costs the same however many there are."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")

    plan = rows(world)[:51].explain()

    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
