"""A school finds provision for a pupil: from the search to the provider that may know who the pupil is, and on to the
agreement that both sign, what must be in place, and the day on which the pupil starts."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.utils import timezone

from core.calendars import working_day_after
from lots.models import PlacePrice
from referrals.models import Cover, Disclosure, Enquiry, Placement, Referral
from referrals.states import Item, PlacementState, ReferralState
from tests.browser.evaluate import DESK, PHONE, Walk
from tests.lots.places import provider
from tests.referrals.asked import insure
from tests.referrals.made import (
    CANARIES,
    CONTENT,
    another_place,
    made_offer,
    made_place,
    made_pupil,
    made_referral,
    made_sharing,
    made_site,
)
from tests.referrals.placed import made_assurances

SCHOOL_TELLS = "The small group and the kitchen"


@pytest.fixture
def walk(window, come_in, violations, too_wide):
    """The school's desk, and a provider's phone."""

    def open_one(width: int = DESK) -> Walk:
        return Walk(window(width=width), come_in, violations, too_wide, width)

    return open_one


@pytest.fixture
def market(world):
    """Three providers on one part, insured; a pupil, and a referral of which one part is still wrong."""
    place = made_place(world)
    cedar = provider("Cedar Workshop")
    others = [
        another_place(world, place, world.birch_farm, pence=40_00),
        another_place(world, place, cedar, pence=52_00),
    ]
    insure(world.ash_house, world.birch_farm, cedar)
    made_site(world)
    made_sharing(world)
    starts = working_day_after(timezone.localdate(), 10)
    ends = starts + dt.timedelta(weeks=8)
    targets = tuple(dataclasses.replace(one, by_on=str(ends)) for one in CONTENT.targets)
    content = dataclasses.replace(
        CONTENT, outline="", targets=targets, consent_on=str(timezone.localdate()), weekdays=(0, 2)
    )
    referral = made_referral(
        world,
        pupil=made_pupil(world),
        place=place,
        state=ReferralState.DRAFT,
        content=content,
        reason="not_attending",
        basis="early",
        trigger_on=None,
        sixth_on=None,
        starts_on=starts,
        ends_on=ends,
        budget_pence=4_000_00,
    )
    PlacePrice.objects.filter(place=place).update(from_on=dt.date(2026, 9, 1))
    return place, others, referral


@pytest.mark.timeout(300)
def test_a_school_searches_refers_compares_and_chooses(world, market, walk):
    _, others, referral = market
    desk, phone = walk(), walk(PHONE)

    search(world, desk)
    write(world, desk, referral)
    ask(desk)
    answer(world, phone, others)
    choose(world, desk, referral)
    told_apart(world, phone)
    placement = call_off(world, desk, phone, referral)
    start(world, desk, placement)

    assert desk.page.complaints == []
    assert phone.page.complaints == []


def search(world, desk: Walk) -> None:
    """Sana looks at who is there, and keeps one in mind."""
    page = desk.sit(world.sana, "directory", world.elm_grove.pk)
    assert "Ash House" in desk.says()
    assert "Birch Farm" in desk.says()
    page.get_by_role("link", name="Ash House").first.click()
    desk.see("How a provider is chosen")
    page.get_by_role("link", name="Put it on the shortlist").or_(
        page.get_by_role("button", name="shortlist")
    ).first.click()
    page.locator("[name=reason]").fill(SCHOOL_TELLS)
    desk.press("Put it on the shortlist", SCHOOL_TELLS)


def write(world, desk: Walk, referral: Referral) -> None:
    """An outline that tells who the pupil is is refused and kept; the next one is not. Then everything is checked."""
    page = desk.sit(world.sana, "referral_part", referral.pk, "needs")
    page.locator("[name=outline]").fill("Quillon needs a small group")
    page.get_by_role("button", name="Save").first.click()
    desk.see("There is a problem")
    assert page.locator("[name=outline]").input_value() == "Quillon needs a small group"
    page.locator("[name=outline]").fill(CONTENT.outline)
    page.get_by_role("button", name="Save").first.click()
    desk.see("saved")
    page.goto(f"/referrals/{referral.pk}/check/")
    desk.look()
    page.locator("main form").last.get_by_role("button").last.click()
    desk.see("Ask providers")
    assert Referral.objects.get().state == ReferralState.READY


def ask(desk: Walk) -> None:
    """All three read the same, and none of it names the pupil."""
    page = desk.page
    page.get_by_role("link", name="Ask providers").or_(page.get_by_role("button", name="Ask providers")).first.click()
    desk.see("What they will read")
    for name in ("Ash House", "Birch Farm", "Cedar Workshop"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Send the enquiry").click()
    desk.see("Referral")
    assert Enquiry.objects.count() == 3


def answer(world, phone: Walk, others) -> None:
    """Bob offers Mondays and Wednesdays on his phone; the two others have offered too."""
    enquiry = Enquiry.objects.get(provider=world.ash_house)
    page = phone.sit(world.bob, "enquiry", enquiry.pk)
    assert not [word for word in CANARIES if word in phone.says()]
    phone.press("Make an offer", "Sessions each week")
    page.locator("[name=line]").first.check()
    for day in (0, 2):
        page.locator(f"[name=day{day}_1_from]").fill("9:30am")
        page.locator(f"[name=day{day}_1_to]").fill("2:30pm")
    page.get_by_role("button", name="Work out the total").click()
    page.get_by_role("button", name="Send the offer").wait_for()
    phone.press("Send the offer", "Offer made")
    need = enquiry.referral
    for one in others:
        row = Enquiry.objects.get(place=one)
        pence = one.prices.first().pence
        words = {"starts_on": need.starts_on, "ends_on": need.ends_on, "units": 2_000, "total_pence": pence * 20}
        made_offer(world, row, pence=pence, **words)


def choose(world, desk: Walk, referral: Referral) -> None:
    """Birch Farm stands before Ash House, which is chosen all the same, on a published ground."""
    page = desk.sit(world.sana, "offers", referral.pk)
    assert desk.says().index("Birch Farm") < desk.says().index("Ash House")
    page.locator("tr", has_text="Ash House").get_by_role("link", name="Choose").click()
    desk.see("On which ground")
    page.get_by_label("Continuity").check()
    page.locator("[name=reason]").fill("She was there last year and wants to go back.")
    page.get_by_role("button", name="Accept this offer").click()
    desk.see("Ash House")
    assert Disclosure.objects.get().provider == world.ash_house


def told_apart(world, phone: Walk) -> None:
    """Bob reads who the pupil is; whoever was not chosen, and Ash House's own lead, do not."""
    known = Disclosure.objects.get()
    phone.sit(world.bob, "known_pupil", known.pk)
    assert "Quillsworth" in phone.says()
    for person in (world.charlie, world.alice):
        phone.sit(person, "enquiries", (world.birch_farm if person == world.charlie else world.ash_house).pk)
        assert not [word for word in CANARIES if word in phone.says()]
        assert phone.status("known_pupil", known.pk) == 404


