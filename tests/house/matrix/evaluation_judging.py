"""URLs of judging: an evaluator's queue and verdicts are their own, how far judging is sees whoever runs it."""

from __future__ import annotations

from evaluation.models import Judgement
from tests.evaluation.made import evaluation, given
from tests.house.matrix import Row


def _evaluation(world):
    return (evaluation(world, count=1).pk,)


def _judgement(world):
    made = evaluation(world, count=1)
    given(made, world)
    return (Judgement.objects.filter(person=world.eve, standard__number="1.2").get().pk,)


EVALUATOR = {"eve": 200, "max": 403, "ada": 403, "fay": 403}

ROWS: dict[str, Row] = {
    "my_judgements": Row(others=404, roles=EVALUATOR, args=_evaluation),
    "next_judgement": Row(others=404, roles=EVALUATOR | {"eve": 302}, args=_evaluation),
    "judgement": Row(others=404, roles={"eve": 200}, args=_judgement),
    "progress": Row(others=404, roles={"max": 200, "ada": 200, "eve": 200, "fay": 403}, args=_evaluation),
    "give_out_judging": Row(others=404, roles={"max": 200, "ada": 403, "eve": 403, "fay": 403}, args=_evaluation),
}
