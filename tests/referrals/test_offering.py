"""A provider answers an enquiry: an offer worked out from its week, another one in its place, or no."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from core.access import Denied
from lots.models import Place, PlacePrice
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import offering
from referrals.models import Enquiry, Offer
from referrals.rules.private import Private
from referrals.rules.timetable import Session
from tests.accounts.mail import body
from tests.referrals.asked import END, START, TODAY, asked, offered, proposal, that_day  # noqa: F401
from tests.referrals.made import AT, CANARIES, made_enquiry, made_offer, made_pupil, made_referral, made_site

pytestmark = pytest.mark.usefixtures("that_day")
# 24 days (no term dates are known, so every working day counts) of two half-days (5 hours are more than one) at £45.00.
TOTAL = 24 * 2 * 45_00


def offer(world, enquiry, *, shown=TOTAL, by=None, today=TODAY, **fields):
    return offering.make_offer(
        enquiry=enquiry,
        proposal=proposal(world, enquiry, **fields),
        shown_pence=shown,
        by=by or world.bob,
        at=AT,
        today=today,
    )


def test_an_offer_at_the_price_of_the_place(world):
    [enquiry, _] = asked(world)

    made = offer(world, enquiry)

    enquiry.refresh_from_db()
    assert (made.number, made.pence, made.awarded_pence) == (1, 45_00, 45_00)
    assert (made.units, made.total_pence) == (48_00, TOTAL)
    assert [(one.weekday, one.starts, one.site.name) for one in made.sessions.all()] == [
        (0, dt.time(9, 30), "Workshop"),
        (2, dt.time(9, 30), "Workshop"),
    ]
    assert (enquiry.state, enquiry.answered_by, enquiry.answered_at) == ("offered", world.bob, AT)
    [event] = Event.objects.filter(action="referrals.enquiry.offered")
    assert (event.organisation_id, set(event.data)) == (world.ash_house.pk, {"referral", "provider", "place"})
    [letter] = Message.objects.filter(key__startswith="offer-made")
    assert letter.to == world.sana.email
    assert reverse("offers", args=[enquiry.referral_id]) in body(letter)
    assert [one for one in (*CANARIES, "45", "2,160") if one in f"{letter.subject} {body(letter)}"] == []


def test_a_lower_price_is_taken_and_a_higher_one_never(world):
    [enquiry, _] = asked(world)

    made = offer(world, enquiry, pence=40_00, shown=TOTAL * 40 // 45)

    assert (made.pence, made.awarded_pence) == (40_00, 45_00)
    with pytest.raises(Refused, match="not higher"):
        offer(world, enquiry, pence=45_01)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=made.pk).update(pence=45_01)


def test_the_price_is_that_of_the_first_day(world):
    [enquiry, _] = asked(world)
    line = enquiry.place.lot.price_lines.first()
    PlacePrice.objects.create(place=enquiry.place, line=line, pence=50_00, from_on=START, set_at=AT)

    assert offer(world, enquiry, shown=TOTAL * 50 // 45).awarded_pence == 50_00


def test_a_new_offer_takes_the_place_of_the_last_one(world):
    [enquiry, _] = asked(world)
    first = offer(world, enquiry)

    second = offer(world, enquiry, pence=44_00, shown=TOTAL * 44 // 45, by=world.alice)

    first.refresh_from_db()
    assert (first.replaced_at, second.number, second.replaced_at) == (AT, 2, None)
    assert Offer.objects.filter(enquiry=enquiry, replaced_at=None).get() == second


def test_a_total_that_changed_meanwhile_is_shown_again(world):
    [enquiry, _] = asked(world)

    with pytest.raises(Refused, match=r"The total is now £2,160\.00"):
        offer(world, enquiry, shown=TOTAL - 1)
    assert Offer.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"starts_on": dt.date(2026, 9, 27)}, "pupil is to start on 28 September 2026"),
        ({"ends_on": dt.date(2026, 12, 19)}, "until 18 December 2026"),
        ({"sessions": []}, "at least one session"),
    ],
)
def test_what_the_rules_say_no_to(world, fields, said):
    [enquiry, _] = asked(world)

    with pytest.raises(Refused, match=said):
        offer(world, enquiry, **fields)


def test_a_line_without_a_price_that_day_is_refused(world):
    [enquiry, _] = asked(world)
    enquiry.place.prices.all().delete()

    with pytest.raises(Refused, match="no price on that line"):
        offer(world, enquiry)


def test_a_session_at_a_closed_site_or_at_somebody_elses_is_refused(world):
    [enquiry, _] = asked(world)

    for site in (made_site(world, closed_at=AT), made_site(world, world.birch_farm)):
        with pytest.raises(Refused, match="sites is closed"):
            offer(world, enquiry, site=site)


def test_who_is_suspended_offers_nothing(world):
    [enquiry, _] = asked(world)
    Place.objects.filter(pk=enquiry.place_id).update(state="suspended")

    with pytest.raises(Refused, match="not active now"):
        offer(world, enquiry)


def test_whose_documents_ran_out_offers_nothing_until_they_are_renewed(world):
    [enquiry, _] = asked(world)
    Place.objects.filter(pk=enquiry.place_id).update(held_at=AT)

    with pytest.raises(Refused, match="A document of yours has run out"):
        offer(world, enquiry)


def test_the_last_moment_is_taken_and_no_later_one(world, that_day):  # noqa: F811
    [enquiry, other] = asked(world)

    that_day(enquiry.lapses_at)
    offer(world, enquiry)
    that_day(enquiry.lapses_at + dt.timedelta(microseconds=1))

    with pytest.raises(Refused, match="time to answer ended on 17 September"):
        offer(world, enquiry)
    with pytest.raises(Refused, match="time to answer ended"):
        offering.decline(enquiry=other, reason="full", note="", by=world.charlie, at=AT)


@pytest.mark.parametrize("state", ["declined", "lapsed", "withdrawn", "chosen", "not_chosen"])
def test_what_has_ended_takes_no_offer(world, state):
    [enquiry, _] = asked(world)
    Enquiry.objects.filter(pk=enquiry.pk).update(state=state, decline_reason="full")

    with pytest.raises(Refused):
        offer(world, enquiry)


@pytest.mark.parametrize("name", ["charlie", "sana", "max"])
def test_only_the_providers_people_answer(world, name):
    [enquiry, _] = asked(world)

    with pytest.raises(Denied):
        offer(world, enquiry, by=getattr(world, name))
    with pytest.raises(Denied):
        offering.decline(enquiry=enquiry, reason="full", note="", by=getattr(world, name), at=AT)


def test_no_has_a_reason_and_takes_an_offer_back(world):
    [enquiry, _] = offered(world)

    offering.decline(enquiry=enquiry, reason="travel", note="No bus", by=world.alice, at=AT)

    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.decline_reason, enquiry.decline_note) == ("declined", "travel", "No bus")
    assert (enquiry.ended_at, enquiry.offers.get().replaced_at) == (AT, AT)
    [letter] = Message.objects.filter(key__startswith="enquiry-declined")
    assert (letter.to, "No bus" in body(letter)) == (world.sana.email, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.filter(pk=enquiry.pk).update(decline_reason="")


def test_an_offer_is_taken_back_also_after_the_last_moment(world, sign_in, that_day):  # noqa: F811
    [enquiry, _] = offered(world)
    that_day(enquiry.lapses_at + dt.timedelta(days=1))

    page = sign_in(world.alice).get(reverse("enquiry", args=[enquiry.pk])).content.decode()
    offering.decline(enquiry=enquiry, reason="full", note="", by=world.alice, at=AT)

    assert ("take the offer back" in page, "Change the offer" in page) == (True, False)
    assert Enquiry.objects.get(pk=enquiry.pk).state == "declined"


def typed(enquiry, site, **fields) -> dict:
    """What the form sends for Mondays and Wednesdays."""
    days = {"starts_on": fields.pop("starts_on", START), "ends_on": fields.pop("ends_on", END)}
    sent = {
        f"{name}_{number}": str(part)
        for name, day in days.items()
        for number, part in enumerate((day.day, day.month, day.year))
    }
    for weekday in (0, 2):
        sent |= {f"day{weekday}_1_from": "9:30am", f"day{weekday}_1_to": "14:30", f"day{weekday}_1_site": str(site.pk)}
    line = enquiry.place.lot.price_lines.first()
    return {"line": str(line.pk), "pence": "", "note": "", "step": "check"} | sent | fields


def test_a_provider_reads_works_out_checks_and_sends(world, sign_in):
    [enquiry, _] = asked(world)
    site = made_site(world)
    client, address = sign_in(world.bob), reverse("make_offer", args=[enquiry.pk])

    listed = client.get(reverse("enquiries", args=[world.ash_house.pk])).content.decode()
    read = client.get(reverse("enquiry", args=[enquiry.pk])).content.decode()
    form = client.get(address).content.decode()
    check = client.post(address, typed(enquiry, site, note="A <quiet> room")).content.decode()
    changed = client.post(address, typed(enquiry, site, step="change", note="A <quiet> room")).content.decode()
    assert Offer.objects.count() == 0
    sent = client.post(
        address, typed(enquiry, site, step="send", shown_pence=str(TOTAL), note="A <quiet> room"), follow=True
    ).content.decode()

    assert ("Until the end of 17 September 2026" in listed, "Elm Grove School" in listed) == (True, True)
    assert "Needs a small group and time to settle" in read
    assert [one for one in CANARIES if one in listed + read + form + check] == []
    assert "£45.00" in form
    assert ("£2,160.00" in check, "48 × " in check, "24 on 24 days" in check) == (True, True, True)
    assert ('name="day0_1_from" value="9:30am"' in check, "A &lt;quiet&gt; room" in check) == (True, True)
    assert ("A &lt;quiet&gt; room" in changed, "govuk-error-summary" in changed) == (True, False)
    assert ("Your offer was sent" in sent, "£2,160.00" in sent) == (True, True)
    assert Offer.objects.get().made_by == world.bob


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(world, sign_in):
    [enquiry, _] = asked(world)
    site = made_site(world)
    client, address = sign_in(world.alice), reverse("make_offer", args=[enquiry.pk])

    def said(**fields) -> str:
        return client.post(address, typed(enquiry, site, **fields)).content.decode()

    wrong = said(day0_1_to="", day1_1_from="9", day2_1_site="", day3_1_to="12:00", pence="1e3", note="kept")
    for text in (
        "Enter when session 1 on Monday ends",
        "Tuesday, session 1, from: enter a time",
        "Select where session 1 on Wednesday takes place",
        "Enter when session 1 on Thursday starts",
        "Enter an amount in pounds and pence",
        "kept",
    ):
        assert text in wrong
    assert "at the same time" in said(day0_2_from="2pm", day0_2_to="3pm", day0_2_site=str(site.pk))
    assert "not higher" in said(pence="45.01")
    assert "Select which price" in said(line="")
    assert "Select one of your prices" in said(line="999999")
    assert "Select one of your sites" in said(day0_1_site="999999")
    assert "until 18 December 2026" in said(ends_on=dt.date(2027, 1, 5))
    assert "The total is now" in said(step="send", shown_pence="x")
    assert Offer.objects.count() == 0


def test_the_form_shows_the_offer_that_stands_and_is_shut_when_time_is_over(world, sign_in, that_day):  # noqa: F811
    [enquiry, _] = asked(world)
    made_offer(world, enquiry, pence=40_00, awarded_pence=45_00, note="Small group")
    client, address = sign_in(world.alice), reverse("make_offer", args=[enquiry.pk])

    stands = client.get(address).content.decode()
    that_day(enquiry.lapses_at + dt.timedelta(days=1))
    shut = client.get(address).content.decode()
    late = client.post(address, typed(enquiry, made_site(world), step="send", note="kept"), follow=True)

    for text in ("Change your offer", 'value="40.00"', 'value="9:30am"', "Small group"):
        assert text in stands
    assert ("The time to answer ended" in shut, "Work out the total" in shut) == (True, False)
    assert ("The time to answer ended" in late.content.decode(), "kept" in late.content.decode()) == (True, True)


@pytest.mark.once
def test_a_provider_without_a_site_or_a_price_is_told_what_to_do(world, sign_in):
    [enquiry, _] = asked(world)
    client, address = sign_in(world.alice), reverse("make_offer", args=[enquiry.pk])

    no_site = client.get(address).content.decode()
    made_site(world)
    enquiry.place.prices.all().delete()
    no_price = client.get(address).content.decode()

    assert "Add one to your profile" in no_site
    assert "no price on this lot" in no_price


def test_declining_on_the_page(world, sign_in):
    [enquiry, _] = asked(world)
    client, address = sign_in(world.alice), reverse("decline_enquiry", args=[enquiry.pk])

    empty = client.post(address, {"note": "kept"}).content.decode()
    done = client.post(address, {"reason": "full", "note": "Next term"}, follow=True).content.decode()
    again = client.post(address, {"reason": "full", "note": ""}).content.decode()
    seen = sign_in(world.sana).get(reverse("enquiry", args=[enquiry.pk])).content.decode()

    assert ("Select why you cannot take the pupil" in empty, "kept" in empty) == (True, True)
    assert ("You have declined the enquiry" in done, "Next term" in done) == (True, True)
    assert "can no longer be answered" in again
    assert "Next term" in seen


@pytest.mark.parametrize(
    ("state", "said"),
    [("lapsed", "time to answer has ended"), ("not_chosen", "Thank you"), ("chosen", "Your offer was chosen")],
)
def test_what_became_of_an_enquiry_is_told_kindly(world, sign_in, state, said):
    [enquiry, _] = asked(world)
    Enquiry.objects.filter(pk=enquiry.pk).update(state=state)

    page = sign_in(world.alice).get(reverse("enquiry", args=[enquiry.pk])).content.decode()

    assert said in page
    assert "Make an offer" not in page


def test_the_list_costs_the_same_queries_however_long_it_is(world, sign_in):
    [enquiry, _] = asked(world)
    client = sign_in(world.alice)

    def count() -> int:
        with CaptureQueriesContext(connection) as taken:
            client.get(reverse("enquiries", args=[world.ash_house.pk]))
        return len(taken)

    count()
    one = count()
    for number in range(2):
        pupil = made_pupil(world, private=Private(), last_name=f"Other {number}")
        made_enquiry(world, made_referral(world, pupil=pupil, place=enquiry.place), enquiry.place)

    assert count() == one


def test_three_sessions_a_day_fit(world):
    [enquiry, _] = asked(world)
    site = made_site(world)
    day = [(Session(4, dt.time(hour), dt.time(hour + 1)), site) for hour in (9, 10, 13)]

    made = offer(world, enquiry, sessions=day, shown=12 * 2 * 45_00)

    assert (made.units, made.sessions.count()) == (24_00, 3)
