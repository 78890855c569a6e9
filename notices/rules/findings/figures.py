"""Figures that do not add up, and fields that say two things at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from notices.rules import paths, where
from notices.rules.findings.shape import Finding, Notice, Side, pounds, side
from notices.rules.paths import Path
from notices.rules.reader import quoted

_NAMES = {"net_pence": "without VAT", "gross_pence": "with VAT"}
_NO_FEE = re.compile(r"\s*(?:n\s?[/.]?\s?a\.?|none|nil|no(?:ne)?(?:\s+fees?)?|not\s+applicable|-+|–)[\s.]*", re.I)
_MOST = 40


def find(notice: Notice) -> Iterator[Finding]:
    """The lots against the headline, VAT against none, open beside closed, fees, regions named twice."""
    yield from _sums(notice)
    yield from _vat(notice)
    yield from _open_and_closed(notice)
    yield from _fees(notice.tree)
    yield from _regions(notice.tree)


def _sums(notice: Notice) -> Iterator[Finding]:
    for key, name in where.AMOUNTS.items():
        headline, values = getattr(notice.facts, key), [getattr(lot, key) for lot in notice.facts.lots]
        if headline is None or None in values or sum(values) == headline:
            continue
        apart = abs(sum(values) - headline)
        yield Finding(
            f"lot_values_{name_of(key)}",
            f"The values of the lots {_NAMES[key]} do not add up to the framework's",
            f"The notice gives the framework {pounds(headline)} and its lots {pounds(sum(values))} in all: "
            f"{pounds(apart)} {'less' if sum(values) < headline else 'more'}. A framework states the estimated value "
            "of what is bought under it (Procurement Act 2023, s.45(5)). Both figures are kept as they were published.",
            (
                Side(notice.path_of(key), pounds(headline)),
                Side(f"tender.lots[*].value.{name}", f"{pounds(sum(values))} in {len(values)} lots"),
            ),
        )


def name_of(key: str) -> str:
    """`net_pence` → `net`."""
    return key.removesuffix("_pence")


def _vat(notice: Notice) -> Iterator[Finding]:
    """An amount with VAT can be no less than the same amount without."""
    holders = [("", notice.facts), *((f"lots.{lot.number}.", lot) for lot in notice.facts.lots)]
    for prefix, holder in holders:
        if holder.net_pence is not None and holder.gross_pence is not None and holder.gross_pence < holder.net_pence:
            yield Finding(
                f"vat_{prefix.strip('.') or 'framework'}".replace(".", "_"),
                "A value with VAT is less than the value without it",
                f"With VAT: {pounds(holder.gross_pence)}. Without VAT: {pounds(holder.net_pence)}. Thresholds are "
                "checked with VAT (Procurement Act 2023, Schedule 3), so find out which of them is meant.",
                (notice.side(f"{prefix}net_pence", holder), notice.side(f"{prefix}gross_pence", holder)),
            )


def _open_and_closed(notice: Notice) -> Iterator[Finding]:
    path = (*where.AGREEMENT, "type")
    if notice.facts.is_open and paths.get(notice.tree, path) == "closed":
        yield Finding(
            "open_and_closed",
            "The framework is said to be open and closed",
            "The notice says that this is an open framework, which is opened again to new providers (Procurement Act "
            "2023, s.49), and gives its type as “closed”, which is a framework that nobody can join later. The portal "
            "treats it as open.",
            (notice.side("is_open", notice.facts), side(path, "Type: closed")),
        )


def _fees(tree: dict) -> Iterator[Finding]:
    fees = paths.get(tree, ("tender", "participationFees"))
    for index, fee in enumerate(fees if isinstance(fees, list) else []):
        path: Path = ("tender", "participationFees", index)
        kinds, description = paths.get(fee, ("type",)), paths.get(fee, ("description",))
        charged = isinstance(kinds, list) and "win" in kinds
        if charged and isinstance(description, str) and _NO_FEE.fullmatch(description[:100]):
            yield Finding(
                f"fee_{index}",
                "A fee for winning is named, and described as none",
                "The notice lists a fee that a winning provider pays and describes it as not applicable. A framework "
                "may charge only a fixed percentage of what is bought under it (Procurement Act 2023, s.45(7)). The "
                "portal charges none.",
                (
                    side((*path, "type"), ", ".join(map(quoted, kinds))),
                    side((*path, "description"), description),
                ),
            )


def _regions(tree: dict) -> Iterator[Finding]:
    items = paths.get(tree, where.ITEMS)
    for index, item in enumerate(items if isinstance(items, list) else []):
        addresses = paths.get(item, ("deliveryAddresses",))
        seen: dict[str, int] = {}
        for position, address in enumerate(addresses if isinstance(addresses, list) else []):
            region = paths.get(address, ("region",))
            if not isinstance(region, str):
                continue
            first = seen.setdefault(region, position)
            if first != position and addresses[first] == address:
                path = (*where.ITEMS, index, "deliveryAddresses")
                yield Finding(
                    f"region_twice_{index}_{position}",
                    "A delivery region is named twice",
                    "The same place stands twice in one list. It is kept as published and counts once. Find a Tender's "
                    "format does not allow it: a checker of notices will report it.",
                    (side((*path, first), region), side((*path, position), region)),
                )


def measures(tree: dict) -> Iterator[Finding]:
    """Measures that a contract reports on every single day (Procurement Act 2023, s.52 and s.71)."""
    sides = []
    for stage in ("awards", "contracts"):
        for path, metric in _objects(tree, (stage,), "agreedMetrics"):
            observations = metric.get("observations")
            for index, observation in enumerate(observations if isinstance(observations, list) else []):
                days = paths.get(observation, ("period", "durationInDays"))
                if isinstance(days, Decimal) and days == 1:
                    name = metric.get("title") if isinstance(metric.get("title"), str) else "A measure"
                    sides.append(side((*path, "observations", index, "period", "durationInDays"), f"{name}: 1 day"))
    if sides:
        yield Finding(
            "daily_measures",
            f"{'A measure is' if len(sides) == 1 else f'{len(sides)} measures are'} to be reported on every day",
            "One day between reports may be a slip of the pen for a month or a year. The law asks for an assessment "
            "once in twelve months (Procurement Act 2023, s.71(2)), and for none under a light touch contract (s.52). "
            "The interval is kept as published.",
            tuple(sides[:_MOST]),
        )


def _objects(tree: dict, stage: Path, name: str) -> Iterator[tuple[Path, dict]]:
    holders = paths.get(tree, stage)
    for number, holder in enumerate(holders if isinstance(holders, list) else []):
        found = paths.get(holder, (name,))
        for index, one in enumerate(found if isinstance(found, list) else []):
            if isinstance(one, dict):
                yield (*stage, number, name, index), one
