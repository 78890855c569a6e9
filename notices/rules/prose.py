"""What a notice says in sentences only: which parts a lot has, and which lots come with the others.

Find a Tender has no field for either. Sentences are read narrowly: what is not understood for sure is left to the
officer. Letters A, B and C stand for primary, secondary and 16+ whatever a lot offers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

# Prose longer than this is not read by machine: no notice has it, and people check what was read.
LONGEST_PROSE = 20_000
LETTERS = {"primary": "A", "secondary": "B", "post_16": "C"}
PHASES = {letter: phase for phase, letter in LETTERS.items()}

_PRIMARY, _SECONDARY = r"primary", r"secondary"
_POST_16 = r"(?:post|over)[\s-]?(?:16|sixteen)s?|16\s?\+|16\s?plus|16\s?(?:-|–|to)\s?(?:18|19|25)|sixth[\s-]form"
_PHASE = rf"(?:{_PRIMARY}|{_SECONDARY}|{_POST_16})(?!\w)"
_BETWEEN = r"(?:\s{0,3}(?:,|;|&|/|\+|and/or\b|and\b|or\b)){1,2}\s{0,3}"
_PHASE_LIST = rf"{_PHASE}(?:{_BETWEEN}{_PHASE})*"
_DASH = r"\s{0,3}[-–—:(]\s{0,3}"
_NUMBERS = r"\d{1,6}(?:\s{0,3}(?:,|&|and|to|-|–)\s{0,3}(?:lots?\s)?\d{1,6}){1,20}"

_HEADING = re.compile(
    rf"\blots\s{{1,3}}(?P<several>{_NUMBERS}){_DASH}|\blot\s{{0,3}}(?P<one>\d{{1,6}})\s?(?P<letter>[A-C])?{_DASH}", re.I
)
_LISTED = re.compile(rf"(?:^|[-–—:(,])\s{{0,3}}(?P<phases>{_PHASE_LIST})", re.I)
_SEGMENT_ENDS = re.compile(r"[.;\n]")
_DIVIDED = re.compile(
    rf"\blots?\b[^.;\n]{{0,60}}?\b(?:divided|split|broken)\b[^.;\n]{{0,120}}?\b(?P<phases>{_PHASE}{_BETWEEN}{_PHASE}"
    rf"(?:{_BETWEEN}{_PHASE})*)",
    re.I,
)
_LETTERED = re.compile(
    r"\b(?:[Ll]ot|LOT)\s{0,2}(?P<number>\d{1,6})\s{0,2}(?P<letters>[A-C]\b(?:(?:\s{0,2}(?:,|/|&|and/or\b|and\b|or\b)){1,2}\s{0,2}[A-C]\b)+)"
)
_AUTOMATIC = re.compile(r"\bautomatic", re.I)
_JOINS = re.compile(
    rf"(?<!\bto )(?<!\bfor )(?<!\bby )"
    rf"\b(?:members?|membership|place|part|admitted|added|join|included|enrolled|accepted)"
    rf"\s{{1,3}}(?:of|on|in|to|for|onto|into)?"
    rf"\s{{0,3}}(?:the\s)?lots?\s{{1,3}}(?P<lots>{_NUMBERS}|\d{{1,6}})",
    re.I,
)
_NOT_SO = re.compile(r"\b(?:not|never|no)\s(?:be\s|become\s)?automatic", re.I)
_NO_BID = re.compile(
    rf"\b(?:not|never|cannot|no need to|without)\s(?:need\sto\s|have\sto\s|required\sto\s|be\sable\sto\s)?"
    rf"(?:bid(?:ding)?|apply(?:ing)?|tender(?:ing)?)\s(?:for|to)\s(?:the\s)?lots?\s{{1,3}}(?P<lots>{_NUMBERS}|\d{{1,6}})"
    r"(?!\s(?:to|before|if|unless|in\sorder)\b)",
    re.I,
)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the space around them."""
    return [part.strip() for part in _SENTENCE.split(text[:LONGEST_PROSE]) if part.strip()]


def plain_number(lot: str) -> str:
    """The number by which sentences call a lot: `1` for the ids `1`, `LOT-0001` and `Lot 1`."""
    digits = re.search(r"([0-9]{1,18})[^0-9]*\Z", lot)
    return str(int(digits[1])) if digits else lot


