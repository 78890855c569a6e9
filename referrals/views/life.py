"""What was changed of a placement, and the changes of its week, days and price."""

from __future__ import annotations

from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from audit.reads import reads
from core import clock
from core.access import guard
from lots.views.setting_up import done, tried
from referrals.actions import amending as actions
from referrals.forms.life import ExtendForm, PriceForm
from referrals.forms.life_week import WeekForm
from referrals.models import Placement
from referrals.permissions import life as permissions
from referrals.queries import history
from referrals.queries import life as queries
from referrals.queries import placements as placing
from referrals.queries.placing import Part
from referrals.queries.running import last_day_of
from referrals.queries.sealed import text_of
from referrals.states import RUNNING, PlacementState
from referrals.views.placement_frame import placement_page

CHANGED, BACK = "The change is written down", "placement_history"


@guard(permissions.can_see, on=Placement)
@reads("personal")
@require_safe
def placement_history(request, placement):
    """The week as it is and was, what was changed when and by whom, and the ways to change more."""
    knows_cost = permissions.can_see_cost(request.user, placement)
    outcome = permissions.can_read_outcome(request.user, placement)
    today = clock.today()
    context = {
        "week": history.week(placement),
        "lines": history.lines(placement, knows_cost=knows_cost),
        "pause": queries.standing_pause(placement, today),
        "today": today,
        "ways_on": _ways_on(placement) if permissions.can_change(request.user, placement) else [],
        "price": queries.price_on(placement, max(today, placement.starts_on)) if knows_cost else None,
        "outcome": outcome,
        "note": text_of(placement, "end_note") if outcome else "",
    }
    return placement_page(request, placement, "referrals/life_history.html", active=BACK, **context)


@guard(permissions.can_change, on=Placement)
@reads("personal")
def amend_placement(request, placement):
    """Another week from a day on."""
    kept = [
        Part(one.weekday, one.starts, one.ends, one.site, one.runs, address)
        for one, address in queries.standing_week(placement)
    ]
    initial = {"revision": placement.revision, "hours_reason": placement.hours_reason}
    form = WeekForm(posted(request), kept=kept, sites=placing.sites_of(placement.provider_id), initial=initial)

    def act():
        told = form.cleaned_data
        given = {name: told[name] for name in ("from_on", "reason", "hours_reason", "over_reason")}
        actions.amend_week(placement=placement, seen=form.seen, parts=form.parts, **given, **_by(request))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, CHANGED, BACK, placement.pk)
    return _page(request, placement, form, "referrals/life_week.html")


@guard(permissions.can_change, on=Placement)
@reads("personal")
def extend_placement(request, placement):
    """A later last day."""
    initial = {"revision": placement.revision, "hours_reason": placement.hours_reason}
    form = ExtendForm(posted(request), initial=initial)

    def act():
        told = form.cleaned_data
        given = {name: told[name] for name in ("ends_on", "reason", "hours_reason", "over_reason")}
        actions.extend_placement(placement=placement, seen=form.seen, **given, **_by(request))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The placement is extended", BACK, placement.pk)
    return _page(request, placement, form, "referrals/life_extend.html")


@guard(permissions.can_change, on=Placement)
@reads("personal")
def lower_price(request, placement):
    """A lower price from a day on."""
    form = PriceForm(posted(request), initial={"revision": placement.revision})

    def act():
        given = {name: form.cleaned_data[name] for name in ("from_on", "pence", "reason")}
        actions.lower_price(placement=placement, seen=form.seen, **given, **_by(request))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The lower price is written down", BACK, placement.pk)
    price = queries.price_on(placement, max(clock.today(), placement.starts_on))
    return _page(request, placement, form, "referrals/life_price.html", price=price)


def _by(request) -> dict:
    return {"by": request.user, "at": clock.now(), "today": clock.today()}


def _page(request, placement: Placement, form, template: str, **more):
    """The page of one change. Where the placement is not running it says so, and what was sent is still answered."""
    can = placement.state in RUNNING or form.is_bound
    return placement_page(
        request, placement, template, active=BACK, form=form if can else None, last_day=last_day_of(placement), **more
    )


def _ways_on(placement: Placement) -> list[tuple[str, str]]:
    """What may be done with a placement in its state: URL name, and what the link says."""
    found = []
    if placement.state in RUNNING:
        found += [
            ("amend_placement", "Change the week"),
            ("add_dated_session", "Add a session on a single day"),
            ("lower_price", "Write down a lower price"),
        ]
        if placement.ended_on is None:
            found.append(("extend_placement", "Extend it"))
    if placement.state in {PlacementState.LIVE, PlacementState.PAUSED}:
        found += [("pause_placement", "Pause it")]
        found += [("end_placement", "Change its end" if placement.ended_on else "End it early")]
    if placement.state == PlacementState.ENDED:
        found.append(("end_placement", "Write down what came of it"))
    return found
