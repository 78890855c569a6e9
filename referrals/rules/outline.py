"""The outline is read by every provider that is asked, so it names nobody."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

import regex

# Letters that NFKD leaves whole.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
# Names that are words too: they count as a name only where they stand with a capital inside a sentence.
_COMMON = """
a an and as art august be bay bright can daisy dawn day do drew faith frank grace grant guy have he hope ivy jack joy
june lee long love mark may miles no on or pat penny price ray rich rob rose ruby sandy short sky so sue summer the to
tom wade west white will wood young
"""
_SCHOOLS = """
school schools academy college primary secondary infant infants junior juniors high grammar nursery community foundation
church of england catholic rc ce cofe c e saint st the and for trust sixth form upper lower middle special free
"""
_STREETS = """
road rd street st lane ln avenue ave close drive dr way court ct crescent cres terrace place pl gardens grove hill
square sq row mews walk park rise view the flat house apartment unit
"""
_WORDS_TOO, _OF_SCHOOLS, _OF_STREETS = (frozenset(text.split()) for text in (_COMMON, _SCHOOLS, _STREETS))
_EMAIL = regex.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = regex.compile(r"(?<![\d/])(?:\+|\(|\d)[\d\s().-]{8,}\d")
_FEWEST_DIGITS = 10
_OWNER = regex.compile(r"['’]s\b", flags=regex.I)


@dataclass(frozen=True)
class Names:
    """What would tell who the pupil is. `people` are names of the pupil, now and before, and of contacts; `numbers` the
    UPN and ULN."""

    people: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    postcode: str = ""
    born_on: dt.date | None = None


def telling(outline: str, names: Names) -> str:
    """The first words of the outline that tell who the pupil is, as they stand there; empty where there are none.
    Capitals, accents, hyphens and apostrophes make no difference."""
    spelled = _Spelled(outline)
    for compact in (*names.numbers, names.postcode, *_joined(names.people)):
        if compact and (said := spelled.compact(compact)):
            return said
    if found := _EMAIL.search(outline) or _phone(outline):
        return found.group().strip(" .,")
    if said := _birthday(outline, names.born_on):
        return said
    for phrase in _phrases(names):
        if said := spelled.phrase(phrase):
            return said
    return ""


def folded(text: str) -> str:
    """Small letters without accents, apostrophes or dots; hyphens are spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = regex.sub(r"\p{M}|['’‘`.]", "", plain)
    return regex.sub(r"[^\p{L}\p{N}]+", " ", plain).strip()


def _phone(outline: str):
    for found in _PHONE.finditer(outline):
        if sum(character.isdigit() for character in found.group()) >= _FEWEST_DIGITS:
            return found
    return None


class _Spelled:
    """The words of a text: folded, where each stands, and how else it reads: what ends in an apostrophe and an s counts
    without it too."""

    def __init__(self, text: str):
        self.text = text
        self.words: list[tuple[str, int, int, frozenset[str]]] = []
        for found in regex.finditer(r"[\p{L}\p{M}\p{N}'’‘`]+", text):
            for word in folded(found.group()).split():
                ways = {word, word[:-1]} if _OWNER.search(found.group()) else {word}
                self.words.append((word, *found.span(), frozenset(ways)))

    def phrase(self, words: tuple[str, ...]) -> str:
        """Where these words stand one after the other, as they are spelled there."""
        for start in range(len(self.words) - len(words) + 1):
            here = self.words[start : start + len(words)]
            if not all(wanted in one[3] for wanted, one in zip(words, here, strict=True)):
                continue
            if len(words) > 1 or words[0] not in _WORDS_TOO or self._is_a_name(here[0][1]):
                return self.text[here[0][1] : here[-1][2]]
        return ""

    def compact(self, number: str) -> str:
        """Where this number stands, with or without spaces in it."""
        wanted = folded(number).replace(" ", "")
        for start in range(len(self.words)):
            joined = ""
            for word, _, end, _ in self.words[start:]:
                joined += word
                if joined == wanted:
                    return self.text[self.words[start][1] : end]
                if len(joined) >= len(wanted):
                    break
        return ""

    def _is_a_name(self, at: int) -> bool:
        before = self.text[:at].rstrip(" \t")
        begins = not before or before[-1] in ".!?\n:"
        return self.text[at].isupper() and not begins and not before[-1].isdigit()  # "4 May" is a day


def _phrases(names: Names) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name in names.people:
        parts = [part for part in folded(name).split() if len(part) > 1]
        found += [(part,) for part in parts] + [(f"{part}s",) for part in parts if len(part) > 3]
    for school in names.schools:
        for name in dict.fromkeys((school, _OWNER.sub("", school))):
            found += _place(folded(name).split(), _OF_SCHOOLS)
    for street in names.streets:
        words = [word for word in folded(street).split() if not word[0].isdigit()]
        found += _place(words, _OF_STREETS)
    return found


def _joined(people: tuple[str, ...]) -> list[str]:
    """Names that could be written in two words, or as one: Annemarie, O’Neil."""
    found = [folded(name) for name in people]
    parts = [part for name in found for part in (name.replace(" ", ""), *name.split())]
    return [part for part in parts if len(part) > 4 and part not in _WORDS_TOO]


def _place(words: list[str], common: frozenset[str]) -> list[tuple[str, ...]]:
    """The whole name of a place, and what is its own in it: two words, or one that is not short."""
    own = tuple(word for word in words if word not in common)
    found = [tuple(words)] if len(words) > 1 else []
    if len(own) > 1 or (own and len(own[0]) > 4):
        found.append(own)
    return found


def _birthday(outline: str, born_on: dt.date | None) -> str:
    if born_on is None:
        return ""
    months = f"{born_on:%B}|{born_on:%b}|0?{born_on.month}"
    year = f"(?:{born_on.year}|{born_on:%y})"
    between = r"[\s./-]+(?:of\s+)?"
    ways = (
        rf"\b0?{born_on.day}(?:st|nd|rd|th)?{between}(?:{months}){between}{year}\b",
        rf"\b{born_on.year}-{born_on:%m-%d}\b",
    )
    for way in ways:
        if found := regex.search(way, outline, flags=regex.I):
            return found.group()
    return ""
