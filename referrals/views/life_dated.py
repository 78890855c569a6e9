"""Sessions of a placement on days of their own: those that are to come, one more, one less."""

from __future__ import annotations

from django.http import Http404

from accounts.forms.fields import posted
from audit.reads import reads
from core import clock
from core.access import guard
from lots.views.setting_up import done, tried
from referrals.actions import own_dates as actions
from referrals.forms.life_dated import DatedForm, DatedGoneForm
from referrals.models import Placement
from referrals.permissions import life as permissions
from referrals.queries import life as queries
from referrals.queries import placements as placing
from referrals.queries.papers import where_of
from referrals.queries.running import last_day_of, weekly_of
from referrals.rules.overlaps import in_words
from referrals.states import RUNNING
from referrals.views.placement_frame import placement_page

BACK = "placement_history"


@guard(permissions.can_change, on=Placement)
@reads("personal")
def add_dated_session(request, placement):
    """One session more, with those that are written down already."""
    sites = placing.sites_of(placement.provider_id)
    form = DatedForm(posted(request), sites=sites, initial={"revision": placement.revision})

    def act():
        told = form.cleaned_data
        given = {name: told[name] for name in ("day", "reason", "over_reason")}
        actions.add_dated_session(placement=placement, seen=form.seen, part=form.part, **given, **_by(request))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The session is written down", "add_dated_session", placement.pk)
    rows = [(one, in_words(weekly_of(one)), where_of(one)) for one in queries.dated_of(placement, clock.today())]
    return _page(request, placement, form, "referrals/add_dated_session.html", dated=rows)


@guard(permissions.can_change, on=Placement)
@reads("personal")
def remove_dated_session(request, placement, session):
    """One that is to come does not take place."""
    row = next((one for one in queries.dated_of(placement, clock.today()) if one.pk == session), None)
    if row is None:
        raise Http404
    form = DatedGoneForm(posted(request), initial={"revision": placement.revision})

    def act():
        reason = form.cleaned_data["reason"]
        actions.remove_dated_session(session=row, seen=form.seen, reason=reason, **_by(request))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The session is taken away", "add_dated_session", placement.pk)
    more = {"row": row, "when": in_words(weekly_of(row)), "where": where_of(row)}
    return _page(request, placement, form, "referrals/remove_dated_session.html", **more)


def _by(request) -> dict:
    return {"by": request.user, "at": clock.now(), "today": clock.today()}


def _page(request, placement: Placement, form, template: str, **more):
    """As `views.life`: where the placement is not running the page says so, and what was sent is still answered."""
    can = placement.state in RUNNING or form.is_bound
    return placement_page(
        request, placement, template, active=BACK, form=form if can else None, last_day=last_day_of(placement), **more
    )
