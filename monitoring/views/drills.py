"""Fire drills of a provider."""

from __future__ import annotations

from functools import partial

from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock, lists
from core.access import guard
from lots.views.setting_up import done, tried
from monitoring.actions import incidents as actions
from monitoring.forms.incidents import DrillForm
from monitoring.permissions import incidents as permissions
from monitoring.queries import incidents as queries
from monitoring.views.frame import page


@guard(permissions.can_drill, on=Organisation)
@require_safe
def drills(request, organisation):
    """A provider's fire drills, the newest first, and where the next is overdue."""
    rows = queries.drills_of(organisation, user=request.user)
    context = {
        "page": lists.page(rows, request.GET, order=["-held_on", "-id"]),
        "last": queries.last_drills(organisation, clock.today()),
    }
    return page(request, organisation, "monitoring/drills.html", active="drills", **context)


@guard(permissions.can_drill, on=Organisation)
def add_drill(request, organisation):
    """Write down a fire drill."""
    today = clock.today()
    form = DrillForm(posted(request), sites=queries.sites_of(organisation), initial={"held_on": today})
    said = request.method == "POST" and form.is_valid()
    if said and tried(form, partial(_add, form, organisation, request.user, today)):
        return done(request, "The drill is saved", "drills", organisation.pk)
    return page(request, organisation, "monitoring/add_drill.html", active="drills", form=form)


def _add(form: DrillForm, organisation, by, today) -> None:
    said = form.cleaned_data
    actions.add_drill(
        provider=organisation,
        site=form.sites.get(said.get("site") or ""),
        held_on=said["held_on"],
        seconds=form.took,
        people=said["people"],
        words=said["words"],
        by=by,
        at=clock.now(),
        today=today,
    )
