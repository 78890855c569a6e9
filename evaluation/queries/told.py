"""What stands in the letters about an award, each bidder's own: results with their reasons, prices, places. Read for a
share of the letters at once, in a number of queries that does not grow with it. It reads every bid of the share,
whoever made the award: for the job that makes the letters, never for a page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from evaluation.models import AwardLine, AwardSet, Bid, GatePool, GateResult, Judgement, Letter, Settled, ThemeResult
from evaluation.rules import connected
from evaluation.rules import letters as rules
from evaluation.states import Cause, LetterKind, Outcome, SetState, Settlement
from lots.models import Place, PlacePrice, Standard
from lots.queries.places import Part, parts_of
from lots.states import Basis

AT_ONCE = 5000


@dataclass(frozen=True)
class Line:
    """What was decided about one lot or part."""

    part: Part
    awarded: bool
    cause: str
    reason: str
    prices: tuple[tuple[str, str, int], ...] = ()  # line, unit, pence

    @property
    def why(self) -> str:
        """The cause as a sentence, where it was not awarded and the reason does not say the same."""
        label = Cause(self.cause).label if self.cause else ""
        return f"{label}." if label and label != self.reason.rstrip(".") else ""


@dataclass(frozen=True)
class Judged:
    """One standard: its outcome, and the reasons of whoever decided, without their names."""

    number: str
    title: str
    lot: str
    outcome: str
    reasons: tuple[str, ...]


@dataclass
class Theme:
    """One part of the quality standards."""

    number: str
    title: str
    passed: dict[str, bool] = field(default_factory=dict)  # by lot; one without a name where it is judged once
    standards: list[Judged] = field(default_factory=list)


@dataclass(frozen=True)
class Price:
    """One price of the bidder in the price check. `average`, `upper` and `lower` are None where they are not told.
    Hundredths of a penny but `pence` and `average`, which are pence."""

    part: Part
    line: str
    unit: str
    pence: int
    compared: int
    counts: bool
    passes: bool
    average: int | None
    upper: int | None
    lower: int | None

    @property
    def compared_in_pounds(self) -> str:
        return rules.in_pounds(self.compared)

    @property
    def limit_in_pounds(self) -> str:
        upper = rules.in_pounds(self.upper)
        return f"{rules.in_pounds(self.lower)} to {upper}" if self.lower else upper


@dataclass(frozen=True)
class Told:
    """What a letter to one bidder is made of. `came` are lots that came with the others."""

    bid: Bid
    lines: list[Line]
    themes: list[Theme]
    prices: list[Price]
    came: list[str]

    @property
    def won(self) -> list[Line]:
        return [line for line in self.lines if line.awarded]


@dataclass(frozen=True)
class Awarded:
    """How many providers were awarded a lot or part: published, and nobody is named here."""

    part: Part
    count: int


def all_told(award_set: AwardSet, bids: Collection[Bid]) -> dict[int, Told]:
    """Everything for the letters to these bids, by bid."""
    evaluation = award_set.evaluation
    framework, keys = evaluation.framework, [bid.pk for bid in bids]
    parts = parts_of(framework)
    names = _Names(evaluation.pk)
    lines = _lines(award_set, keys, parts, names)
    themes = _Themes(award_set, keys, parts, names)
    prices = _prices(award_set, keys, parts)
    came = _came_along(framework, bids)
    return {bid.pk: Told(bid, lines[bid.pk], themes.of(bid.pk), prices[bid.pk], came[bid.provider_id]) for bid in bids}


def awarded_in(award_set: AwardSet) -> list[Awarded]:
    """By lot and part, over this award and those before it, without what was taken back."""
    parts = parts_of(award_set.evaluation.framework)
    rows = AwardLine.objects.filter(
        award_set__evaluation=award_set.evaluation_id,
        award_set__state=SetState.APPROVED,
        award_set__number__lte=award_set.number,
        awarded=True,
        reversal__done_at=None,
    )
    counts = Counter((lot, sub_lot) for lot, sub_lot in rows.values_list("lot", "sub_lot"))
    bid_for = set(AwardLine.objects.filter(award_set=award_set).values_list("lot", "sub_lot")) | set(counts)
    return [Awarded(part, counts[key]) for key, part in parts.items() if key in bid_for]


class _Names:
    """Takes the names of other bidders out of what a bidder reads."""

    def __init__(self, evaluation: int):
        rows = Bid.objects.filter(evaluation=evaluation).values_list("pk", "provider_name", "provider__name")
        self.own = {pk: {" ".join(name.split()) for name in names} for pk, *names in rows}
        self.all = set().union(*self.own.values())

    def without(self, bid: int, text: str) -> str:
        return rules.without_names(text, self.all - self.own[bid])


def _lines(award_set: AwardSet, bids: list[int], parts: Mapping, names: _Names) -> dict[int, list[Line]]:
    rows = list(AwardLine.objects.filter(award_set=award_set, bid__in=bids))
    prices = defaultdict(list)
    given = PlacePrice.objects.filter(place__in=[row.place_id for row in rows if row.place_id]).select_related("line")
    for price in given.order_by("line__position", "line_id", "from_on"):
        prices[price.place_id].append((price.line.title, price.line.get_unit_display(), price.pence))
    order = {key: place for place, key in enumerate(parts)}
    found = defaultdict(list)
    for row in sorted(rows, key=lambda one: order[one.lot_id, one.sub_lot_id]):
        reason = names.without(row.bid_id, row.reason)
        part = parts[row.lot_id, row.sub_lot_id]
        found[row.bid_id].append(Line(part, row.awarded, row.cause, reason, tuple(prices[row.place_id])))
    return found


def _came_along(framework, bids: Collection[Bid]) -> dict[int, list[str]]:
    rows = Place.objects.standing().filter(
        framework=framework, lot__is_auto=True, provider__in=[bid.provider_id for bid in bids]
    )
    found = defaultdict(list)
    for provider, number, title in rows.order_by("lot__position").values_list("provider", "lot__number", "lot__title"):
        found[provider].append(f"Lot {number}: {title}")
    return found


class _Themes:
    """Quality as it was frozen behind the award: what was settled later is another award's."""

    def __init__(self, award_set: AwardSet, bids: list[int], parts: Mapping, names: _Names):
        self.freeze, self.bids, self.parts, self.names = award_set.run.opening.freeze, bids, parts, names
        framework = award_set.evaluation.framework_id
        rows = Standard.objects.filter(theme__version__framework=framework).select_related("theme")
        self.standards = list(rows.order_by("theme__position", "theme_id", "position", "id"))
        self.settled = self._settled()
        self.reasons = self._reasons()
        self.results = defaultdict(dict)
        themes = ThemeResult.objects.filter(freeze=self.freeze, bid__in=bids)
        for bid, theme, lot, passed in themes.values_list("bid", "theme", "lot", "passed"):
            self.results[bid, theme][lot] = passed

    def _settled(self) -> dict[tuple[int, int], list[tuple]]:
        found, at = defaultdict(list), self.freeze.at
        rows = Settled.objects.filter(bid__in=self.bids, at__lte=at).exclude(replaced_at__lte=at).order_by("lot")
        for bid, standard, *rest in rows.values_list("bid", "standard", "lot", "outcome", "how", "reason"):
            found[bid, standard].append(rest)
        return found

    def _reasons(self) -> dict[tuple[int, int, int | None], list[str]]:
        found = defaultdict(list)
        rows = Judgement.objects.live().filter(bid__in=self.bids, locked_at__lte=self.freeze.at).order_by("number")
        for bid, standard, lot, reason in rows.values_list("bid", "standard", "lot", "reason"):
            if reason not in found[bid, standard, lot]:
                found[bid, standard, lot].append(reason)
        return found

    def of(self, bid: int) -> list[Theme]:
        found: dict[int, Theme] = {}
        for standard in self.standards:
            theme = found.setdefault(standard.theme_id, Theme(standard.theme.number, standard.theme.title))
            for lot, passed in self.results[bid, standard.theme_id].items():
                theme.passed[self._lot(lot)] = passed
            for lot, outcome, how, reason in self.settled[bid, standard.pk]:
                reasons = [reason] if how != Settlement.AGREED else self.reasons[bid, standard.pk, lot]
                said = tuple(self.names.without(bid, one) for one in reasons if one)
                judged = Judged(standard.number, standard.title, self._lot(lot), Outcome(outcome).label, said)
                theme.standards.append(judged)
        return [theme for theme in found.values() if theme.passed or theme.standards]

    def _lot(self, lot: int | None) -> str:
        return self.parts[lot, None].label if lot else ""


