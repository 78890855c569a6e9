"""A framework as plain facts: what is read from a notice, typed in by hand, and compared. No rows, no notice format.

Money is integer pence; days are days in England; moments are aware. Empty text and None stand for "not said".
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SubLotFacts:
    """A lot's part: letter and phase (`primary`, `secondary`, `post_16`)."""

    letter: str
    phase: str


@dataclass(frozen=True)
class TextFacts:
    """A text of a lot (`kind` is a value of `TextKind`). `same_as` is the number of the lot whose words it borrows."""

    kind: str
    name: str
    published: str
    resolved: str
    same_as: str = ""


@dataclass(frozen=True)
class LotFacts:
    number: str
    title: str
    description: str = ""
    net_pence: int | None = None
    gross_pence: int | None = None
    is_auto: bool = False
    for_small: bool = False
    for_voluntary: bool = False
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    regions: tuple[str, ...] = ()
    sub_lots: tuple[SubLotFacts, ...] = ()
    texts: tuple[TextFacts, ...] = ()


@dataclass(frozen=True)
class KeyDateFacts:
    """`kind` is a value of `KeyDateKind`."""

    kind: str
    at: dt.datetime
    description: str = ""


@dataclass(frozen=True)
class DocumentFacts:
    title: str
    reference: str = ""
    kind: str = ""
    notice_type: str = ""
    url: str = ""
    published_at: dt.datetime | None = None


@dataclass(frozen=True)
class FrameworkFacts:
    """Names of fields are those of `lots.models.Framework`, so that rows and facts compare field by field."""

    title: str
    description: str = ""
    ocid: str = ""
    reference: str = ""
    is_open: bool = True
    light_touch: bool = True
    above_threshold: bool = True
    with_competition: bool = False
    net_pence: int | None = None
    gross_pence: int | None = None
    max_participants: int | None = None
    max_lots: int | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    scheme_ends_on: dt.date | None = None
    enquiries_until: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    award_by_on: dt.date | None = None
    criteria: str = ""
    lots_explained: str = ""
    payment_terms: str = ""
    risks: str = ""
    how_to_apply: str = ""
    lots: tuple[LotFacts, ...] = ()
    key_dates: tuple[KeyDateFacts, ...] = field(default=())
    documents: tuple[DocumentFacts, ...] = field(default=())
