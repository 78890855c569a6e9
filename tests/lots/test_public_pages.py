"""What anybody reads of frameworks, what only the buyer's people do, and what it costs."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from lots.models import Decision, Document, KeyDate, Lot, LotText, PermittedUser, Place, PriceLine, Region, SubLot
from lots.states import PlaceState
from tests.frameworks import AT, make_framework

NOON = dt.datetime(2026, 4, 20, 11, 0, tzinfo=dt.UTC)


@pytest.fixture
def now(monkeypatch):
    """`now(moment)` sets the portal's clock."""

    def set_it(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_it(NOON - dt.timedelta(days=7))
    return set_it


def text_of(answer) -> str:
    """What a reader sees, tags taken out and spaces made one."""
    inside = re.search(r"<main.*?</main>", answer.content.decode(), flags=re.S)[0]
    return re.sub(r" (?=[.,:])", "", re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", inside))).replace("&#x27;", "'")


def page_of(framework, client=None):
    return (client or Client()).get(reverse("framework", args=[framework.pk]))


def listed(**query) -> list[str]:
    return [one.title for one in Client().get(reverse("frameworks"), query).context["page"]]


def test_a_guest_sees_published_frameworks_of_all_buyers_and_nothing_that_is_being_set_up(world, now):
    make_framework(world, title="Ours", published=True)
    make_framework(world, title="Theirs", published=True, buyer=world.mereshire)
    make_framework(world, title="Secret")

    assert listed() == ["Theirs", "Ours"]


def test_the_list_can_be_narrowed(world, now):
    for title, fields in {
        "Open": {"published": True, "reference": "DN77"},
        "No end": {"published": True, "closes_at": None},
        "Last moment": {"published": True, "closes_at": clock.now()},
        "Assessing": {"published": True, "closes_at": clock.now() - dt.timedelta(microseconds=1)},
        "Running": {"running": True, "buyer": world.mereshire},
        "Over": {"state": "ended", "published_at": AT, "awarded_at": AT, "ended_at": NOON},
        "Gone": {"state": "withdrawn", "published_at": AT, "withdrawn_at": NOON},
    }.items():
        make_framework(world, title=title, **fields)

    assert listed(stands="open") == ["Last moment", "No end", "Open"]
    assert listed(stands="assessing") == ["Assessing"]
    assert listed(stands="running") == ["Running"]
    assert listed(stands="over") == ["Gone", "Over"]
    assert listed(buyer=world.mereshire.pk) == ["Running"]
    assert listed(words="dn77") == ["Open"]
    assert listed(words="assess") == ["Assessing"]


@pytest.mark.parametrize("query", [{"stands": "x"}, {"buyer": "999999"}, {"buyer": "\x00"}, {"words": "a\x00"}])
def test_what_cannot_be_read_narrows_nothing_and_says_so(world, now, query):
    make_framework(world, published=True)

    answer = Client().get(reverse("frameworks"), query)

    assert (answer.status_code, len(answer.context["page"])) == (200, 1)
    assert "There is a problem" in answer.content.decode()


def test_a_buyer_that_has_published_nothing_is_not_named(world, now):
    make_framework(world, published=True)
    make_framework(world, buyer=world.mereshire, title="Secret")

    assert "Mereshire" not in Client().get(reverse("frameworks")).content.decode()


def test_the_list_says_until_when_one_may_apply_in_uk_time(world, now):
    make_framework(world, published=True, closes_at=NOON)

    assert "Open for applications until 20 April 2026 at midday (UK time)" in text_of(
        Client().get(reverse("frameworks"))
    )
    now(NOON + dt.timedelta(microseconds=1))
    assert "Applications being assessed award planned by 10 July 2026" in text_of(Client().get(reverse("frameworks")))


def test_a_framework_that_is_being_set_up_is_seen_by_its_buyers_people_alone(world, sign_in, now):
    draft = make_framework(world)

    answers = {
        who: page_of(draft, sign_in(getattr(world, who))).status_code
        for who in ("nora", "alice", "sana", "tariq", "ines", "max", "eve", "olu")
    }

    assert page_of(draft).status_code == 404
    assert answers == {
        **dict.fromkeys(("nora", "alice", "sana", "tariq", "ines"), 404),
        **dict.fromkeys(("max", "eve", "olu"), 200),
    }
    assert "Only people of Larkshire Council see this page" in text_of(page_of(draft, sign_in(world.eve)))


def test_the_page_says_what_the_framework_is(world, now):
    framework = make_framework(world, published=True, reference="DN777", payment_terms="30 days in arrears")

    shown = text_of(page_of(framework))

    for words in (
        "Open for applications until 20 April 2026 at midday (UK time)",
        "Estimated value £500,000 without VAT £600,000 with VAT",
        "Ask questions until 14 April 2026 at midday (UK time)",
        "Runs 1 September 2026 to 31 August 2034",
        "3 lots, with 5 parts that can be applied for",
        "Most providers 100",
        "Most lots for each provider 6",
        "Who may use it Larkshire Council",
        "Payment 30 days in arrears",
        "Lot 1: Vocational 1B Secondary, 1C 16+ £200,000 £240,000",
        "Lot 7: Miscellaneous None: a place on any other lot brings this one",
        "The values of the lots come to £600,000 without VAT.",
        "The value given for the whole framework is £500,000.",
        "All prices of a lot on the same price line",
        "Margin: 20%",
        "No provider is on the framework yet.",
    ):
        assert words in shown, words


def test_the_dates_stand_in_order_in_uk_time_with_the_picture_that_says_the_same(world, now):
    framework = make_framework(world, published=True)
    KeyDate.objects.create(
        framework=framework, kind="reopening", at=dt.datetime(2028, 3, 1, 0, 0, tzinfo=dt.UTC), description="Planned"
    )

    answer = page_of(framework)
    picture = Client().get(reverse("framework_timeline", args=[framework.pk]))

    assert [one.label for one in answer.context["milestones"]] == [
        "Published",
        "Last moment for questions",
        "Last moment to apply",
        "Award planned by",
        "Runs",
        "Planned re-opening",
        "The scheme ends",
    ]
    assert answer.context["timeline"].alt.startswith("Time to apply: 12 January 2026 to 20 April 2026; Last moment")
    assert reverse("framework_timeline", args=[framework.pk]) in answer.content.decode()
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/svg+xml")


def test_a_framework_published_after_its_deadline_shows_both_days_on_the_picture(world, now):
    framework = make_framework(world, published=True, closes_at=AT - dt.timedelta(days=1))

    labels = [span.label for span in page_of(framework).context["timeline"].spans]

    assert labels[:2] == ["Last moment to apply: 11 January 2026", "Published: 12 January 2026"]


def test_long_words_about_a_date_are_folded_away(world, now):
    framework = make_framework(world, published=True)
    for words in ("Short words", "Long words " * 20):
        KeyDate.objects.create(framework=framework, kind="engagement", at=AT, description=words)

    page = page_of(framework).content.decode()

    assert page.count("What is said of it") == 1
    assert '<span class="govuk-hint govuk-!-margin-bottom-0">Short words</span>' in page


def test_a_framework_without_any_date_has_a_page_and_no_picture(world, sign_in, now):
    dates = ("starts_on", "ends_on", "scheme_ends_on", "enquiries_until", "closes_at", "award_by_on")
    framework = make_framework(world, **dict.fromkeys(dates))
    client = sign_in(world.max)

    assert "No dates have been given yet." in text_of(page_of(framework, client))
    assert client.get(reverse("framework_timeline", args=[framework.pk])).status_code == 404


def test_clarifications_are_read_by_everybody_the_newest_first_and_reasons_by_nobody_here(world, now):
    framework = make_framework(world, published=True)
    for day, about, text, replaced in [
        (1, "sides", "The margin is an upper limit.", None),
        (2, "pool", "Prices are compared for each lot.", None),
        (1, "basis", "An answer that no longer holds.", AT),
        (3, "too_long", "", None),
    ]:
        Decision.objects.create(
            framework=framework,
            about=about,
            reason="A reason of the officer's",
            clarification=text,
            decided_at=AT + dt.timedelta(days=day),
            replaced_at=replaced,
        )

    answer = page_of(framework)

    assert [one.text for one in answer.context["page"].clarifications] == [
        "Prices are compared for each lot.",
        "The margin is an upper limit.",
    ]
    assert "A reason of the officer" not in answer.content.decode()


def test_notices_and_documents_are_named_in_words_and_linked_where_published(world, now):
    framework = make_framework(world, published=True)
    for position, (kind, title, url) in enumerate(
        [("UK4", "Tender notice", "https://notices.example/1"), ("", "Conflicts of interest", "")]
    ):
        Document.objects.create(
            framework=framework, notice_type=kind, title=title, url=url, published_at=AT, position=position
        )

    answer = page_of(framework)

    assert 'href="https://notices.example/1"' in answer.content.decode()
    assert "Tender notice Tender notice (UK4), published on 12 January 2026" in text_of(answer)
    assert "Conflicts of interest (named in the notice, not published)" in text_of(answer)


def test_whoever_may_use_it_is_named_once_the_rules_let_them(world, now):
    framework = make_framework(world, published=True)
    PermittedUser.objects.create(framework=framework, description="Schools in Larkshire", schools_of_area=True)
    PermittedUser.objects.create(framework=framework, organisation=world.oak_trust)

    assert "Schools in Larkshire" not in text_of(page_of(framework))
    framework.policies.call_off = "named"
    framework.policies.save()
    assert "Who may use it Larkshire Council Schools in Larkshire Oak Trust" in text_of(page_of(framework))


def test_one_opening_leads_to_the_next_once_that_is_published(world, sign_in, now):
    first = make_framework(world, running=True, title="First")
    second = make_framework(world, title="Framework of 2028", previous=first, generation=2)

    assert "Framework of 2028" not in text_of(page_of(first))
    assert "It is followed by Framework of 2028" in text_of(page_of(first, sign_in(world.eve)))
    assert "It follows on from First (opening 1)" in text_of(page_of(second, sign_in(world.eve)))


def test_providers_with_a_place_are_counted_once_each(world, now):
    framework = make_framework(world, running=True)
    for provider, state in [
        (world.ash_house, PlaceState.ACTIVE),
        (world.ash_house, PlaceState.SUSPENDED),
        (world.birch_farm, PlaceState.AWARDED),
    ]:
        lot = framework.lots.exclude(places__provider=provider).first()
        Place.objects.create(
            framework=framework,
            lot=lot,
            provider=provider,
            provider_name=provider.name,
            state=state,
            awarded_at=AT,
            accepted_at=None if state == PlaceState.AWARDED else AT,
            active_from=None if state == PlaceState.AWARDED else AT,
        )

    assert "1 provider is on the framework." in text_of(page_of(framework))


def test_a_lots_page_says_what_is_bought_and_what_is_priced(world, now):
    framework = make_framework(world, published=True)
    one, two, auto = framework.lots.all()
    PriceLine.objects.create(
        lot=one, title="Materials", unit="day", mode="any", group="any", includes="lunch", gated="quoted",
        required=False, position=1,
    )  # fmt: skip
    Region.objects.create(lot=one, code="UKH21")
    LotText.objects.create(
        lot=two, kind="award", name="Price", published="As Lot 1", resolved="Pass or fail", same_as=one
    )

    first = text_of(Client().get(reverse("lot", args=[one.pk])))
    second = text_of(Client().get(reverse("lot", args=[two.pk])))
    last = text_of(Client().get(reverse("lot", args=[auto.pk])))

    assert "A price without VAT for each half-day. Where: at the provider's site. Group: 3 to 6 pupils." in first
    assert (
        "This price is compared with those of other bidders. Everybody who applies for the lot must give it." in first
    )
    assert "It includes lunch. This price is asked for and not compared. It may be left out." in first
    assert "Where (statistical region) UKH21" in first
    assert "The notice says “As Lot 1”. Taken from lot 1: Pass or fail" in second
    assert "Nobody applies for this lot. A place on any other lot brings it." in last


def test_a_lot_of_a_framework_that_is_being_set_up_is_hidden_like_it(world, sign_in, now):
    lot = make_framework(world).lots.first()
    address = reverse("lot", args=[lot.pk])

    assert Client().get(address).status_code == 404
    assert sign_in(world.ines).get(address).status_code == 404
    assert "Not published" in text_of(sign_in(world.max).get(address))


def many_lots(framework, number):
    for count in range(number):
        lot = Lot.objects.create(framework=framework, number=f"{10 + count}", title=f"Lot {count}", position=10 + count)
        for letter, phase in (("A", "primary"), ("B", "secondary")):
            SubLot.objects.create(lot=lot, letter=letter, phase=phase)
        PriceLine.objects.create(lot=lot, title="Day", unit="day", mode="any", group="any")
        LotText.objects.create(lot=lot, kind="award", published="x", resolved="x", same_as=framework.lots.first())
        Document.objects.create(framework=framework, title=f"Document {count}")
        KeyDate.objects.create(framework=framework, kind="other", at=AT)
        PermittedUser.objects.create(framework=framework, description=f"User {count}")
        Decision.objects.create(
            framework=framework, about=f"d{count}", reason="r", clarification="c", decided_at=AT, decided_by=None
        )


def queries_of(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as made:
        assert client.get(address).status_code == 200
    return len(made)


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_a_framework_costs_the_same_whatever_its_lots(world, sign_in, now, rows):
    framework = make_framework(world, published=True)
    many_lots(framework, rows)
    address = reverse("framework", args=[framework.pk])

    assert (queries_of(Client(), address), queries_of(sign_in(world.max), address)) == (5, 8)


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_a_lot_costs_the_same_whatever_its_neighbours(world, sign_in, now, rows):
    framework = make_framework(world, published=True)
    many_lots(framework, rows)
    address = reverse("lot", args=[framework.lots.last().pk])

    assert (queries_of(Client(), address), queries_of(sign_in(world.max), address)) == (5, 8)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_with_one_row_and_with_three(world, sign_in, now, rows):
    for _ in range(rows):
        make_framework(world, published=True)
    address = reverse("frameworks")

    assert (queries_of(Client(), address), queries_of(sign_in(world.max), address)) == (2, 5)
