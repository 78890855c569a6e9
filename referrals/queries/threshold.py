"""Which providers teach as a school does and are none, over all commissioners, and which authorities may know. What is
read here of other commissioners' pupils leaves it as the keys of providers alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from accounts.states import OrganisationKind
from lots.models import Place
from lots.states import PlaceState
from providers.models import Profile
from providers.states import Registration
from referrals.models import Placement, ThresholdSignal, WeeklySession
from referrals.rules import threshold as rules
from referrals.states import PlacementState, Runs


def of_authority(organisation: Organisation, *, user) -> QuerySet[ThresholdSignal]:
    """What an authority was told, the newest first."""
    return ThresholdSignal.objects.visible_to(user).filter(told=organisation)


def over_threshold(today: dt.date, *, provider: int | None = None) -> set[int]:
    """The providers without a school's registration that are over the threshold on a day, of all or of one alone. One
    query, whatever their number: a pupil whom two commissioners have placed there is one, by the keyed hash of
    the UPN."""
    found: dict[int, dict[str, list]] = defaultdict(dict)
    rows = _sessions(today, provider).values_list(
        "placement__provider", "placement__pupil", "placement__pupil__upn_key", "placement__pupil__born_on",
        "placement__pupil__has_ehcp", "placement__pupil__looked_after", "starts", "ends",
    )  # fmt: skip
    for provider, pupil, upn_key, born_on, has_ehcp, looked_after, starts, ends in rows:
        if rules.is_of_school_age(born_on, today):
            taught = found[provider].setdefault(upn_key or str(pupil), [0, False])
            taught[0] += rules.minutes_by_day(starts, ends)
            taught[1] = taught[1] or has_ehcp or looked_after
    return {key for key, pupils in found.items() if rules.crosses(rules.Taught(*one) for one in pupils.values())}


def _sessions(today: dt.date, provider: int | None) -> QuerySet[WeeklySession]:
    """What stands in the week of placements that are live today at providers that are no registered school."""
    schools = Profile.objects.filter(registration=Registration.REGISTERED).exclude(school_urn="").values("provider")
    live = Placement.objects.live_on(today).filter(state=PlacementState.LIVE).exclude(provider__in=schools)
    live = live.filter(Q(provider__urn=None) | Q(provider__urn=""))
    live = live.filter(provider=provider) if provider else live
    rows = WeeklySession.objects.filter(placement__in=live, from_on__lte=today)
    return rows.filter(Q(until_on=None) | Q(until_on__gte=today)).exclude(runs=Runs.DATES)


def authorities_of(providers: Collection[int], today: dt.date) -> dict[int, set[int]]:
    """Who may know of each provider: each authority with a framework on which it has a place, each that has placed a
    pupil there, and that of the area of a school whose pupil is there. Three queries."""
    found: dict[int, set[int]] = defaultdict(set)
    places = Place.objects.filter(provider__in=providers, framework__buyer__kind=OrganisationKind.AUTHORITY)
    for provider, buyer in places.exclude(state=PlaceState.ENDED).values_list("provider", "framework__buyer"):
        found[provider].add(buyer)
    areas = dict(
        Organisation.objects.filter(kind=OrganisationKind.AUTHORITY).exclude(la_code="").values_list("la_code", "pk")
    )
    live = Placement.objects.live_on(today).filter(state=PlacementState.LIVE, provider__in=providers)
    rows = live.values_list(
        "provider", "commissioner", "commissioner__kind", "commissioner__la_code", "home_school__la_code"
    )
    for provider, commissioner, kind, area, home in rows.distinct():
        if kind == OrganisationKind.AUTHORITY:
            found[provider].add(commissioner)
        found[provider] |= {areas[code] for code in (area, home) if code in areas}
    return found
