"""What anybody reads of frameworks, signed in or not: the list, one framework with its timeline, one lot."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import charts, clock, lists
from core.access import guard, public
from lots import permissions
from lots.filters import FrameworkFilter
from lots.models import Framework, Lot
from lots.queries import public as queries
from lots.rules import milestones, notice_types
from lots.steps.deadline import MOVED
from lots.views import shown


@public("published frameworks are public: anybody may see what a council buys, and until when one may apply")
@require_safe
def frameworks(request):
    """The published frameworks of all buyers."""
    at = clock.now()
    found = FrameworkFilter(
        request.GET,
        queryset=queries.all_published_frameworks(),
        buyers=queries.all_buyers_of_published_frameworks(),
        at=at,
    )
    page = lists.page(found.qs, request.GET, order=["-id"])
    for one in page.rows:
        one.standing = milestones.standing(queries.dates_of(one), at=at)
        one.colour = shown.COLOURS[one.standing.code]
        one.until = shown.until(one.standing)
    return render(request, "lots/frameworks.html", {"filter": found, "page": page})


@public("a published framework is public; until then its door shows it to its buyer's people alone")
@guard(permissions.can_see_framework, on=Framework)
@require_safe
def framework(request, framework):
    """One framework: dates, lots, rules, clarifications, notices."""
    at, user = clock.now(), request.user
    page = queries.framework_page(framework)
    whole = page.framework
    inside = permissions.can_see_inside(user, whole)
    following = getattr(whole, "next", None)
    standing = milestones.standing(page.dates, at=at)
    context = {
        "page": page,
        "framework": whole,
        "standing": standing,
        "colour": shown.COLOURS[standing.code],
        "until": shown.until(standing),
        "inside": inside,
        "can_manage": permissions.can_manage_framework(user, whole),
        "can_see_round": permissions.can_see_round(user, whole),
        "moved": next((one for one in page.clarifications if one.about.startswith(MOVED)), None),
        "previous": whole.previous if whole.previous and (whole.previous.published_at or inside) else None,
        "following": following if following and (following.published_at or inside) else None,
        "milestones": milestones.milestones(page.dates, at=at),
        "timeline": shown.timeline(page.dates, at=at),
        "rows": shown.summary(page),
        "rules": shown.rules(whole),
        "papers": [(one, notice_types.in_words(one.notice_type)) for one in page.papers],
    }
    return render(request, "lots/framework.html", context)


@public("the picture of a public page; its door shows a framework that is being set up to its buyer's people alone")
@guard(permissions.can_see_framework, on=Framework)
@require_safe
def framework_timeline(request, framework):
    """The framework's dates as a picture."""
    line = shown.timeline(queries.dates_with_key_dates(framework), at=clock.now())
    if line is None:
        raise Http404
    return charts.picture(charts.timeline(line))


@public("lots of a published framework are public; until then their door shows them to its buyer's people alone")
@guard(permissions.can_see_lot, on=Lot)
@require_safe
def lot(request, lot):
    """One lot: what is bought, its parts, what is priced, and the texts that hold for it."""
    page = queries.lot_page(lot)
    context = {"page": page, "lot": page.lot, "framework": page.lot.framework, "rows": shown.lot_summary(page)}
    return render(request, "lots/lot.html", context)
