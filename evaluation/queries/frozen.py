"""What was settled of bids, as it goes into the document of a freeze, and the same worked out again from the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from evaluation.models import Bid, BidLot, Evaluation, Freeze, Judgement, QualityResult, Settled, ThemeResult
from evaluation.rules import freezing as rules
from lots.models import Lot, Standard
from lots.states import QualityScope
from providers.rules.frozen import canonical, sha256_of

AT_ONCE = 2000


def standards_of(evaluation: Evaluation) -> list[Standard]:
    """The standards of its framework in their order, each with its theme."""
    rows = Standard.objects.filter(theme__version__framework=evaluation.framework_id).select_related("theme")
    return list(rows.order_by("theme__position", "theme_id", "position", "id"))


def for_each_lot(evaluation: Evaluation) -> bool:
    """Quality is judged for each lot, not once for each provider."""
    return evaluation.framework.policies.quality == QualityScope.LOT


def bids_as_settled(
    evaluation: Evaluation, bids: QuerySet[Bid], *, until: int | None = None
) -> Iterator[rules.FrozenBid]:
    """These bids with everything that stands of them; with `until` as it stood when the last outcome had that key.
    Four queries, whatever the number of bids, read as they come."""
    standards = {one.pk: one for one in standards_of(evaluation)}
    themes = {pk: one.theme_id for pk, one in standards.items()}
    each = for_each_lot(evaluation)
    keys = bids.order_by().values("pk")
    lots = defaultdict(set)
    for bid, lot in BidLot.objects.filter(bid__in=keys).values_list("bid", "lot"):
        lots[bid].add(lot)
    settled = Settled.objects.filter(bid__in=keys)
    settled = settled.filter(pk__lte=until) if until else settled.filter(replaced_at=None)
    outcomes = _by_bid(
        settled.order_by("bid", "pk").values_list("bid", "standard", "lot", "outcome", "how", "pk", "by", "at")
    )
    judged = _by_bid(
        Judgement.objects.live()
        .filter(bid__in=keys, locked_at__isnull=False)
        .order_by("bid", "pk")
        .values_list("bid", "standard", "lot", "pk", "person", "locked_at")
    )
    rows = bids.order_by("pk").values_list("pk", "number", "provider", "sha256")
    for pk, number, provider, sha256 in rows.iterator(chunk_size=AT_ONCE):
        under = defaultdict(list)
        for _, standard, lot, judgement, person, at in judged(pk):
            under[standard, lot].append(rules.Judged(judgement, person, at))
        stands = {}
        for _, standard, lot, outcome, how, key, by, at in outcomes(pk):  # the last one of a standard stands
            one = standards[standard]
            stands[standard, lot] = rules.Row(
                standard, one.number, one.theme_id, lot, outcome, how, key, by, at, tuple(under[standard, lot])
            )
        result = rules.result(
            standards=themes,
            outcomes={unit: row.outcome for unit, row in stands.items()},
            lots=lots[pk],
            for_each_lot=each,
        )
        yield rules.FrozenBid(pk, number, provider, sha256, tuple(stands.values()), result)


def _by_bid(rows: QuerySet):
    """Rows in the order of their bids, handed out bid by bid in that order."""
    groups = groupby(rows.iterator(chunk_size=AT_ONCE), key=lambda row: row[0])
    waiting: list = [None]

    def of(bid: int):
        while waiting[0] is None or waiting[0][0] < bid:
            found = next(groups, None)
            if found is None:
                return ()
            waiting[0] = (found[0], list(found[1]))
        return waiting[0][1] if waiting[0][0] == bid else ()

    return of


@dataclass(frozen=True)
class Recomputed:
    """A freeze worked out again. `stored` is the SHA-256 of the document that is kept, `rows` that of one made from the
    rows as they stood; `differing` names what is not as it was frozen, as (bid, standard, lot)."""

    recorded: str
    stored: str
    rows: str
    differing: tuple[tuple[int, int, int | None], ...]

    @property
    def stored_is_as_frozen(self) -> bool:
        return self.stored == self.recorded

    @property
    def rows_are_as_frozen(self) -> bool:
        return self.rows == self.recorded


def frozen_rows(document: dict) -> dict[tuple[int, int, int | None], dict]:
    """What a document says of each standard, by bid, standard and lot."""
    return {
        (bid["bid"], row["standard"], row["lot"]): row for bid in document.get("bids", ()) for row in bid["standards"]
    }


def bids_of_freeze(freeze: Freeze) -> QuerySet[Bid]:
    """The bids that were in it."""
    themes = ThemeResult.objects.filter(freeze=freeze).order_by().values("bid")
    lots = QualityResult.objects.filter(freeze=freeze).order_by().values("bid")
    return Bid.objects.filter(pk__in=themes) | Bid.objects.filter(pk__in=lots)


def recomputed(freeze: Freeze, document: dict) -> Recomputed:
    """Work its hash out again, once from the stored document and once from the rows: outcomes are never edited, so
    those that stood then are still there, whatever replaced them since."""
    evaluation = freeze.evaluation
    then = frozen_rows(document)
    until = max((row["settled"] for row in then.values()), default=0)
    again = rules.document(
        evaluation=freeze.evaluation_id,
        framework=evaluation.framework_id,
        number=freeze.number,
        at=freeze.at,
        by=freeze.by_id,
        quality=evaluation.framework.policies.quality,
        bids=bids_as_settled(evaluation, bids_of_freeze(freeze), until=until),
    )
    now = frozen_rows(again)
    return Recomputed(
        recorded=freeze.sha256,
        stored=sha256_of(freeze.document.encode()),
        rows=sha256_of(canonical(again)),
        differing=tuple(sorted((key for key in then.keys() | now.keys() if then.get(key) != now.get(key)), key=str)),
    )


def in_words(units: Iterable[tuple[int, int, int | None]], *, user) -> list[str]:
    """(bid, standard, lot) in words, of bids that this person may see."""
    units = list(units)
    seen = Bid.objects.visible_to(user).filter(pk__in={bid for bid, _, _ in units})
    names = dict(seen.values_list("pk", "provider_name"))
    standards = Standard.objects.in_bulk({standard for _, standard, _ in units})
    lots = Lot.objects.in_bulk({lot for _, _, lot in units if lot})
    return [
        f"{names[bid]}: {standards[standard]}" + (f", Lot {lots[lot].number}" if lot else "")
        for bid, standard, lot in units
        if bid in names and standard in standards
    ]
