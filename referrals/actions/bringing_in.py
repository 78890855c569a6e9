"""A list of pupils comes in, in one transaction."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import queries as people
from accounts.models import Organisation
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.permissions import sharing as permissions
from referrals.queries.bringing_in import Checked, held_against
from referrals.rules.csv_pupils import List
from referrals.steps import pupils as steps

WRONG = (
    "Nobody was brought in: {rows} of the list {have} something wrong. Put that right, or choose to bring in the rows "
    "that are right"
)


@transaction.atomic(durable=True)
def import_pupils(*, organisation: Organisation, found: List, leave_out_wrong: bool, by, at: dt.datetime) -> Checked:
    """Bring the pupils of a list in who are not there yet; those who are stay as they are, so that twice is harmless.
    With anything wrong in the list nobody comes in, unless the wrong rows are to be left out. Nothing of the list is
    kept but the pupils. Raises `Refused`."""
    organisation = Organisation.objects.locked(organisation.pk)
    people.forget_roles(by)
    access.require(permissions.can_import_pupils, by, organisation, systems=(permissions.IMPORT,))
    checked = held_against(found, commissioner=organisation, today=timezone.localdate(at))
    if checked.problems and not leave_out_wrong:
        wrong = checked.bad_rows
        rows = "1 row" if wrong == 1 else f"{wrong:,} rows"
        raise Refused(WRONG.format(rows=rows, have="has" if wrong == 1 else "have"))
    steps.add(commissioner=organisation, pupils=checked.new, by=by, at=at, way="list")
    data = {"added": len(checked.new), "already": len(checked.already), "left_out": checked.bad_rows}
    audit.record("referrals.pupils.imported", by=by, about=organisation, organisation=organisation, data=data, at=at)
    return checked
