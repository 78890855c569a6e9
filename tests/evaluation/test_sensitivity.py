"""Who would change under each other rule: a table of stories, and what it is worked out from."""

from __future__ import annotations

import pytest

from evaluation.queries import sensitivity as queries
from evaluation.rules import gate, sensitivity
from evaluation.rules.gate import Policy, Price
from tests.evaluation.test_gate_sql import as_rules_see_it, opened, worked_out
from tests.evaluation.test_gate_sql import undecided_counts as undecided_counts

LOT, LINE, B, C = 1, 1, 5, 6
NOW = Policy()


def bid(number: int, pence: int, *, lot: int = LOT, parts=(B, C), **fields) -> Price:
    return Price(
        10 * lot + number, number, lot, LINE, **({"sub_lot_id": None, "pence": pence, "parts": parts} | fields)
    )


def places(prices: list[Price]) -> list[gate.Place]:
    return [(one.bid_id, one.lot_id, part) for one in prices if one.passed for part in one.parts]


def changes(prices: list[Price], policy: Policy = NOW) -> dict[str, tuple[set, set]]:
    """By the words of the other rule: which bids would gain a place, which would lose one. Nothing that stays."""
    found = sensitivity.compare(prices, places(prices), policy)
    return {
        one.other.says: ({bid for bid, _, _ in one.gained}, {bid for bid, _, _ in one.lost})
        for one in found
        if one.gained or one.lost
    }


@pytest.mark.once
class TestWhoWouldChange:
    def test_by_the_margin(self):
        """The limit of 40, 42, 45, 60 is 56.10 at 20 %, and 60.78 at 30 %."""
        found = changes([bid(1, 4000), bid(2, 4200), bid(3, 4500), bid(4, 6000)])

        assert found["30%"] == ({4}, set())
        assert "10%" not in found

    def test_by_the_other_side(self):
        found = changes([bid(1, 3000), bid(2, 4200), bid(3, 4500), bid(4, 4700)])

        assert found["Both sides: within the margin above or below the average"] == (set(), {1})

    def test_by_whose_prices_count(self):
        found = changes([bid(1, 4000), bid(2, 4200), bid(3, 4500), bid(4, 6000), bid(5, 15000, passed=False)])

        assert found["All submitted bids"] == ({4}, set())

    def test_by_whose_prices_count_where_a_lot_that_quality_has_cost_costs_nothing_more(self):
        """Bid 1 failed quality on lot 2, with a price there outside any limit, and loses no lot 1 by it."""
        prices = [bid(1, 4500), bid(2, 4500), bid(1, 90000, lot=2, passed=False), bid(2, 4500, lot=2)]
        submitted = Policy(counted="submitted", fail_costs="framework")

        assert "All submitted bids" not in changes(prices, Policy(fail_costs="framework"))
        assert "The lot" not in changes(prices, submitted)

    def test_by_vat(self):
        found = changes([bid(1, 4500), bid(2, 4500), bid(3, 4500), bid(4, 5000, vat="standard")])

        assert found["Including VAT"] == (set(), {4})

    def test_by_what_a_failing_price_costs(self):
        there = [bid(1, 4000), bid(2, 4200), bid(3, 6000), bid(3, 100, lot=2, parts=(7,))]

        found = changes(there)

        assert found["The whole bid"] == (set(), {3})
        assert "That part of the lot" not in found

    def test_by_the_pool_where_a_price_counts_for_each_part(self):
        """Alone in part C, bid 4 sets its own average."""
        there = [bid(1, 4000, parts=(B,)), bid(2, 4200, parts=(B,)), bid(3, 4500, parts=(B,)), bid(4, 6000, parts=(C,))]

        found = changes(there)

        assert found["The prices of each part of a lot on the same price line"] == ({4}, set())

    def test_the_other_way_round_too(self):
        there = [bid(1, 4000, sub_lot_id=B), bid(2, 4200, sub_lot_id=B), bid(3, 6000, sub_lot_id=C)]

        found = changes(there, Policy(pool="sub_lot", fail_costs="sub_lot"))

        assert found["All prices of a lot on the same price line"] == (set(), {3})

    def test_without_unusually_low_prices(self):
        """10, 45, 46, 48: the limit is 44.70, and three ordinary bids fail because of one."""
        found = changes([bid(1, 1000), bid(2, 4500), bid(3, 4600), bid(4, 4800)])

        [says] = [says for says in found if says.startswith("Left out")]
        assert found[says] == ({2, 3, 4}, set())

    def test_every_other_choice_has_one_row(self):
        rows = sensitivity.others(Policy(margin_percent=12))

        assert len(rows) == 1 + 1 + 1 + 3 + 1 + 6 + 1
        assert len({(row.what, row.says) for row in rows}) == len(rows)


def test_it_is_worked_out_from_the_prices_as_they_stand(world, undecided_counts, monkeypatch):
    made, opening = opened(world)
    run = worked_out(opening, world, Policy())

    found = queries.all_inputs(run)

    assert found.policy == Policy()
    assert [one._replace(parts=()) for one in found.prices] == [
        one._replace(parts=()) for one in as_rules_see_it(made, opening)
    ]
    assert all(
        isinstance(one, sensitivity.Changed) for one in sensitivity.compare(found.prices, found.places, Policy())
    )

    monkeypatch.setattr(queries, "MOST_PRICES", 3)
    assert queries.all_inputs(run) is None
