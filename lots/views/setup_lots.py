"""Lots and price lines of a framework that is being set up."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from core import clock
from core.access import guard
from lots import permissions
from lots.actions import lots as actions
from lots.forms.lots import LotForm, LotsForm
from lots.models import Framework, Lot
from lots.queries import setup as queries
from lots.rules import outline
from lots.rules.refusals import Refused
from lots.views.setting_up import done, page, tried, while_set_up


def _of_lot(lot):
    return lot.framework


@guard(permissions.can_manage_framework, on=Framework)
@while_set_up()
def framework_lots(request, framework):
    """The lots in order, with parts and values."""
    lots = queries.lots_of(framework)
    sums = {
        name: outline.values_apart(getattr(framework, name), [getattr(lot, name) for lot in lots])
        for name in ("net_pence", "gross_pence")
    }
    return render(request, "lots/framework_lots.html", {"framework": framework, "lots": lots, "apart": sums})


@guard(permissions.can_manage_framework, on=Framework)
@while_set_up()
def add_lots(request, framework):
    """Several lots in a table."""
    taken = [lot.number for lot in queries.lots_of(framework)]
    form = LotsForm(posted(request), taken=taken)

    def act():
        actions.add_lots(framework=framework, lots=form.drafts, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        more = "more" in request.POST
        return done(request, _added(len(form.drafts)), "add_lots" if more else "framework_lots", framework.pk)
    return page(request, framework, form, "Add several lots", back=_lots(framework), template="lots/add_lots.html")


@guard(permissions.can_manage_framework, on=Framework)
@while_set_up()
def add_lot(request, framework):
    """One lot."""
    proposed = outline.next_number(lot.number for lot in queries.lots_of(framework))
    form = LotForm(posted(request), framework=framework, proposed=proposed)

    def act():
        actions.add_lots(framework=framework, lots=[form.draft()], by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, _added(1), "framework_lots", framework.pk)
    return page(request, framework, form, "Add a lot", back=_lots(framework))


@guard(permissions.can_manage_lot, on=Lot)
@while_set_up(_of_lot)
def change_lot(request, lot):
    """Change a lot and its parts."""
    form = LotForm(posted(request), framework=lot.framework, lot=lot)

    def act():
        actions.change_lot(lot=lot, changed=form.draft(), by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, f"Lot {lot.number} was saved", "framework_lots", lot.framework_id)
    return page(request, lot.framework, form, f"Change lot {lot.number}", back=_lots(lot.framework))


@guard(permissions.can_manage_lot, on=Lot)
@require_POST
def move_lot(request, lot):
    """Put a lot one place up or down."""
    try:
        actions.move_lot(lot=lot, up=request.POST.get("to") == "up", by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("framework_lots", lot.framework_id)


@guard(permissions.can_manage_lot, on=Lot)
@while_set_up(_of_lot)
def remove_lot(request, lot):
    """Ask, then remove."""
    form = SureForm(posted(request), submit="Remove the lot")

    def act():
        actions.remove_lot(lot=lot, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, f"Lot {lot.number} was removed", "framework_lots", lot.framework_id)
    return page(
        request, lot.framework, form, f"Remove lot {lot.number}?", back=_lots(lot.framework), warning=
        f"“{lot.title}” is removed with its parts and its price lines. This cannot be undone.",
    )  # fmt: skip


def _added(number: int) -> str:
    what = "1 lot was" if number == 1 else f"{number} lots were"
    return f"{what} added, each with a price line that you can change"


def _lots(framework) -> tuple[str, str]:
    return reverse("framework_lots", args=[framework.pk]), "Lots and their parts"
