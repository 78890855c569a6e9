"""The register of places as of a day, for the buyer's people, and who is on a running framework, for anybody."""

from __future__ import annotations

from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from core import clock, exports, lists
from core.access import guard, public
from lots import permissions
from lots.filters import PartFilter, RegisterFilter
from lots.models import Framework
from lots.queries import places as queries
from lots.states import FrameworkState, PlaceState

_COLOURS = {
    PlaceState.AWARDED: "yellow",
    PlaceState.ACCEPTED: "blue",
    PlaceState.ACTIVE: "green",
    PlaceState.SUSPENDED: "red",
    PlaceState.ENDED: "grey",
}
HEADINGS = ["Provider", "Lot", "Lot title", "Part", "Phase", "State", "Awarded", "Accepted", "Active from", "Ended"]


def _register(request, framework) -> RegisterFilter:
    parts = queries.parts_of(framework)
    return RegisterFilter(request.GET, queryset=queries.register_of(framework), parts=parts, at=clock.now())


@guard(permissions.can_see_inside, on=Framework)
@require_safe
def places(request, framework):
    """Who was on which lot and part on a day, and in which state."""
    found = _register(request, framework)
    page = lists.page(found.qs, request.GET, order=["provider_name", "id"])
    for place in queries.with_states(queries.with_parts(page.rows, found.parts), framework, at=found.at):
        place.state_words, place.colour = place.state_then.label, _COLOURS[place.state_then]
    query = request.GET.urlencode()
    context = {"framework": framework, "filter": found, "page": page, "query": f"?{query}" if query else ""}
    context["is_ours"] = permissions.belongs_to(request.user, framework.buyer_id)
    return render(request, "lots/places.html", context)


def _rows(found, framework):
    for place in queries.register_streamed(found.qs, framework, found.parts, at=found.at):
        days = [place.awarded_at, place.accepted_at, place.active_from, place.ended_at]
        yield [
            place.provider_now,
            place.part.number,
            place.part.title,
            place.part.letter,
            place.part.for_whom,
            place.state_then.label,
            *[localdate(moment) if moment and moment < found.at else "" for moment in days],
        ]


@guard(permissions.can_see_inside, on=Framework)
@require_safe
def places_csv(request, framework):
    """The register as CSV, narrowed as the page was."""
    found = _register(request, framework)
    name = f"register-{framework.pk}-{found.day}.csv"
    return exports.csv_response(name, HEADINGS, _rows(found, framework))


@guard(permissions.can_see_inside, on=Framework)
@require_safe
def places_xlsx(request, framework):
    """The register as XLSX."""
    found = _register(request, framework)
    name = f"register-{framework.pk}-{found.day}.xlsx"
    return exports.xlsx_response(name, "Register", HEADINGS, _rows(found, framework))


@public("who is on a framework that runs is public; the reasons why somebody gets no pupils are not")
@guard(permissions.can_see_framework, on=Framework)
@require_safe
def on_framework(request, framework):
    """The providers on a running framework, by lot and part."""
    found = PartFilter(request.GET, queryset=queries.on_framework(framework), parts=queries.parts_of(framework))
    page = lists.page(found.qs, request.GET, order=["provider_name", "id"])
    queries.with_parts(page.rows, found.parts)
    runs = framework.state == FrameworkState.RUNNING
    return render(
        request, "lots/on_framework.html", {"framework": framework, "filter": found, "page": page, "runs": runs}
    )
