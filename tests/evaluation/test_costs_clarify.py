"""What the pages of questions and evidence cost in queries: the same with one row of everything and with three."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation import urls_clarify
from lots.models import Evidence
from lots.states import EvidenceKind
from tests.evaluation import clarify
from tests.pages import read
from tests.providers.bids import held

PAGES = {
    "bid_evidence_file": ("eve", "file", 8),
    "bid_evidence_page": ("eve", "page", 6),
    "ask_bidder": ("eve", "judgement", 8),
    "ask_in_moderation": ("ada", "standard", 9),
    "clarification": ("eve", "question", 9),
    "answer_clarification": ("alice", "question", 7),
}


def test_every_page_is_counted():
    assert {one.name for one in urls_clarify.urlpatterns} == set(PAGES)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_with_one_row_and_with_three(world, sign_in, rows):
    made = clarify.judging(world)
    one = clarify.asked(world, made)
    version = one.bid.submission.versions.get().version
    clarify.drawn(clarify.stored(version), pages=rows)
    for number in range(rows - 1):
        Evidence.objects.create(standard=one.standard, kind=EvidenceKind.FILE, title=f"Policy {number}")
        held(world.ash_house, f"Paper {number}")
    about = {
        "file": [one.bid_id, version.pk],
        "page": [one.bid_id, version.pk, 1],
        "judgement": [one.judgement_id],
        "standard": [one.bid_id, one.standard_id],
        "question": [one.pk],
    }
    clients = {who: sign_in(world.people[who]) for who in ("eve", "ada", "alice")}

    found = {}
    for name, (who, what, _) in PAGES.items():
        with CaptureQueriesContext(connection) as queries:
            assert read(clients[who].get(reverse(name, args=about[what]))).status_code == 200
        found[name] = len(queries)

    assert found == {name: queries for name, (*_, queries) in PAGES.items()}
