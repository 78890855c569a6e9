"""The price check as a pure rule: against exact fractions, and the arithmetic of the notice worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from evaluation.rules import amounts, connected, gate
from evaluation.rules.gate import Flag, Policy, PoolOf, Price, Result
from lots.rules.prices import unusually_low
from providers.states import Vat

pytestmark = pytest.mark.once
UPPER = Policy()


def prices(*pence: int, **fields) -> list[Price]:
    """So many bids on one line of one lot."""
    return [Price(n, n, 1, 1, **({"sub_lot_id": None, "pence": p} | fields)) for n, p in enumerate(pence, 1)]


def out(found: list[Result]) -> list[int]:
    return [one.price_id for one in found if not one.passes]


@pytest.mark.parametrize(
    ("pence", "upper", "fail"),
    [
        ((4000, 4200, 4500, 6000), "56.10", [4]),
        ((4000, 4200, 4500, 6000, 15000), "80.88", [5]),
        ((3000, 3000, 4000), "40", []),
        ((1000, 4500, 4600, 4800), "44.70", [2, 3, 4]),
        ((9999999,), "119999.988", []),
        ((4000, 6000), "60", []),
        ((4000, 6001), "60.006", [2]),
        ((4000, 4000, 5333), "53.332", []),
        ((3999, 4000, 5333), "53.328", [3]),
    ],
)
def test_the_arithmetic_of_the_notice(pence, upper, fail):
    """With two the dearest fails above 1.5 times the other, with three above 1.333 times; one bidder never fails."""
    found = gate.worked_out(prices(*pence), UPPER)

    assert out(found) == fail
    assert Fraction(found[0].pool.upper, 10_000) == Fraction(upper)


LISTS = some.lists(some.integers(1, 10**9) | some.integers(1, 60), min_size=1, max_size=12)


@given(LISTS, some.integers(0, 100), some.sampled_from(["upper", "both"]), some.sampled_from(list(Vat)))
def test_who_passes_is_who_passes_in_exact_fractions(pence, margin, sides, vat):
    policy = Policy(margin_percent=margin, sides=sides, basis="gross")

    found = gate.worked_out(prices(*pence, vat=vat.value), policy)

    rate = Fraction(100 + gate.VAT_PERCENT[vat.value], 100)
    average = sum(pence) * rate / len(pence)
    for price, result in zip(pence, found, strict=True):
        fits = price * rate <= average * Fraction(100 + margin, 100)
        if sides == "both":
            fits = fits and price * rate >= average * Fraction(100 - margin, 100)
        assert result.passes == fits
        assert Fraction(result.compared, 100) == price * rate


@given(LISTS, some.integers(0, 100))
def test_what_is_pointed_out_is_what_the_rule_of_frameworks_points_out(pence, percent):
    found = gate.worked_out(prices(*pence), Policy(low_percent=percent))

    amounts = {one.price_id: one.compared for one in found}
    assert [one.price_id for one in found if one.low] == unusually_low(amounts, percent=percent)


def test_every_treatment_of_vat_has_its_rate():
    assert set(gate.VAT_PERCENT) == set(Vat.values)


def test_vat_counts_only_where_prices_are_compared_with_it():
    there = [*prices(4500, 4500, 4500), Price(4, 4, 1, 1, None, 5000, "standard")]

    assert out(gate.worked_out(there, Policy(basis="net"))) == []
    assert out(gate.worked_out(there, Policy(basis="gross"))) == [4]


def test_who_failed_on_quality_counts_only_where_the_policy_says_so():
    there = [*prices(4000, 4200, 4500, 6000), Price(5, 5, 1, 1, None, 15000, passed=False)]

    assert out(gate.worked_out(there, Policy(counted="passed"))) == [4]
    assert out(gate.worked_out(there, Policy(counted="submitted"))) == [5]


def test_what_was_disregarded_moves_no_average_and_does_not_pass():
    there = prices(1000, 4500, 4600, 4800)
    there[0] = Price(1, 1, 1, 1, None, 1000, disregarded=True)

    found = gate.worked_out(there, UPPER)

    assert (out(found), [one.counts for one in found]) == ([1], [False, True, True, True])
    assert found[1].pool.count == 3


def test_a_pool_without_a_price_that_counts_has_no_limit():
    [found] = gate.worked_out([Price(1, 1, 1, 1, None, 1000, disregarded=True)], UPPER)

    assert (found.pool.count, found.pool.upper, found.passes, found.low) == (0, 0, False, False)


def test_parts_are_pools_of_their_own_where_the_policy_says_so():
    there = [Price(n, n, 1, 1, n % 2 or None, pence) for n, pence in enumerate((4000, 4200, 4500, 6000), 1)]

    assert {one.pool.sub_lot_id for one in gate.worked_out(there, Policy(pool="line"))} == {None}
    assert {one.pool.sub_lot_id for one in gate.worked_out(there, Policy(pool="sub_lot"))} == {None, 1}


def test_a_policy_is_read_as_it_was_written():
    policy = Policy(margin_percent=25, sides="both")

    assert Policy.read(policy.written()) == policy
    assert Policy.read("{}") == Policy()
    assert Policy.read('{"margin_percent": 10, "of_tomorrow": 1}') == Policy(margin_percent=10)


def result(bid: int, lot: int = 1, line: int = 1, part: int | None = None, *, passes=False, counts=True) -> Result:
    return Result(bid, bid, PoolOf(lot, line, part, 3, 1, 1, 0), 1, 1, counts, passes, False)


class TestWhatAFailingPriceCosts:
    @pytest.mark.parametrize(
        ("costs", "found"),
        [
            ("lot", {(1, 1, None)}),
            ("sub_lot", {(1, 1, 5)}),
            ("framework", {(1, None, None)}),
            ("line", set()),
        ],
    )
    def test_by_policy(self, costs, found):
        there = [result(1, part=5), result(1, line=2, part=5, passes=True), result(1, lot=2, passes=True)]

        assert gate.lost(there, Policy(fail_costs=costs)) == found

    def test_a_part_is_lost_when_none_of_its_lines_is_left(self):
        there = [result(1, part=5), result(1, line=2, part=5), result(1, part=6, passes=True)]

        assert gate.lost(there, Policy(fail_costs="line")) == {(1, 1, 5)}
        assert gate.failed_lines(there) == {(1, 1, 5, 1), (1, 1, 5, 2)}

    def test_what_was_disregarded_costs_its_lot_and_no_more(self):
        assert gate.lost([result(1, counts=False)], Policy(fail_costs="framework")) == {(1, 1, None)}

    def test_a_lot_that_quality_has_cost_costs_nothing_more(self):
        assert gate.lost([result(1)], Policy(fail_costs="framework"), out={(1, 1)}) == set()

    def test_asking_of_one_part(self):
        found = {(1, None, None), (2, 1, None), (3, 1, 5)}

        asked = [(1, 9, 9), (2, 1, 5), (2, 2, 5), (3, 1, 5), (3, 1, 6), (3, 1, None)]
        assert [gate.is_lost(found, *place) for place in asked] == [True, True, False, True, False, False]


class TestWhatIsPointedOut:
    def flags(self, there: list[Price], policy: Policy = UPPER, ties=()) -> list[tuple]:
        return [(one.kind, one.bids) for one in gate.flags(gate.worked_out(there, policy), ties)]

    def test_one_price_and_fewer_than_three(self):
        assert self.flags(prices(4000)) == [("sole", (1,))]
        assert self.flags(prices(4000, 4100)) == [("few", (1, 2))]
        assert self.flags(prices(4000, 4100, 4200)) == []

    def test_a_low_price_that_counts_and_one_that_was_disregarded(self):
        there = prices(1000, 4500, 4600, 4800, 900)
        there[4] = Price(5, 5, 1, 1, None, 900, disregarded=True)

        assert self.flags(there) == [("low", (1,)), ("disregarded", (5,))]

    def test_connected_bidders_in_one_average(self):
        there = [*prices(4000, 4100, 4200), Price(9, 9, 1, 2, None, 4000)]

        assert self.flags(there, ties=[(1, 3), (1, 9)]) == [("connected", (1, 3)), ("sole", (9,))]

    def test_each_has_words(self):
        assert Flag("sole", None).kind in gate.KINDS


def bidder(number: int, name: str = "", *, persons=(), numbers=(), parent=None) -> connected.Bidder:
    named = frozenset(map(connected.folded, persons))
    return connected.Bidder(number, name or f"Firm {number}", number, parent, frozenset(numbers), named)


class TestWhoIsConnected:
    def pairs(self, *bidders) -> list[tuple]:
        return [(pair.one, pair.other, pair.how) for pair in connected.pairs(bidders)]

    def test_by_a_person_whom_both_name_however_they_spell_them(self):
        assert self.pairs(bidder(1, persons=["René  O’Dell"]), bidder(2, persons=["rene o'dell"]), bidder(3)) == [
            (1, 2, "person")
        ]

    def test_by_name_number_and_owner(self):
        found = self.pairs(
            bidder(1, "Ash House", numbers=[("ukprn", "1")]),
            bidder(2, persons=["Ash House", "Firm 2"]),
            bidder(3, numbers=[("ukprn", "1")]),
            bidder(4, parent=3),
            bidder(5, parent=3),
        )

        assert found == [(1, 2, "named"), (1, 3, "number"), (3, 4, "parent"), (3, 5, "parent"), (4, 5, "parent")]

    def test_what_everybody_writes_ties_nobody(self):
        assert self.pairs(*(bidder(n, persons=["none"]) for n in range(1, 23))) == []

    def test_a_sub_contractor_ties_nobody(self):
        rows = [{"name": "Pat", "kind": "director"}, {"name": "Vans", "kind": "subcontractor"}, {"name": " "}]

        assert connected.persons_in({"connected": {"persons": rows}}) == {"pat"}
        assert connected.persons_in({}) == frozenset()

    def test_as_it_is_kept(self):
        found = connected.pairs([bidder(1, persons=["Pat"]), bidder(2, persons=["Pat"])])

        assert connected.read(connected.written(found)) == found
        assert (connected.read("[]"), connected.read("")) == ([], None)


@pytest.mark.parametrize(
    ("amount", "said"),
    [(561000, "£56.10"), (533280, "£53.328"), (1, "£0.0001"), (-42_2428, "−£42.2428"), (123_456_00_00, "£123,456.00")],
)
def test_an_amount_is_shown_exactly(amount, said):
    assert amounts.pounds(amount) == said


def test_an_average_is_shown_as_its_fraction_and_with_four_places():
    assert amounts.average(10_000_000, 3) == amounts.Average("1000/3", "£333.3333")
    assert amounts.average(1_400_000, 2) == amounts.Average("70", "£70.0000")
    assert amounts.average(0, 0) is None


@pytest.mark.parametrize(
    ("amount", "limit", "said"),
    [
        (561000, 561000, ("£0.00", "at the limit")),
        (600000, 561000, ("+£3.90", "7.0% above")),
        (445000, 561000, ("−£11.60", "20.7% below")),
        (561001, 561000, ("+£0.0001", "less than 0.1% above")),
        (100, 0, ("+£0.01", "above")),
    ],
)
def test_how_far_a_price_lies_from_its_limit(amount, limit, said):
    assert amounts.against(amount, limit) == said
