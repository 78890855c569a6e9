"""Reads about places: the register as of a day, one place, what holds a provider, what the next opening would leave."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Membership, Organisation
from accounts.states import OrganisationKind, Role
from lots.models import Framework, Lot, Place, PlacePrice, PriceLine, Succession, Suspension, Transfer
from lots.rules import awards, places
from lots.states import TOLD_TO_OTHERS, Cause, FrameworkState, Phase, PlaceState

CHUNK = 500
# Of a place in a list no more is read than is shown; what its lot is called comes from `parts_of`.
_LISTED = ["lot_id", "sub_lot_id", "provider_id", "provider_name"]
_MOMENTS = ["awarded_at", "accepted_at", "active_from", "ended_at"]
ACCEPTED = [PlaceState.ACCEPTED, PlaceState.ACTIVE, PlaceState.SUSPENDED]


def end_of(day: dt.date) -> dt.datetime:
    """The first moment after a day in England."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


@dataclass(frozen=True)
class Part:
    """A lot (`letter` and `phase` empty) or a part of one, as lists of places show it."""

    number: str
    title: str
    letter: str
    phase: str

    @property
    def label(self) -> str:
        return places.label(self.number, self.letter)

    @property
    def for_whom(self) -> str:
        return Phase(self.phase).label if self.phase else ""


def parts_of(framework: Framework) -> dict[tuple[int, int | None], Part]:
    """Every lot and part in order, by the keys of lot and part, in one query."""
    rows = Lot.objects.filter(framework=framework).order_by("position", "id", "sub_lots__letter")
    names = ["pk", "sub_lots__pk", "number", "title", "sub_lots__letter", "sub_lots__phase"]
    found: dict[tuple[int, int | None], Part] = {}
    for lot, sub_lot, number, title, letter, phase in rows.values_list(*names):
        found[lot, None] = Part(number, title, "", "")
        if sub_lot:
            found[lot, sub_lot] = Part(number, title, letter, phase)
    return found


def register_of(framework: Framework) -> QuerySet[Place]:
    """Every place of a framework, by the provider's name; each bears `provider_now`, the name that it has. The caller's
    door has let the person see the framework from inside."""
    rows = Place.objects.filter(framework=framework).annotate(provider_now=F("provider__name"))
    return rows.only(*_LISTED, *_MOMENTS).order_by("provider_name", "id")


def on_framework(framework: Framework) -> QuerySet[Place]:
    """Who is on a running framework, for anybody: names and lots, no state. Membership is public; why somebody gets no
    pupils at the moment is not."""
    rows = Place.objects.filter(framework=framework, active_from__isnull=False).standing()
    return rows.annotate(provider_now=F("provider__name")).only(*_LISTED).order_by("provider_name", "id")


def with_parts(rows: Iterable[Place], parts: dict[tuple[int, int | None], Part]) -> list[Place]:
    """The same places, each with `part`."""
    rows = list(rows)
    for place in rows:
        place.part = parts[place.lot_id, place.sub_lot_id]
    return rows


def with_states(rows: Iterable[Place], framework: Framework, *, at: dt.datetime) -> list[Place]:
    """The same places, each with `state_then` (what it was just before `at`), in one query for all of them."""
    rows = list(rows)
    held = _holds(rows, framework.buyer_id)
    for place in rows:
        life = places.Life(place.awarded_at, place.accepted_at, place.active_from, place.ended_at, held(place))
        place.state_then = places.state_at(life, at)
    return rows


def _holds(rows: list[Place], buyer_id: int):
    found = Suspension.objects.filter(provider__in={row.provider_id for row in rows}).values_list(
        "place_id", "provider_id", "buyer_id", "began_at", "lifted_at"
    )
    by_place, by_provider = defaultdict(tuple), defaultdict(tuple)
    for place_id, provider_id, buyer, began_at, lifted_at in found:
        if place_id:
            by_place[place_id] += ((began_at, lifted_at),)
        elif buyer == buyer_id:
            by_provider[provider_id] += ((began_at, lifted_at),)
    return lambda place: by_place[place.pk] + by_provider[place.provider_id]


