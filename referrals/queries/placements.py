"""Reads of placements: lists, a pupil's other sessions, who may pay, what a provider has stated as free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import Organisation
from accounts.states import OrganisationKind
from lots.models import Place
from lots.rules.refusals import Refused
from providers.models import Seats, Site
from referrals.models import (
    Choice,
    Disclosure,
    Offer,
    Placement,
    PlacementPaper,
    Pupil,
    Quote,
    Referral,
    WeeklySession,
)
from referrals.queries.running import last_day_of, weekly_of
from referrals.rules import placing
from referrals.rules.overlaps import Held
from referrals.states import PlacementState, Route

ELSEWHERE = "another provider"


def of_organisation(organisation: Organisation, *, user) -> QuerySet[Placement]:
    """The placements that a commissioner made, with those of pupils on its roll or that it pays for; a trust's with
    those of the schools that are listed for the person; or those that a provider holds. Nothing sealed."""
    rows = Placement.objects.visible_to(user)
    if organisation.kind == OrganisationKind.PROVIDER:
        return rows.filter(provider=organisation).exclude(hidden_at__isnull=False)
    ours = Q(commissioner=organisation) | Q(home_school=organisation) | Q(contracting_party=organisation)
    if organisation.kind == OrganisationKind.TRUST:
        ours |= Q(commissioner__parent=organisation)
    return rows.filter(ours)


def for_list(rows: QuerySet[Placement]) -> QuerySet[Placement]:
    """With the paper that stands, in one query more for the page."""
    papers = PlacementPaper.objects.filter(replaced_at=None).defer("document")
    return rows.prefetch_related(Prefetch("papers", queryset=papers, to_attr="standing_papers"))


def paper_of(placement: Placement) -> PlacementPaper | None:
    """The agreement that stands; None before it was sent to be signed."""
    rows = placement.papers.filter(replaced_at=None)
    return rows.select_related("provider_signed_by", "party_signed_by").first()


def open_of_referral(referral: Referral) -> Placement | None:
    """The placement that a referral has led to, if it was not cancelled."""
    rows = Placement.objects.filter(referral=referral).exclude(state=PlacementState.CANCELLED)
    return rows.order_by("-pk").first()


def choice_of(referral: Referral, *, locked: bool = False) -> Choice | None:
    """The choice that stands, with its offer and the week of it."""
    rows = Choice.objects.filter(referral=referral, undone_at=None)
    rows = rows.select_for_update(of=("self",)) if locked else rows
    rows = rows.select_related("offer__line", "offer__enquiry__place__lot", "offer__enquiry__provider")
    return rows.prefetch_related("offer__sessions__site").first()


def source_of(placement: Placement, referral: Referral | None) -> Offer | Quote | None:
    """What a placement's price and days are of: the offer whose choice stands, or the approved quote on its place."""
    if referral is None:
        return None
    if placement.route == Route.QUOTE:
        rows = Quote.objects.filter(referral=referral, place=placement.place_id, approved=True)
        return rows.select_related("place__lot", "place__provider", "place__framework").order_by("-pk").first()
    choice = choice_of(referral)
    return choice.offer if choice and choice.offer.enquiry.place_id == placement.place_id else None


def check_not_agreed(referral: Referral) -> None:
    """What a running placement stands on is not taken away under it. Raises `Refused`."""
    if Placement.objects.running().filter(referral=referral).exists():
        raise Refused("A placement of this referral is agreed. Cancel or end the placement first")


def is_known_to(referral: Referral | int, provider_id: int) -> bool:
    """Whether the provider may know the pupil of a referral at this moment."""
    return Disclosure.objects.in_force().filter(referral=referral, provider=provider_id).exists()


def week_of(placement: Placement) -> list[WeeklySession]:
    """All sessions of its week that were ever agreed, with their sites."""
    return list(placement.sessions.select_related("site", "placement"))


def others_running(pupil: Pupil | int, *, but: int | None = None) -> QuerySet[Placement]:
    """The pupil's other placements that both sides have signed and that have not ended."""
    return Placement.objects.running().filter(pupil=pupil).exclude(pk=but)


