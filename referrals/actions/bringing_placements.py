"""A list of placements that already run comes in, in one transaction."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import queries as people
from accounts.models import Organisation
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.models import Pupil, SharingAgreement
from referrals.permissions import outside as permissions
from referrals.queries.bringing_placements import Checked, held_against, pupils_of
from referrals.rules.csv_placements import List
from referrals.steps import outside as steps

WRONG = (
    "No placement was brought in: {rows} of the list {have} something wrong. Put that right, or choose to bring in the "
    "rows that are right"
)


@transaction.atomic(durable=True)
def import_placements(
    *, organisation: Organisation, found: List, leave_out_wrong: bool, by, at: dt.datetime
) -> Checked:
    """Bring in the placements of a list that are not written down yet; the others stay as they are, so that twice is
    harmless. With anything wrong in the list none comes in, unless the wrong rows are to be left out. Raises
    `Refused`."""
    organisation = Organisation.objects.locked(organisation.pk)
    people.forget_roles(by)
    access.require(permissions.can_import_placements, by, organisation, systems=(permissions.IMPORT,))
    today = timezone.localdate(at)
    _lock(organisation, found)
    checked = held_against(found, commissioner=organisation, today=today)
    if checked.problems and not leave_out_wrong:
        wrong = checked.bad_rows
        rows = "1 row" if wrong == 1 else f"{wrong:,} rows"
        raise Refused(WRONG.format(rows=rows, have="has" if wrong == 1 else "have"))
    steps.bring_in(commissioner=organisation, drafts=checked.new, by=by, at=at)
    data = {"added": len(checked.new), "already": len(checked.already), "left_out": checked.bad_rows}
    audit.record(
        "referrals.placements.imported", by=by, about=organisation, organisation=organisation, data=data, at=at
    )
    return checked


def _lock(organisation: Organisation, found: List) -> None:
    """Hold the pupils of a list, then the agreements to share data, each in the order of their keys."""
    pupils = Pupil.objects.select_for_update(of=("self",)).filter(pk__in=pupils_of(found, organisation))
    list(pupils.order_by("pk").values_list("pk"))
    rows = SharingAgreement.objects.filter(commissioner=organisation, ended_at=None)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
