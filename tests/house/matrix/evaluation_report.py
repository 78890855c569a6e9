"""URLs of the evaluation report and of the price check of a list."""

from __future__ import annotations

from django.utils import timezone

from evaluation.models import ReportCopy
from tests.evaluation.made import evaluation
from tests.house.matrix import Row


def _opened(world):
    return [evaluation(world, read=False).pk]


def _copy(world):
    """One that Max asked for and that was not made."""
    made = evaluation(world, read=False)
    return [ReportCopy.objects.create(evaluation=made, asked_at=timezone.now(), asked_by=world.max).pk]


OVERSEES = {"max": 200, "ada": 200, "eve": 403, "fay": 403}
ROWS: dict[str, Row] = {
    "check_prices": Row(others=403, roles={"max": 200, "tariq": 200}),
    "evaluation_report": Row(others=404, roles=OVERSEES, args=_opened),
    "evaluation_report_pdf": Row(others=404, roles=OVERSEES, args=_opened),
    "evaluation_report_xlsx": Row(others=404, roles=OVERSEES, args=_opened),
    "make_evaluation_report": Row(others=404, roles=OVERSEES, args=_opened),
    "evaluation_report_copy": Row(others=404, roles={"max": 302}, args=_copy),
}