@dataclass(frozen=True)
class Parts:
    """What the prose says of parts. Numbers are those of sentences; `words` are the words that say it.

    `named` are letters that sentences give a lot ("Lot 1 A, B and C"). `unclear` are lots whose parts are told in two
    different ways, with both."""

    letters: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    named: dict[str, tuple[str, str]] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)
    divided: str = ""


def parts(text: str) -> Parts:
    """Read the list of lots and their phases ("Lot 1 - Vocational - Secondary, 16+ Lot 2 - …").

    Without such a list, one sentence that divides all lots into the same phases counts for all (`divided`, letters)."""
    text = text[:LONGEST_PROSE]
    letters: dict[str, str] = {}
    words: dict[str, str] = {}
    unclear: set[str] = set()
    for number, part, said in _lists(text):
        if not part or letters.get(number, part) != part:
            unclear.add(number)
        letters[number] = part
        words[number] = f"{words[number]} … {said}" if number in words else said
    named: dict[str, tuple[str, str]] = {}
    for match in _LETTERED.finditer(text):
        number, said = str(int(match["number"])), set(re.findall(r"\b[A-C]\b", match["letters"]))
        before, first = named.get(number, ("", match[0]))
        named[number] = ("".join(sorted(said | set(before))), first)
    divided = _DIVIDED.search(text)
    return Parts(
        letters={number: part for number, part in letters.items() if number not in unclear},
        words={number: said for number, said in words.items() if number not in unclear},
        named=named,
        unclear={number: words[number] for number in sorted(unclear)},
        divided=_letters_in(divided["phases"]) if divided else "",
    )


def _lists(text: str) -> Iterator[tuple[str, str, str]]:
    """(number, letters, words) for each list of phases behind a lot's number; no letters where one number is followed
    by two different lists. "Lot 1A - Primary" lists one part at a time: they are joined."""
    headings = list(_HEADING.finditer(text))
    joined: dict[str, tuple[set[str], list[str]]] = {}
    for heading, following in zip_longest(headings, headings[1:]):
        segment = text[heading.end() : following.start() if following else len(text)]
        segment = _SEGMENT_ENDS.split(segment, maxsplit=1)[0]
        listed = list(_LISTED.finditer(segment))
        lists = {_letters_in(match["phases"]) for match in listed}
        said = heading[0] + segment[: listed[-1].end() if listed else 0]
        if heading["letter"] and len(lists) == 1:
            number = str(int(heading["one"]))
            held = joined.setdefault(number, (set(), []))
            held[0].update(*lists)
            held[1].append(said)
        elif lists:
            part = "".join(lists) if len(lists) == 1 else ""
            for number in _numbers(heading["several"] or heading["one"]):
                yield number, part, said
    for number, (letters, said) in joined.items():
        yield number, "".join(sorted(letters)), " … ".join(said)


def _letters_in(phases: str) -> str:
    found = {"A" for _ in re.finditer(_PRIMARY, phases, re.I)}
    found |= {"B" for _ in re.finditer(_SECONDARY, phases, re.I)}
    found |= {"C" for _ in re.finditer(_POST_16, phases, re.I)}
    return "".join(sorted(found))


def _numbers(text: str) -> list[str]:
    """`1 to 3, 5` → 1, 2, 3, 5. A range that is no range is its two ends."""
    found: list[str] = []
    for first, last in re.findall(r"(\d{1,6})(?:\s{0,3}(?:to|-|–)\s{0,3}(?:lots?\s)?(\d{1,6}))?", text, re.I):
        low, high = int(first), int(last or first)
        found += [str(number) for number in (range(low, high + 1) if low <= high < low + 100 else (low, high))]
    return found


def auto_lots(texts: Sequence[str]) -> dict[str, str]:
    """Lots that nobody bids for because a place on another brings them, by number, with the sentence that says so:
    "will automatically become a member of Lot 7", "you do not need to apply for Lot 7"."""
    found: dict[str, str] = {}
    for text in texts:
        for sentence in sentences(text):
            matches = [*_NO_BID.finditer(sentence), *_joined_by_itself(sentence)]
            for match in matches:
                for number in _numbers(match["lots"]):
                    found.setdefault(number, sentence)
    return found


def _joined_by_itself(sentence: str) -> list[re.Match[str]]:
    """The lot that one comes to automatically: the first one named behind that word, else the last one before it."""
    automatic = _AUTOMATIC.search(sentence)
    if not automatic or _NOT_SO.search(sentence):
        return []
    named = list(_JOINS.finditer(sentence))
    after = [match for match in named if match.start() > automatic.start()]
    return after[:1] or named[-1:]
