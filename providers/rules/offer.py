"""What a framework offers to bidders, as plain facts: lots, parts, price lines, standards, the policies that they must
know before they bid. `providers.queries.offers.offer_of` fills it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A part of a lot for one age phase."""

    pk: int
    letter: str
    phase: str
    phase_name: str


@dataclass(frozen=True)
class Line:
    """What is priced. The unit is fixed; `gated` prices are compared with others, the rest are only asked for."""

    pk: int
    title: str
    unit: str
    unit_name: str
    mode_name: str
    group_name: str
    includes: str
    gated: bool
    required: bool


@dataclass(frozen=True)
class OfferedLot:
    """A lot. An auto lot is not bid for: a place on any other brings it."""

    pk: int
    number: str
    title: str
    description: str
    is_auto: bool
    parts: tuple[Part, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class AskedEvidence:
    """What is shown for a standard. `months` is how long a certificate counts where it bears no end date."""

    pk: int
    kind: str
    title: str
    months: int | None
    required: bool


@dataclass(frozen=True)
class AskedOtherwise:
    """For whom the standard is not asked (`not_asked`), or shown by other evidence (`other_evidence`, `instead`)."""

    to: str
    how: str
    instead: str


@dataclass(frozen=True)
class AskedStandard:
    pk: int
    number: str
    title: str
    good_looks_like: str
    safeguarding: bool
    evidence: tuple[AskedEvidence, ...] = ()
    otherwise: tuple[AskedOtherwise, ...] = ()


@dataclass(frozen=True)
class AskedTheme:
    pk: int
    number: str
    title: str
    standards: tuple[AskedStandard, ...] = ()


@dataclass(frozen=True)
class Offer:
    """One framework as bidders meet it. `price_per_part`: a price is asked for each part of a lot (pool = sub_lot),
    else once for the lot. `net`: prices are compared without VAT. `quality_per_lot`: a failed standard costs the lot,
    and an answer may differ from lot to lot; else it is answered once. `max_lots` counts lots, or parts where
    `limit_counts_parts`. `both_sides`: a price may be too low as well. Moments are UTC;
    days are days in England."""

    framework_id: int
    title: str
    buyer: str
    reference: str
    previous_id: int | None
    closes_at: dt.datetime | None
    enquiries_until: dt.datetime | None
    max_lots: int | None
    limit_counts_parts: bool
    price_per_part: bool
    net: bool
    quality_per_lot: bool
    margin_percent: int
    lots: tuple[OfferedLot, ...] = ()
    themes: tuple[AskedTheme, ...] = ()
    both_sides: bool = False
    starts_on: dt.date | None = None
    award_by_on: dt.date | None = None

    @property
    def biddable(self) -> tuple[OfferedLot, ...]:
        """The lots that can be bid for."""
        return tuple(lot for lot in self.lots if not lot.is_auto)

    @property
    def standards(self) -> tuple[AskedStandard, ...]:
        """Every standard, in order."""
        return tuple(standard for theme in self.themes for standard in theme.standards)

    def lot(self, pk: int) -> OfferedLot | None:
        """The lot of that key."""
        return next((lot for lot in self.lots if lot.pk == pk), None)

    def standard(self, pk: int) -> AskedStandard | None:
        """The standard of that key."""
        return next((standard for standard in self.standards if standard.pk == pk), None)
