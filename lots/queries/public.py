"""What anybody reads of frameworks. However many lots one has, its page costs the same number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.db.models import CharField, DateTimeField, Exists, F, OuterRef, QuerySet, Value

from accounts.models import Organisation
from accounts.states import OrganisationKind
from lots.models import Decision, Document, Framework, KeyDate, Lot, PermittedUser, Place, PriceLine
from lots.rules.milestones import Dates
from lots.states import Phase, PlaceState

BUYERS = [OrganisationKind.AUTHORITY, OrganisationKind.TRUST]
_TIMES = [field.name for field in fields(Dates) if field.name != "key_dates"]
# Of a row in a list no more is read than is shown.
SHOWN_IN_LISTS = ["title", "reference", "is_open", "net_pence", "generation", "buyer_id", *_TIMES]


def all_published_frameworks() -> QuerySet[Framework]:
    """Every buyer's frameworks, once published: they are public by law. Each bears its `buyer_name`."""
    return Framework.objects.public().annotate(buyer_name=F("buyer__name")).only(*SHOWN_IN_LISTS)


def all_buyers_of_published_frameworks() -> list[tuple[int, str]]:
    """Who has published a framework, by name: (id, name) each."""
    published = Framework.objects.public().filter(buyer=OuterRef("pk"))
    buyers = Organisation.objects.filter(Exists(published), kind__in=BUYERS).order_by("name", "id")
    return list(buyers.values_list("pk", "name"))


def dates_of(framework: Framework, key_dates: Iterable[tuple[str, dt.datetime, str]] = ()) -> Dates:
    """What the framework says of time."""
    return Dates(**{name: getattr(framework, name) for name in _TIMES}, key_dates=tuple(key_dates))


@dataclass(frozen=True)
class LotLine:
    """A lot with its parts, as the framework's page shows it. Values are pence."""

    pk: int
    number: str
    title: str
    net_pence: int | None
    gross_pence: int | None
    is_auto: bool
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Clarification:
    about: str
    text: str
    decided_at: dt.datetime


@dataclass(frozen=True)
class Paper:
    """A notice or document; without `url` it was named and not published."""

    title: str
    notice_type: str
    reference: str
    url: str
    published_at: dt.datetime | None


@dataclass(frozen=True)
class FrameworkPage:
    """Everything that a framework's page says. `users` are those named beside the buyer."""

    framework: Framework
    dates: Dates
    lots: tuple[LotLine, ...]
    clarifications: tuple[Clarification, ...]
    papers: tuple[Paper, ...]
    users: tuple[str, ...]
    providers: int

    @property
    def lots_net_pence(self) -> int | None:
        """What the lots come to; None where one of them gives no value."""
        values = [lot.net_pence for lot in self.lots]
        return None if None in values or not values else sum(values)

    @property
    def biddable_parts(self) -> int:
        return sum(len(lot.parts) for lot in self.lots)


def framework_page(framework: Framework) -> FrameworkPage:
    """Four queries: the row with what it points to, lots with parts, everything that is a list of lines, and how many
    providers stand on it. The caller's door has let the person in."""
    whole = Framework.objects.select_related("buyer", "policies", "previous", "next", "standards").get(pk=framework.pk)
    lines = _lines_of(whole)
    return FrameworkPage(
        framework=whole,
        dates=dates_of(whole, [(one, at, text) for one, text, _, _, at in lines["date"]]),
        lots=lots_of(whole),
        clarifications=tuple(
            Clarification(about, text, at) for about, text, _, _, at in reversed(lines["clarification"])
        ),
        papers=tuple(Paper(text, one, ref, url, at) for one, text, ref, url, at in lines["document"]),
        users=tuple(text or name for _, text, name, _, _ in lines["user"]),
        providers=_providers_on(whole),
    )


def dates_with_key_dates(framework: Framework) -> Dates:
    """What a framework says of time, its key dates among it. One query; the caller's door has let the person in."""
    return dates_of(framework, framework.key_dates.order_by("at", "id").values_list("kind", "at", "description"))


