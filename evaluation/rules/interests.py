"""Interests of the people on a panel (Procurement Act 2023, sections 81 and 82): what they declare, what the portal
finds by itself, and who may decide that an interest does no harm."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lots.rules.refusals import Refused

SHORTEST_NAME = 4  # characters; a shorter name would be found in any text
HELD_A_ROLE = "Holds or held a role at this organisation in the portal."
NAMED_IT = "Named it when they declared their interests before the names were known."
NAMED_BY_BIDDER = "The bidder named somebody of this person’s name when it declared conflicts of interest."
CONNECTED = "The bidder names somebody of this person’s name among its connected persons."


def check_declared(*, has_interest: bool, text: str, chosen: Collection, before: bool) -> None:
    """A yes says what the interest is; with names known also in which bidders. A no ticks nothing. Raises `Refused`."""
    if has_interest and before and not text:
        raise Refused("Say what your interest is, and in which organisation", field="text")
    if has_interest and not before and not chosen:
        raise Refused("Select the bidders in which you have an interest", field="has_interest")
    if not has_interest and chosen:
        raise Refused(
            "You said that you have no interest, and named organisations: change one of the two", field="has_interest"
        )


def check_turn(*, after: bool, opened: bool, declared_before: bool) -> None:
    """Interests are declared before the names are known and again when they are, in this order. Raises `Refused`."""
    if after and not opened:
        raise Refused("The names of the bidders are not known yet: they are once the applications are opened")
    if after and not declared_before:
        raise Refused("Declare your interests without the names first")


def check_decision(*, person: int, by: int, reason: str, stands: bool) -> None:
    """That an interest does no harm any more is decided once, with the reason, by somebody else. Raises `Refused`."""
    if person == by:
        raise Refused("You cannot decide about your own interest: somebody else does")
    if not stands:
        raise Refused("This was decided already")
    if not reason:
        raise Refused("Say what was done about it and why that is enough", field="reason")


def words_of(text: str) -> str:
    """A text folded for comparison: no case, accents or punctuation, one space between words and around them."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    words = re.sub(r"[\W_]+", " ", plain).split()
    return f" {' '.join(words)} "


def named_in(text: str, names: Mapping[int, str]) -> set[int]:
    """Which of these organisations a text names, by key: their whole names, whatever the case."""
    said = words_of(text)
    folded = {pk: words_of(name) for pk, name in names.items()}
    return {pk for pk, name in folded.items() if len(name.strip()) >= SHORTEST_NAME and name in said}


@dataclass(frozen=True)
class Telling:
    """What one bidder says of people: the words of its conflicts of interest, and the names of its connected
    persons."""

    provider: int
    conflicts: str
    connected: tuple[str, ...]


def telling(provider: int, document: Mapping) -> Telling:
    """It from a frozen document."""
    answers = [one for one in document.get("conflicts", {}).get("questions", ()) if one.get("answer") == "yes"]
    said = [one.get(name) or "" for one in answers for name in ("details", "steps")]
    persons = document.get("connected", {}).get("persons", ())
    return Telling(provider, "\n".join(said), tuple(one.get("name") or "" for one in persons))


def found_of(name: str, told: Collection[Telling]) -> Iterator[tuple[int, str]]:
    """The bidders whose own words name somebody of this name, each with why. A single word is nobody's full name and
    is not looked for. It may be somebody else of that name: then it is decided so."""
    person = words_of(name)
    if len(person.split()) < 2:
        return
    for one in told:
        if any(words_of(other) == person for other in one.connected):
            yield one.provider, CONNECTED
        elif person in words_of(one.conflicts):
            yield one.provider, NAMED_BY_BIDDER
