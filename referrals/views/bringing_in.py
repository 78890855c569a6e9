"""A list of pupils comes in: checked first, brought in when it is right. The file is read and never kept."""

from __future__ import annotations

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock
from core.access import guard
from core.middleware import takes_up_to
from lots.rules.refusals import Refused
from providers.views.library import ROOM
from referrals.actions import bringing_in as actions
from referrals.forms.sharing import ImportForm
from referrals.permissions import sharing as permissions
from referrals.queries import bringing_in as queries
from referrals.rules import csv_pupils as rules
from referrals.views.frame import page

SHOWN = 200


@guard(permissions.can_import_pupils, on=Organisation)
@takes_up_to(rules.MOST_BYTES + ROOM)
def import_pupils(request, organisation):
    """Check a list, or bring it in."""
    form = ImportForm(posted(request), request.FILES or None)
    checked, done = None, False
    if request.method == "POST" and form.is_valid():
        checked, done = _taken(form, organisation, by=request.user)
    context = {
        "form": form,
        "checked": checked,
        "done": done,
        "problems": checked.problems[:SHOWN] if checked else (),
        "columns": rules.LABELS,
    }
    return page(request, organisation, "referrals/import_pupils.html", active="pupils", **context)


def _taken(form: ImportForm, organisation, *, by):
    """What the list holds, and whether it came in; what is refused stands at the form."""
    today, what, checked = clock.today(), form.cleaned_data["what"], None
    try:
        found = rules.read(form.cleaned_data["file"].read(), today=today)
        checked = queries.held_against(found, commissioner=organisation, today=today)
        if what == ImportForm.CHECK:
            return checked, False
        checked = actions.import_pupils(
            organisation=organisation, found=found, leave_out_wrong=what == ImportForm.GOOD, by=by, at=clock.now()
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return checked, False
    return checked, True
