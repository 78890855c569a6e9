"""The answers of an application in groups that open and close: a page of twenty standards is long otherwise. On
paper everything is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from providers.rules.copy import Section
from providers.rules.offer import Offer
from providers.rules.parts import STANDARD

OWN = {
    "organisation": "About your organisation",
    "profile": "About your organisation",
    "exclusion": "About your organisation",
    "connected": "About your organisation",
    "conflicts": "About your organisation",
    "lots": "Lots and prices",
    "prices": "Lots and prices",
    "declarations": "Declarations",
}


@dataclass(frozen=True)
class Shown:
    """A part with its answers; where it is changed, if it can be."""

    section: Section
    number: str = ""
    url: str | None = None
    carried: bool = False
    missing: int = 0
    begun: bool = True


@dataclass(frozen=True)
class Group:
    """Parts under one heading. Open from the beginning where something that was begun is not whole, or carried over."""

    title: str
    parts: tuple[Shown, ...]

    @property
    def missing(self) -> int:
        return sum(one.missing for one in self.parts)

    @property
    def to_look_at(self) -> bool:
        return any(one.carried or (one.missing and one.begun) for one in self.parts)

    @property
    def in_short(self) -> str:
        """The numbers of standards where there are several: 1.1 to 1.6."""
        numbers = [one.number for one in self.parts if one.number]
        return f"Standards {numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else ""


def numbers_of(document: Mapping) -> dict[str, str]:
    """Standards by their code, with their numbers."""
    return {f"{STANDARD}{one['standard']}": one["number"] for one in document["standards"]}


def groups(parts: Iterable[Shown], themes: Mapping[str, str] | None = None) -> list[Group]:
    """In the order in which they come. `themes`: the heading of each standard's code, where the framework is at hand;
    what was frozen has the numbers alone."""
    known = OWN | (themes or {})

    def title(one: Shown) -> str:
        part, dot, _ = one.number.partition(".")
        return known.get(one.section.code) or (f"Quality standards, part {part}" if dot else "Quality standards")

    return [Group(heading, tuple(found)) for heading, found in groupby(parts, key=title)]


def themes_of(offer: Offer) -> dict[str, str]:
    """Each standard's code with the heading of its part."""
    return {
        f"{STANDARD}{standard.pk}": f"Part {theme.number}: {theme.title}"
        for theme in offer.themes
        for standard in theme.standards
    }
