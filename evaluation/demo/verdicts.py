"""What the people of the demo decide about each standard, one verdict after another as the pages do."""

from __future__ import annotations

import datetime as dt

from accounts.models import User
from evaluation.actions.judging import lock_judgement
from evaluation.models import Evaluation, Judgement
from evaluation.rules.judging import Verdict
from evaluation.states import Outcome, Slot

FAILS = "Nettle Bridge Farm"  # at the first standard of safeguarding, to everybody who judges it
DIFFERS = "Kestrel Learning"  # at one standard, to the second person
SAID = (
    "The policy says who does what, and the record shows that it is done.",
    "Clear, dated this year, and signed by whoever answers for it.",
    "The answer names the people and the days. Nothing is left open.",
    "Short, but everything that good looks like is there.",
)
WHY_NOT = "The policy names a safeguarding lead who left two years ago, and nobody since."
WHY_DIFFERENT = "The plan does not say when it is looked at again."


def judge(made: Evaluation, *, at: dt.datetime, keep: int = 0) -> None:
    """Everybody locks everything, first the first of two and then the second; all but the last `keep` of each person's
    queue."""
    people: dict[int, User] = {}
    for number in (1, 2):
        rows = list(
            Judgement.objects.live()
            .filter(bid__evaluation=made, number=number, locked_at=None)
            .order_by("position", "pk")
            .select_related("bid", "standard", "person")
        )
        left: dict[int, int] = {}
        for row in rows:
            left[row.person_id] = left.get(row.person_id, 0) + 1
        for place, row in enumerate(rows):
            left[row.person_id] -= 1
            if left[row.person_id] < keep:
                continue
            by = people.setdefault(row.person_id, row.person)
            row = Judgement.objects.get(pk=row.pk)
            if row.slot == Slot.LATER:
                continue
            verdict = _verdict(row, place)
            lock_judgement(
                judgement=row, verdict=verdict, revision=row.revision, by=by, at=at + dt.timedelta(minutes=place)
            )


def _verdict(row: Judgement, place: int) -> Verdict:
    bid, standard = row.bid.provider_name, row.standard
    if bid == FAILS and standard.safeguarding and standard.position == 0:
        return Verdict(Outcome.FAIL, WHY_NOT, pages="2")
    if bid == DIFFERS and row.number == 2 and not standard.safeguarding and standard.number.endswith(".2"):
        return Verdict(Outcome.FAIL, WHY_DIFFERENT, pages="1")
    return Verdict(Outcome.PASS, SAID[place % len(SAID)], pages="1")