def held_sessions(pupil: Pupil | int, *, reader, but: int | None = None) -> list[Held]:
    """The sessions that a pupil has in other running placements. A provider is named only to whom that placement is
    shown (`reader` is a user or the portal itself, to which none is)."""
    others = list(others_running(pupil, but=but).select_related("provider").prefetch_related("sessions").order_by("pk"))
    shown = set()
    if others and hasattr(reader, "pk"):
        shown = set(Placement.objects.visible_to(reader).filter(pupil=pupil).values_list("pk", flat=True))
    return [
        Held(
            session=weekly_of(row),
            first=one.starts_on,
            last=last_day_of(one),
            where=one.provider.name if one.pk in shown else ELSEWHERE,
        )
        for one in others
        for row in one.sessions.all()
    ]


def minutes_of(sessions: Iterable[WeeklySession], held: Iterable[Held], first: dt.date, last: dt.date) -> int:
    """Minutes of a pupil's whole week while a placement runs: its own sessions that still hold, and those of others
    that run on any of the same days."""
    own = sum(weekly_of(one).minutes for one in sessions if one.until_on is None)
    others = (one for one in held if one.session.until_on is None and one.first <= last and one.last >= first)
    return own + sum(one.session.minutes for one in others)


def halves_stated(place: Place, sessions: Iterable[WeeklySession]) -> list[tuple[int, int, str]]:
    """The halves of a day that a timetable touches, at sites where the provider has stated free places for this place
    (`providers.steps.seats` takes from all of them, or refuses)."""
    rows = Seats.objects.filter(provider=place.provider_id, lot=place.lot_id, sub_lot=place.sub_lot_id)
    stated = set(rows.values_list("site", flat=True))
    held = [(one.site_id, one.weekday, one.starts, one.ends) for one in sessions if one.until_on is None]
    return placing.halves(one for one in held if one[0] in stated)


def parties_for(commissioner: Organisation, framework) -> list[Organisation]:
    """Who may be the contracting party: the commissioner itself, its trust, or the council or trust whose framework it
    is."""
    found = [commissioner]
    if commissioner.kind == OrganisationKind.SCHOOL and commissioner.parent_id:
        parent = commissioner.parent
        if parent.is_open and parent.kind == OrganisationKind.TRUST:
            found.append(parent)
    if framework is not None and framework.buyer_id not in {one.pk for one in found}:
        found.append(framework.buyer)
    return found


def schools_of(pupil: Pupil, day: dt.date) -> list[Organisation]:
    """The schools on whose roll a pupil is on a day, the main one first."""
    rows = pupil.enrolments.open_on(day).filter(school__isnull=False).select_related("school")
    return [one.school for one in sorted(rows, key=lambda one: (one.kind != "main", one.pk))]


def payers_for(commissioner: Organisation, framework, schools: Iterable[Organisation], more: Iterable[int] = ()):
    """Who is offered as a payer: the contracting parties, the home schools, the council of the area, and whoever the
    referral or the placement names already. Any other school is named by its URN (`school_by_urn`)."""
    found = {one.pk: one for one in [*parties_for(commissioner, framework), *schools]}
    areas = {one.la_code for one in found.values()} - {""}
    wanted = Q(pk__in=[pk for pk in more if pk]) | Q(kind=OrganisationKind.AUTHORITY, la_code__in=areas)
    for one in Organisation.objects.filter(wanted, is_open=True).exclude(kind=OrganisationKind.PROVIDER).order_by("pk"):
        found.setdefault(one.pk, one)
    return list(found.values())


def may_pay(organisations: Iterable[int]) -> bool:
    """Whether all of them are open, and none is a provider."""
    wanted = set(organisations)
    rows = Organisation.objects.filter(pk__in=wanted, is_open=True).exclude(kind=OrganisationKind.PROVIDER)
    return rows.count() == len(wanted)


def school_by_urn(urn: str) -> Organisation | None:
    """The open school of a URN."""
    return Organisation.objects.filter(kind=OrganisationKind.SCHOOL, urn=urn, is_open=True).first() if urn else None


def sites_of(provider_id: int) -> list[Site]:
    """A provider's sites in use."""
    return list(Site.objects.open().filter(provider=provider_id))
