"""Worked examples in pounds: what a policy does to a few made-up bids, worked out by the rule itself.

Prices are pence for a half-day; the providers are made up. An example takes the values of all policies, because two of
them may meet in it. What is paid, and who is chosen, is worked out in `worked_money`.
"""

from __future__ import annotations

from collections.abc import Mapping

from lots.rules import prices
from lots.rules.examples import Example, Table, listed, pounds, verb
from lots.rules.policies import Value

ORDINARY = {"Alder": 4000, "Beech": 4200, "Cedar": 4500, "Damson": 6000}
AT_THE_LIMIT = {"Alder": 3000, "Beech": 3000, "Cedar": 4000}
ONE_LOW = {"Alder": 1000, "Beech": 4500, "Cedar": 4600, "Damson": 4800}
Prices = Mapping[str, int]


def _rule(values) -> dict:
    return {"margin": values["margin_percent"], "both_sides": values["sides"] == "both"}


def _average(pool: prices.Limits) -> str:
    exact = pool.total % pool.count == 0
    return f"{'' if exact else 'about '}{pounds(pool.total // pool.count)}"


def _span(pool: prices.Limits, values) -> str:
    upper = f"up to {pounds(pool.upper)}"
    return f"from {pounds(pool.lower)} {upper}" if values["sides"] == "both" else upper


def _checked(caption: str, offered: Prices, values) -> Table:
    """Each price, its pool's limits, and whether it passes."""
    fail = prices.failing(offered, **_rule(values))
    rows = tuple((name, pounds(pence), "Fails" if name in fail else "Passes") for name, pence in offered.items())
    return Table(caption, ("Provider", "Price", "Result"), rows)


def _sentence(offered: Prices, values) -> str:
    pool = prices.limits(offered, **_rule(values))
    fail = prices.failing(offered, **_rule(values))
    return (
        f"The {pool.count} prices add up to {pounds(pool.total)}, their average is {_average(pool)}. "
        f"Prices {_span(pool, values)} pass. {listed(fail)} {verb(fail, 'fails', 'fail')}."
    )


def margin(values: Mapping[str, Value]) -> Example:
    """The margin and its side, on four ordinary prices, on a price near the limit, and beside a very low one."""
    markets = (("Usual", ORDINARY), ("Close", AT_THE_LIMIT), ("One low", ONE_LOW))
    rows = []
    for name, offered in markets:
        pool, fail = prices.limits(offered, **_rule(values)), prices.failing(offered, **_rule(values))
        given = ", ".join(pounds(pence) for pence in offered.values())
        rows.append((name, given, _span(pool, values).capitalize(), listed(pounds(offered[who]) for who in fail)))
    low = prices.failing(ONE_LOW, **_rule(values))
    points = [_sentence(ORDINARY, values)]
    if len(low) > 1:
        points.append(
            f"Beside one price of {pounds(1000)}, {len(low)} of 4 bids fail. That price has to be asked about before "
            "the average is taken."
        )
    return Example(
        f"Three lots, each with one price line, and a margin of {values['margin_percent']}%.",
        (
            _checked("An ordinary lot", ORDINARY, values),
            Table("Three lots beside each other", ("Lot", "Prices", "What passes", "What fails"), tuple(rows)),
        ),
        tuple(points),
    )


def pool(values: Mapping[str, Value]) -> Example:
    """One lot with two parts, whose prices lie apart."""
    parts = {
        "Part A, primary": {"Alder": 4000, "Beech": 4200, "Cedar": 4400},
        "Part B, secondary": {"Damson": 5600, "Elder": 6000, "Fir": 6400},
    }
    together = {name: pence for offered in parts.values() for name, pence in offered.items()}
    pools = {"The whole lot": together} if values["pool"] == "line" else parts
    points = [f"{name}: {_sentence(offered, values)}" for name, offered in pools.items()]
    return Example(
        "Six providers bid for one price line of one lot, three for each part of it.",
        tuple(_checked(name, offered, values) for name, offered in pools.items()),
        tuple(points),
    )


def counted(values: Mapping[str, Value]) -> Example:
    """A fifth bid that failed on quality, with a very high price."""
    submitted = values["counted"] == "submitted"
    offered = ORDINARY | ({"Elder": 15000} if submitted else {})
    checked = _checked("Five bids, of which Elder’s failed on quality", offered, values)
    rows = tuple(row for row in checked.rows if row[0] != "Elder")
    elder = ("Elder", pounds(15000), "Out on quality, but counted" if submitted else "Out on quality, not counted")
    return Example(
        f"Five providers bid. Elder asks {pounds(15000)} and fails on quality.",
        (Table(checked.caption, checked.columns, (*rows, elder)),),
        (_sentence(offered, values),),
    )


