"""What the notice says against what the law of open frameworks says (Procurement Act 2023, s.45, s.47 and s.49)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lots.rules.scheme import SCHEME_YEARS, last_day
from lots.rules.telling import day
from notices.rules import paths, prose, where
from notices.rules.findings.shape import REASON, Finding, Notice, Side, side
from notices.rules.paths import Path

CLOSED_YEARS = 4
MOST_PROSE = 400_000  # characters of a whole notice
_SCHOOLS = re.compile(r"\bschools?\b", re.I)
_USERS = ("buyerCategories", "buyerClassificationRestrictions", "buyerLocationRestrictions")
_COMPULSORY = re.compile(r"\bcompulsory[\s-]+school[\s-]+aged?\b|\bstatutory[\s-]+school[\s-]+aged?\b", re.I)


def find(notice: Notice) -> Iterator[Finding]:
    """Too long a term, a cap against staying on, nobody named who may use it, school age beside 16+."""
    yield from _term(notice)
    yield from _cap(notice)
    yield from _users(notice)
    yield from _ages(notice)


def _term(notice: Notice) -> Iterator[Finding]:
    """Eight years from the first award for an open framework (s.49(2)(c)); four for any other that is not light touch
    (s.47). A framework is awarded when it is entered into: no earlier than planned, and at its start at the latest."""
    facts = notice.facts
    begun = max(filter(None, [facts.award_by_on, facts.starts_on]), default=None)
    ends = {key: getattr(facts, key) for key in ("scheme_ends_on", "ends_on") if getattr(facts, key) is not None}
    if begun is None or not ends or (not facts.is_open and facts.light_touch):
        return
    years = SCHEME_YEARS if facts.is_open else CLOSED_YEARS
    over = {key: end for key, end in ends.items() if end > last_day(begun, years)}
    if not over:
        return
    latest = day(last_day(begun, years))
    sides = tuple(
        notice.side(key, facts) for key in [*over, "starts_on", "award_by_on"] if key in notice.understood.sources
    )
    if facts.is_open:
        yield Finding(
            "term_over_eight_years",
            "The framework would last longer than the law allows an open framework",
            "All frameworks of an open framework end at the latest eight years after the day on which the first was "
            f"awarded (Procurement Act 2023, s.49(2)(c)): here {latest}, if it is awarded when it is planned to start. "
            f"The notice says {day(max(over.values()))}. The light touch regime sets aside s.47, not s.49. Take legal "
            "advice and write down why you go on.",
            sides,
            REASON,
        )
    else:
        yield Finding(
            "term_over_four_years",
            "The framework would last longer than four years",
            "A framework that is not an open one lasts four years at most, unless the notice says why it needs longer "
            f"(Procurement Act 2023, s.47): here until {latest}. The notice says {day(max(over.values()))}.",
            sides,
            REASON,
        )


def _cap(notice: Notice) -> Iterator[Finding]:
    limit = notice.facts.max_participants
    if limit is None or not notice.facts.is_open:
        return
    yield Finding(
        "cap_against_staying_on",
        "A limit on providers means that nobody stays on by being on already",
        f"The notice allows {limit:,} provider{'' if limit == 1 else 's'} at most. Where the number is limited, a "
        "provider on the framework is given a place at the next opening only for an earlier or a new application that "
        "is judged beside the newcomers', never for being on it already (Procurement Act 2023, s.49(5)). Without a "
        "limit it could stay on (s.49(4)). Write down why the limit is needed.",
        (notice.side("max_participants", notice.facts), notice.side("is_open", notice.facts)),
        REASON,
    )


def _users(notice: Notice) -> Iterator[Finding]:
    """Only who is named may use a framework. Schools that a notice speaks of are not thereby named."""
    if any(paths.get(notice.tree, (*where.AGREEMENT, name)) not in (None, "", []) for name in _USERS):
        return
    for path, text in texts(notice):
        sentence = next((one for one in prose.sentences(text) if _SCHOOLS.search(one)), None)
        if sentence is not None:
            yield Finding(
                "nobody_may_use_it",
                "The notice speaks of schools, and names nobody but the buyer who may use the framework",
                "A framework states which authorities may use it (Procurement Act 2023, s.45(5)). A school or academy "
                "trust that is not named cannot make agreements for its pupils under it. Name them in a correction of "
                "the notice, or write down why only the buyer uses it: until you publish, you can still name others.",
                (Side(paths.text((*where.AGREEMENT, "buyerCategories")), "not said"), side(path, sentence)),
                REASON,
            )
            return


def texts(notice: Notice) -> Iterator[tuple[Path, str]]:
    """What the notice says in sentences, in its own order: the description, the criteria, the lots. No more than a
    page's worth of time can be spent on is read."""
    left = MOST_PROSE
    keys = ["description", "criteria", "lots_explained", "payment_terms"]
    for lot in notice.facts.lots:
        own = [index for index, text in enumerate(lot.texts) if not text.same_as]
        keys += [f"lots.{lot.number}.description", *(f"lots.{lot.number}.texts.{index}" for index in own)]
    for key in keys:
        path = notice.understood.sources.get(key, ())
        text = paths.get(notice.tree, path)
        if path and isinstance(text, str) and text and left > 0:
            left -= len(text[: prose.LONGEST_PROSE])
            yield path, text


def _ages(notice: Notice) -> Iterator[Finding]:
    """Compulsory school age ends in the school year of the sixteenth birthday (Education Act 1996, s.8)."""
    sides = []
    for lot in notice.facts.lots:
        match = _COMPULSORY.search(lot.description[: prose.LONGEST_PROSE])
        if match and any(part.phase == "post_16" for part in lot.sub_lots):
            sides += [
                side(notice.understood.sources[f"lots.{lot.number}.description"], match[0]),
                Side(notice.path_of(f"lots.{lot.number}.sub_lots"), f"Lot {lot.number}: 16+"),
            ]
    if sides:
        lots = len(sides) // 2
        yield Finding(
            "school_age_beside_16",
            f"{'A lot is' if lots == 1 else f'{lots} lots are'} for pupils of compulsory school age and for 16+",
            "Compulsory school age ends on the last Friday in June of the school year in which a pupil turns 16 "
            "(Education Act 1996, s.8). A part of the lot is for 16+ nevertheless. Say to providers which holds.",
            tuple(sides),
        )
