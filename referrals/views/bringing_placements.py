"""A list of placements that already run comes in: checked first, brought in when it is right. The file is read and
never kept."""

from __future__ import annotations

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock
from core.access import guard
from core.middleware import takes_up_to
from lots.rules.refusals import Refused
from providers.views.library import ROOM
from referrals.actions import bringing_placements as actions
from referrals.forms.outside import ImportPlacementsForm
from referrals.permissions import outside as permissions
from referrals.queries import bringing_placements as queries
from referrals.rules import csv_placements as rules
from referrals.views.frame import page

SHOWN = 200


@guard(permissions.can_import_placements, on=Organisation)
@takes_up_to(rules.MOST_BYTES + ROOM)
def import_placements(request, organisation):
    """Check a list, or bring it in."""
    form = ImportPlacementsForm(posted(request), request.FILES or None)
    checked, done = None, False
    if request.method == "POST" and form.is_valid():
        checked, done = _taken(form, organisation, by=request.user)
    problems = checked.problems[:SHOWN] if checked else ()
    context = {"form": form, "checked": checked, "done": done, "problems": problems}
    return page(request, organisation, "referrals/import_placements.html", active="placements", **context)


def _taken(form: ImportPlacementsForm, organisation, *, by):
    """What the list holds, and whether it came in; what is refused stands at the form."""
    today, what, checked = clock.today(), form.cleaned_data["what"], None
    try:
        found = rules.read(form.cleaned_data["file"].read(), today=today)
        checked = queries.held_against(found, commissioner=organisation, today=today)
        if what == ImportPlacementsForm.CHECK:
            return checked, False
        leave_out = what == ImportPlacementsForm.GOOD
        checked = actions.import_placements(
            organisation=organisation, found=found, leave_out_wrong=leave_out, by=by, at=clock.now()
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return checked, False
    return checked, True
