"""The evaluation of the mentoring round: opened the day after its deadline, half judged, to try. Ada and Max open,
Eve, Tom and Seb judge, Ada moderates."""

from __future__ import annotations

from evaluation.demo.finished import Days, begun, opened
from evaluation.demo.verdicts import judge
from lots.models import Framework


def load() -> None:
    """From the panel to the middle of everybody's queue."""
    framework = Framework.objects.get(title="Mentoring for pupils who have stopped coming to school")
    days = Days(framework.closes_at)
    made = opened(begun(framework, at=days.day(1, 8)), days, interest={})
    judge(made, at=days.day(2, 14), keep=5)