def call_off(world, desk: Walk, phone: Walk, referral: Referral) -> Placement:
    """Place, price and week are the offer's. Bob signs on his phone, then Sana for the school."""
    page = desk.sit(world.sana, "place_pupil", referral.pk)
    page.locator("main form").last.get_by_role("button").last.click()
    desk.see("What it costs")
    placement = Placement.objects.get()
    desk.sit(world.sana, "send_for_signature", placement.pk)
    page.get_by_role("button", name="Send it to be signed").click()
    desk.see("What it costs")
    for walk, person in ((phone, world.bob), (desk, world.sana)):
        walk.sit(person, "sign_placement", placement.pk)
        walk.page.locator("[name=name]").fill(person.name)
        walk.page.locator("[name=declared]").check()
        walk.page.get_by_role("button", name="Sign the agreement").click()
        walk.see("Each week")
    placement.refresh_from_db()
    assert placement.state == PlacementState.ASSURANCE
    return placement


def start(world, desk: Walk, placement: Placement) -> None:
    """With one thing missing nobody starts; with everything in place the pupil does, and stands on the page of the
    day."""
    Cover.objects.create(
        commissioner=world.elm_grove,
        name="Sana",
        phone="01632 960100",
        weekdays=[0, 1, 2, 3, 4],
        starts=dt.time(8),
        ends=dt.time(17),
        holidays=True,
        from_on=timezone.localdate(),
        written_at=timezone.now(),
    )
    made_assurances(world, placement, *(item for item in Item if item != Item.LINK))
    page = desk.sit(world.sana, "before_start", placement.pk)
    assert page.get_by_text("Let the pupil start").count() == 0
    desk.sit(world.sana, "assurance_item", placement.pk, "link")
    page.locator("[name=who]").fill("Sana, SENCO")
    page.locator("[name=phone]").fill("01632 960100")
    page.locator("main form").last.get_by_role("button").first.click()
    desk.press("Let the pupil start", "start")
    page.locator("main form").last.get_by_role("button").first.click()
    desk.see("Sessions run from the first day on")
    placement.refresh_from_db()
    assert placement.state == PlacementState.LIVE
    monday = placement.starts_on + dt.timedelta(days=-placement.starts_on.weekday() % 7)
    desk.sit(world.sana, "today", world.elm_grove.pk, query=f"?day={monday}")
    assert "Ash House" in desk.says()
