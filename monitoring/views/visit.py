"""One visit: read, written on a phone, shared."""

from __future__ import annotations

from functools import partial

from accounts.forms.fields import posted
from audit.reads import reads
from core import clock, crypto
from core.access import guard
from lots.views.setting_up import done, tried
from monitoring.actions import visits as actions
from monitoring.forms.visits import ConfirmForm, WriteForm
from monitoring.models import Visit
from monitoring.permissions import visits as permissions
from monitoring.queries import visits as queries
from monitoring.rules import visits as rules
from monitoring.states import VisitState
from monitoring.views.frame import page


@guard(permissions.can_see, on=Visit)
@reads("personal")
def visit(request, visit):
    """What one visit found, for whom it is shown to. What is not finished is its owner's alone."""
    ours = permissions.can_write(request.user, visit)
    whose = visit.owner if ours else visit.provider
    finished = visit.state == VisitState.HELD
    context = {
        "visit": visit,
        "ours": ours,
        "finished": finished,
        "had": permissions.can_list_had(request.user, visit.provider),
        "findings": list(visit.findings.all()) if finished or ours else [],
        "actions": [
            (one, one.done_on is None and finished and permissions.can_do(request.user, one), _late(one))
            for one in (visit.actions.select_related("visit", "done_by") if finished or ours else [])
        ],
        "seen": crypto.text_of(visit, "seen") if ours and visit.placement_id else "",
    }
    return page(request, whose, "monitoring/visit.html", active="visits" if ours else "visits_had", **context)


def _late(action) -> bool:
    return action.done_on is None and action.due_on < clock.today()


@guard(permissions.can_write, on=Visit)
@reads("personal")
def write_visit(request, visit):
    """The visit, standard by standard: saved as often as one likes, then finished."""
    form = _write_form(request, visit)
    finishes = request.method == "POST" and form.finishes
    if request.method == "POST" and form.is_valid() and tried(form, partial(_save, form, visit, request.user)):
        if finishes:
            return done(request, "The visit is finished", "visit", visit.pk)
        return done(request, "Saved. You can go on later", "write_visit", visit.pk)
    context = {"visit": visit, "form": form, "planned": visit.state == VisitState.PLANNED}
    return page(request, visit.owner, "monitoring/write_visit.html", active="visits", **context)


def _write_form(request, visit: Visit) -> WriteForm:
    first = {
        "seen": visit.revision,
        "held_on": visit.held_on or clock.today(),
        "arrived": visit.arrived,
        "left": visit.left,
        "words": visit.words,
        "seen_text": crypto.text_of(visit, "seen") if visit.placement_id else "",
    }
    return WriteForm(
        posted(request),
        visit=visit,
        standards=queries.standards_for(visit),
        findings=list(visit.findings.all()),
        actions=list(visit.actions.all()),
        initial=first,
    )


def _save(form: WriteForm, visit: Visit, by) -> None:
    actions.write_visit(
        visit=visit,
        written=form.written(),
        seen=form.cleaned_data["seen"],
        finished=form.finishes,
        by=by,
        at=clock.now(),
        today=clock.today(),
    )


@guard(permissions.can_write, on=Visit)
@reads("personal")
def share_visit(request, visit):
    """Let others who have a pupil there read a visit, with what they will read shown before; or no longer."""
    share = visit.shared_at is None
    form = ConfirmForm(posted(request), submit="Share this visit" if share else "Share it no longer")
    if request.method == "POST" and form.is_valid():
        wanted = request.POST.get("share", "yes" if share else "no") == "yes"
        act = partial(actions.share_visit, visit=visit, share=wanted, by=request.user, at=clock.now())
        if tried(form, act):
            said = "The visit is shared" if wanted else "The visit is no longer shared"
            return done(request, said, "visit", visit.pk)
    context = {
        "visit": visit,
        "form": form,
        "share": share,
        "can": visit.state == VisitState.HELD and visit.placement_id is None,
        "findings": list(visit.findings.all()),
        "actions": [(one, False, False) for one in visit.actions.select_related("done_by")],
        "fulfils": visit.kind in rules.SHARED_FULFILS,
    }
    return page(request, visit.owner, "monitoring/share_visit.html", active="visits", **context)
