"""URLs of prices: once they are open, openers, approvers and whoever runs the evaluation see them; whoever evaluates or
moderates does not. A question about a price is answered by its bidder."""

from __future__ import annotations

from evaluation.models import Bid, Correction, LowEnquiry
from evaluation.states import RunState
from providers.models import BidPrice
from tests.evaluation.further import frozen, priced, run
from tests.evaluation.made import DAY, evaluation
from tests.house.matrix import Row


def _frozen(world):
    return (frozen(evaluation(world, count=1), world).evaluation_id,)


def _priced(world):
    return (priced(evaluation(world, count=1), world).freeze.evaluation_id,)


def _run(world):
    return (run(evaluation(world, count=2), world, state=RunState.DONE).pk,)


def _pool(world):
    return (run(evaluation(world, count=2), world).pools.first().pk,)


def _bid(world):
    _priced(world)
    return (Bid.objects.get().pk,)


def _price(world):
    return (*_bid(world), BidPrice.objects.first().pk)


def _question(world):
    """Max asked Ash House yesterday."""
    bid, price = _price(world)
    at = Bid.objects.get().evaluation.fixed_at
    return (
        LowEnquiry.objects.create(
            bid_id=bid, price_id=price, text="How?", asked_at=at, asked_by=world.max, due_at=at + 9 * DAY
        ).pk,
    )


def _correction(world):
    _, price = _price(world)
    at = Bid.objects.get().evaluation.fixed_at
    return (
        Correction.objects.create(
            price_id=price, was_pence=4000, becomes_pence=4400, reason="A slip", consent="By email", proposed_at=at,
            proposed_by=world.max,
        ).pk,
    )  # fmt: skip


SEE = {"max": 200, "fay": 200, "ada": 403, "eve": 403}
HANDLE = SEE | {"fay": 403}
SIGN = SEE
DROP = SEE | {"max": 302, "fay": 302}

ROWS: dict[str, Row] = {
    "open_prices": Row(others=404, roles=HANDLE, args=_frozen),
    "price_check": Row(others=404, roles=SEE, args=_priced),
    "priced_bids": Row(others=404, roles=SEE, args=_priced),
    "ask_run": Row(others=404, roles=HANDLE, args=_priced),
    "run": Row(others=404, roles=SEE, args=_run),
    "sign_run": Row(others=404, roles=SIGN, args=_run),
    "check_run_again": Row(others=404, roles=SEE, args=_run, method="post"),
    "pool": Row(others=404, roles=SEE, args=_pool),
    "pool_plot": Row(others=404, roles=SEE, args=_pool),
    "bid_prices": Row(others=404, roles=SEE, args=_bid),
    "ask_low_price": Row(others=404, roles=HANDLE, args=_price),
    "propose_correction": Row(others=404, roles=HANDLE, args=_price),
    "low_price": Row(others=404, roles=SEE | {"alice": 403}, args=_question),
    "answer_low_price": Row(
        others=404, roles={"alice": 200, "max": 403, "ada": 403, "eve": 403, "fay": 403}, args=_question
    ),
    "correction": Row(others=404, roles=SEE, args=_correction),
    "drop_correction": Row(others=404, roles=DROP, args=_correction, method="post"),
}
