"""Measuring one page beside its floor: processor time in Python, time in the database, queries, bytes."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median

from django.db import connection
from django.test import Client


@dataclass(frozen=True)
class Cost:
    """Of one request, or the medians of many. Milliseconds; `python` is processor time outside the database's own
    calls, `database` is the time until it answered (on SQLite, which runs in this process, that is work of ours)."""

    python: float
    database: float
    queries: float
    bytes: float

    @property
    def total(self) -> float:
        return self.python + self.database


@dataclass(frozen=True)
class Result:
    """A page, the bare floor and the floor in our base page, at one size. `ratio` is what the budget judges."""

    page: str
    size: int
    ours: Cost
    floor: Cost
    floor_page: Cost

    @property
    def ratio(self) -> float:
        return self.ours.total / self.floor.total

    @property
    def ratio_to_page(self) -> float:
        return self.ours.total / self.floor_page.total

    def as_json(self) -> dict:
        return asdict(self) | {"ratio": round(self.ratio, 3), "ratio_to_page": round(self.ratio_to_page, 3)}


class _Meter:
    """Counts what passes through the database connection."""

    def __init__(self):
        self.queries, self.wall, self.processor = 0, 0.0, 0.0

    def __call__(self, execute, sql, params, many, context):
        wall, processor = time.perf_counter(), time.process_time()
        try:
            return execute(sql, params, many, context)
        finally:
            self.wall += time.perf_counter() - wall
            self.processor += time.process_time() - processor
            self.queries += 1


def once(client: Client, address: str) -> Cost:
    """One request. Raises RuntimeError when the answer is not 200: a refusal would look fast."""
    meter = _Meter()
    with connection.execute_wrapper(meter):
        began = time.process_time()
        response = client.get(address)
        body = response.getvalue() if response.streaming else response.content
        spent = time.process_time() - began
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return Cost((spent - meter.processor) * 1000, meter.wall * 1000, meter.queries, len(body))


def alternate(rounds: int, *requests: Callable[[], Cost]) -> list[Cost]:
    """Medians of each, measured in turn so that whatever else the machine does falls on all alike. The first two
    rounds only warm up. The garbage collector runs as it does in production: its work is part of the cost."""
    kept: list[list[Cost]] = [[] for _ in requests]
    gc.collect()
    for number in range(rounds + 2):
        costs = [request() for request in requests]
        if number >= 2:
            for shelf, cost in zip(kept, costs, strict=True):
                shelf.append(cost)
    return [_medians(shelf) for shelf in kept]


def _medians(costs: list[Cost]) -> Cost:
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in ("python", "database", "queries", "bytes")))


_COLUMNS = (
    ("rows", 9),
    ("ours ms", 10),
    ("bare floor", 12),
    ("ratio", 7),
    ("in our page", 13),
    ("ratio", 7),
    ("python", 9),
    ("database", 10),
    ("queries", 9),
)


def table(results: list[Result]) -> str:
    """The results as people read them."""
    head = f"{'page':<18}" + "".join(f"{name:>{width}}" for name, width in _COLUMNS) + f"{'bytes':>9}"
    lines = [
        f"{r.page:<18}{r.size:>9,}{r.ours.total:>10.2f}{r.floor.total:>12.2f}{r.ratio:>7.2f}"
        f"{r.floor_page.total:>13.2f}{r.ratio_to_page:>7.2f}{r.ours.python:>9.2f}{r.ours.database:>10.2f}{r.ours.queries:>9.0f}{r.ours.bytes:>9,.0f}"
        for r in results
    ]
    return "\n".join([head, "-" * len(head), *lines])
