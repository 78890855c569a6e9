"""Who is awarded what, derived from what was decided before: nobody types it. Over a limit the published rule decides,
or nobody is awarded anything."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from evaluation.rules.gate import Place, is_lost
from evaluation.states import SET_MOVES, BidState, Cause, SetState
from lots.rules import awards as lots
from lots.rules.refusals import Refused
from lots.states import LotLimit

Key = tuple[int, int, int | None]  # bid, lot, part of the lot


@dataclass(frozen=True)
class Part:
    """A lot, or a part of one, for which a bid was made. `missing` says in words what an incomplete one lacks."""

    bid: int
    lot: int
    sub_lot: int | None = None
    complete: bool = True
    missing: str = ""

    @property
    def key(self) -> Key:
        return self.bid, self.lot, self.sub_lot


@dataclass(frozen=True)
class Known:
    """What was decided and what is so today, by keys. `quality` says of each (bid, lot) whether it passed, `failed`
    names its failed themes; `low` are (bid, lot) whose price was disregarded. `lost` is what the price check costs, as
    `rules.gate.lost` gives it; `dear` names, for each part that they cost, its own price lines outside their limit.
    `lapsed` names insurances that have run out, `excluded` are bids whose provider is suspended on an exclusion ground,
    `unpriced` names the lines without the price that they must have, `taken_back` are awards that were taken back,
    `left_out` gives the reason for each (bid, lot or None for all) that the published rule leaves out. `prices` are
    pence by line."""

    states: Mapping[int, str]
    quality: Mapping[tuple[int, int], bool]
    failed: Mapping[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    low: Collection[tuple[int, int]] = ()
    lost: Collection[Place] = ()
    dear: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    lapsed: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    excluded: Collection[int] = ()
    unpriced: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    taken_back: Collection[Key] = ()
    left_out: Mapping[tuple[int, int | None], str] = field(default_factory=dict)
    prices: Mapping[Key, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """What a set says of one part of one bid. `prices` are those of an awarded one, pence by line."""

    bid: int
    lot: int
    sub_lot: int | None
    cause: str = ""
    reason: str = ""
    prices: Mapping[int, int] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return self.bid, self.lot, self.sub_lot

    @property
    def awarded(self) -> bool:
        return not self.cause


def lines(parts: Iterable[Part], known: Known) -> list[Line]:
    """Awarded or not, for each part of each bid, with the first cause that stands in the way: out of the evaluation;
    taken back before; not complete; a theme failed; a price disregarded (s.19) or outside its limit; an insurance run
    out; left out by the published rule. In the order of their keys."""
    found = []
    for part in sorted(parts, key=lambda one: (one.bid, one.lot, one.sub_lot or 0)):
        cause, reason = _why_not(part, known)
        prices = {} if cause else known.prices.get(part.key, {})
        found.append(Line(*part.key, cause, reason, prices))
    return found


_OUT = {
    BidState.WITHDRAWN: (Cause.WITHDRAWN, "The application was withdrawn."),
    BidState.EXCLUDED: (Cause.EXCLUDED, "The provider was excluded from this procurement."),
    BidState.UNREADABLE: (Cause.UNREADABLE, "The application could not be read."),
}


def _why_not(part: Part, known: Known) -> tuple[str, str]:
    """The first cause, with its reason as the bidder reads it: about this bid, and about no other."""
    of_lot = (part.bid, part.lot)
    if known.states[part.bid] in _OUT:
        return _OUT[known.states[part.bid]]
    if part.bid in known.excluded:
        return Cause.EXCLUDED, "The provider is suspended on a ground for exclusion."
    if part.key in known.taken_back:
        return Cause.TAKEN_BACK, "An award of this was made and taken back."
    if not part.complete:
        return Cause.INCOMPLETE, _with("The application for this lot was not complete", [part.missing])
    if missing := known.unpriced.get(part.key):
        return Cause.INCOMPLETE, _with("A price that is required is missing", missing)
    if not known.quality[of_lot]:
        return Cause.QUALITY, _with("Failed on quality", known.failed.get(of_lot, ()))
    if of_lot in known.low:
        return Cause.LOW_PRICE, "The price was asked about and disregarded as abnormally low."
    if dear := known.dear.get(part.key):
        return Cause.PRICE, _with("Outside the limit of the price check", dear)
    if is_lost(known.lost, *part.key):
        return (
            Cause.PRICE,
            "Another price of this bid was outside its limit. By the published rules this is lost too.",
        )
    if lapsed := known.lapsed.get(part.bid):
        return Cause.LAPSED, _with("Insurance that has run out", lapsed)
    left_out = known.left_out.get(of_lot) or known.left_out.get((part.bid, None))
    return (Cause.LIMIT, left_out) if left_out else ("", "")


def _with(sentence: str, named: Iterable[str]) -> str:
    listed = "; ".join(one for one in named if one)
    return f"{sentence}: {listed}." if listed else f"{sentence}."


def unassessed(parts: Iterable[Part], states: Mapping[int, str], quality: Mapping[tuple[int, int], bool]) -> list[int]:
    """The bids still in the evaluation of which a lot has no result of quality behind this price check."""
    return sorted(
        {part.bid for part in parts if states[part.bid] == BidState.IN and (part.bid, part.lot) not in quality}
    )


def digest(found: Iterable[Line], *, run: str, standstill: bool, rule_applied: str) -> str:
    """SHA-256 over every line with its prices, the hash of the price check behind them, and how the rule was applied:
    the same decisions give the same, anywhere and at any time."""
    document = {
        "run": run,
        "standstill": standstill,
        "rule_applied": rule_applied,
        "lines": [
            [one.bid, one.lot, one.sub_lot, str(one.cause), one.reason, sorted(one.prices.items())] for one in found
        ],
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Limits:
    """What limits a framework: `providers` and `lots` of one provider at most (None: no limit), what the latter counts,
    and the published rule for when more pass; empty where there is none."""

    providers: int | None
    lots: int | None
    counts: str = LotLimit.LOTS
    rule: str = ""

    def check(self, wanted: Collection[tuple], standing: Collection[tuple], names: Mapping[int, str]) -> None:
        """Raises `OverLimit`."""
        lots.check_limits(
            wanted,
            standing,
            max_participants=self.providers,
            max_lots=self.lots,
            lot_limit=self.counts,
            names=names,
        )

    def unit(self, lot: int, sub_lot: int | None):
        """What the limit on lots counts."""
        return (lot, sub_lot) if self.counts == LotLimit.SUB_LOTS else lot


def check_limits(
    found: Collection[Line],
    limits: Limits,
    *,
    providers: Mapping[int, int],
    standing: Collection[tuple],
    names: Mapping[int, str],
    rule_applied: str,
) -> None:
    """The set and what stands keep every limit together. Over one, the whole set is refused until the published rule
    was applied, with how (`rule_applied`) and why each bidder is left out; nobody is left out who fits. `providers`
    gives each bid its provider. Raises `Refused`; `OverLimit` names who would be over."""
    out = [line for line in found if line.cause == Cause.LIMIT]
    wanted = [(providers[line.bid], line.lot, line.sub_lot) for line in found if line.awarded]
    if out and not limits.rule:
        raise Refused(
            "No rule was published for when more pass than there are places, so nobody can be left out. "
            "The limit must be changed lawfully first",
            field="left_out",
        )
    try:
        limits.check(wanted, standing, names)
    except lots.OverLimit as over:
        if not limits.rule:
            raise lots.OverLimit(
                f"{over}. No such rule was published, so the limit must be changed lawfully first", over.over
            ) from over
        raise
    if out and not rule_applied:
        raise Refused("Say how the published rule was applied", field="rule_applied")
    if rule_applied and not out:
        raise Refused("Everybody who passed fits within the limits, so no rule is applied", field="rule_applied")
    _check_nobody_fits(out, wanted, limits, providers=providers, standing=standing, names=names)


def _check_nobody_fits(out, wanted, limits: Limits, *, providers, standing, names) -> None:
    """Each part that is left out would go over a limit if it alone came back."""
    on, held = {key[0] for key in [*standing, *wanted]}, defaultdict(set)
    for provider, lot, sub_lot in [*standing, *wanted]:
        held[provider].add(limits.unit(lot, sub_lot))
    for line in out:
        provider = providers[line.bid]
        too_many = limits.providers is not None and provider not in on and len(on) >= limits.providers
        lots_then = held[provider] | {limits.unit(line.lot, line.sub_lot)}
        if not too_many and (limits.lots is None or len(lots_then) <= limits.lots):
            raise Refused(
                f"{names[provider]} is left out of a lot that fits within the limits. Nobody is left out who fits",
                field="left_out",
            )


def check_set_move(now: str, then: str) -> None:
    """A set moves only as `SET_MOVES` says. Raises `Refused`."""
    if SetState(then) not in SET_MOVES[SetState(now)]:
        raise Refused(
            f"This award is “{SetState(now).label}”, so this is no longer possible. Somebody may have decided meanwhile"
        )


def check_other(proposed_by: int | None, by: int | None) -> None:
    """Whoever proposed does not approve. Raises `Refused`."""
    if proposed_by == by:
        raise Refused("You proposed this, so somebody else must approve it")


def check_unbiased(hidden: int) -> None:
    """Who decides about the whole award meets every bid: they have declared their interests, and none of theirs in a
    bidder waits to be dealt with (Procurement Act 2023, s.81, s.82). `hidden` bids are kept from them. Raises
    `Refused`."""
    if hidden:
        raise Refused(
            "You have not declared your interests since the names are known, or you have an interest in a bidder that "
            "was not dealt with. Somebody else decides about this award"
        )


def check_standstill(*, light_touch: bool, standstill: bool) -> None:
    """A light touch contract may be made without a standstill; any other not (Procurement Act 2023, s.51(3)). Raises
    `Refused`."""
    if not light_touch and not standstill:
        raise Refused(
            "This framework is not light touch, so we must wait before we sign (Procurement Act 2023, section 51)"
        )


_CHANGED = {
    Cause.WITHDRAWN: "has withdrawn since",
    Cause.EXCLUDED: "has been excluded since",
    Cause.LAPSED: "has an insurance that has run out since",
}


def changes(before: Iterable[Line], after: Iterable[Line], names: Mapping[int, str]) -> list[str]:
    """What differs between a set as it was proposed and as it would be proposed now, one sentence for each bid, in the
    order of the bids. `names` are those of the bids."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    said: dict[int, str] = {}
    for key in sorted(old.keys() | new.keys(), key=lambda one: (one[0], one[1], one[2] or 0)):
        was, now = old.get(key), new.get(key)
        if was is None or now is None:
            said.setdefault(key[0], f"{names[key[0]]} bid for other parts than the proposal says")
        elif was.cause != now.cause:
            said.setdefault(key[0], f"{names[key[0]]} {_CHANGED.get(now.cause, 'would have another result now')}")
    return [said[bid] for bid in sorted(said)]


def check_ready(blockers: Iterable[str]) -> None:
    """Nothing stands in the way of the award. Raises `Refused` with all that does."""
    listed = list(dict.fromkeys(blockers))
    if listed:
        raise Refused("This award cannot be approved. " + ". ".join(listed) + ". Send it back, and propose it anew")
