"""The freeze of quality: what themes and bids come to, what stands in its way, and its document."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from evaluation.states import Outcome
from lots.rules.refusals import Refused

SCHEMA = 1


def theme_passes(outcomes: Iterable[str | None]) -> bool | None:
    """A theme is failed by any standard that is failed; it is passed when each of its standards is passed, does not
    apply or was not asked. None while a standard has no outcome. Nobody ever types it."""
    found = set(outcomes)
    if Outcome.FAIL in found:
        return False
    return None if None in found else True


def bid_passes(themes: Iterable[bool | None]) -> bool | None:
    """Any failed theme ends the bid (framework notice: "anyone receiving a fail for any theme"). None while a theme is
    unassessed."""
    found = set(themes)
    if False in found:
        return False
    return None if None in found else True


@dataclass(frozen=True)
class Result:
    """What a bid comes to: each theme (with its lot where quality is judged for each lot), and each lot bid for."""

    themes: Mapping[tuple[int, int | None], bool | None]
    lots: Mapping[int, bool | None]

    @property
    def is_assessed(self) -> bool:
        return None not in {*self.themes.values(), *self.lots.values()}


def result(
    *,
    standards: Mapping[int, int],
    outcomes: Mapping[tuple[int, int | None], str],
    lots: Collection[int],
    for_each_lot: bool,
) -> Result:
    """Derive a bid's result. `standards` gives each standard its theme, `outcomes` what stands of (standard, lot), with
    the lot None where quality is judged once for each provider: then a failed theme ends the bid for every lot."""
    by_theme: dict[int, list[int]] = defaultdict(list)
    for standard, theme in standards.items():
        by_theme[theme].append(standard)
    scopes = sorted(lots) if for_each_lot else [None]
    themes = {
        (theme, lot): theme_passes(outcomes.get((standard, lot)) for standard in members)
        for theme, members in by_theme.items()
        for lot in scopes
    }
    ended = {lot: bid_passes(passed for (_, scope), passed in themes.items() if scope == lot) for lot in scopes}
    return Result(themes, {lot: ended[lot if for_each_lot else None] for lot in lots})


@dataclass(frozen=True)
class Open:
    """What stands in the way of a freeze, counted: outcomes that are missing, of which some differ and wait for
    moderation, some wait for a bidder's answer, and some were given to fewer than two people since somebody left or
    has an interest; and outcomes that rest on the judgement of somebody with an interest that was not mitigated."""

    unsettled: int
    differ: int
    waiting: int
    without: int
    clashes: int

    @property
    def is_clear(self) -> bool:
        return not (self.unsettled or self.waiting or self.clashes)


def check_clear(there: Open, *, bids: int) -> None:
    """Everything is settled, nobody is still asked, no outcome rests on somebody with an interest. Raises `Refused`."""
    if not bids:
        raise Refused("There is no bid left in this evaluation to freeze")
    said = [
        _count(there.unsettled, "outcome is missing", "outcomes are missing"),
        _count(there.waiting, "question to a bidder is open", "questions to bidders are open"),
        _count(
            there.clashes,
            "outcome rests on somebody with an interest in the bidder",
            "outcomes rest on somebody with an interest in the bidder",
        ),
    ]
    found = [one for one in said if one]
    if found:
        raise Refused(f"Quality cannot be frozen yet: {', '.join(found)}")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}" if number else ""


@dataclass(frozen=True)
class Judged:
    """A judgement under an outcome: its key, who gave it (key), when it was locked."""

    judgement: int
    by: int
    at: dt.datetime


@dataclass(frozen=True)
class Row:
    """An outcome as it stands: keys, and the standard's number in words."""

    standard: int
    number: str
    theme: int
    lot: int | None
    outcome: str
    how: str
    settled: int
    by: int | None
    at: dt.datetime
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True)
class FrozenBid:
    """A bid with everything that was settled of it. `submission` is the SHA-256 of what was submitted."""

    bid: int
    number: int
    provider: int
    submission: str
    rows: tuple[Row, ...]
    result: Result


def moment(at: dt.datetime) -> str:
    """UTC, always with six decimals."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def document(
    *, evaluation: int, framework: int, number: int, at: dt.datetime, by: int, quality: str, bids: Iterable[FrozenBid]
) -> dict:
    """The document of a freeze: every bid still in, every standard, its outcome, how it came about, the judgements
    under it, who and when, and what themes and lots come to. People, bids and standards stand in it by their keys:
    names can change. Sorted, so that the same rows give the same document."""
    return {
        "schema": SCHEMA,
        "evaluation": evaluation,
        "framework": framework,
        "number": number,
        "at": moment(at),
        "by": by,
        "quality": quality,
        "bids": [_bid(one) for one in sorted(bids, key=lambda one: one.number)],
    }


def _bid(one: FrozenBid) -> dict:
    return {
        "bid": one.bid,
        "number": one.number,
        "provider": one.provider,
        "submission": one.submission,
        "standards": [_row(row) for row in sorted(one.rows, key=lambda row: (row.standard, row.lot or 0))],
        "themes": [
            {"theme": theme, "lot": lot, "passed": passed}
            for (theme, lot), passed in sorted(one.result.themes.items(), key=_by_key)
        ],
        "lots": [{"lot": lot, "passed": passed} for lot, passed in sorted(one.result.lots.items())],
    }


def _by_key(item) -> tuple[int, int]:
    (theme, lot), _ = item
    return theme, lot or 0


def _row(row: Row) -> dict:
    return {
        "standard": row.standard,
        "number": row.number,
        "theme": row.theme,
        "lot": row.lot,
        "outcome": row.outcome,
        "how": row.how,
        "settled": row.settled,
        "by": row.by,
        "at": moment(row.at),
        "judgements": [
            {"judgement": one.judgement, "by": one.by, "at": moment(one.at)}
            for one in sorted(row.judged, key=lambda one: one.judgement)
        ],
    }


def check_unfreeze(*, reason: str, proposed_by: int | None) -> None:
    """A freeze is undone with a reason, by one proposal at a time. Raises `Refused`."""
    if not reason:
        raise Refused("Say why: it stays with everything that stops counting", field="reason")
    if proposed_by is not None:
        raise Refused("A colleague has proposed this already: confirm their proposal, or drop it")


def check_confirm(*, proposed_by: int | None, by: int, seen: str, stage: str) -> None:
    """The second person confirms what they saw: `seen` is the stage on their page, because each stage adds to what
    stops counting. Raises `Refused`."""
    if proposed_by is None:
        raise Refused("Nobody proposes to undo the freeze now: the proposal was dropped or confirmed already")
    if proposed_by == by:
        raise Refused("You proposed this yourself, so a colleague must confirm it")
    if seen != stage:
        raise Refused("The evaluation has gone on since you opened this page. Read again what would stop counting")
