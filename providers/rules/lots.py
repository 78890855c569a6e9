"""Which lots, and which parts of them, an application is for. A lot that comes with the others is not chosen; it is
explained. Each lot has a field of its own: `lot_<key>` holds the keys of its parts, or `whole` for a lot without parts.
"""

from __future__ import annotations

from collections.abc import Mapping

from providers.rules.draft import Answers
from providers.rules.offer import Offer, OfferedLot
from providers.rules.reading import Context, Problem, Reading
from providers.rules.typed import texts

WHOLE = "whole"


def field_of(lot: OfferedLot) -> str:
    """The field in which the lot is chosen."""
    return f"lot_{lot.pk}"


def read(answers: Answers, context: Context) -> Reading:
    """At least one lot; no more than the framework's limit, which counts lots or, where it says so, parts. Both keep an
    application from being submitted: one that is for nothing is none, and one for too much leaves the buyer to choose.
    """
    offer = context.offer
    chosen = {lot.pk: parts for lot in offer.biddable if (parts := _chosen(answers, lot)) is not None}
    return Reading(
        values={"lots": [{"lot": lot, "parts": list(parts)} for lot, parts in chosen.items()]},
        problems=_problems(chosen, offer),
        begun=bool(chosen),
    )


def write(values: Mapping, context: Context) -> Answers:
    """The way back, for an application that begins with an earlier one's answers."""
    answers = {}
    for row in values.get("lots", ()):
        lot = context.offer.lot(row["lot"])
        if lot is not None and not lot.is_auto:
            answers[field_of(lot)] = [str(part) for part in row["parts"]] or [WHOLE]
    return answers


def _chosen(answers: Answers, lot: OfferedLot) -> tuple[int, ...] | None:
    """The parts that were ticked, in their order; None where the lot was not chosen."""
    ticked = texts(answers, field_of(lot))
    if not lot.parts:
        return () if WHOLE in ticked else None
    return tuple(part.pk for part in lot.parts if str(part.pk) in ticked) or None


def _problems(chosen: Mapping[int, tuple[int, ...]], offer: Offer) -> tuple[Problem, ...]:
    first = field_of(offer.biddable[0]) if offer.biddable else ""
    if not chosen:
        return (Problem("Choose at least one lot that you apply for", first, stops=True),)
    count, one, many = len(chosen), "lot", "lots"
    if offer.limit_counts_parts:
        count, one, many = sum(len(parts) or 1 for parts in chosen.values()), "part", "parts"
    if offer.max_lots is None or count <= offer.max_lots:
        return ()
    limit = f"{offer.max_lots} {one if offer.max_lots == 1 else many}"
    text = f"You can apply for {limit} at most, and have chosen {count}. Take away {count - offer.max_lots}"
    return (Problem(text, first, stops=True),)
