"""The rows that the other tests begin with can be made, each beside the others."""

from __future__ import annotations

from monitoring.models import Alert, Concern, Incident, ReportDue, Session, Visit
from tests.monitoring import made


def test_everything_can_be_made(world):
    placement = made.watched(world)
    contract = placement.framework.contracts.get()
    session = made.absent(placement)
    made.made_alert(session, done="Rang the mother")
    made.made_dues(contract)
    made.made_report(contract, by=world.bob, exception="A door did not close")
    made.made_schedule(world)
    made.made_visit(world, state="held")
    made.made_concern(world, placement, state="closed")
    made.made_concern(world, kind="adult")
    made.made_incident(world, placement)
    made.made_drill(world)

    assert [model.objects.count() for model in (Session, Alert, ReportDue, Visit, Concern, Incident)] == [
        1,
        1,
        5,
        1,
        2,
        1,
    ]
    assert ReportDue.objects.missing().count() == 0