def low(values: Mapping[str, Value]) -> Example:
    """Who is pointed out, and what the price check says with and without a tender that a person disregarded."""
    share = values["low_percent"]
    found = prices.unusually_low(ONE_LOW, percent=share)
    rows = []
    for name, pence in ONE_LOW.items():
        others = sum(ONE_LOW.values()) - pence
        rows.append((name, pounds(pence), pounds(-(-share * others // 300)), "Asked about" if name in found else "–"))
    kept = {name: pence for name, pence in ONE_LOW.items() if name not in found}
    points = [f"{listed(found)} {verb(found, 'is', 'are')} asked about before the average is taken."]
    if found:
        points.append(f"If the answer convinces, all four prices count. {_sentence(ONE_LOW, values)}")
        points.append(f"If a person disregards the bid, with reasons, the others count. {_sentence(kept, values)}")
    else:
        points.append(f"All four prices count. {_sentence(ONE_LOW, values)}")
    return Example(
        "Four providers bid for one price line.",
        (Table("Four prices", ("Provider", "Price", "Pointed out below", "Result"), tuple(rows)),),
        tuple(points),
    )


def fail_costs(values: Mapping[str, Value]) -> Example:
    """One bid for two lots with parts and lines, of whose prices one fails."""
    bid = (
        ("Lot 1", "Part B", "Half-day", 6000, False),
        ("Lot 1", "Part B", "Day", 8000, True),
        ("Lot 1", "Part C", "Half-day", 4400, True),
        ("Lot 2", "Part A", "Half-day", 4200, True),
    )
    lost = {
        "line": lambda lot, part, line: (lot, part, line) == bid[0][:3],
        "sub_lot": lambda lot, part, line: (lot, part) == bid[0][:2],
        "lot": lambda lot, part, line: lot == "Lot 1",
        "framework": lambda lot, part, line: True,
    }[str(values["fail_costs"])]
    rows = tuple(
        (
            f"{lot}, {part}",
            line,
            pounds(pence),
            "Passes" if passed else "Fails",
            "Lost" if lost(lot, part, line) else "Kept",
        )
        for lot, part, line, pence, passed in bid
    )
    kept = sum(row[-1] == "Kept" for row in rows)
    return Example(
        f"Alder bids four prices. One of them, {pounds(6000)} for a half-day in part B of lot 1, is above the limit.",
        (Table("Alder’s bid", ("Where", "Price line", "Price", "Price check", "What is left"), rows),),
        (f"{kept} of 4 prices {verb(range(kept), 'is', 'are')} left.",),
    )


def basis(values: Mapping[str, Value]) -> Example:
    """Two providers whose teaching is exempt from VAT, one that charges it."""
    net = {"Alder": 4000, "Beech": 4200, "Cedar": 5000}
    rates = {"Alder": 0, "Beech": 0, "Cedar": 20}
    gross = {name: pence + prices.share(pence, rates[name]) for name, pence in net.items()}
    offered = gross if values["basis"] == "gross" else net
    fail = prices.failing(offered, **_rule(values))
    rows = tuple(
        (
            name,
            pounds(net[name]),
            f"{rates[name]}%" if rates[name] else "Exempt",
            pounds(gross[name]),
            "Fails" if name in fail else "Passes",
        )
        for name in net
    )
    return Example(
        "Three providers bid for one price line. Cedar charges VAT, the others are exempt.",
        (Table("Three bids", ("Provider", "Without VAT", "VAT", "With VAT", "Result"), rows),),
        (_sentence(offered, values),),
    )


def quality(values: Mapping[str, Value]) -> Example:
    """One provider that passes three themes everywhere and fails one where a lot needs more."""
    whole = values["quality"] == "provider"
    rows = (
        ("Lot 1, workshops", pounds(4400), "Fails health and safety", "Out"),
        ("Lot 2, tuition", pounds(4200), "Passes all four themes", "Out" if whole else "Goes on to the price check"),
    )
    out = "Both prices are out" if whole else f"The price of {pounds(4200)} for lot 2 goes on to the price check"
    return Example(
        "Alder bids for two lots. Its workshops fail the theme health and safety; its tuition uses no machines.",
        (Table("Alder’s bid", ("Lot", "Price", "Quality", "Result"), rows),),
        (f"{out}, because quality is judged {'once for each provider' if whole else 'for each lot'}.",),
    )