def register_streamed(
    queryset: QuerySet[Place], framework: Framework, parts: dict[tuple[int, int | None], Part], *, at: dt.datetime
) -> Iterator[Place]:
    """The register from its first row to its last, a few hundred at a time."""
    rows = queryset.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield from with_states(with_parts(chunk, parts), framework, at=at)


def places_of(provider: Organisation, *, user) -> list[Place]:
    """A provider's own places on all frameworks, the ones to answer first."""
    rows = (
        Place.objects.visible_to(user)
        .filter(provider=provider)
        .select_related("framework", "lot", "sub_lot")
        .order_by("framework_id", "lot__position", "lot_id", "sub_lot__letter", "id")
    )
    return sorted(rows, key=lambda place: place.state != PlaceState.AWARDED)


def to_accept(provider: Organisation, *, user) -> list[Place]:
    """Places that the provider was awarded and has not answered; those that come with others need no answer."""
    return [row for row in places_of(provider, user=user) if row.state == PlaceState.AWARDED and not row.lot.is_auto]


def prices_of(place: Place) -> list[PlacePrice]:
    """Every price of a place, by line and day."""
    return list(place.prices.select_related("line").order_by("line__position", "line_id", "from_on"))


def price_on(place: Place, line_id: int, day: dt.date) -> int | None:
    """Pence on a line on a day; None where none was set."""
    row = place.prices.filter(line=line_id, from_on__lte=day).order_by("-from_on").first()
    return row.pence if row else None


def prices_from(place: Place, day: dt.date) -> list[tuple[int, int, dt.date, str]]:
    """(line, pence, from when, reason) of the prices in force on a day, from that day on, and of those after it."""
    found: dict[tuple, tuple] = {}
    for line, pence, from_on, reason in place.prices.order_by("from_on").values_list(
        "line_id", "pence", "from_on", "reason"
    ):
        first = max(from_on, day)
        found[line, first] = (line, pence, first, reason)
    return list(found.values())


def suspensions_of(place: Place, *, user) -> list[Suspension]:
    """What holds or held a place, newest first: its own suspensions and those of its provider with this buyer. Its
    buyer's people alone; the provider is told the cause and the days (`holds_on`)."""
    rows = Suspension.objects.visible_to(user).filter(_reaching(place))
    return list(rows.select_related("began_by", "lifted_by").order_by("-began_at", "-id"))


def holds_on(place: Place) -> list[Suspension]:
    """The suspensions in force that reach a place: cause and days, no reasons."""
    rows = Suspension.objects.in_force().filter(_reaching(place))
    return list(rows.only("cause", "began_at", "place_id", "buyer_id", "provider_id").order_by("began_at", "id"))


def _reaching(place: Place) -> Q:
    return Q(place=place) | Q(place=None, provider=place.provider_id, buyer=place.framework.buyer_id)


def suspension_in_force(provider: Organisation | int, *, but: int | None = None) -> tuple[Cause, ...]:
    """What buyers tell each other of a provider (DESIGN section 4, named flow): the causes of suspensions in force with
    any buyer `but` that one, empty where there is none. Not whose, since when, or why; a commercial cause is nobody
    else's."""
    pk = getattr(provider, "pk", provider)
    found = Suspension.objects.in_force().filter(provider=pk, cause__in=TOLD_TO_OTHERS).exclude(buyer=but).order_by()
    return tuple(sorted({Cause(cause) for cause in found.values_list("cause", flat=True)}))


def transfers_of(framework: Framework) -> list[Transfer]:
    """Moves of places to other firms on a framework, newest first."""
    return list(framework.transfers.select_related("provider", "successor").order_by("-moved_at", "-id"))


