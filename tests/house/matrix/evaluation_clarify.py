"""URLs of evidence and of questions to bidders. Alice leads the bidder, Eve judges and asks, Ada moderates."""

from __future__ import annotations

from tests.evaluation.clarify import asked, given_and_drawn, judgement_of
from tests.house.matrix import Row


def _evidence(world):
    bid, version = given_and_drawn(world)
    return bid.pk, version.pk


def _moderation(world):
    made = judgement_of(world)
    return made.bid_id, made.standard_id


PANEL = {"max": 200, "ada": 200, "eve": 200, "tom": 200, "fay": 200}

ROWS: dict[str, Row] = {
    "bid_evidence_file": Row(others=404, roles=PANEL, args=_evidence),
    "bid_evidence_page": Row(others=404, roles=PANEL, args=lambda world: (*_evidence(world), 1)),
    "ask_bidder": Row(others=404, roles={"eve": 200}, args=lambda world: (judgement_of(world).pk,)),
    "ask_in_moderation": Row(others=404, roles=dict.fromkeys(PANEL, 403) | {"ada": 200}, args=_moderation),
    # While it is open nobody else on the panel learns that somebody asked.
    "clarification": Row(
        others=404, roles={"eve": 200, "ada": 200, "alice": 403}, args=lambda world: (asked(world).pk,)
    ),
    "answer_clarification": Row(
        others=404, roles={"alice": 200, "eve": 403, "ada": 403}, args=lambda world: (asked(world).pk,)
    ),
}
