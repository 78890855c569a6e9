"""What the lists of monitoring cost in queries: eight at most, the same with one row of everything and with three, and
no more where they go on on a second page. The whole request of somebody who is signed in is counted: session, person,
roles, the door. That somebody looked at pupils is written down besides, in one statement, which is counted apart."""

from __future__ import annotations

import datetime as dt

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contracts.models import Contract
from core import lists
from monitoring.models import Rating, Session
from monitoring.urls import urlpatterns
from monitoring.views import codes, register_rows
from tests.monitoring.effects import made_cover, made_proposal
from tests.monitoring.made import (
    DAY,
    NINE,
    made_alert,
    made_concern,
    made_drill,
    made_dues,
    made_incident,
    made_report,
    made_schedule,
    made_session,
    made_visit,
    watched,
)
from tests.monitoring.registering import more_sessions
from tests.referrals.placed import made_terms_of_year

NOON, ONE_DAY, WEEK = NINE + dt.timedelta(hours=3), dt.timedelta(days=1), dt.timedelta(weeks=1)
MOST = 8
# By the name of the address: who looks, at what, its queries.
LISTS = {
    "alerts": ("sana", "elm_grove", 8),
    "attendance_codes": ("sana", "elm_grove", 6),
    "concerns": ("sana", "elm_grove", 5),
    "contract_kpis": ("eve", "agreement", 7),
    "daily_reports": ("alice", "ash_house", 8),
    "drills": ("bob", "ash_house", 7),
    "incidents": ("bob", "ash_house", 5),
    "live_registers": ("sana", "elm_grove", 6),
    "proposals": ("eve", "larkshire", 5),
    "pupil_incidents": ("sana", "elm_grove", 5),
    "ratings": ("eve", "larkshire", 6),
    "ratings_of": ("alice", "ash_house", 5),
    "registers": ("bob", "ash_house", 6),
    "visits": ("sana", "elm_grove", 8),
    "visits_had": ("alice", "ash_house", 6),
    "visits_planned": ("sana", "elm_grove", 5),
    "visits_shared": ("sana", "elm_grove", 5),
    "visits_to_do": ("sana", "elm_grove", 5),
}
# Of these one thing is shown, written or taken away as a file; `test_board` counts the board's own.
NO_LISTS = """
    acknowledge_alert action_done add_drill add_incident alert answer_proposal board board_file board_of cancel_visit
    close_concern concern concern_paper correct_incident daily_report end_schedule export_attendance front_door
    hand_over_concern incident mark_rest mark_session plan_visit raise_concern rate_kpi receive_concern report
    report_terms schedule_visits session_entries share_visit visit write_visit
"""
KINDS = [("unannounced", "half_term"), ("quality", "half_term"), ("face", "week")]
STATES, COVERS = ("raised", "received", "closed"), ("public", "employers", "motor")


def made_one_more(world, placement, contract, number: int) -> None:
    """One row for each list; an alert waits for an answer, another is answered."""
    for session in Session.objects.filter(alerts=None):
        made_alert(session)
        made_alert(session, kind="not_taken", acknowledged_at=NINE, acknowledged_by=world.sana)
    made_dues(contract, day=DAY - number * ONE_DAY)
    made_report(contract, day=DAY - number * ONE_DAY, exception="A window was broken")
    made_concern(world, placement, state=STATES[number])
    made_incident(world, placement, hospital=True)
    made_drill(world)
    insurance = made_cover(world.ash_house, kind=COVERS[number])
    made_proposal(world, place=placement.place, insurance=insurance, what=f"Cover {number}")
    kind, often = KINDS[number]
    ours, last = {"owner": world.elm_grove, "planned_on": DAY - WEEK}, DAY - number * WEEK
    made_visit(world, kind=kind, **ours)
    made_visit(world, state="held", **ours)
    made_visit(world, state="held", shared_at=NINE, planned_on=DAY - WEEK)
    made_schedule(world, owner=world.elm_grove, kind=kind, every=often)
    rated = {"proposed": "good", "grade": "good", "reason": "As it was", "rated_at": NINE}
    Rating.objects.create(kpi=contract.kpis.first(), from_on=last - WEEK, until_on=last, **rated)
    for line in contract.kpis.all()[number].lines.all():
        line.answers.create(yes=True, answered_on=DAY, answered_at=NINE, answered_by=world.alice)


def cost(client, address: str) -> tuple[int, str]:
    """The queries of a page without the savepoints that only tests have and without what is written down; and the
    query string of its next page, empty where there is none."""
    with CaptureQueriesContext(connection) as made:
        reply = client.get(address)
    assert reply.status_code == 200
    written = sum(one["sql"].startswith("INSERT") for one in made)
    assert written <= 1
    part, listed = reply.context.get("part"), reply.context.get("page")
    after = f"?page={part.next_page_number()}" if part and part.has_next() else getattr(listed, "after", "")
    return sum("SAVEPOINT" not in one["sql"] for one in made) - written, after


def names(patterns) -> set[str]:
    """The names of addresses, of those that are brought along too."""
    return {one.name for one in patterns if hasattr(one, "name")}.union(
        *(names(one.url_patterns) for one in patterns if hasattr(one, "url_patterns"))
    )


def test_every_page_is_counted_and_lists_cost_eight_at_most():
    assert names(urlpatterns) == {*LISTS, *NO_LISTS.split()} - {"contract_kpis"}
    assert {name for name, (_, _, queries) in LISTS.items() if queries > MOST} == set()


@time_machine.travel(NOON, tick=False)
def test_a_list_costs_the_same_with_one_row_and_with_three_and_on_its_next_page(world, sign_in, monkeypatch):
    placement = watched(world)
    contract = Contract.objects.get()
    made_terms_of_year(world.elm_grove)
    placement.pauses.create(from_on=DAY - WEEK, until_on=DAY - 5 * ONE_DAY, written_at=NINE)
    made_session(placement, mark="absent", reason="ill")
    made_schedule(world, owner=world.elm_grove, placement=placement, kind="face", every="week", from_on=DAY - WEEK)
    people = {who: sign_in(getattr(world, who)) for who, _, _ in LISTS.values()}

    def costs() -> tuple[dict[str, int], dict[str, int]]:
        found, further = {}, {}
        for client in people.values():
            client.get(reverse("home"))
        for name, (who, what, _) in LISTS.items():
            pk = contract.pk if what == "agreement" else getattr(world, what).pk
            address = reverse(name, args=[pk])
            found[name], after = cost(people[who], address)
            if after:
                further[name], _ = cost(people[who], address + after)
        return found, further

    counted = {name: queries for name, (_, _, queries) in LISTS.items()}
    made_one_more(world, placement, contract, 0)
    assert costs()[0] == counted
    more_sessions(world, placement, 2, mark="absent", reason="ill")
    for number in (1, 2):
        made_one_more(world, placement, contract, number)
    assert costs()[0] == counted
    monkeypatch.setattr(lists.page, "__kwdefaults__", lists.page.__kwdefaults__ | {"per": 1})
    monkeypatch.setattr(lists, "MOST_ROWS", 1)
    monkeypatch.setattr(codes, "PER_DAY", 1)
    monkeypatch.setattr(register_rows, "LINES", 1)
    found, further = costs()
    assert set(further) == set(LISTS) - {"contract_kpis"}
    assert {name: queries for name, queries in found.items() if max(queries, further.get(name, 0)) > MOST} == {}
