"""URLs of awards: whoever may see prices, the proposal by whoever buys, the approval by approvers."""

from __future__ import annotations

from evaluation.models import AwardLine, Reversal
from evaluation.states import SetState
from tests.evaluation.awarding import checked
from tests.evaluation.further import proposed
from tests.frameworks import AT
from tests.house.matrix import Row


def _evaluation(world):
    return (checked(world).pk,)


def _proposed(world):
    return (proposed(checked(world), world).pk,)


def _approved(world):
    return (proposed(checked(world), world, state=SetState.APPROVED).pk,)


def _line(world):
    _approved(world)
    return (AwardLine.objects.filter(awarded=True).first().pk,)


def _reversal(world):
    [line] = _line(world)
    return (Reversal.objects.create(line_id=line, reason="Not genuine", proposed_at=AT, proposed_by=world.max).pk,)


# Ada moderates, so she sees no prices before the award is approved; nor do Eve and Tom, who evaluate.
PRICES = {"max": 200, "fay": 200, "ada": 403, "eve": 403}
PANEL = {"max": 200, "fay": 200, "ada": 200, "eve": 200}
RUNS = {"max": 200, "fay": 403, "ada": 403, "eve": 403}
APPROVES = {"max": 403, "fay": 200, "ada": 403, "eve": 403}
BOTH = {"max": 200, "fay": 200, "ada": 403, "eve": 403}

ROWS: dict[str, Row] = {
    "awards": Row(others=404, roles=PRICES, args=_evaluation),
    "propose_award": Row(others=404, roles=RUNS, args=_evaluation),
    "award_set": Row(others=404, roles=PRICES, args=_proposed),
    "award_csv": Row(others=404, roles=PANEL, args=_approved),
    "award_xlsx": Row(others=404, roles=PRICES, args=_proposed),
    "approve_award": Row(others=404, roles=APPROVES, args=_proposed),
    "send_back_award": Row(others=404, roles=BOTH, args=_proposed),
    "award_publication": Row(others=404, roles=RUNS, args=_approved),
    "take_back_award": Row(others=404, roles=RUNS, args=_line),
    "award_taken_back": Row(others=404, roles=BOTH, args=_reversal),
    "drop_taking_back": Row(
        # Max drops it, and then there is none.
        others=404,
        roles={"max": 302, "ada": 404, "eve": 404},
        args=_reversal,
        method="post",
    ),
}
