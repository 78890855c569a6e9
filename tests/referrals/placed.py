"""Placements for tests, as rows at any stage: Elm Grove's canary at Ash House, Monday and Wednesday 09:30 to 14:30,
from 28 September to 18 December 2026, two sessions at £45.00 an hour."""

from __future__ import annotations

import datetime as dt

from accounts.models import TermDates
from lots.models import Place
from referrals.models import Assurance, FunderShare, Placement, PlacementPaper, Quote, Review, WeeklySession
from referrals.queries import papers, sealed
from referrals.rules.paper import digest
from referrals.states import NEVER_WAIVED, Item, PlacementState, Route
from tests.referrals.made import AT, made_place, made_pupil, made_referral, made_site, whole_story

STARTS, ENDS = dt.date(2026, 9, 28), dt.date(2026, 12, 18)
RUNNING = {PlacementState.ASSURANCE, PlacementState.LIVE, PlacementState.PAUSED, PlacementState.ENDED}


def made_placement(world, *, place=None, pupil=None, state=PlacementState.LIVE, site=None, **fields) -> Placement:
    """With its week, one funder (the commissioner) and, once agreed, its paper and everything in place."""
    place = place or made_place(world)
    pupil = pupil or made_pupil(world)
    fields = {
        "commissioner": pupil.commissioner,
        "contracting_party": pupil.commissioner,
        "home_school": world.elm_grove,
        "provider": place.provider,
        "route": Route.FRAMEWORK,
        "framework": place.framework,
        "place": place,
        "lot": place.lot,
        "sub_lot": place.sub_lot,
        "line": place.lot.price_lines.first(),
        "unit": "hour",
        "pence": 45_00,
        "units": 12_000,
        "total_pence": 45_00 * 120,
        "reason": "behaviour",
        "basis": "s29a",
        "starts_on": STARTS,
        "ends_on": ENDS,
        "review_by_on": dt.date(2026, 10, 26),
        "made_at": AT,
        "made_by": world.sana,
    } | fields
    if state in RUNNING:
        fields = {"agreed_at": AT} | fields
    if state in RUNNING - {PlacementState.ASSURANCE}:
        fields = {"live_at": AT} | fields
    if state == PlacementState.ENDED:
        fields = {"ended_on": dt.date(2026, 11, 13), "end_reason": "reintegrated"} | fields
    placement = Placement.objects.create(pupil=pupil, state=state, **fields)
    site = site or made_site(world, placement.provider)
    WeeklySession.objects.bulk_create(
        WeeklySession(
            placement=placement,
            weekday=weekday,
            starts=dt.time(9, 30),
            ends=dt.time(14, 30),
            site=site,
            from_on=placement.starts_on,
        )
        for weekday in (0, 2)
    )
    FunderShare.objects.create(
        placement=placement, funder=placement.commissioner, share=10_000, from_on=placement.starts_on, written_at=AT
    )
    if state in RUNNING:
        made_paper(world, placement)
    if placement.live_at:
        made_assurances(world, placement, *Item)
    return placement


def made_paper(world, placement: Placement, **fields) -> PlacementPaper:
    """Signed by both."""
    text = papers.document_for(placement, number=1, at=AT)
    fields = {
        "sha256": digest(text),
        "made_at": AT,
        "provider_signed_at": AT,
        "provider_signed_by": world.alice,
        "provider_signed_name": "Alice",
        "party_signed_at": AT,
        "party_signed_by": world.sana,
        "party_signed_name": "Sana",
    } | fields
    paper = PlacementPaper.objects.create(placement=placement, number=1, **fields)
    paper.document = sealed.sealed_text(paper, "document", text)
    paper.save(update_fields=["document"])
    return paper


def made_quote(world, *, referral=None, **fields) -> Quote:
    """Ash House has quoted on the catch-all lot for a referral that is ready, and nobody has answered."""
    referral = referral or made_referral(world, place=made_place(world))
    auto = Place.objects.get(framework=referral.framework, provider=world.ash_house, lot__is_auto=True)
    fields = {
        "unit": "hour",
        "pence": 60_00,
        "units": 12_000,
        "total_pence": 60_00 * 120,
        "starts_on": STARTS,
        "ends_on": ENDS,
        "why_not_others": "Nobody on Lots 1 to 6 teaches forestry",
        "compared": "Two farms were asked, one answered",
        "asked_at": AT,
        "asked_by": world.sana,
    } | fields
    return Quote.objects.create(referral=referral, place=auto, **fields)


def made_assurances(world, placement: Placement, *items: str) -> list[Assurance]:
    """These are in place; the first five where none is named."""
    rows = Assurance.objects.bulk_create(
        Assurance(placement=placement, item=item, done=True, on=AT.date(), written_at=AT, written_by=world.sana)
        for item in items or NEVER_WAIVED
    )
    for row in rows:
        row.words = sealed.sealed_text(row, "words", "Seen and right")
    Assurance.objects.bulk_update(rows, ["words"])
    return rows


def made_review(world, placement: Placement, **fields) -> Review:
    fields = {"kind": "half_term", "due_on": dt.date(2026, 10, 23), "planned_at": AT} | fields
    return Review.objects.create(placement=placement, **fields)


def made_terms_of_year(organisation) -> None:
    """The autumn of 2026, with half-term from 26 to 30 October."""
    spans = [("Autumn 1", (9, 2), (10, 23)), ("Autumn 2", (11, 2), (12, 18))]
    TermDates.objects.bulk_create(
        TermDates(organisation=organisation, name=name, starts_on=dt.date(2026, *a), ends_on=dt.date(2026, *b))
        for name, a, b in spans
    )


def placed_story(world) -> Placement:
    """From the choice on: the placement that it led to, live."""
    known = whole_story(world)
    offer = known.referral.choices.get().offer
    return made_placement(
        world, place=offer.enquiry.place, pupil=known.referral.pupil, referral=known.referral, site=_site_of(offer)
    )


def _site_of(offer):
    return offer.sessions.first().site
