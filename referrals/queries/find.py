"""The public directory: who is on a running framework, on what. Nothing of prices, free places, insurance or
suspensions: membership is public, and why somebody gets no pupils is not."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import Organisation
from accounts.states import OrganisationKind
from lots.models import Place
from lots.states import Mode, PlaceState
from providers.models import Profile, Site
from providers.rules.profile import needs_in_words, phases_in_words
from providers.states import Registration
from referrals.queries.directory import COUNT_UP_TO, WHERE, Counted, Lots, in_phase, ranked
from referrals.queries.prepared import asked
from referrals.rules.directory import Fair

ON_IT = [PlaceState.ACTIVE, PlaceState.SUSPENDED]


def _found(there: tuple, sought: dict) -> QuerySet[Organisation]:
    """Providers on these lots (key, and key and phase of each part) with what is asked for
    (`forms.directory.FindForm`)."""
    lots = {pk: parts for pk, parts in there if sought["lot"] in (None, pk)}
    parts = [part for some in lots.values() for part, phase in some if phase == sought["phase"]]
    places = in_phase(Place.objects.filter(lot__in=list(lots), state__in=ON_IT), parts, sought["phase"])
    on_it = Exists(places.filter(provider=OuterRef("pk")).order_by())
    rows = Organisation.objects.filter(on_it, kind=OrganisationKind.PROVIDER)
    profiles, sites = Profile.objects.order_by(), Site.objects.open().order_by()
    if sought["need"]:
        needs = profiles.filter(needs__icontains=f'"{sought["need"]}"')
        rows = rows.filter(pk__in=needs.values("provider"))
    if sought["registered"]:
        schools = Q(pk__in=profiles.filter(registration=Registration.REGISTERED).values("provider"))
        rows = rows.filter(schools if sought["registered"] == "yes" else ~schools)
    if sought["mode"]:
        rows = rows.filter(pk__in=sites.filter(kind=WHERE[Mode(sought["mode"])]).values("provider"))
    if sought["town"]:
        rows = rows.filter(pk__in=sites.filter(town__icontains=sought["town"]).values("provider"))
    return rows


@dataclass(frozen=True)
class Listed:
    """A provider as anybody reads it in the list. `number` is how many there are in all, counted up to `COUNT_UP_TO`
    and one."""

    pk: int
    name: str
    towns: str
    phases: str
    needs: str
    registered: bool
    lots: tuple[str, ...]
    number: int


def page_of(lots: Lots, wanted: dict, fair: Fair, *, skip: int, per: int) -> list[Listed]:
    """`per` providers after the first `skip`, and one more where there are more, in the order drawn. Three queries."""
    there = tuple((lot.pk, tuple((part, phase) for part, (_, phase) in lot.parts.items())) for lot in lots.values())
    found = asked(_page, (there, tuple(wanted.items()), skip, per), [fair.times, fair.plus])
    providers = [row[0] for row in found]
    towns, on = _towns(providers), _on(providers, lots)
    return [
        Listed(
            pk=pk,
            name=name,
            towns=", ".join(towns[pk]),
            phases=", ".join(phases_in_words(json.loads(phases or "[]"))),
            needs=", ".join(needs_in_words(json.loads(needs or "[]"))),
            registered=registration == Registration.REGISTERED,
            lots=on[pk],
            number=number,
        )
        for pk, name, registration, needs, phases, number in found
    ]


def _page(shape: tuple, times: int, plus: int) -> QuerySet[Organisation]:
    there, wanted, skip, per = shape
    rows, order = _found(there, dict(wanted)), [ranked(Fair(times, plus)), "pk"]
    counted = Counted(rows.order_by().values("pk")[: COUNT_UP_TO + 1])
    chosen = rows.order_by(*order).values("pk")[skip : skip + per + 1]
    shown = Organisation.objects.filter(pk__in=chosen).order_by(*order)
    texts = {name: Cast(f"profile__{name}", TextField()) for name in ("needs", "phases")}
    texts = {f"{name}_written": text for name, text in texts.items()}
    shown = shown.annotate(number=counted, **texts)
    return shown.values_list("pk", "name", "profile__registration", *texts, "number")


def _towns(providers: Iterable[int]) -> dict[int, list[str]]:
    found = defaultdict(list)
    rows = Site.objects.open().filter(provider__in=providers).exclude(town="").order_by("town", "id")
    for provider, town in rows.values_list("provider", "town"):
        if town not in found[provider]:
            found[provider].append(town)
    return found


def _on(providers: Iterable[int], lots: Lots) -> dict[int, tuple[str, ...]]:
    rows = Place.objects.filter(provider__in=providers, state__in=ON_IT).order_by()
    held = defaultdict(set)
    for provider, lot, part in rows.values_list("provider_id", "lot_id", "sub_lot_id"):
        held[provider].add((lot, part))
    in_order = [(pk, part) for pk, lot in lots.items() for part in (None, *lot.parts)]
    said = {(pk, part): f"{lots[pk].label(part)}: {lots[pk].title}" for pk, part in in_order}
    return {provider: tuple(said[one] for one in in_order if one in held[provider]) for provider in providers}


def provider_found(pk: int, lots: Lots) -> tuple[Organisation, tuple[str, ...]] | None:
    """A provider that is on a running framework, and on what; None for any other."""
    found = Organisation.objects.filter(pk=pk, kind=OrganisationKind.PROVIDER).first()
    on = _on([found.pk], lots)[found.pk] if found else ()
    return (found, on) if on else None
