"""Reviews of placements: which are due, what one found, those of one placement."""

from __future__ import annotations

from functools import partial

from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from audit.reads import reads
from core import clock, lists
from core.access import guard
from lots.views.setting_up import done, tried
from referrals.actions import reviewing as actions
from referrals.forms.reviewing import HeldForm, ReviewFilter
from referrals.models import Placement, Review
from referrals.permissions import reviews as permissions
from referrals.queries import reviews as queries
from referrals.rules import reviewing as rules
from referrals.views.frame import page
from referrals.views.placement_frame import placement_page

COLOURS = {rules.LATE: "red", rules.SOON: "yellow", rules.DUE: "grey"}
LABELS = {rules.LATE: "Late", rules.SOON: "Due this week", rules.DUE: "Planned"}


@guard(permissions.can_list, on=Organisation)
@reads("personal")
@require_safe
def reviews(request, organisation):
    """Reviews of a commissioner's placements: those to be held, the latest first, or those that were."""
    found = ReviewFilter(request.GET, queryset=queries.of_organisation(organisation, user=request.user))
    rows = found.qs.exclude(held_on=None) if found.is_held else queries.to_hold(found.qs)
    order = ["-due_on", "-id"] if found.is_held else ["due_on", "id"]
    listed = lists.page(rows, request.GET, order=order)
    context = {"filter": found, "page": listed, "reviews": _shown(listed.rows), "held": found.is_held}
    return page(request, organisation, "referrals/reviews.html", active="reviews", **context)


@guard(permissions.can_see_of, on=Placement)
@reads("personal")
@require_safe
def placement_reviews(request, placement):
    """The reviews of one placement."""
    rows = queries.of_placement(placement, user=request.user)
    listed = lists.page(rows, request.GET, order=["-due_on", "-id"])
    context = {"page": listed, "reviews": _shown(listed.rows)}
    return placement_page(request, placement, "referrals/placement_reviews.html", active="placement_reviews", **context)


@guard(permissions.can_see, on=Review)
@reads("personal")
def review(request, review):
    """One review: the form while it is to be held, what was found after it."""
    placement, today = review.placement, clock.today()
    holds = permissions.can_hold(request.user, review) and (review.held_on is None or request.method == "POST")
    form = None
    if holds:
        form = HeldForm(posted(request), latest=queries.latest_next(placement, max(today, placement.starts_on)))
        if request.method == "POST" and form.is_valid() and tried(form, partial(_hold, form, review, request.user)):
            return done(request, "The review is saved", "review", review.pk)
    context = {
        "review": review,
        "form": form,
        "words": queries.words_of(review) if permissions.can_read(request.user, review) else None,
        "invite_by": _invite_by(review),
    } | _look(review, today)
    return placement_page(request, placement, "referrals/review.html", active="placement_reviews", **context)


def _hold(form: HeldForm, review: Review, by) -> None:
    said = form.cleaned_data
    actions.hold_review(
        review=review,
        held_on=said["held_on"],
        words=form.words(),
        targets_met=said["targets_met"],
        targets_set=said["targets_set"],
        goes_on=said["goes_on"],
        next_on=said["next_on"],
        by=by,
        at=clock.now(),
        today=clock.today(),
    )


def _shown(rows) -> list[tuple[Review, dict]]:
    today = clock.today()
    return [(one, _look(one, today)) for one in rows]


def _look(review: Review, today) -> dict:
    if review.held_on is not None:
        return {"label": "Held", "colour": "green"}
    how = rules.urgency(review.due_on, today)
    return {"label": LABELS[how], "colour": COLOURS[how]}


def _invite_by(review: Review):
    """By when those invited must know; the council too where the pupil has a plan."""
    return rules.invite_by(review.kind, review.due_on) if review.held_on is None else None