def leads_of(providers: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """(id, address) of whoever leads each provider, for letters, in one query."""
    found = defaultdict(list)
    held = Membership.objects.live().filter(organisation__in=set(providers), role=Role.PROVIDER_LEAD)
    for provider, pk, address in held.order_by("user_id").values_list("organisation_id", "user_id", "user__email"):
        found[provider].append((pk, address))
    return found


def standing_keys(framework: Framework) -> list[tuple[int, int, int | None]]:
    """(provider, lot, part) of places that have not ended, on lots that are bid for."""
    rows = Place.objects.standing().filter(framework=framework, lot__is_auto=False)
    return list(rows.values_list("provider_id", "lot_id", "sub_lot_id"))


def shapes_of(framework: Framework) -> dict[int, awards.LotShape]:
    """What awards are checked against, by lot."""
    lots = Lot.objects.filter(framework=framework).prefetch_related(
        "sub_lots", Prefetch("price_lines", queryset=PriceLine.objects.order_by("id"))
    )
    return {
        lot.pk: awards.LotShape(
            label=f"Lot {lot.number}",
            is_auto=lot.is_auto,
            sub_lots=frozenset(part.pk for part in lot.sub_lots.all()),
            lines=frozenset(line.pk for line in lot.price_lines.all()),
            required=frozenset(line.pk for line in lot.price_lines.all() if line.required),
        )
        for lot in lots
    }


def find_organisation(text: str, kinds: Iterable[OrganisationKind]) -> Organisation | None:
    """The open organisation that an officer names by its number or by its whole name; None where none or several have
    it. For moving places and frameworks: whoever is moved to is told, and may refuse."""
    text = text.strip()
    numbers = ("companies_house", "charity_number", "ukprn", "ppon", "la_code", "trust_code")
    named = Q(name__iexact=text)
    for number in numbers:
        named |= Q(**{number: text.upper()})
    found = list(Organisation.objects.filter(named, kind__in=list(kinds), is_open=True)[:2]) if text else []
    return found[0] if len(found) == 1 else None


def successions_of(buyer: Organisation, *, user) -> list[Succession]:
    """Handing-over offered to or by a buyer and not answered."""
    rows = Succession.objects.visible_to(user).open().filter(Q(buyer=buyer) | Q(successor=buyer))
    return list(rows.select_related("buyer", "successor").order_by("id"))


def running_of(buyer: Organisation | int) -> QuerySet[Framework]:
    """Frameworks of a buyer on which somebody may have a place."""
    states = [FrameworkState.PUBLISHED, FrameworkState.RUNNING]
    return Framework.objects.filter(buyer=buyer, state__in=states).order_by("pk")


def held_by_nothing_else(suspension: Suspension) -> list[int]:
    """Keys of the suspended places that a suspension reached and that no other one in force holds. For lifting it."""
    reached = Place.objects.filter(
        provider=suspension.provider_id, framework__buyer=suspension.buyer_id, state=PlaceState.SUSPENDED
    )
    if suspension.place_id:
        reached = reached.filter(pk=suspension.place_id)
    others = Suspension.objects.in_force().filter(provider=suspension.provider_id, buyer=suspension.buyer_id)
    if others.filter(place=None).exists():
        return []
    single = others.exclude(place=None).values("place")
    return list(reached.exclude(pk__in=single).values_list("pk", flat=True))


def any_place_of(suspension: Suspension) -> Place:
    """The latest place that the provider has or had with the buyer: a letter about all of them is about this one."""
    rows = Place.objects.filter(provider=suspension.provider_id, framework__buyer=suspension.buyer_id)
    return rows.select_related("framework__buyer", "provider").latest("pk")


def lines_of(place: Place) -> list[PriceLine]:
    """The price lines on which a place has a price."""
    priced = PriceLine.objects.filter(pk__in=place.prices.values("line"))
    return list(priced.order_by("position", "id"))


def suspension_labels(suspension: Suspension, *, places: int) -> dict:
    """What the record says of a suspension, and of how many places it reached."""
    return {
        "provider": suspension.provider_id,
        "place": suspension.place_id,
        "cause": str(suspension.cause),
        "places": places,
    }
