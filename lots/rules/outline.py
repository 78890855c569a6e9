"""A framework's outline as it is typed by hand: its lots with their parts and values, its own facts, who may use it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.money import Money
from lots.rules.refusals import Refused
from lots.states import FrameworkState

MOST_LOTS = 100
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z .-]{0,19}")


@dataclass(frozen=True)
class LotDraft:
    """A lot as it is typed. `letters` are those of its parts; values are pence, None where nothing was typed."""

    number: str
    title: str
    letters: tuple[str, ...] = ()
    is_auto: bool = False
    description: str = ""
    net_pence: int | None = None
    gross_pence: int | None = None
    for_small: bool = False
    for_voluntary: bool = False
    regions: tuple[str, ...] = ()


def check_draft(state: str) -> None:
    """Raise `Refused` once a framework is no longer being set up: what providers bid on stays as it was published
    (Procurement Act 2023, s.31: a procurement under way is modified by a notice to all, never silently)."""
    if state == FrameworkState.WITHDRAWN:
        raise Refused("This framework was withdrawn, so nothing in it can be changed")
    if state != FrameworkState.DRAFT:
        raise Refused(
            "This framework is published, so this can no longer be changed: providers rely on what they read. "
            "Only its meetings and planned dates can be changed here"
        )


def check_title(title: str, others: Iterable[str]) -> None:
    """Raise `Refused` where this buyer already sets up a framework of that title, as when a form is sent twice."""
    if title.casefold() in {other.casefold() for other in others}:
        raise Refused("You are already setting up a framework with this title: go on with that one", field="title")


def check_values(net_pence: int | None, gross_pence: int | None, *, field: str = "gross_pence") -> None:
    """Raise `Refused` when the value with VAT is less than the one without."""
    if net_pence is not None and gross_pence is not None and gross_pence < net_pence:
        raise Refused(
            f"The value including VAT ({Money(gross_pence).in_short}) is less than the value excluding VAT "
            f"({Money(net_pence).in_short}): change one of them",
            field=field,
        )


def check_lot(lot: LotDraft, numbers: Iterable[str], *, stands: LotDraft | None = None) -> None:
    """Raise `Refused` when this lot cannot stand beside those with these numbers. What already `stands` is not judged
    again: a number or values that a notice spells oddly stay until somebody changes them."""
    if stands is None or lot.number != stands.number:
        _check_number(lot.number, numbers)
    if lot.is_auto and lot.letters:
        raise Refused(
            "A lot that comes with the others has no parts, because nobody bids for it: untick its parts, or say that "
            "providers bid for it",
            field="letters",
        )
    if stands is None or (lot.net_pence, lot.gross_pence) != (stands.net_pence, stands.gross_pence):
        check_values(lot.net_pence, lot.gross_pence)


def _check_number(number: str, others: Iterable[str]) -> None:
    if not _NUMBER.fullmatch(number):
        raise Refused("A lot’s number is digits and letters, like 1 or 2A, 20 characters at most", field="number")
    if number.casefold() in {other.casefold() for other in others}:
        raise Refused(f"There is already a lot {number}: choose another number", field="number")


def check_count(standing: int, added: int) -> None:
    """Raise `Refused` for more lots than anybody could bid for."""
    if standing + added > MOST_LOTS:
        raise Refused(f"A framework has {MOST_LOTS} lots at most")


def next_number(numbers: Iterable[str]) -> str:
    """The number to propose for one more lot: one more than the highest."""
    whole = [int(number) for number in numbers if re.fullmatch(r"[0-9]{1,4}", number)]
    return str(max(whole, default=0) + 1)


def moved(order: Sequence[int], pk: int, *, up: bool) -> list[int]:
    """The keys with this one changed for its neighbour; at the end of the list it stays where it is."""
    found = list(order)
    here = found.index(pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(found):
        found[here], found[there] = found[there], found[here]
    return found


def values_apart(headline: int | None, lots: Sequence[int | None]) -> int | None:
    """The sum of the lots' values where it is not the headline's; None where they agree, or one of them is unknown."""
    if headline is None or not lots or None in lots:
        return None
    total = sum(lots)
    return total if total != headline else None
