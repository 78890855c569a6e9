"""What anybody reads of a provider, and what nobody does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from lots.models import Framework
from lots.states import EndReason, FrameworkState, PlaceState
from providers.models import Profile
from tests.frameworks import AT
from tests.providers.library import accredited, add, cover, on_framework, site

PRIVATE = {
    "lead_name": "Wrenna Yellowfinch",
    "lead_email": "wrenna@ash-house.example",
    "lead_phone": "01632 960 777",
    "lead_trained_on": dt.date(2025, 9, 1),
    "places": 4711,
}
# Nowhere on the public page, whatever is filled in.
KEPT_BACK = [
    "Wrenna", "wrenna@", "960 777", "1 September 2025", "4711", "9 Hidden Lane", "LA9 9ZZ", "100077770000",
    "6BcD7fGh", "7 Registered Road", "LK7 7RR", "4812", "Covering Mutual", "P-4711", "Fire certificate",
]  # fmt: skip


def filled(world) -> None:
    """Ash House has said everything that it can."""
    Profile.objects.create(
        provider=world.ash_house,
        description="Bicycles and a kitchen",
        website="https://ash-house.example",
        phases=["secondary"],
        needs=["semh"],
        lowest_age=11,
        highest_age=16,
        registration="registered",
        school_urn="900001",
        ofsted_outcome="Good",
        ofsted_on=dt.date(2025, 3, 2),
        ofsted_url="https://reports.example/1",
        updated_at=timezone.now(),
        **PRIVATE,
    )
    Organisation.objects.filter(pk=world.ash_house.pk).update(
        street="7 Registered Road", town="Oldford", postcode="LK7 7RR", share_code="6BcD7fGh"
    )
    site(
        world.alice, name="At my house", street="9 Hidden Lane", postcode="LA9 9ZZ", uprn="100077770000", places=4812,
        show_address=False,
    )  # fmt: skip
    site(world.alice, name="The Barn")
    cover(world.alice, insurer="Covering Mutual", policy_number="P-4711")
    accredited(world.alice, what="Outdoor work")
    add(world.alice, title="Fire certificate")


def page_of(world, client=None):
    return (client or Client()).get(reverse("provider", args=[world.ash_house.pk]))


def test_anybody_reads_the_public_part_and_nothing_else(world):
    filled(world)
    on_framework(world, world.ash_house)

    text = page_of(world).content.decode()

    for words in (
        "Bicycles and a kitchen", "https://ash-house.example", "Secondary", "11 to 16", "Social, emotional",
        "URN 900001, in the national register as Elm Grove School", "Good", "2 March 2025", "https://reports.example/1",
        "At my house", "Larkford", "1 Station Road, Larkford, LA1 1AA", "Mereshire Council", "Outdoor work",
        "Alternative provision</bdi></a>, Larkshire Council",
    ):  # fmt: skip
        assert words in text, words
    assert [words for words in KEPT_BACK if words in text] == []
    assert "preview" not in text


def test_operators_and_buyers_read_no_more_than_anybody(world, sign_in):
    filled(world)
    on_framework(world, world.ash_house)

    for who in (world.olu, world.max, world.charlie):
        text = page_of(world, sign_in(who)).content.decode()
        assert [words for words in KEPT_BACK if words in text] == []


def test_a_provider_that_is_on_no_framework_has_no_public_page_but_a_preview(world, sign_in):
    filled(world)

    answers = {
        who: page_of(world, sign_in(getattr(world, who))).status_code
        for who in ("alice", "bob", "charlie", "max", "olu", "nora")
    }

    assert answers == {"alice": 200, "bob": 200, "charlie": 404, "max": 404, "olu": 404, "nora": 404}
    assert page_of(world).status_code == 404
    text = page_of(world, sign_in(world.alice)).content.decode()
    assert "This is a preview" in text
    assert [words for words in KEPT_BACK if words in text] == []


LATER = dt.timedelta(days=30)


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ({}, 200),
        ({"state": PlaceState.SUSPENDED}, 200),
        ({"state": PlaceState.ENDED, "ended_at": AT + LATER, "end_reason": EndReason.WITHDREW}, 200),
        ({"state": PlaceState.ENDED, "ended_at": AT, "end_reason": EndReason.WITHDREW}, 404),
        ({"state": PlaceState.AWARDED, "accepted_at": None, "active_from": None}, 404),
        ({"state": PlaceState.ACCEPTED, "active_from": None}, 404),
    ],
)
def test_whoever_holds_or_held_a_place_has_a_public_page(world, place, status):
    on_framework(world, world.ash_house, **place)

    assert page_of(world).status_code == status


def test_a_place_on_a_framework_that_has_not_begun_makes_nothing_public(world):
    place = on_framework(world, world.ash_house)
    rows = Framework.objects.filter(pk=place.framework_id)

    rows.update(state=FrameworkState.PUBLISHED, awarded_at=None)
    assert page_of(world).status_code == 404
    rows.update(state=FrameworkState.DRAFT, published_at=None)
    assert page_of(world).status_code == 404


def test_the_list_of_who_is_on_a_framework_leads_to_the_page(world):
    place = on_framework(world, world.ash_house)

    text = Client().get(reverse("on_framework", args=[place.framework_id])).content.decode()

    assert f'href="{reverse("provider", args=[world.ash_house.pk])}"' in text


@pytest.mark.parametrize("kind", ["larkshire", "elm_grove"])
def test_only_providers_have_such_a_page(world, sign_in, kind):
    pk = getattr(world, kind).pk

    for who in (world.max, world.sana):
        assert sign_in(who).get(reverse("provider", args=[pk])).status_code == 404


def test_the_page_costs_the_same_however_much_is_in_it(world, django_assert_num_queries):
    filled(world)
    on_framework(world, world.ash_house)

    with django_assert_num_queries(6):
        page_of(world)
    for number in range(3):
        site(world.alice, name=f"Site {number}")
        accredited(world.alice, by=f"Council {number}")
    with django_assert_num_queries(6):
        page_of(world)
