"""What giving a judgement locks. Evaluators share the evaluation, so that none waits for another; whoever freezes
quality, takes work over or moves the stage holds it alone and waits for those who are at it."""

from __future__ import annotations

from django.db import connection

from accounts import queries as people
from core.steps import step
from evaluation.models import Bid, Evaluation, Judgement
from evaluation.queries.duties import forget_duties


@step
def row_locked(judgement, *, by) -> Judgement:
    """The judgement as it is now, with its bid and evaluation, held until the transaction ends. The evaluation is held
    together with other evaluators, the bid alone: its two judgements are locked one after the other."""
    pk = getattr(judgement, "pk", judgement)
    rows = Judgement.objects.filter(pk=pk)
    bid_id, evaluation_id = rows.values_list("bid_id", "bid__evaluation_id").get()
    share(evaluation_id)
    evaluation = Evaluation.objects.select_related("framework__policies").get(pk=evaluation_id)
    bid = Bid.objects.locked(bid_id)
    bid.evaluation = evaluation
    row = Judgement.objects.locked_row(pk)
    row.bid = bid
    if hasattr(by, "pk"):
        people.forget_roles(by)
        forget_duties(by)
    return row


@step
def share(evaluation_id: int) -> None:
    """Wait until nobody holds the evaluation alone, and keep it so until this transaction ends. On SQLite the
    transaction itself is the only writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM evaluation_evaluation WHERE id = %s FOR SHARE", [evaluation_id])
