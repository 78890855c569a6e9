"""How well measures were met: the buyer's list, deciding one, and what the provider is told."""

from __future__ import annotations

from functools import partial

from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from accounts.queries import calendars_for
from contracts.models import Kpi
from core import clock, lists
from core.access import guard
from core.calendars import ONE_DAY
from lots.views.setting_up import done, tried
from monitoring.actions import ratings as actions
from monitoring.forms.board import PeriodForm, RateForm, RatingFilter, query_of
from monitoring.permissions import board as permissions
from monitoring.queries import ratings as queries
from monitoring.rules import ratings as rules
from monitoring.rules.standing import term_of
from monitoring.states import Grade
from monitoring.views.frame import page

COLOURS = {
    Grade.GOOD: "green",
    Grade.APPROACHING: "blue",
    Grade.IMPROVE: "yellow",
    Grade.INADEQUATE: "red",
    Grade.OTHER: "grey",
}


@guard(permissions.can_watch, on=Organisation)
@require_safe
def ratings(request, organisation):
    """A buyer's measures by provider, with the latest rating of each."""
    found = RatingFilter(request.GET, queryset=queries.rateable(organisation, user=request.user))
    order = ["contract__supplier__name", "contract_id", "number", "id"]
    listed = lists.page(found.qs, request.GET, order=order)
    context = {"filter": found, "page": listed, "rows": [(one, _latest(one.rated)) for one in listed.rows]}
    return page(request, organisation, "monitoring/ratings.html", active="board", **context)


@guard(permissions.can_be_told, on=Organisation)
@require_safe
def ratings_of(request, organisation):
    """How a provider is rated, by all its buyers, the latest period first."""
    rows = queries.told_to(organisation, user=request.user)
    listed = lists.page(rows, request.GET, order=["-until_on", "-id"])
    context = {"page": listed, "rows": [_shown(one) for one in listed.rows]}
    return page(request, organisation, "monitoring/ratings_of.html", active="ratings_of", **context)


@guard(permissions.can_rate, on=Kpi)
def rate_kpi(request, kpi):
    """What is known of a measure over a period, the rating that follows from it, and the person's own with a reason."""
    buyer, today, user = kpi.contract.buyer, clock.today(), request.user
    terms = calendars_for([buyer])[buyer.pk].terms
    this = term_of(today, terms)[0]
    period = PeriodForm(request.GET, usual=(this, today), today=today)
    first, last = period.period
    figures = queries.figures_of(kpi, first, last, at=clock.now(), today=today)
    standing = queries.standing_for(kpi, first, last)
    seen, fed = rules.mark_of(standing.pk if standing else None, figures), queries.fed_by(kpi)
    form = RateForm(posted(request), seen=seen)
    if request.method == "POST" and form.is_valid():
        act = partial(actions.rate_kpi, kpi=kpi, first=first, last=last, by=user, at=clock.now(), today=today)
        if tried(form, lambda: act(**{name: form.cleaned_data[name] for name in ("grade", "reason", "seen")})):
            return done(request, "The rating is saved", "ratings", buyer.pk)
        form.see(seen)
    proposed = rules.proposed(figures, fed)
    context = {
        "kpi": kpi,
        "period": period,
        "first": first,
        "last": last,
        "periods": _periods(today, this, terms),
        "figures": figures,
        "held": [(one, COLOURS[one.grade]) for one in rules.held(figures, fed)],
        "proposed": (Grade(proposed).label, COLOURS[proposed]),
        "standing": _shown(standing) if standing else None,
        "before": [_shown(one) for one in queries.of_kpi(kpi, user=user)[: lists.MOST_ROWS]],
        "form": form,
    }
    return page(request, buyer, "monitoring/rate_kpi.html", active="board", **context)


def _periods(today, this, terms) -> list[tuple[str, str]]:
    """Periods to choose at once: their name and query string."""
    before = term_of(this - ONE_DAY, terms)[0]
    half = today - 182 * ONE_DAY
    year = today.replace(year=today.year - (today.month < 9), month=9, day=1)
    named = [("This term", this, today), ("The term before", before, this - ONE_DAY)]
    named += [("The last half-year", half, today), ("This school year", year, today)]
    return [(name, query_of(first, last)) for name, first, last in named]


def _latest(rated):
    """Of the ratings that stand the one of the latest period."""
    return _shown(rated[0]) if rated else None


def _shown(rating) -> tuple:
    """A rating with its colour and what the figures proposed."""
    return rating, COLOURS[rating.grade], rating.get_proposed_display()
