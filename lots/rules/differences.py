"""What differs between two tellings of one framework: the portal's and a notice's, or those of two notices."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from lots.rules.facts import FrameworkFacts, LotFacts

LABELS = {
    "title": "Title",
    "description": "Description",
    "ocid": "Procurement identifier (ocid)",
    "reference": "Reference",
    "is_open": "Open framework",
    "light_touch": "Light touch regime",
    "above_threshold": "Above the threshold",
    "with_competition": "Competition at each agreement",
    "net_pence": "Value without VAT",
    "gross_pence": "Value with VAT",
    "max_participants": "Most providers on the framework",
    "max_lots": "Most lots that one provider may apply for",
    "starts_on": "Framework starts",
    "ends_on": "Framework ends",
    "scheme_ends_on": "Open framework ends for good",
    "enquiries_until": "Questions until",
    "closes_at": "Deadline for applications",
    "award_by_on": "Decisions by",
    "criteria": "How applications are judged",
    "lots_explained": "How the lots work",
    "payment_terms": "Payment terms",
    "risks": "Risks",
    "how_to_apply": "How to apply",
    "key_dates": "Meetings and planned dates",
    "documents": "Notices and documents",
}
LOT_LABELS = {
    "title": "title",
    "description": "description",
    "net_pence": "value without VAT",
    "gross_pence": "value with VAT",
    "is_auto": "comes with the other lots",
    "for_small": "suitable for small and medium-sized firms",
    "for_voluntary": "suitable for charities and social enterprises",
    "starts_on": "starts",
    "ends_on": "ends",
    "regions": "delivery regions",
    "sub_lots": "parts",
    "texts": "criteria and conditions",
}
# What a new notice may still change once the framework is published here: nothing that providers rely on. A longer
# time to apply is given to everybody by an action of its own, never by reading a notice.
OPEN_AFTER_PUBLICATION = {"key_dates", "documents"}


@dataclass(frozen=True)
class Difference:
    """One thing that is said differently. `key` is the fact's (`title`, `lots.1.net_pence`), `lots.1` a whole lot that
    only one side has: the other is None. `lot` and `field` are the key's parts."""

    key: str
    label: str
    before: Any
    after: Any
    field: str = ""
    lot: str = ""


def differences(before: FrameworkFacts, after: FrameworkFacts) -> tuple[Difference, ...]:
    """What `after` says differently from `before`, in the order in which a framework is read. The order of lots counts
    for nothing."""
    found = [
        Difference(name, label, getattr(before, name), getattr(after, name), name)
        for name, label in LABELS.items()
        if getattr(before, name) != getattr(after, name)
    ]
    old, new = {lot.number: lot for lot in before.lots}, {lot.number: lot for lot in after.lots}
    for number in [*old, *(number for number in new if number not in old)]:
        found += _of_lot(number, old.get(number), new.get(number))
    return tuple(found)


def _of_lot(number: str, old: LotFacts | None, new: LotFacts | None) -> list[Difference]:
    if old is None or new is None:
        return [Difference(f"lots.{number}", f"Lot {number}", old, new, "", number)]
    return [
        Difference(
            f"lots.{number}.{name}", f"Lot {number}: {label}", getattr(old, name), getattr(new, name), name, number
        )
        for name, label in LOT_LABELS.items()
        if getattr(old, name) != getattr(new, name)
    ]


def value_of(facts: FrameworkFacts, difference: Difference) -> Any:
    """What `facts` say of the thing that differs; None for a lot, or a fact of a lot, that they do not have."""
    if not difference.lot:
        return getattr(facts, difference.field)
    lot = next((lot for lot in facts.lots if lot.number == difference.lot), None)
    return getattr(lot, difference.field) if lot and difference.field else lot


def merged(before: FrameworkFacts, after: FrameworkFacts, keys: Collection[str]) -> FrameworkFacts:
    """`before`, with what `after` says of the facts in `keys`. New lots come last; keys that do not differ count for
    nothing."""
    own, lots = {}, {lot.number: lot for lot in before.lots}
    for difference in differences(before, after):
        if difference.key not in keys:
            continue
        if not difference.lot:
            own[difference.field] = difference.after
        elif difference.field:
            lots[difference.lot] = replace(lots[difference.lot], **{difference.field: difference.after})
        elif difference.after is None:
            del lots[difference.lot]
        else:
            lots[difference.lot] = difference.after
    return replace(before, **own, lots=tuple(lots.values()))


def print_of(facts: FrameworkFacts) -> str:
    """A short print of what is said of a framework: the same as long as the same is said."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def why_kept(difference: Difference, *, published: bool) -> str:
    """Why the portal's own telling stays whatever a new notice says; empty where the officer may choose.

    Before publication everything can be taken, save the ocid, by which notices find their framework. After it only
    meetings, planned dates and documents: a procurement under way is changed by a notice to all with time to answer it
    (Procurement Act 2023, s.31), and policies are locked."""
    if difference.key == "ocid" and difference.before:
        return "A framework keeps the identifier that it began with."
    if not published or difference.key in OPEN_AFTER_PUBLICATION:
        return ""
    if difference.key in {"closes_at", "enquiries_until"}:
        if difference.after is None or difference.before is None or difference.after < difference.before:
            return "The time to apply is never made shorter once the framework is published."
        return "More time is given to everybody at once, as an extension. Reading a notice does not give it."
    return "This was fixed when the framework was published."
