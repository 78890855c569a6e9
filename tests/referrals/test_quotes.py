"""The catch-all lot by an approved quote: written down, answered by somebody else, placed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from core.access import Denied
from lots.models import Place
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import placing, quotes, signing
from referrals.models import Disclosure, Placement, Quote, Referral
from referrals.queries.placing import Part, Terms
from referrals.rules import quoting
from referrals.steps import enquiries
from tests.cast import make_person
from tests.referrals.agreed import insure, sign, that_day  # noqa: F401
from tests.referrals.made import AT, CANARIES, TODAY, made_place, made_referral, made_sharing, made_site
from tests.referrals.placed import ENDS, STARTS, made_quote


def values(place, **fields) -> dict:
    return {
        "place": place.pk,
        "unit": "hour",
        "pence": 60_00,
        "units": 12_000,
        "starts_on": STARTS,
        "ends_on": ENDS,
        "why_not_others": "Nobody teaches forestry",
        "compared": "Two were asked",
    } | fields


def holder(world):
    """Rita holds the budget at Elm Grove."""
    rita = make_person("rita")
    Membership.objects.create(
        user=rita, organisation=world.elm_grove, role=Role.SCHOOL_FINANCE, person_name="Rita", given_at=AT
    )
    return rita


def auto_place(place) -> Place:
    return Place.objects.get(framework=place.framework, provider=place.provider, lot__is_auto=True)


def ask(world, referral, place, *, by=None, **fields) -> Quote:
    return quotes.add_quote(referral=referral, values=values(place, **fields), by=by or world.sana, at=AT, today=TODAY)


def test_a_quote_is_written_down_and_the_holders_are_told_without_the_pupil(world):
    rita, place = holder(world), made_place(world)
    referral = made_referral(world, place=place)

    quote = ask(world, referral, auto_place(place))

    assert (quote.total_pence, quote.asked_by, quote.approved) == (60_00 * 120, world.sana, None)
    [letter] = Message.objects.filter(key__startswith="quote-asked")
    assert letter.to == rita.email
    assert not [word for word in CANARIES if word in letter.subject + letter.body]
    with pytest.raises(Refused, match="no active place on the catch-all lot"):
        ask(world, referral, place)
    with pytest.raises(Denied):
        ask(world, referral, auto_place(place), by=world.tom)
    with pytest.raises(Refused, match="first day must be today"):
        ask(world, referral, auto_place(place), starts_on=dt.date(2026, 9, 1))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"place": "suspended"}, "no active place"),
        ({"suspended": True}, "no active place"),
        ({"starts_on": dt.date(2026, 9, 13)}, "today or later"),
        ({"ends_on": dt.date(2026, 9, 27)}, "the first day or later"),
    ],
)
def test_what_is_no_quote(fields, told):
    given = {"place": "active", "suspended": False, "starts_on": STARTS, "ends_on": ENDS, "today": TODAY}
    quoting.check_quote(**given)

    with pytest.raises(Refused, match=told):
        quoting.check_quote(**(given | fields))


@pytest.mark.parametrize("state", ["draft", "approval", "chosen", "closed"])
def test_a_quote_is_for_a_referral_that_is_checked_and_open(state):
    with pytest.raises(Refused, match="on which nobody is chosen"):
        quoting.check_referral(state)


def test_who_asked_does_not_answer_and_a_no_has_its_reason(world):
    rita, quote = holder(world), made_quote(world)

    with pytest.raises(Denied):
        quotes.answer_quote(quote=quote, yes=True, answer="", by=world.sana, at=AT)
    with pytest.raises(Refused, match="Write why not"):
        quotes.answer_quote(quote=quote, yes=False, answer=" ", by=rita, at=AT)
    quotes.answer_quote(quote=quote, yes=False, answer="Ask a third", by=rita, at=AT)
    with pytest.raises(Refused, match="answered this quote already"):
        quotes.answer_quote(quote=quote, yes=True, answer="", by=rita, at=AT)

    quote.refresh_from_db()
    assert (quote.approved, quote.answered_by, quote.answer) == (False, rita, "Ask a third")
    assert Message.objects.get(key__startswith="quote-answered").to == world.sana.email
    assert "Ask a third" not in Message.objects.get(key__startswith="quote-answered").body
    with pytest.raises(Refused, match="has to say yes"):
        place(world, quote)


def yes(world, **fields) -> Quote:
    return made_quote(world, approved=True, answered_at=AT, answered_by=holder(world), **fields)


def place(world, quote, *, by=None, **fields) -> Placement:
    site = made_site(world)
    fields = {
        "contracting_party": world.elm_grove.pk,
        "home_school": world.elm_grove.pk,
        "starts_on": STARTS,
        "ends_on": ENDS,
        "parts": [Part(day, dt.time(9, 30), dt.time(14, 30), site) for day in (0, 2)],
        "shares": [(world.elm_grove.pk, 10_000)],
    } | fields
    return quotes.place_by_quote(quote=quote, terms=Terms(**fields), by=by or world.sana, at=AT, today=TODAY)


def test_an_approved_quote_leads_to_a_placement_that_both_sign(world):
    quote = yes(world)
    insure(world.ash_house)
    with pytest.raises(Refused, match="no agreement to share pupil data"):
        place(world, quote)
    made_sharing(world)
    with pytest.raises(Denied):
        place(world, quote, by=world.tom)

    made = place(world, quote)

    assert (made.route, made.place, made.line, made.unit, made.pence, made.total_pence) == (
        "quote", quote.place, None, "hour", 60_00, 60_00 * 120,
    )  # fmt: skip
    assert Disclosure.objects.in_force().get().provider == world.ash_house
    assert Referral.objects.get().state == "chosen"
    with pytest.raises(Refused, match="on which nobody is chosen"):
        place(world, quote)
    paper = signing.send_for_signature(placement=made, seen=0, by=world.sana, at=AT, today=TODAY)
    signing.sign_for_provider(placement=made, sha256=paper.sha256, name="Bob", by=world.bob, at=AT)
    sign(world, made)
    assert Placement.objects.get().state == "assurance"


def test_a_week_that_costs_more_than_was_agreed_to_is_not_placed(world):
    quote = yes(world, total_pence=60_00 * 119)
    made_sharing(world)

    with pytest.raises(Refused, match=r"more than the £7,140\.00 that was agreed to"):
        place(world, quote)

    assert not Disclosure.objects.exists()


def test_a_referral_on_which_others_were_asked_is_placed_by_a_quote_too(world):
    quote = yes(world)
    made_sharing(world)
    Referral.objects.update(state="enquiring")

    place(world, quote)

    assert Referral.objects.get().state == "chosen"


def test_a_cancelled_placement_by_quote_lets_the_referral_go_on(world, monkeypatch):
    told = []
    monkeypatch.setattr(enquiries.letters, "access_ended", lambda rows, *, at: told.extend(rows))
    quote = yes(world)
    made_sharing(world)
    made = place(world, quote)

    changed = placing.change_placement(
        placement=made,
        seen=0,
        terms=Terms(
            contracting_party=world.elm_grove.pk,
            home_school=None,
            starts_on=STARTS,
            ends_on=ENDS,
            parts=[Part(4, dt.time(9), dt.time(11), made_site(world))],
            shares=[(world.elm_grove.pk, 10_000)],
        ),
        by=world.sana,
        at=AT,
        today=TODAY,
    )
    assert (changed.units, changed.total_pence) == (2_400, 60_00 * 24)
    placing.cancel_placement(placement=made, reason="Moved", by=world.sana, at=AT)

    assert Referral.objects.get().state == "enquiring"
    assert not Disclosure.objects.in_force().exists()
    assert [one.provider for one in told] == [world.ash_house]


# Pages


def posted(**fields) -> dict:
    return {
        "unit": "hour", "pence": "£60", "units": "120", "why_not_others": "Nobody teaches forestry",
        "compared": "Two were asked", "starts_on_0": "28", "starts_on_1": "9", "starts_on_2": "2026",
        "ends_on_0": "18", "ends_on_1": "12", "ends_on_2": "2026",
    } | fields  # fmt: skip


def test_from_the_quote_to_the_placement_by_its_pages(world, sign_in, that_day):  # noqa: F811
    rita, framed = holder(world), made_place(world)
    referral = made_referral(world, place=framed)
    made_sharing(world)
    site = made_site(world)
    sana, budget = sign_in(world.sana), sign_in(rita)
    url = reverse("add_quote", args=[referral.pk])
    wrong = sana.post(url, posted(units="12.345", pence="0")).content.decode()
    assert "Select who has quoted" in wrong
    assert "Enter how many units, more than 0" in wrong
    assert "at least a penny" in wrong

    answer = sana.post(url, posted(place=auto_place(framed).pk))

    quote = Quote.objects.get()
    assert answer.url == reverse("quote", args=[quote.pk])
    waits = sana.get(answer.url).content.decode()
    assert "Waits for one of these: Rita" in waits
    assert "£7,200" in waits
    page = budget.get(answer.url).content.decode()
    assert "Two were asked" in page
    assert not [word for word in CANARIES if word in page]
    assert budget.get(reverse("quotes", args=[referral.pk])).status_code == 404
    placing_url = reverse("place_by_quote", args=[quote.pk])
    assert "has to say yes to this quote first" in sana.get(placing_url).content.decode()
    assert "Choose yes or no" in budget.post(answer.url, {}).content.decode()
    assert budget.post(answer.url, {"yes": "yes"}).status_code == 302
    assert "Not answered yet" not in sana.get(reverse("quotes", args=[referral.pk])).content.decode()
    week = {"weekday_1": "0", "from_1": "9:30am", "to_1": "2:30pm", "site_1": site.pk, "runs_1": "school"}
    terms = {
        "contracting_party": world.elm_grove.pk, "home_school": "none", "funder_1": world.elm_grove.pk,
        "share_1": "100", "starts_on_0": "28", "starts_on_1": "9", "starts_on_2": "2026",
        "ends_on_0": "18", "ends_on_1": "12", "ends_on_2": "2026",
    }  # fmt: skip
    wrong = sana.post(placing_url, terms | {"weekday_2": "1", "from_2": "9:30am"}).content.decode()
    assert "Session 2: enter when it ends" in wrong
    assert "Session 2: select where" in wrong
    none = sana.post(placing_url, terms).content.decode()
    assert "Enter at least one session" in none
    assert sana.post(placing_url, terms | week).status_code == 302
    placement = Placement.objects.get()
    assert (placement.home_school, placement.total_pence) == (None, 60_00 * 60)
    assert "Workshop" in sana.get(reverse("edit_placement", args=[placement.pk])).content.decode()
