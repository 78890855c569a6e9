"""What the pages of a panel, of interests, of the opening and of bids cost in queries: the same with one row of
everything and with three."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation import urls_panel
from evaluation.models import Appointment
from evaluation.states import Duty, When
from tests.evaluation.made import bids_of, evaluation, given, preparing, round_closed
from tests.evaluation.panels import appointed, conflict, declared

# By the name of the address: who opens it, what it is about, and its queries.
LISTS = {"evaluations": ("eve", None, 5), "bids": ("eve", "opened", 7), "interests": ("ada", "opened", 8)}
PAGES = {
    "evaluation_of_framework": ("max", "framework", 5),
    "evaluation": ("ada", "opened", 19),
    "panel": ("max", "opened", 16),
    "appoint": ("max", "preparing", 7),
    "end_appointment": ("max", "appointment", 7),
    "assign_standards": ("max", "appointment", 8),
    "evaluation_rules": ("max", "preparing", 6),
    "declare_interests": ("eve", "preparing", 7),
    "declare_bidders": ("eve", "opened", 9),
    "report_interest": ("eve", "opened", 8),
    "mitigate_interest": ("ada", "conflict", 6),
    "opening": ("max", "preparing", 13),
    "opening_pdf": ("max", "opened", 7),
    "bid": ("max", "bid", 10),
    "withdraw_bid": ("max", "bid", 6),
    "exclude_bid": ("max", "bid", 6),
    "bring_back_bid": ("max", "bid", 6),
}


def test_every_page_is_counted_and_lists_cost_eight_at_most():
    assert {one.name for one in urls_panel.urlpatterns} == {*LISTS, *PAGES}
    assert {name for name, (*_, queries) in LISTS.items() if queries > 8} == set()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_with_one_row_and_with_three(world, sign_in, rows):
    opened = evaluation(world, count=rows)
    given(opened, world)
    for name in ("nora", "ines", "tariq")[: rows - 1]:
        appointed(opened, world, name, Duty.EVALUATOR)
        declared(opened, world.people[name], When.BEFORE, When.AFTER)
        conflict(opened, world.people[name], bids_of(opened)[0].provider)
    about = {
        "opened": opened.pk,
        "framework": round_closed(world).pk,
        "preparing": preparing(world).pk,
        "appointment": Appointment.objects.filter(evaluation=opened, person=world.eve).get().pk,
        "conflict": conflict(opened, world.tom, bids_of(opened)[0].provider).pk,
        "bid": bids_of(opened)[0].pk,
    }
    clients = {who: sign_in(world.people[who]) for who in ("max", "ada", "eve")}

    found = {}
    for name, (who, what, _) in (LISTS | PAGES).items():
        with CaptureQueriesContext(connection) as queries:
            answer = clients[who].get(reverse(name, args=[about[what]] if what else []))
        assert answer.status_code == 200, name
        found[name] = len([one for one in queries if "clock_timestamp" not in one["sql"]])

    expected = {name: queries for name, (*_, queries) in (LISTS | PAGES).items()}
    assert {name: n for name, n in found.items() if n != expected[name]} == {}
