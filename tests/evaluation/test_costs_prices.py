"""What the pages of prices cost in queries: the same with three bids and with nine, a list at most eight."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import PriceOpening
from evaluation.rules import connected
from tests.evaluation import pricing
from tests.evaluation.made import bids_of
from tests.evaluation.pricing import ask, ask_run, decide, opened, propose

# Overviews read several lists; each of those costs the same however long it is.
COSTS = {"priced_bids": 6, "pool": 8, "bid_prices": 8, "pool_plot": 8, "price_check": 18, "run": 20, "ask_run": 10}


@pytest.mark.parametrize("count", [4, 9])
def test_a_page_costs_the_same_with_four_bids_and_with_nine(world, sign_in, count):
    made = opened(world, prices=[*pricing.LOW, 4700, 4750, 4650, 4900, 4850][:count])
    decide(ask(made, world.max), world.fay)
    bids = bids_of(made)
    pairs = [connected.Pair(bids[0].pk, bid.pk, "person") for bid in bids[1:]]
    PriceOpening.objects.update(connected=connected.written(pairs))
    for number in range(2, count + 1):
        propose(made, world.max, number)
    run = ask_run(made, world.max)
    keys = {"pool": run.pools.get().pk, "pool_plot": run.pools.get().pk, "bid_prices": bids[1].pk, "run": run.pk}
    client = sign_in(world.max)

    found = {}
    for name in COSTS:
        address = reverse(name, args=[keys.get(name, made.pk)])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found[name] = len(queries)

    assert found == COSTS
