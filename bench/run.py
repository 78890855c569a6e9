"""One run: the standing cast, rows up to each size, every page beside its floor, then the work that is no page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db import connection
from django.test import Client
from django.urls import reverse

from bench import (
    alarms,
    board,
    directory,
    due_rows,
    evaluation,
    harness,
    last_place,
    letters,
    notices,
    pages,
    price_check,
    rounds,
    today,
    told,
    work,
)
from bench.page import Page
from tests.cast import make_world

LEAST = 1000  # of `amount`, from which what works on several connections is measured as well
PAGES = [*pages.PAGES, *rounds.PAGES, *evaluation.PAGES, *directory.PAGES, *today.PAGES, *board.PAGES]


def everything(*, sizes: list[int], rounds: int, only: set[str], amount: int, tell: Callable[[str], None]):
    """Returns the pages' results and the work's, as JSON."""
    world = make_world()
    chosen = [page for page in PAGES if not only or page.name in only]
    results, before = [], 0
    for size in sizes:
        pages.fill_events(world, before, size)  # the floor's rows, whichever pages were asked for
        for page in chosen:
            page.fill(world, before, size)
        before = size
        _gather_statistics()
        results += [_measure(page, world, size, rounds) for page in chosen]
    bare = Client()
    (bare_cost,) = harness.alternate(rounds, lambda: harness.once(bare, reverse("floor_bare")))
    tell(f"On {connection.vendor}; medians of {rounds} rounds; a page that says one word: {bare_cost.total:.2f} ms\n")
    tell(harness.table(results))
    return [result.as_json() for result in results], _work(world, amount, rounds, tell)


def _measure(page: Page, world, size: int, rounds: int) -> harness.Result:
    client = Client()
    client.force_login(getattr(world, page.who), backend="allauth.account.auth_backends.AuthenticationBackend")
    floors = [reverse(name, args=[page.rows]) for name in ("floor_list", "floor_page")]
    costs = harness.alternate(rounds, *(partial(harness.once, client, at) for at in [page.address(world), *floors]))
    return harness.Result(page.name, size, *costs)


def _gather_statistics() -> None:
    """What PostgreSQL does by itself a minute later."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _work(world, number: int, rounds: int, tell) -> list[dict]:
    kept: list[dict] = []
    if number:
        tell("")
        work.record(world, number // 10, tell, kept)
        work.seal_and_verify(world, number, tell, kept)
        work.import_schools(world, number // 2, tell, kept)
        work.award_and_switch(world, max(2, number // 50), tell, kept)
        told.tell_of_round(world, max(2, number // 100), tell, kept)
        notices.notices_in_and_out(world, max(2, number * 7 // 1000), rounds, tell, kept)
    if number >= LEAST:
        directory.search(world, tell, kept)
        price_check.check_prices(world, 4 * number, rounds, tell, kept)
        due_rows.run_days(world, number, rounds, tell, kept)
        letters.make_letters(world, max(2, number // 1000), tell, kept)
        last_place.last_place(world, tell, kept)
        alarms.sound(world, 100, tell, kept)
    return kept
