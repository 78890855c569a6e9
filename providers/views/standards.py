"""The quality standards of an application: all of them with how far they are, one by one, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core import clock
from core.access import guard
from core.middleware import takes_up_to
from lots.states import AppliesTo
from providers.forms.standards import STAY, UPLOAD, form_for
from providers.models import Application
from providers.permissions import applications as permissions
from providers.queries import bids, offers
from providers.rules import bid as rules
from providers.rules import standards
from providers.rules.draft import NOTHING
from providers.rules.offer import AskedStandard, Offer
from providers.rules.parts import STANDARD, title_of
from providers.rules.progress import Progress, progress
from providers.rules.reading import Problem, Reading
from providers.views import shown
from providers.views.library import LARGEST_FORM, upload_here
from providers.views.papers import choose
from providers.views.parts import part_page
from providers.views.tasks import Task


@guard(permissions.can_bid, on=Application)
@require_safe
def application_standards(request, application):
    """Every standard with how far it is, part by part."""
    bid, draft = _read(request, application)
    offer, at = bid.context.offer, clock.now()
    states = {
        one.pk: progress(draft.get(_code(one.pk), NOTHING), bid.readings[_code(one.pk)]) for one in offer.standards
    }
    left = [pk for pk, state in states.items() if state is not Progress.COMPLETED]
    themes = [
        (theme, [_task(application, one, states[one.pk], bid.readings[_code(one.pk)]) for one in theme.standards], name)
        for name, theme in ((f"theme-{theme.pk}", theme) for theme in offer.themes)
    ]
    context = {
        "application": application,
        "framework": application.framework,
        "why_shut": shown.why_shut(application.framework, at=at),
        "countdown": shown.countdown(application.framework, at=at),
        "themes": themes,
        "done": len(states) - len(left),
        "total": len(states),
        "first": left[0] if left else None,
        "begun": any(state is not Progress.NOT_STARTED for state in states.values()),
        "per_lot": offer.quality_per_lot,
    }
    return render(request, "providers/application_standards.html", context)


@guard(permissions.can_bid, on=Application)
def edit_standard(request, application, standard):
    """One standard: what good looks like beside the answer, with evidence out of the library."""

    def heading(opened) -> str:
        asked = opened.context.offer.standard(standard)
        if asked is None:
            raise Http404
        return f"Standard {asked.number}: {asked.title}"

    def following(opened) -> str:
        _, then = _neighbours(opened.context.offer, standard)
        if then is None:
            return reverse("application_standards", args=[application.pk])
        return reverse("edit_standard", args=[application.pk, then.pk])

    def more(opened, form) -> dict:
        before, then = _neighbours(opened.context.offer, standard)
        not_asked = form.asked_as.not_asked
        return {
            "place": opened.context.offer.standards.index(form.standard) + 1,
            "total": len(opened.context.offer.standards),
            "previous": before,
            "next": then,
            "not_asked": AppliesTo(not_asked).label if not_asked else "",
        }

    def leads_to(sent) -> str | None:
        field = sent.get(UPLOAD, "")
        if field.startswith("evidence_") and field.replace("_", "").isalnum() and field.isascii():
            return reverse("upload_evidence", args=[application.pk, standard, field])
        return request.path if STAY in sent else None

    return part_page(
        request,
        application,
        _code(standard),
        form_for(standard),
        heading=heading,
        following=following,
        template="providers/edit_standard.html",
        more=more,
        leads_to=leads_to,
    )


@guard(permissions.can_bid, on=Application)
@takes_up_to(LARGEST_FORM)
def upload_evidence(request, application, standard, field):
    """Take a document into the library, and choose it for one piece of evidence of a standard."""
    asked = offers.standard_of(application.framework, standard)
    title, lot = standards.wanted(asked, field) if asked else "", standards.lot_in(field)
    if not title or (lot and not offers.offers_lot(application.framework_id, lot)):
        raise Http404
    back = f"{reverse('edit_standard', args=[application.pk, standard])}#div_id_{field}"
    if shown.why_shut(application.framework, at=clock.now()):
        return redirect(back)
    form, version = upload_here(request, application.provider, initial={"title": title[:200]})
    if version is not None:
        return choose(
            request, application, _code(standard), back, lambda typed: standards.with_paper(typed, field, version.pk)
        )
    context = {
        "application": application,
        "form": form,
        "asked": title,
        "heading": f"Standard {asked.number}: {asked.title}",
        "back_url": back,
    }
    return render(request, "providers/upload_evidence.html", context)


@guard(permissions.can_bid, on=Application)
@require_safe
def what_is_missing(request, application):
    """Everything that is missing, for the whole application and lot by lot. The script asks for the list alone."""
    bid, _ = _read(request, application)
    readings = bid.readings.items()
    found = {code: _own_problems(reading) for code, reading in readings}
    own = {status.lot.pk: _listed(application, bid, found, lot=status.lot.pk) for status in bid.lots}
    shared = _listed(application, bid, found, lot=None)
    context = {
        "application": application,
        "framework": application.framework,
        "shared": shared,
        "lots": [(status, own[status.lot.pk]) for status in bid.lots],
        "notices": _listed(application, bid, {code: reading.notices for code, reading in readings}, lot=None),
        "count": sum(len(lines) for group in (shared, *own.values()) for _, _, lines in group),
    }
    alone = "HX-Request" in request.headers
    return render(request, "providers/parts/missing.html" if alone else "providers/what_is_missing.html", context)


def _read(request, application):
    """The application read as a whole, and its draft."""
    draft = bids.own_bid(application, user=request.user).draft
    context = bids.context_of(application, user=request.user, today=clock.today(), draft=draft)
    return rules.assemble(draft, context), draft


def _neighbours(offer: Offer, pk: int) -> tuple[AskedStandard | None, AskedStandard | None]:
    """The standard before this one and the one after it."""
    asked = offer.standards
    place = next(place for place, one in enumerate(asked) if one.pk == pk)
    return asked[place - 1] if place else None, asked[place + 1] if place + 1 < len(asked) else None


def _code(standard: int) -> str:
    return f"{STANDARD}{standard}"


def _task(application, standard: AskedStandard, state: Progress, reading: Reading) -> Task:
    not_asked = reading.values.get("not_asked")
    hint = f"Not asked: {AppliesTo(not_asked).label.lower()}" if not_asked else ""
    if reading.begun and reading.problems:
        many = len(reading.problems)
        hint = f"{many} {'thing' if many == 1 else 'things'} missing"
    return Task(
        title=f"{standard.number} {standard.title}",
        url=reverse("edit_standard", args=[application.pk, standard.pk]),
        hint=hint,
        status="Not asked" if not_asked else state.words,
        colour=state.colour,
        done=state is Progress.COMPLETED,
    )


def _own_problems(reading: Reading) -> tuple[Problem, ...]:
    return reading.problems or (() if reading.begun else (Problem("This has not been started"),))


def _listed(application, bid, found: dict[str, Iterable[Problem]], *, lot: int | None) -> list[tuple[str, str, list]]:
    """Title, address and texts of each part with problems that concern this lot (None: the whole application)."""
    return [
        (title_of(code, bid.context.offer), _address(application, code), lines)
        for code, problems in found.items()
        if (lines := [one.text for one in problems if one.lot == lot])
    ]


def _address(application, code: str) -> str:
    if code.startswith(STANDARD):
        return reverse("edit_standard", args=[application.pk, int(code.removeprefix(STANDARD))])
    return reverse("edit_part", args=[application.pk, code])
