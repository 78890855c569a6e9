"""The price check in sets finds what the pure rule finds, on whatever prices, on both databases."""

from __future__ import annotations

import random

import pytest
from django.db import connection, transaction

from evaluation.models import BidLot, Correction, Freeze, GatePool, GateResult, GateRun, LowEnquiry, QualityResult
from evaluation.queries import gate as queries
from evaluation.queries import gate_sql, prices
from evaluation.rules import gate as rules
from evaluation.rules.gate import Policy, Price
from evaluation.rules.hashes import Sums, input_row
from evaluation.states import BidState, RunState
from evaluation.steps import gate as steps
from lots.models import PriceLine
from lots.rules.refusals import Refused
from providers.models import BidPrice
from providers.states import Vat
from tests.evaluation.further import priced
from tests.evaluation.made import DAY, bids_of, evaluation

POLICIES = [
    Policy(),
    Policy(pool="sub_lot", counted="submitted", margin_percent=10, sides="both"),
    Policy(basis="gross", low_percent=90, margin_percent=0),
    Policy(counted="submitted", basis="gross", margin_percent=33),
]


def opened(world, count: int = 12, seed: int = 1):
    """So many bids on lots 1 and 2, with prices, VAT, quality, corrections and decisions drawn by lot."""
    draw, made = random.Random(seed), evaluation(world, count=count, lots=("1", "2"), read=False)
    opening = priced(made, world)
    line = PriceLine.objects.filter(lot__number="2").first()
    PriceLine.objects.create(
        lot=line.lot, title="Lunch", unit=line.unit, mode=line.mode, group=line.group, gated="quoted", position=9
    )
    second = PriceLine.objects.create(
        lot=line.lot, title="A day", unit="day", mode=line.mode, group=line.group, position=8
    )
    for bid in bids_of(made):
        BidPrice.objects.filter(submission=bid.submission).delete()
        for one in PriceLine.objects.filter(lot__framework=made.framework):
            parts = [None] if one != second else list(one.lot.sub_lots.all())
            for part in draw.sample(parts, draw.randint(1, len(parts))):
                BidPrice.objects.create(
                    submission=bid.submission,
                    lot=one.lot,
                    line=one,
                    sub_lot=part,
                    pence=draw.choice([draw.randint(1, 10), draw.randint(3000, 6000)]),
                    vat=draw.choice(list(Vat)),
                )
    for row in draw.sample(list(QualityResult.objects.all()), count // 3):
        QualityResult.objects.filter(pk=row.pk).update(passed=False)
    for row in draw.sample(list(BidLot.objects.all()), 4):
        BidLot.objects.filter(bid=row.bid_id, lot=row.lot_id).update(complete=False)
    out = draw.choice(bids_of(made))
    type(out).objects.filter(pk=out.pk).update(state=BidState.WITHDRAWN, state_at=opening.at)
    rows = list(BidPrice.objects.exclude(submission=out.submission))
    for n, price in enumerate(draw.sample(rows, 6)):
        Correction.objects.create(
            price=price, was_pence=price.pence, becomes_pence=4321 + n, reason="A slip", consent="Yes",
            proposed_at=opening.at, proposed_by=world.max, approved_at=opening.at if n % 3 else None,
            approved_by=world.fay if n % 3 else None, replaced_at=opening.at if n == 5 else None,
        )  # fmt: skip
    for n, price in enumerate(draw.sample(rows, 5)):
        LowEnquiry.objects.create(
            price=price, bid=price.submission.bid, text="Why?", asked_at=opening.at, asked_by=world.max,
            due_at=opening.at, decision="disregard" if n < 4 else "keep", reason="So", decided_at=opening.at,
            decided_by=world.fay, replaced_at=opening.at if n == 3 else None,
        )  # fmt: skip
    return made, opening


def as_rules_see_it(made, opening) -> list[Price]:
    """The same prices, read row by row."""
    rows = QualityResult.objects.filter(freeze=opening.freeze).values_list("bid", "lot", "passed")
    quality = {(bid, lot): passed for bid, lot, passed in rows}
    complete = set(BidLot.objects.filter(complete=True).values_list("bid", "lot"))
    out = {
        (row.bid_id, row.price.lot_id)
        for row in LowEnquiry.objects.filter(decision="disregard", replaced_at=None).select_related("price")
    }
    found = []
    rows = prices.with_current(BidPrice.objects.filter(line__gated="gated", submission__bid__state="in"))
    for row in rows.select_related("submission__bid").order_by("pk"):
        bid = row.submission.bid.pk
        passed = quality[bid, row.lot_id] and (bid, row.lot_id) in complete
        key = (row.pk, bid, row.lot_id, row.line_id, row.sub_lot_id)
        found.append(Price(*key, row.now_pence, row.vat, passed, (bid, row.lot_id) in out))
    return found


def worked_out(opening, world, policy: Policy) -> GateRun:
    made = opening.freeze.evaluation
    run = GateRun.objects.create(
        evaluation=made, opening=opening, number=1 + made.runs.count(), policy=policy.written(), asked_at=opening.at,
        asked_by=world.max,
    )  # fmt: skip
    with transaction.atomic():
        return steps.work_out(run=run, at=opening.at + DAY)


@pytest.fixture
def undecided_counts(monkeypatch):
    """What was made by lot is full of low prices that nobody was asked about."""
    monkeypatch.setattr(steps.low_prices, "check_decided", lambda undecided: None)


@pytest.mark.parametrize("policy", POLICIES, ids=range(len(POLICIES)))
def test_it_finds_what_the_rule_finds(world, undecided_counts, policy):
    made, opening = opened(world)

    run = worked_out(opening, world, policy)

    expected = rules.worked_out(as_rules_see_it(made, opening), policy)
    rows = [
        (r.price_id, r.bid_id, r.pence, r.compared, r.counts, r.passes, r.low, r.pool.lot_id, r.pool.line_id,
         r.pool.sub_lot_id, r.pool.count, r.pool.total, r.pool.upper, r.pool.lower)
        for r in (*queries.results_of(run), *expected)
    ]  # fmt: skip
    assert len(expected) > 10
    assert rows[: len(rows) // 2] == rows[len(rows) // 2 :]
    assert rules.lost(queries.results_of(run), policy) == rules.lost(expected, policy) == queries.lost_in(run)
    assert rules.flags(expected) == [one for one in queries.flags_of(run) if one.pool]
    assert GatePool.objects.filter(run=run).count() == len({one.pool.key for one in expected})

    sums = Sums()
    sums.add_rows(map(input_row, expected))
    of = gate_sql.source(opening.freeze, policy)
    assert (run.prices, run.failing) == (len(expected), sum(not one.passes for one in expected))
    assert run.inputs_sha256 == sums.inputs == gate_sql.inputs_sha256(of)
    assert queries.worked_out_again(run).is_same
    assert all(queries.pool_is_same(pool) for pool in run.pools.select_related("run"))
    assert [one.price_id for one in gate_sql.all_low(of, gate_sql.added_up(of, policy))] == [
        one.price_id for one in sorted(expected, key=lambda one: (one.pool.key[:2], one.pool.key[2] or 0, one.price_id))
        if one.low
    ]  # fmt: skip


def test_a_second_run_has_the_same_hash_and_a_price_more_another(world, undecided_counts):
    _, opening = opened(world)
    first, second = (worked_out(opening, world, Policy()) for _ in range(2))

    BidPrice.objects.filter(pk=first.results.first().price_id).update(pence=77)
    third = worked_out(opening, world, Policy())
    other = worked_out(opening, world, Policy(margin_percent=21))

    assert first.sha256 == second.sha256
    assert len({first.sha256, third.sha256, other.sha256}) == 3
    assert not queries.all_same_inputs(first)
    assert queries.all_same_inputs(third)


def test_whatever_is_changed_in_a_kept_run_is_seen(world, undecided_counts):
    _, opening = opened(world)
    run = worked_out(opening, world, Policy())
    one = GateResult.objects.filter(run=run, passes=True, counts=True, pence__gt=1).order_by("price").first()

    for change in ({"pence": 1}, {"counts": False}):
        was = {name: getattr(one, name) for name in change}
        GateResult.objects.filter(pk=one.pk).update(**change)
        assert not queries.worked_out_again(run).is_same
        assert not queries.pool_is_same(one.pool)
        GateResult.objects.filter(pk=one.pk).update(**was)
    GateResult.objects.filter(pk=one.pk).update(passes=False)
    assert not queries.pool_is_same(one.pool)
    GatePool.objects.filter(pk=one.pool_id).update(upper=one.pool.upper + 1)
    assert not queries.pool_is_same(GatePool.objects.get(pk=one.pool_id))


def test_the_highest_prices_that_can_be_typed_are_added_up_without_a_slip(world, undecided_counts):
    made = evaluation(world, count=4, prices=[10**13, 10**13, 10**13, 10**13 - 1], read=False)
    BidPrice.objects.update(vat="standard")

    run = worked_out(priced(made, world), world, Policy(basis="gross", margin_percent=0))

    assert run.pools.get().total == 120 * (4 * 10**13 - 1)
    assert [one.passes for one in queries.results_of(run)] == [False, False, False, True]


def test_a_sum_that_no_column_holds_is_refused_in_words(world, monkeypatch):
    monkeypatch.setattr(rules, "LARGEST", 10**6)
    opening = priced(evaluation(world, count=3, read=False), world)

    with pytest.raises(Refused, match="“Half-day session” add up to more than the portal can hold"):
        worked_out(opening, world, Policy())


def test_a_low_price_without_a_decision_stops_it_and_nothing_is_kept(world):
    opening = priced(evaluation(world, count=4, prices=[1000, 4500, 4600, 4800], read=False), world)

    with pytest.raises(Refused, match="1 unusually low price has no decision yet"):
        worked_out(opening, world, Policy())

    assert GatePool.objects.count() == GateResult.objects.count() == 0


def test_an_evaluation_in_which_nobody_passed_quality_has_an_empty_run(world):
    opening = priced(evaluation(world, count=2, read=False), world)
    QualityResult.objects.update(passed=False)

    run = worked_out(opening, world, Policy())

    assert (run.prices, run.state, Freeze.objects.count()) == (0, RunState.DONE, 1)
    assert queries.worked_out_again(run).is_same


def test_prices_as_they_stand(world):
    made = evaluation(world, count=2, lots=("1", "2"), read=False)
    opening = priced(made, world)
    first, second = bids_of(made)
    price = BidPrice.objects.get(submission=first.submission, lot__number="1")
    fields = {"reason": "A slip", "consent": "Yes", "proposed_at": opening.at, "proposed_by": world.max}
    by = {"approved_at": opening.at, "approved_by": world.fay}
    Correction.objects.create(price=price, was_pence=4000, becomes_pence=1, **fields)
    assert prices.current(made)[first.pk][price.lot_id, None] == {price.line_id: 4000}

    Correction.objects.create(price=price, was_pence=4000, becomes_pence=4400, **fields, **by)

    assert prices.current(made)[first.pk][price.lot_id, None] == {price.line_id: 4400}
    assert set(prices.current(made, bids=[second.pk])) == {second.pk}
    assert connection.vendor in {"sqlite", "postgresql"}
