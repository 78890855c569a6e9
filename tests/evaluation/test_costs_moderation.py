"""What pages of moderation, the freeze and appeals cost in queries: the same with one row and with three."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation import urls_moderation
from tests.evaluation.made import bids_of
from tests.evaluation.moderated import agreed, differing, freeze, noted, standard, upheld

# By the name of the address: who opens it, what it is about, its queries. Lists have seven, and one more to count what
# fills more than a page.
LISTS = {
    "differences": ("ada", "differing", 7),
    "frozen": ("ada", "freeze", 7),
    "appeals": ("ada", "frozen", 6),
}
PAGES = {
    "moderate": ("ada", "difference", 15),
    "freeze": ("ada", "frozen", 20),  # with what appeals would change; nine without
    "check_freeze": ("ada", "freeze", 11),
    "freeze_file": ("ada", "freeze", 6),
    "unfreeze": ("ada", "frozen", 9),
    "note_appeal": ("ada", "bid", 7),
    "appeal": ("ada", "appeal", 16),
}
NOT_COUNTED = {"confirm_unfreeze", "drop_unfreeze"}  # buttons


def test_every_page_is_counted():
    assert {one.name for one in urls_moderation.urlpatterns} == {*LISTS, *PAGES, *NOT_COUNTED}


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_with_one_row_and_with_three(world, sign_in, rows):
    made = differing(world, count=rows)
    bids = bids_of(made)
    about = {"differing": [made.pk], "difference": [bids[0].pk, standard(made).pk], "bid": [bids[0].pk]}
    client, found = sign_in(world.ada), {}

    def counted(names):
        for name in names:
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(reverse(name, args=about[(LISTS | PAGES)[name][1]]))
            assert (answer.status_code, bool(b"".join(answer))) == (200, True), name
            found[name] = len([one for one in queries if "clock_timestamp" not in one["sql"]])

    counted(["differences", "moderate"])
    for bid in bids:
        agreed(world, bid, standard(made))
    about |= {"frozen": [made.pk], "freeze": [freeze(world, made).pk]}
    for bid in bids:
        upheld(world, noted(world, bid, standard(made, "1.2")), "fail")
    about["appeal"] = [noted(world, bids[0], standard(made)).pk]  # one that waits is shown with everything
    counted([name for name in LISTS | PAGES if name not in found])

    expected = {name: queries for name, (*_, queries) in (LISTS | PAGES).items()}
    assert {name: n for name, n in found.items() if n != expected[name]} == {}
