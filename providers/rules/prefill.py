"""An application to a framework that was opened again begins with what the provider submitted the last time.

Lots are known again by number, parts by letter, prices by lot, line and unit, standards by number, documents by the
document (its newest version counts). What was declared, and what was said of exclusion and of conflicts, is said anew:
it was true then. Everything that was taken over is marked until somebody has looked at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from providers.rules.draft import Part
from providers.rules.offer import Offer
from providers.rules.parts import STANDARD, write
from providers.rules.reading import Context

AS_THEY_ARE = ("organisation", "connected")


def carried(document: Mapping, context: Context, *, saved_at: str) -> dict[str, Part]:
    """The draft that an earlier document gives. `saved_at` is ISO 8601 in UTC."""
    found = {}
    for code, values in _moved(document, context):
        answers = write(code, values, context)
        if answers:
            found[code] = Part(answers, revision=1, saved_at=saved_at, carried=True)
    return found


def _moved(document: Mapping, context: Context) -> Iterator[tuple[str, Mapping]]:
    """Each part's values under this framework's keys; parts of which nothing is left are left out."""
    items = {one["version"]: one["item"] for one in document["evidence"]}
    current = {held.item: held for held in context.library.values() if held.is_current}
    for code in AS_THEY_ARE:
        yield code, _with_current(document[code], items, current)
    if lots := list(_lots(document, context.offer)):
        yield "lots", {"lots": lots}
    if prices := list(_prices(document, context.offer)):
        yield "prices", {"prices": prices}
    answered = {values["number"]: values for values in document["standards"]}
    for standard in context.offer.standards:
        if standard.number in answered:
            yield f"{STANDARD}{standard.pk}", answered[standard.number]


def _lots(document: Mapping, offer: Offer) -> Iterator[dict]:
    """Lots that are still offered; one of whose parts none is left is left out."""
    now = {lot.number: lot for lot in offer.biddable}
    for was in document["lots"]:
        if was["number"] in now:
            lot, letters = now[was["number"]], {part["letter"] for part in was["parts"]}
            parts = [part.pk for part in lot.parts if part.letter in letters]
            if parts or not lot.parts:
                yield {"lot": lot.pk, "parts": parts}


def _prices(document: Mapping, offer: Offer) -> Iterator[dict]:
    """Prices of lines that are the same still, asked for the same (the lot, or each part of it)."""
    now = {
        (lot.number, part.letter if part else "", line.title, line.unit): (lot.pk, part.pk if part else None, line.pk)
        for lot in offer.biddable
        for part in (lot.parts if offer.price_per_part and lot.parts else (None,))
        for line in lot.lines
    }
    for was in document["prices"]:
        key = now.get((was["lot_number"], was["letter"], was["title"], was["unit"]))
        if key:
            yield dict(was) | dict(zip(("lot", "part", "line"), key, strict=True))


def _with_current(values, items: Mapping, current: Mapping):
    """Values in which each document is its newest version; one that has gone from the library is left out."""
    if isinstance(values, Mapping):
        if "version" not in values:
            return {name: _with_current(value, items, current) for name, value in values.items()}
        held = current.get(items.get(values["version"]))
        return dict(values) | {"version": held.version, "sha256": held.sha256} if held else None
    if isinstance(values, list):
        return [one for one in (_with_current(value, items, current) for value in values) if one is not None]
    return values
