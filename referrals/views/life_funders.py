"""Who pays a placement, from when to when."""

from __future__ import annotations

from accounts.forms.fields import posted
from audit.reads import reads
from core import clock
from core.access import guard
from lots.views.setting_up import done, tried
from referrals.actions import funding as actions
from referrals.forms.life_funders import FundersForm
from referrals.models import Placement
from referrals.permissions import life as permissions
from referrals.queries import life as queries
from referrals.queries import placements as placing
from referrals.rules.placing import percent
from referrals.states import RUNNING, PlacementState
from referrals.views.placement_frame import placement_page


@guard(permissions.can_see_cost, on=Placement)
@reads("personal")
def change_funders(request, placement):
    """Who pays what, and, for whoever commissions, the change of it."""
    rows = list(queries.shares_shown(placement))
    form = _form(request, placement, rows)

    def act():
        given = {name: form.cleaned_data[name] for name in ("from_on", "reason")}
        actions.change_funders(
            placement=placement, seen=form.seen, shares=form.shares, **given, by=request.user, at=clock.now()
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "Who pays is written down", "change_funders", placement.pk)
    changes = permissions.can_change(request.user, placement)
    agreed = placement.state in {*RUNNING, PlacementState.ENDED}
    context = {
        "shares": [(row, percent(row.share)) for row in rows],
        "form": form if changes and (agreed or form.is_bound) else None,
        "is_draft": placement.state == PlacementState.DRAFT,
    }
    return placement_page(request, placement, "referrals/life_funders.html", active="change_funders", **context)


def _form(request, placement: Placement, rows) -> FundersForm:
    kept = [(row.funder_id, row.share) for row in rows if row.until_on is None]
    schools = placing.schools_of(placement.pupil, clock.today())
    named = {row.funder_id for row in rows}
    return FundersForm(
        posted(request),
        payers=placing.payers_for(placement.commissioner, placement.framework, schools, named),
        kept=kept,
        initial={"revision": placement.revision},
    )
