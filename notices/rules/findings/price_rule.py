"""The sentences of a notice that say which prices pass: how far from which average, and on which side of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from notices.rules import prose
from notices.rules.paths import Path

_PERCENT = r"(?P<percent>\d{1,3})\s?(?:%|per\s?cent|percent)(?:age)?"
_AVERAGE = r"(?:average|mean)"
_UPPER = [
    rf"\b{_AVERAGE}\b[^.;]{{0,60}}?(?:\bplus|\+)\s(?:an?\s)?(?:additional\s|further\s|margin\sof\s)?{_PERCENT}",
    rf"{_PERCENT}\s(?:of\s)?(?:the\s|that\s|this\s)?{_AVERAGE}\b[^.;]{{0,40}}?\b(?:is\s|are\s|will\sbe\s)?added",
    rf"\badd(?:ing|ed|s)?\s{_PERCENT}[^.;]{{0,40}}?\b{_AVERAGE}\b",
    rf"{_PERCENT}\s(?:above|over|higher\sthan|more\sthan|on\stop\sof|in\sexcess\sof)\s(?:the\s|that\s|this\s)?[^.;]{{0,30}}?\b{_AVERAGE}\b",
    rf"\bexceed\w*\b[^.;]{{0,60}}?\b{_AVERAGE}\b[^.;]{{0,60}}?\bby\s(?:more\sthan\s)?{_PERCENT}",
]
_BOTH = [
    rf"\bwithin\s(?:a\s)?(?:margin\sof\s|range\sof\s|plus\sor\sminus\s)?{_PERCENT}\s(?:either\sside\s)?(?:of|from)?\s?[^.;]{{0,40}}?\b{_AVERAGE}\b",
    rf"(?:\+\s?/\s?-|±|\bplus\sor\sminus)\s?{_PERCENT}",
    rf"{_PERCENT}\s(?:above\sor\sbelow|either\sside\sof|up\sor\sdown\sfrom)\b",
    rf"\b(?:differ|deviate)s?\b[^.;]{{0,60}}?\b{_AVERAGE}\b[^.;]{{0,40}}?\bby\smore\sthan\s{_PERCENT}",
]
_RULES = [
    (re.compile(pattern, re.I), side) for patterns, side in ((_BOTH, "both"), (_UPPER, "upper")) for pattern in patterns
]


@dataclass(frozen=True)
class Said:
    """One sentence about the price: `sides` is a value of the policy (`upper`, `both`), `percent` the margin."""

    path: Path
    sentence: str
    sides: str
    percent: int


def read(texts: Iterable[tuple[Path, str]]) -> tuple[Said, ...]:
    """Every sentence that states a margin about an average, in the order of the notice, once for each text that holds
    it. One that names both sides is two-sided whatever else it says."""
    found = []
    for path, text in texts:
        for sentence in prose.sentences(text):
            for pattern, sides in _RULES:
                if match := pattern.search(sentence):
                    found.append(Said(path, sentence, sides, int(match["percent"])))
                    break
    return tuple(found)


def first(texts: Iterable[tuple[Path, str]], pattern: re.Pattern[str]) -> tuple[Path, str] | None:
    """The first sentence that the pattern is in, with its place."""
    for path, text in texts:
        for sentence in prose.sentences(text):
            if pattern.search(sentence):
                return path, sentence
    return None
