"""The pages of the directory: what they say, what they keep back, and what they answer to anything that is typed."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Postcode
from lots.models import Lot, Place, Suspension
from providers.models import Insurance, Profile
from tests.lots.places import provider
from tests.referrals.made import another_place
from tests.referrals.searching import insured, market, profile, stated

KEPT_BACK = ("£", "45.00", "free place", "Free", "suspen", "nsur")


def text_of(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def listed(page) -> list[str]:
    """The providers of the table, in order."""
    return re.findall(r'data-label="Provider"><a[^>]*><bdi>([^<]*)', page.content.decode())


@pytest.fixture
def directory(world, sign_in):
    """What Sana sees for a query string."""
    ash, _ = market(world)
    client = sign_in(world.sana)
    address = reverse("directory", args=[world.elm_grove.pk])
    client.ash = ash
    client.look = lambda query="": client.get(f"{address}?{query}" if query else address)
    return client


def test_a_row_says_who_what_where_how_far_at_what_price_and_when_there_is_room(world, directory):
    profile(world.ash_house, registration="registered", school_urn="900001")
    stated(directory.ash, 0, "am", at=timezone.now())

    page = directory.look()

    said = text_of(page)
    assert sorted(listed(page)) == ["Ash House", "Birch Farm"]
    for words in ("Registered school", "Lot 1, part B", "Larkford", "6 miles", "2 miles", "£45.00 for one", "£40.00"):
        assert words in said
    assert "Not known: not confirmed in the last 8 days" in said
    assert page.content.count(b'<td class="portal-week__free">free</td>') == 1
    assert "from Elm Grove School" in said


def test_the_order_stays_for_a_session_and_differs_between_sessions(world, directory, sign_in):
    for number in range(9):
        firm = provider(f"Firm {number}")
        insured(firm)
        another_place(world, directory.ash, firm, pence=45_00)

    first, again = listed(directory.look()), listed(directory.look())
    others = [listed(sign_in(world.sana).get(directory.look().request["PATH_INFO"])) for _ in range(3)]

    assert first == again
    assert any(other != first for other in others)


NASTY = [
    ("lot=999999", "Lot: choose one that is listed"),
    ("lot=9" + "9" * 40, "Lot: choose one that is listed"),
    ("phase=%00", "Age phase: choose one that is listed"),
    ("need=<script>", "Set up for: choose one that is listed"),
    ("mode=any", "Where it teaches: choose one that is listed"),
    ("registered=maybe", "Registered school: choose one that is listed"),
    ("unit=fortnight", "Price for one: choose one that is listed"),
    ("unit=half_day&most=abc", "Enter an amount in pounds and pence"),
    ("unit=half_day&most=1e9", "Enter an amount in pounds and pence"),
    ("most=45", "Select what the price is for, like an hour or a day"),
    ("order=price", "Select what the price is for, like an hour or a day"),
    ("order=best", "Order: choose one that is listed"),
    ("within=3", "Largest distance: choose one that is listed"),
    ("postcode=nowhere", "Enter a full UK postcode"),
    ("postcode=LK9+9ZZ", "We do not know where this postcode is"),
    ("postcode=%00", "Enter a full UK postcode"),
]


@pytest.mark.parametrize(("query", "words"), NASTY)
@pytest.mark.once
def test_what_cannot_be_read_is_told_and_the_rest_of_the_search_is_kept(directory, query, words):
    page = directory.look(f"registered=no&free=0-am&free=9-xx&known=maybe&page=x&{query}")

    assert page.status_code == 200
    assert words in text_of(page)
    assert 'href="#id_' in page.content.decode()
    assert sorted(listed(page)) == ["Ash House", "Birch Farm"]


def test_of_a_filter_that_is_repeated_the_last_counts_and_pages_beyond_the_end_are_empty(directory):
    lot = directory.ash.lot_id

    assert len(listed(directory.look(f"lot=0&lot={lot}&phase=&phase=secondary"))) == 2
    for number in ("0", "-1", "99999", "²", "1" * 50):
        assert len(listed(directory.look(f"page={number}"))) == 2
    assert "Nothing matches" in text_of(directory.look("page=9999"))


def test_a_postcode_is_where_the_distance_is_measured_from(directory):
    Postcode.objects.create(code="LK2 2BB", easting=400_000, northing=310_000)

    page = directory.look("postcode=lk22bb&order=distance&within=5")

    assert listed(page) == ["Ash House"]
    assert "Under 1 mile" in text_of(page)
    assert "from LK2 2BB" in text_of(page)


def test_without_a_place_of_its_own_an_organisation_is_asked_for_a_postcode(world, sign_in):
    market(world)

    page = sign_in(world.eve).get(reverse("directory", args=[world.larkshire.pk]), {"within": "5", "order": "distance"})

    assert "Enter a postcode to measure the distance from" in text_of(page)
    assert len(listed(page)) == 2


def test_whoever_is_named_nowhere_is_told_so_and_led_to_the_public_directory(world, sign_in):
    market(world)

    page = sign_in(world.ines).get(reverse("directory", args=[world.mereshire.pk]))

    assert "There is no running framework that your organisation may use" in text_of(page)
    assert reverse("find_provision") in page.content.decode()


def more(world, ash: Place, number: int) -> None:
    """More providers with everything that a row shows."""
    for turn in range(number):
        firm = provider(f"Firm {turn} of {Place.objects.count()}")
        insured(firm)
        profile(firm, needs=["semh"], phases=["secondary"])
        another_place(world, ash, firm, pence=45_00)


@pytest.mark.parametrize("name", ["directory", "find_provision", "shortlist"])
def test_a_page_costs_the_same_with_more_rows(world, sign_in, name):
    from referrals.models import Shortlisted

    ash, _ = market(world)
    Postcode.objects.create(code="LK2 2BB", easting=400_000, northing=310_000)
    search = "?postcode=LK2+2BB&within=50&free=0-am&unit=half_day&most=100&phase=secondary"
    asked = search if name == "directory" else ""
    address = reverse(name, args=[] if name == "find_provision" else [world.elm_grove.pk]) + asked
    client, costs = sign_in(world.sana), []
    for number in (0, 2):
        more(world, ash, number)
        for place in Place.objects.exclude(pk__in=Shortlisted.objects.values("place"))[: 1 + number]:
            Shortlisted.objects.create(
                organisation=world.elm_grove, place=place, reason="Near", added_at=timezone.now(), added_by=world.sana
            )
        assert "Ash House" in text_of(client.get(address))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 8


def test_a_places_own_page_says_everything_that_it_is_chosen_by(world, directory):
    profile(
        world.ash_house, description="We cook.", needs=["semh"], phases=["secondary"], ofsted_outcome="Good",
        registration="registered", school_urn="123456",
    )  # fmt: skip
    insured(world.ash_house, kind="motor", ends_on=dt.date(2033, 5, 4))
    stated(directory.ash, 4, "pm", at=timezone.now())
    Suspension.objects.create(
        buyer=world.mereshire, provider=world.ash_house, cause="safeguarding", reason="Secret", began_at=timezone.now()
    )

    page = directory.get(reverse("provision", args=[world.elm_grove.pk, directory.ash.pk]))

    said = text_of(page)
    for words in (
        "We cook.", "Social, emotional and mental health", "Good", "URN 123456", "which the national register does not",
        "£45.00", "Public liability, until 1 January 2034", "Motor (business use), until 4 May 2033", "Larkford",
        "Meets the need".lower(), "Continuity", "Another buyer has suspended this provider", "safeguarding",
        "Put it on the shortlist",
    ):  # fmt: skip
        assert words in said
    assert "Secret" not in said
    assert "Mereshire" not in said


def test_a_place_that_takes_nobody_says_so_and_not_why(world, directory):
    Insurance.objects.all().delete()

    page = directory.get(reverse("provision", args=[world.elm_grove.pk, directory.ash.pk]))

    assert "This place takes no new pupils at the moment" in text_of(page)


@pytest.mark.parametrize("changed", [{"state": "accepted"}, {"active_from": None, "state": "suspended"}])
def test_a_place_that_nobody_has_taken_up_has_no_page(world, directory, changed):
    Place.objects.filter(pk=directory.ash.pk).update(**changed)

    for name in ("provision", "add_to_shortlist"):
        assert directory.get(reverse(name, args=[world.elm_grove.pk, directory.ash.pk])).status_code == 404


def test_an_auto_lot_is_shown_with_its_quote(world, directory):
    lot = Lot.objects.get(framework=directory.ash.framework, number="7")
    Place.objects.filter(pk=directory.ash.pk).update(lot=lot, sub_lot=None)
    directory.ash.prices.all().delete()

    assert "By quote" in text_of(directory.look(f"lot={lot.pk}"))
    page = directory.get(reverse("provision", args=[world.elm_grove.pk, directory.ash.pk]))
    assert "There is no fixed price on this lot" in text_of(page)


def found(client, **asked) -> list[str]:
    return sorted(listed(client.get(reverse("find_provision"), asked)))


def test_anybody_finds_who_is_on_a_framework_suspended_or_uninsured_alike(world, client):
    ash, birch = market(world)
    profile(world.birch_farm, needs=["semh"], phases=["secondary"], registration="registered", school_urn="900001")
    Place.objects.filter(pk=birch.pk).update(state="suspended")
    Insurance.objects.all().delete()
    stated(ash, 0, "am", at=timezone.now())

    page = client.get(reverse("find_provision"))

    assert sorted(listed(page)) == ["Ash House", "Birch Farm"]
    assert not [words for words in KEPT_BACK if words in text_of(page)]
    assert found(client, lot=ash.lot_id, phase="secondary") == ["Ash House", "Birch Farm"]
    assert found(client, phase="primary") == []
    assert found(client, need="semh") == found(client, registered="yes") == ["Birch Farm"]
    assert found(client, registered="no") == ["Ash House"]
    assert found(client, town="elmt") == ["Birch Farm"]
    assert found(client, mode="on_site") == ["Ash House", "Birch Farm"]
    assert found(client, mode="online") == []
    nasty = client.get(reverse("find_provision"), {"town": "\x00", "lot": "9" * 40, "page": "²"})
    assert "Lot: choose one that is listed" in text_of(nasty)
    assert sorted(listed(nasty)) == ["Ash House", "Birch Farm"]


def test_a_providers_public_page_tells_its_lots_and_nothing_else_of_its_places(world, client):
    ash, birch = market(world)
    Profile.objects.create(provider=world.birch_farm, description="A farm.", updated_at=timezone.now())
    Place.objects.filter(pk=birch.pk).update(state="suspended")
    address = reverse("find_provision_provider", args=[world.birch_farm.pk])

    said = text_of(client.get(address))

    assert "A farm." in said
    assert f"Lot 1, part B: {ash.lot.title}" in said
    assert "£" not in said
    assert "suspen" not in said
    Place.objects.filter(pk=birch.pk).update(state="ended", ended_at=timezone.now())
    assert client.get(address).status_code == 404
    assert client.get(reverse("find_provision_provider", args=[world.elm_grove.pk])).status_code == 404