def _prices(award_set: AwardSet, bids: list[int], parts: Mapping) -> dict[int, list[Price]]:
    pools = _Pools(award_set, set(bids))
    whole = award_set.evaluation.framework.policies.basis == Basis.NET
    rows = GateResult.objects.filter(run=award_set.run_id, bid__in=bids).select_related("pool__line")
    order = {key: place for place, key in enumerate(parts)}
    found = defaultdict(list)
    for row in sorted(rows, key=lambda one: (order[one.pool.lot_id, one.pool.sub_lot_id], one.pool.line_id)):
        pool, line = row.pool, row.pool.line
        is_told = pool.pk in pools.told(row.bid_id)
        found[row.bid_id].append(
            Price(
                part=parts[pool.lot_id, pool.sub_lot_id],
                line=line.title,
                unit=line.get_unit_display(),
                pence=row.pence,
                compared=row.compared,
                counts=row.counts,
                passes=row.passes,
                average=rules.average(pool.total, pool.count) if is_told else None,
                upper=(rules.to_the_penny(pool.upper) if whole else pool.upper) if is_told else None,
                lower=(rules.to_the_penny(pool.lower, up=True) if whole else pool.lower) if is_told else None,
            )
        )
    return found


class _Pools:
    """Which averages each bidder may be told: reckoned over this run and over the runs behind earlier letters, so that
    two letters together tell no more than each by itself."""

    def __init__(self, award_set: AwardSet, bids: set[int]):
        earlier = AwardSet.objects.filter(
            evaluation=award_set.evaluation_id, state=SetState.APPROVED, number__lt=award_set.number
        )
        earlier = list(earlier.order_by("number").values_list("pk", "run"))
        self.runs = list(dict.fromkeys([*(run for _, run in earlier), award_set.run_id]))
        sent = Letter.objects.filter(award_set__in=[pk for pk, _ in earlier], kind=LetterKind.SUMMARY, bid__in=bids)
        self.sent = defaultdict(set)
        for bid, run in sent.values_list("bid", "award_set__run"):
            self.sent[bid].add(run)
        self.pools = {pool.pk: pool for pool in GatePool.objects.filter(run__in=self.runs)}
        self.tied = _tied(award_set)
        self.members, self.own = defaultdict(set), defaultdict(dict)
        rows = GateResult.objects.filter(run__in=self.runs, counts=True).order_by()
        for pool, bid, compared in rows.values_list("pool", "bid", "compared").iterator(AT_ONCE):
            self.members[bid].add(pool)
            if bid in bids or bid in self.tied:
                self.own[bid][pool] = compared
        self.groups = Counter(frozenset(pools) for pools in self.members.values())
        self.found: dict[int, set[int]] = {}

    def told(self, bid: int) -> set[int]:
        if bid not in self.found:
            self.found[bid] = self._told(bid)
        return self.found[bid]

    def _told(self, bid: int) -> set[int]:
        """Run by run, in the order of the letters, each with what was told before."""
        known = self.tied.get(bid, {bid})
        groups = Counter(self.groups)
        groups.subtract(Counter(frozenset(self.members[one]) for one in known))
        told: set[int] = set()
        for run in self.runs:
            if run == self.runs[-1] or run in self.sent[bid]:
                own = [self._as_read(pool, known) for pool in self.members[bid] if self.pools[pool].run_id == run]
                earlier = [self._as_read(pool, known) for pool in told]
                told = rules.tellable([*earlier, *own], groups, told=told)
        return told

    def _as_read(self, pk: int, known: Iterable[int]) -> rules.Pool:
        pool = self.pools[pk]
        prices = [self.own[one][pk] for one in known if pk in self.own[one]]
        return rules.Pool(pk, pool.count, pool.total, pool.upper, sum(prices), len(prices))


def _tied(award_set: AwardSet) -> dict[int, set[int]]:
    """The bids of firms that are connected with each other, directly or through others: what one reads the other may
    read, so each of them knows the prices of all."""
    found: dict[int, set[int]] = {}
    for pair in connected.read(award_set.run.opening.connected) or ():
        together = found.get(pair.one, {pair.one}) | found.get(pair.other, {pair.other})
        found |= dict.fromkeys(together, together)
    return found