def lots_of(framework: Framework) -> tuple[LotLine, ...]:
    """Lots in order, each with its parts, in one query."""
    found: dict[int, dict] = {}
    rows = (
        Lot.objects.filter(framework=framework)
        .order_by("position", "id", "sub_lots__letter", "sub_lots__id")
        .values_list(
            *("id", "number", "title", "net_pence", "gross_pence", "is_auto", "sub_lots__letter", "sub_lots__phase")
        )
    )
    for pk, number, title, net, gross, is_auto, letter, phase in rows:
        lot = found.setdefault(
            pk,
            {"number": number, "title": title, "net_pence": net, "gross_pence": gross, "is_auto": is_auto, "parts": []},
        )
        if letter is not None:
            lot["parts"].append(f"{number}{letter}\u00a0{Phase(phase).label}")
    return tuple(LotLine(pk=pk, **lot | {"parts": tuple(lot["parts"])}) for pk, lot in found.items())


def _lines_of(framework: Framework) -> dict[str, list[tuple]]:
    """Standing clarifications, key dates, documents and named users in one query: (one, text, other, url, moment) each,
    in the order of their page, oldest clarification first."""

    def words(name):
        return F(name) if name else Value("", CharField())

    def lines(what, rows, one, text, other, url, at, place):
        moment = F(at) if at else Value(None, DateTimeField())
        columns = [Value(what, CharField()), words(one), words(text), words(other), words(url), moment, place, F("id")]
        names = ["what", "one", "text", "other", "link", "moment", "place", "key"]
        return rows.filter(framework=framework).order_by().annotate(**dict(zip(_marked(names), columns, strict=True)))

    decisions = Decision.objects.filter(replaced_at=None).exclude(clarification="")
    parts = [
        lines("clarification", decisions, "about", "clarification", "", "", "decided_at", Value(0)),
        lines("date", KeyDate.objects, "kind", "description", "", "", "at", F("position")),
        lines("document", Document.objects, "notice_type", "title", "reference", "url", "published_at", F("position")),
        lines("user", PermittedUser.objects, "", "description", "organisation__name", "", None, Value(0)),
    ]
    names = _marked(["what", "one", "text", "other", "link", "moment", "place", "key"])
    first, *rest = [part.values_list(*names) for part in parts]
    found: dict[str, list[tuple]] = {"clarification": [], "date": [], "document": [], "user": []}
    for what, one, text, other, url, at, place, key in first.union(*rest, all=True):
        found[what].append((place, key, (one, text, other or "", url, at)))
    return {what: [line for _, _, line in sorted(rows, key=lambda row: row[:2])] for what, rows in found.items()}


def _marked(names: list[str]) -> list[str]:
    """Names that no field of the four models bears."""
    return [f"line_{name}" for name in names]


def _providers_on(framework: Framework) -> int:
    standing = Place.objects.filter(framework=framework, state__in=[PlaceState.ACTIVE, PlaceState.SUSPENDED])
    return standing.values("provider").distinct().count()


@dataclass(frozen=True)
class LotPage:
    """Everything that a lot's page says. `neighbours` are the framework's lots, for the way on."""

    lot: Lot
    regions: tuple[str, ...]
    lines: tuple[PriceLine, ...]
    texts: tuple
    neighbours: tuple[LotLine, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        return next(one.parts for one in self.neighbours if one.pk == self.lot.pk)


def lot_page(lot: Lot) -> LotPage:
    """Four queries; the door that let the person in has loaded the lot with its framework and buyer."""
    return LotPage(
        lot=lot,
        regions=tuple(lot.regions.order_by("position", "id").values_list("code", flat=True)),
        lines=tuple(lot.price_lines.all()),
        texts=tuple(lot.texts.select_related("same_as").order_by("kind", "position", "id")),
        neighbours=lots_of(lot.framework),
    )
