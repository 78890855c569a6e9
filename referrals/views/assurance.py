"""Before the pupil starts: the task list, one item, its file, undoing it, transport, and the notice of a direction."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from audit.reads import reads
from core import clock
from core.access import Denied, guard
from core.middleware import takes_up_to
from files import responses, store
from files.rules import Refused as FileRefused
from lots.rules.refusals import Refused
from lots.views.setting_up import done, tried
from providers.forms.library import AGAIN
from providers.views.library import LARGEST_FORM
from referrals.actions import assurance as actions
from referrals.actions.transport import save_transport
from referrals.forms.assurance import form_for
from referrals.forms.assurance_more import TransportForm, UndoForm
from referrals.forms.assurance_parts import ItemForm
from referrals.models import Assurance, Placement
from referrals.permissions import assurance as permissions
from referrals.queries import assurance as queries
from referrals.queries import papers
from referrals.queries.running import weekly_of
from referrals.rules import assurance as rules
from referrals.rules import direction
from referrals.rules.assurance import Said
from referrals.rules.overlaps import in_words
from referrals.states import Item, PlacementState
from referrals.views import assurance_shown as shown
from referrals.views.placement_frame import address, placement_page


@guard(permissions.can_see, on=Placement)
@reads("personal")
@require_safe
def before_start(request, placement):
    """What must be in place, who said so and when."""
    user, today = request.user, clock.today()
    rows = queries.standing(placement)
    settled = {item for item, row in rows.items() if row.done or row.not_needed}
    lacks = rules.missing(settled)
    waits = placement.state == PlacementState.ASSURANCE
    commissions = permissions.can_commission(user, placement)
    context = {
        "tasks": shown.tasks(placement, rows, today, reads=permissions.can_read(user, placement)),
        "done": len(settled),
        "all": len(Item),
        "lacks": lacks,
        "waits": waits,
        "may_start": waits and commissions and not lacks,
        "may_sign": waits and bool(lacks) and permissions.can_start_in_emergency(user, placement),
        "late": max((rules.days_overdue(row.due_on, today) for item, row in rows.items() if item in lacks), default=0),
        "has_notice": direction.is_direction(placement.basis) and permissions.can_give_notice(user, placement),
        "cover_url": address("rota", placement.commissioner_id) if commissions else "",
    }
    return placement_page(request, placement, "referrals/before_start.html", active="before_start", **context)


@guard(permissions.can_read, on=Placement)
@reads("personal")
@takes_up_to(LARGEST_FORM)
def assurance_item(request, placement, item):
    """One item: what stands, and for whoever may write it the form. Raises Http404 for an item that there is not."""
    if item not in Item.values:
        raise Http404
    user = request.user
    row = queries.standing_item(placement, item)
    fills = permissions.can_fill(user, placement, item)
    provider = not permissions.can_commission(user, placement)
    if request.method == "POST" and not fills:
        raise Denied
    form = _form(request, placement, item, row, provider=provider) if fills else None
    status = 200
    if request.method == "POST" and form.is_valid():
        made = _written(form, placement, item, by=user)
        if made:
            return _on(request, made, provider=provider)
        row = queries.standing_item(placement, item)
        stands = row.pk if row else 0
        if stands != (form.cleaned_data["seen"] or 0):
            status = 409
            form.seen_now(stands)
    context = {
        "item": Item(item),
        "row": row,
        "facts": shown.facts(item, row, queries.said_of(row)) if row else [],
        "form": form if form and (form.is_bound or _writable(placement, row, provider=provider)) else None,
        "provider": provider,
        "history": shown.history(placement, item),
        "may_undo": row is not None and not provider and placement.state == PlacementState.ASSURANCE,
        "never_waived": item in rules.NEVER_WAIVED,
        **_seen_by_the_portal(placement, item),
    }
    return placement_page(
        request, placement, "referrals/assurance_item.html", active="before_start", status=status, **context
    )


def _form(request, placement: Placement, item: str, row, *, provider: bool) -> ItemForm:
    kind = form_for(item, direction=direction.is_direction(placement.basis), provider=provider)
    said = queries.said_of(row) if row else (Said() if provider else queries.begun(placement, item))
    start = row.on if row else None
    return kind(
        posted(request),
        request.FILES or None,
        said=said,
        on=start,
        seen=row.pk if row else 0,
        left=bool(row and row.not_needed) or item == Item.TRANSPORT,
    )


def _writable(placement: Placement, row, *, provider: bool) -> bool:
    accepted = row is not None and (row.done or row.not_needed)
    return placement.state in rules.OPEN_STATES and not (provider and accepted)


def _written(form: ItemForm, placement: Placement, item: str, *, by) -> Assurance | None:
    """Keep the form's file, where it has one, and write the item; what is refused stands at the form, and the file is
    forgotten."""
    typed, kept = form.cleaned_data, None
    try:
        kept = store.keep(typed["file"]) if typed.get("file") else None
    except FileRefused as refusal:
        form.add_error("file", str(refusal))
        return None
    try:
        return actions.write_item(
            placement=placement,
            item=item,
            said=form.said(),
            on=None if form.is_left else typed.get("on"),
            not_needed=form.is_left,
            kept=kept,
            seen=typed["seen"] or 0,
            by=by,
            at=clock.now(),
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        if kept:
            store.forget(kept)
            form.add_error("file", AGAIN)
        return None
    except Exception:
        if kept:
            store.forget(kept)
        raise


def _on(request, made: Assurance, *, provider: bool):
    item = Item(made.item)
    if made.not_needed:
        said = "not needed, with your reason"
    elif made.done:
        said = "in place"
    else:
        said = "saved. The commissioner looks at it next" if provider else "saved. It is not in place yet"
    messages.success(request, f"{item.label}: {said}")
    return redirect("before_start", made.placement_id)


def _seen_by_the_portal(placement: Placement, item: str) -> dict:
    """What the portal works out for an item, shown beside its form."""
    today = clock.today()
    if item == Item.SITES:
        rows = queries.week_now(placement, today)
        return {"week": [(in_words(weekly_of(one)), papers.where_of(one)) for one in rows]}
    if item == Item.ABSENCE:
        return {
            "watched": shown.watched(placement, today),
            "gaps": queries.gaps_of(placement, today)[:10],
            "cover_url": address("rota", placement.commissioner_id),
        }
    if item == Item.REVIEW:
        return {"latest": queries.latest_review(placement)}
    if item == Item.CONSENT and direction.is_direction(placement.basis):
        return {"is_direction": True, "given_by": shown.given_by(placement)}
    return {"transport": item == Item.TRANSPORT}


@guard(permissions.can_read_file, on=Assurance)
@reads("personal")
@require_safe
def assurance_file(request, assurance):
    """The file of an item, also of one that stands no more. Raises Http404 where there is none."""
    if assurance.file is None:
        raise Http404
    return responses.download(request, assurance.file)


@guard(permissions.can_commission, on=Placement)
@reads("personal")
def undo_assurance(request, placement, item):
    """Take back what was written of an item. Raises Http404 for an item that there is not."""
    if item not in Item.values:
        raise Http404
    row = queries.standing_item(placement, item)
    form = UndoForm(posted(request), initial={"seen": row.pk if row else 0})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        act = partial(actions.undo_item, placement=placement, item=item, seen=seen, by=request.user, at=clock.now())
        if tried(form, act):
            return done(request, f"{Item(item).label}: undone", "before_start", placement.pk)
    context = {"item": Item(item), "row": row, "form": form}
    return placement_page(request, placement, "referrals/assurance_undo.html", active="before_start", **context)


@guard(permissions.can_read, on=Placement)
@reads("personal")
def transport(request, placement):
    """How the pupil travels: shown, and written by whoever commissions."""
    row = queries.transport_of(placement)
    journey, mark = queries.journey_of(row), queries.mark_of_transport(row)
    writes = permissions.can_commission(request.user, placement)
    if request.method == "POST" and not writes:
        raise Denied
    form = TransportForm(posted(request), initial=shown.transport_values(row, journey) | {"seen": mark})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        act = partial(
            save_transport,
            placement=placement,
            arranged_by=typed["arranged_by"],
            paid_by=typed["paid_by"],
            journey=form.journey(),
            seen=typed["seen"],
            by=request.user,
            at=clock.now(),
        )
        if tried(form, act):
            return done(request, "How the pupil travels was saved", "before_start", placement.pk)
        form.seen_now(mark)
    context = {
        "transport": row,
        "journey": journey,
        "form": form if writes and (form.is_bound or placement.state in rules.OPEN_STATES) else None,
        "left_url": reverse("assurance_item", args=[placement.pk, Item.TRANSPORT]) if writes else "",
    }
    return placement_page(request, placement, "referrals/transport.html", active="before_start", **context)
