"""An award is drawn up, and becomes places."""

from __future__ import annotations

import datetime as dt

from core.steps import step
from evaluation.models import AwardLine, AwardSet, Evaluation, GateRun
from evaluation.queries.award_checks import digest_of
from evaluation.queries.awards import Case
from evaluation.rules import awards as rules
from evaluation.states import SetState
from lots.models import Place
from lots.rules.awards import Award
from lots.states import Route
from lots.steps import awards as lots

AT_ONCE = 2000


@step
def propose(
    *, evaluation: Evaluation, run: GateRun, case: Case, rule_applied: str, note: str, by, at: dt.datetime
) -> AwardSet:
    """Write a set down as it was worked out, with its hash. The caller has checked limits and holds the evaluation."""
    made = AwardSet.objects.create(
        evaluation=evaluation,
        run=run,
        number=1 + evaluation.sets.count(),
        standstill=evaluation.standstill,
        rule_applied=rule_applied,
        note=note,
        sha256=digest_of(case, run, standstill=evaluation.standstill, rule_applied=rule_applied),
        proposed_at=at,
        proposed_by=by,
    )
    AwardLine.objects.bulk_create(
        (
            AwardLine(
                award_set=made,
                bid_id=line.bid,
                lot_id=line.lot,
                sub_lot_id=line.sub_lot,
                awarded=line.awarded,
                cause=line.cause,
                reason=line.reason,
            )
            for line in case.lines
        ),
        batch_size=AT_ONCE,
    )
    return made


@step
def give(*, award_set: AwardSet, case: Case, by, at: dt.datetime) -> list[Place]:
    """The awarded lines of a set become places, whole or not at all, each linked with its line; lots that come with the
    others follow. Every place waits for the award notice (Procurement Act 2023, s.50(1)). Everybody comes by the tender
    made this time, also whoever was on the framework before (s.49(4)(c), (5)(b)). Raises `Refused`, `OverLimit`."""
    awarded = [line for line in case.lines if line.awarded]
    if not awarded:
        return []
    places = lots.give_places(
        framework=award_set.evaluation.framework,
        given=[
            Award(case.providers[line.bid], line.lot, line.sub_lot, line.prices, Route.NEW_TENDER) for line in awarded
        ],
        waits_until=None,
        waits_for_notice=True,
        tell=False,
        by=by,
        at=at,
    )
    rows = {(row.bid_id, row.lot_id, row.sub_lot_id): row for row in award_set.lines.filter(awarded=True)}
    for line, place in zip(awarded, places, strict=True):
        rows[line.key].place = place
    AwardLine.objects.bulk_update(rows.values(), ["place"], batch_size=AT_ONCE // 4)
    return places


@step
def decide(award_set: AwardSet, to: SetState, *, note: str = "", by, at: dt.datetime) -> None:
    """A set is approved or sent back. Raises `Refused`. The caller records it."""
    rules.check_set_move(award_set.state, to)
    award_set.state, award_set.decided_note, award_set.decided_at, award_set.decided_by = to, note, at, by
    award_set.save(update_fields=["state", "decided_note", "decided_at", "decided_by"])
