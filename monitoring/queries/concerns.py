"""Reads of concerns: whom one could be about, who would be told, the list, and what it says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Membership, Organisation
from accounts.states import OrganisationKind, Role
from core import crypto
from lots.models import Place
from monitoring.models import Concern, FrontDoor
from monitoring.models.own import HEADS, LEADS_OF_COMMISSIONER, OFFICERS
from monitoring.states import ConcernKind
from referrals.models import Placement
from referrals.queries.people import people_of
from referrals.queries.threshold import authorities_of

text_of, sealed_text = crypto.text_of, crypto.sealed_text


@dataclass(frozen=True)
class Parties:
    """Whose concern it is: keys of organisations and people, as `Concern` holds them."""

    kind: str
    provider: int
    commissioner: int | None
    home_school: int | None
    authority: int | None
    about_user: int | None = None


@dataclass(frozen=True)
class Told:
    """Somebody who is told of a concern. `receives`: may say that it came."""

    user: int
    name: str
    address: str
    role: str
    organisation: str
    receives: bool


def of_organisation(organisation: Organisation, *, user) -> QuerySet[Concern]:
    """The concerns that a person may see in one organisation, without what they say."""
    here = (
        Q(provider=organisation)
        | Q(commissioner=organisation)
        | Q(authority=organisation)
        | Q(placement__home_school=organisation)
        | Q(raised_for=organisation)
    )
    return Concern.objects.visible_to(user).filter(here).select_related("acknowledged_by").defer("detail", "about")


def pupils_for(organisation: Organisation, *, user, today: dt.date) -> QuerySet[Placement]:
    """The placements of a day that a person sees in one organisation, by the pupil’s name."""
    ours = Q(provider=organisation) | Q(commissioner=organisation) | Q(home_school=organisation)
    if organisation.kind == OrganisationKind.TRUST:
        ours |= Q(commissioner__parent=organisation)
    rows = Placement.objects.visible_to(user).live_on(today).filter(ours)
    return rows.order_by("pupil__last_name", "pupil__first_names", "pk")


def providers_for(organisation: Organisation) -> list[Organisation]:
    """What a concern raised for an organisation can be about: a provider itself; else those that teach its pupils or
    are on a framework of its own."""
    if organisation.kind == OrganisationKind.PROVIDER:
        return [organisation]
    theirs = Placement.objects.filter(provider=OuterRef("pk")).filter(
        Q(commissioner=organisation) | Q(home_school=organisation) | Q(commissioner__parent=organisation)
    )
    places = Place.objects.filter(provider=OuterRef("pk"), framework__buyer=organisation)
    found = Organisation.objects.filter(kind=OrganisationKind.PROVIDER, is_open=True)
    return list(found.filter(Exists(theirs) | Exists(places)).order_by("name", "pk"))


def authorities_for(
    organisation: Organisation, provider: Organisation, placement: Placement | None, today: dt.date
) -> list[Organisation]:
    """Whose safeguarding officer it goes to: the council that placed the pupil, or that of the school's area, or whose
    framework it is. Without a pupil that of whoever raises it, else each council that has to do with the provider, of
    which the person chooses one."""
    sides = [placement.commissioner, placement.home_school] if placement else [organisation]
    for one in sides:
        if one is not None and one.kind == OrganisationKind.AUTHORITY:
            return [one]
    areas = [one.la_code for one in sides if one is not None and one.kind != OrganisationKind.PROVIDER and one.la_code]
    councils = Organisation.objects.filter(kind=OrganisationKind.AUTHORITY, is_open=True)
    if areas and (found := councils.filter(la_code__in=areas).order_by("pk").first()):
        return [found]
    if placement and placement.framework_id:
        buyer = placement.framework.buyer
        if buyer.kind == OrganisationKind.AUTHORITY:
            return [buyer]
    known = authorities_of([provider.pk], today)[provider.pk]
    return list(councils.filter(pk__in=known).order_by("name", "pk"))


def parties(
    kind: str, organisation: Organisation, provider: Organisation, placement: Placement | None, authority
) -> Parties:
    """Whose a concern is. Without a pupil a commissioner's own is its own, and a provider's is the council's alone."""
    own = organisation.pk if organisation.kind != OrganisationKind.PROVIDER else None
    return Parties(
        kind=kind,
        provider=provider.pk,
        commissioner=placement.commissioner_id if placement else own,
        home_school=placement.home_school_id if placement else None,
        authority=authority.pk if authority else None,
    )


def told(who: Parties) -> list[Told]:
    """Everybody whom a concern reaches, by organisation and name, each once: exactly those to whom
    `Concern.objects.visible_to` shows it, whoever raised it apart."""
    answers = Q(organisation=who.authority, role__in=OFFICERS)
    if who.kind == ConcernKind.ADULT:
        wanted = answers = answers | Q(organisation=who.commissioner, role__in=HEADS)
    else:
        answers |= Q(organisation__in={who.commissioner, who.home_school} - {None}, role__in=LEADS_OF_COMMISSIONER)
        wanted = answers | Q(organisation=who.provider, role=Role.PROVIDER_DSL)
    live = Membership.objects.live()
    rows = live.filter(wanted).exclude(user=who.about_user).select_related("user", "organisation")
    if who.kind == ConcernKind.ADULT:
        rows = rows.exclude(Exists(live.filter(user=OuterRef("user"), organisation=who.provider)))
    found: dict[int, Told] = {}
    for row in rows.order_by("organisation__name", "person_name", "user_id", "pk"):
        receives = row.organisation_id != who.provider
        before = found.get(row.user_id)
        if before is None or (receives and not before.receives):
            found[row.user_id] = Told(
                row.user_id,
                row.user.name,
                row.user.email,
                row.get_role_display(),
                row.organisation.name,
                receives,
            )
    return list(found.values())


def front_door_of(authority: Organisation | None) -> FrontDoor | None:
    """Where a council takes calls; None where it did not say."""
    return FrontDoor.objects.filter(authority=authority).first() if authority else None


def front_doors_for(organisation: Organisation, today: dt.date) -> list[FrontDoor]:
    """Where to ring at once, before anybody knows which pupil it is about: of every council that it could be."""
    councils = authorities_for(organisation, organisation, None, today)
    return list(
        FrontDoor.objects.filter(authority__in=councils).select_related("authority").order_by("authority__name")
    )


def front_door_for(concern: Concern) -> FrontDoor | None:
    """The one of a concern's council."""
    return front_door_of(concern.authority)


def officers_of(concerns: list[Concern]) -> dict[int, list[tuple[int, str]]]:
    """(id, address) of the safeguarding officers of each council of these concerns."""
    return people_of({one.authority_id for one in concerns if one.authority_id}, OFFICERS)


def parties_of(concern: Concern) -> Parties:
    """Whose a concern is that was raised."""
    return Parties(
        kind=concern.kind,
        provider=concern.provider_id,
        commissioner=concern.commissioner_id,
        home_school=concern.placement.home_school_id if concern.placement_id else None,
        authority=concern.authority_id,
        about_user=concern.about_user_id,
    )


def raised_with(key, *, user) -> Concern | None:
    """The concern that this person has sent under a key already."""
    return Concern.objects.filter(key=key, raised_by=user).first()


def number_about_children(provider: Organisation, day: dt.date) -> int:
    """How many concerns about children were raised for a provider on a day in England, for its daily report. Those
    about its adults are in no number that it can see."""
    rows = Concern.objects.filter(provider=provider, kind=ConcernKind.CHILD, raised_for=provider)
    return rows.filter(raised_at__date=day).count()
