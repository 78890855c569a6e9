"""Price lines of a framework that is being set up."""

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
from lots.actions import price_lines as actions
from lots.forms.price_lines import CopyLinesForm, LineForm, UsualLinesForm
from lots.models import Framework, Lot, PriceLine
from lots.queries import setup as queries
from lots.rules import price_lines as rules
from lots.rules.refusals import Refused
from lots.views.setting_up import done, page, tried, while_set_up


def _of_lot(lot):
    return lot.framework


def _of_line(line):
    return line.lot.framework


@guard(permissions.can_manage_framework, on=Framework)
@while_set_up()
def price_lines(request, framework):
    """What is priced in each lot, and where few prices are likely."""
    lines = queries.lines_of(framework)
    lots = queries.priced_lots(framework, lines)
    pool = queries.policies_of(framework).pool
    cautions = rules.cautions([priced for _, priced in lots], pool)
    shown = [
        {
            "lot": lot,
            "lines": lines[lot.pk],
            "cautions": [caution.text for caution in cautions if caution.lot == lot.number],
        }
        for lot, priced in lots
    ]
    bare = sum(not priced.lines and not priced.is_auto for _, priced in lots)
    context = {"framework": framework, "lots": shown, "fewest": rules.FEWEST, "bare": bare}
    return render(request, "lots/price_lines.html", context)


@guard(permissions.can_manage_framework, on=Framework)
@require_POST
def add_first_price_lines(request, framework):
    """The usual price line for each lot that has none."""
    try:
        added = actions.add_first_price_lines(framework=framework, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _added(added))
    return redirect("price_lines", framework.pk)


@guard(permissions.can_manage_framework, on=Framework)
@while_set_up()
def add_price_lines(request, framework):
    """Usual price lines for several lots at once."""
    form = UsualLinesForm(posted(request), lots=queries.lots_of(framework))
    added = []

    def act():
        data = form.cleaned_data
        added.append(
            actions.add_price_lines(
                framework=framework, lots=data["lots"], lines=form.lines(), by=request.user, at=clock.now()
            )
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, _added(added[0]), "price_lines", framework.pk)
    return page(request, framework, form, "Add usual price lines", back=_lines(framework))


@guard(permissions.can_manage_lot, on=Lot)
@while_set_up(_of_lot)
def add_price_line(request, lot):
    """One price line of one lot."""
    usual = rules.USUAL.get(request.GET.get("usual", ""), rules.Line("", "", "", ""))
    standing = [queries.line_of(row) for row in lot.price_lines.all()]
    form = LineForm(posted(request), line=rules.fitted(usual, standing, is_auto=lot.is_auto))

    def act():
        actions.add_price_line(lot=lot, line=form.line(), by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, _added(1), "price_lines", lot.framework_id)
    return page(
        request, lot.framework, form, f"Add a price line to lot {lot.number}", back=_lines(lot.framework),
        template="lots/add_price_line.html", usual=rules.USUAL.items(), lot=lot,
    )  # fmt: skip


@guard(permissions.can_manage_lot, on=Lot)
@while_set_up(_of_lot)
def copy_price_lines(request, lot):
    """Give other lots the price lines of this one."""
    others = [other for other in queries.lots_of(lot.framework) if other.pk != lot.pk]
    form = CopyLinesForm(posted(request), lots=others)
    added = []

    def act():
        added.append(actions.copy_price_lines(lot=lot, lots=form.cleaned_data["lots"], by=request.user, at=clock.now()))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, _added(added[0]), "price_lines", lot.framework_id)
    heading = f"Copy the price lines of lot {lot.number}"
    text = "Lots that already have a price line of the same name keep theirs."
    return page(request, lot.framework, form, heading, back=_lines(lot.framework), text=text)


@guard(permissions.can_manage_line, on=PriceLine)
@while_set_up(_of_line)
def change_price_line(request, line):
    """Change a price line."""
    form = LineForm(posted(request), line=queries.line_of(line))

    def act():
        actions.change_price_line(line=line, changed=form.line(), by=request.user, at=clock.now())

    framework = line.lot.framework
    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The price line was saved", "price_lines", framework.pk)
    return page(request, framework, form, f"Change a price line of lot {line.lot.number}", back=_lines(framework))


@guard(permissions.can_manage_line, on=PriceLine)
@while_set_up(_of_line)
def remove_price_line(request, line):
    """Ask, then remove."""
    form = SureForm(posted(request), submit="Remove the price line")

    def act():
        actions.remove_price_line(line=line, by=request.user, at=clock.now())

    framework = line.lot.framework
    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The price line was removed", "price_lines", framework.pk)
    warning = f"“{line.title}” is removed from lot {line.lot.number}."
    return page(request, framework, form, "Remove a price line?", back=_lines(framework), warning=warning)


def _added(number: int) -> str:
    if not number:
        return "No price line was added: these lots have them already"
    return "1 price line was added" if number == 1 else f"{number} price lines were added"


def _lines(framework) -> tuple[str, str]:
    return reverse("price_lines", args=[framework.pk]), "Price lines"
