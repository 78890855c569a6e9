"""What every action of an evaluation does first: lock in one order, look again, and move the stage."""

from __future__ import annotations

from accounts import queries as people
from core.steps import step
from evaluation.models import Evaluation
from evaluation.queries.duties import forget_duties
from evaluation.rules.stages import check_move
from lots.models import Framework


@step
def locked(evaluation, *, by) -> Evaluation:
    """The evaluation as it is now, held until the transaction ends; its framework's row was locked before it. What `by`
    may do is asked anew. Every action of an evaluation begins with it: round → framework → evaluation → bid → rest."""
    pk = getattr(evaluation, "pk", evaluation)
    framework = Framework.objects.locked(Evaluation.objects.values_list("framework_id", flat=True).get(pk=pk))
    row = Evaluation.objects.locked(pk)
    row.framework = framework
    if hasattr(by, "pk"):
        people.forget_roles(by)
        forget_duties(by)
    return row


@step
def move(evaluation: Evaluation, to, **fields) -> None:
    """Bring a locked evaluation to another stage. Raises `Refused`. The caller records why."""
    check_move(evaluation.stage, to)
    evaluation.stage = to
    for name, value in fields.items():
        setattr(evaluation, name, value)
    evaluation.save(update_fields=["stage", *fields])
