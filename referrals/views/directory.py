"""Searching what can be called off, one place's page, and the shortlist."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from accounts.throttle import client_address
from core import clock, exports, lists
from core.access import guard, public
from lots.rules.refusals import Refused
from lots.states import Phase, Selection
from lots.views.setting_up import done, tried
from providers.queries.profiles import all_read_of
from referrals.actions import shortlist as actions
from referrals.forms.directory import FindForm, ReasonForm, SearchForm, Week
from referrals.models import Shortlisted
from referrals.permissions import directory as permissions
from referrals.queries import directory as queries
from referrals.queries import find, results
from referrals.queries import shortlist as places
from referrals.rules.directory import Fair, drawn
from referrals.views.frame import page
from referrals.views.week import picture, row_of

PER = 50
HEADINGS = ["Provider", "Framework", "Lot", "Why", "Added on", "Added by", "Can be used now"]


def _fair(request) -> Fair:
    """The order that this session sees; for whoever has not signed in, this address on this day."""
    if request.user.is_authenticated:
        return drawn(request.session.session_key or "")
    return drawn(f"{client_address(request)} {clock.today()}")


def _number(request) -> int:
    """The page asked for; the first where none, or what is none."""
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 4 else 1


def _paged(request, found: list, number: int) -> lists.Page:
    """What the pager and the count show of `PER` rows and perhaps one more; each says how many there are in all."""

    def query(page: int) -> str:
        asked = request.GET.copy()
        asked["page"] = page
        return f"?{asked.urlencode()}"

    count = found[0].number if found else 0
    return lists.Page(
        rows=found[:PER],
        count=min(count, queries.COUNT_UP_TO),
        count_is_exact=count <= queries.COUNT_UP_TO,
        before=query(number - 1) if number > 1 else "",
        after=query(number + 1) if len(found) > PER else "",
    )


@guard(permissions.can_search, on=Organisation)
@require_safe
def directory(request, organisation):
    """What the organisation can call off now, narrowed by what it looks for."""
    at, number = clock.now(), _number(request)
    lots, home, week = queries.lots_for(organisation), queries.home_of(organisation), Week(request.GET)
    form = SearchForm(request.GET or None, lots=lots, home=home)
    code = form.code
    search = form.search(week, queries.point_of(code) if code else None)
    skip = (number - 1) * PER
    found = queries.page_of(lots, search, _fair(request), at=at, skip=skip, per=PER) if lots else []
    shown = results.results(found[:PER], lots, search.point, at=at)
    context = {
        "form": form,
        "week": week,
        "page": _paged(request, found, number),
        "rows": [row_of(result) for result in shown],
        "lots": lots,
        "measured": search.point is not None,
        "from_postcode": code if code and search.point is not home else "",
        "several": len({lot.framework for lot in lots.values()}) > 1,
    }
    return page(request, organisation, "referrals/directory.html", active="directory", **context)


def _place(organisation: Organisation, pk: int):
    place = places.place_for(organisation, pk)
    if place is None:
        raise Http404
    return place


@guard(permissions.can_search, on=Organisation)
@require_safe
def provision(request, organisation, place):
    """Everything that a school chooses one place by."""
    shown = places.provision_of(_place(organisation, place), organisation, at=clock.now())
    policies = shown.place.framework.policies
    context = {
        "shown": shown,
        "place": shown.place,
        "profile": shown.profile,
        "phase": Phase(shown.place.sub_lot.phase).label if shown.place.sub_lot else "",
        "week": picture(shown.free),
        "selection": Selection(policies.selection).label,
        "departures": [line for line in policies.departures.splitlines() if line.strip()],
        "keeps": permissions.can_keep_shortlist(request.user, organisation),
    }
    return page(request, organisation, "referrals/provision.html", active="directory", **context)


@guard(permissions.can_keep_shortlist, on=Organisation)
def add_to_shortlist(request, organisation, place):
    """Put a place on the shortlist, with the reason."""
    place, form = _place(organisation, place), ReasonForm(posted(request))

    def act():
        actions.add_to_shortlist(
            organisation=organisation,
            place=place,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "It is on your shortlist", "shortlist", organisation.pk)
    context = {"form": form, "place": place}
    return page(request, organisation, "referrals/add_to_shortlist.html", active="shortlist", **context)


@guard(permissions.can_search, on=Organisation)
@require_safe
def shortlist(request, organisation):
    """What stands on the shortlist, why, and who put it there."""
    rows = places.shortlist_of(organisation, user=request.user)
    shown = lists.page(rows, request.GET, order=["-added_at", "-id"])
    usable = places.offered_among(organisation, [row.place_id for row in shown.rows], at=clock.now())
    context = {
        "page": shown,
        "rows": [(row, row.place_id in usable) for row in shown.rows],
        "keeps": permissions.can_keep_shortlist(request.user, organisation),
    }
    return page(request, organisation, "referrals/shortlist.html", active="shortlist", **context)


@guard(permissions.can_search, on=Organisation)
@require_safe
def shortlist_csv(request, organisation):
    """The shortlist as a file."""
    rows = list(places.shortlist_of(organisation, user=request.user))
    usable = places.offered_among(organisation, [row.place_id for row in rows], at=clock.now())
    lines = (
        [
            row.provider_now,
            row.framework_title,
            row.place.label,
            row.reason,
            localdate(row.added_at),
            row.added_by.name if row.added_by else "",
            "Yes" if row.place_id in usable else "No",
        ]
        for row in rows
    )
    return exports.csv_response(f"shortlist-{organisation.pk}-{clock.today()}.csv", HEADINGS, lines)


@guard(permissions.can_take_off, on=Shortlisted)
def take_off_shortlist(request, shortlisted):
    """Take a place off the shortlist; asked first."""
    organisation = shortlisted.organisation
    if request.method == "POST":
        try:
            actions.take_off_shortlist(shortlisted=shortlisted, by=request.user, at=clock.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("shortlist", organisation.pk)
        return done(request, "It was taken off your shortlist", "shortlist", organisation.pk)
    context = {"shortlisted": shortlisted}
    return page(request, organisation, "referrals/take_off_shortlist.html", active="shortlist", **context)


@public("who is on a framework is public by law; nothing of prices, free places or suspensions stands here")
@require_safe
def find_provision(request):
    """Who is on a running framework, for anybody."""
    number, lots = _number(request), queries.all_lots()
    form = FindForm(request.GET or None, lots=lots)
    found = find.page_of(lots, form.asked(), _fair(request), skip=(number - 1) * PER, per=PER)
    context = {"form": form, "page": _paged(request, found, number)}
    return render(request, "referrals/find_provision.html", context)


@public("who is on a framework is public by law; the provider chose what else stands here")
@require_safe
def find_provision_provider(request, pk):
    """One provider that is on a running framework, and on what."""
    found = find.provider_found(pk, queries.all_lots())
    if found is None:
        raise Http404
    provider, lots = found
    return render(request, "referrals/find_provision_provider.html", {"shown": all_read_of(provider), "lots": lots})
