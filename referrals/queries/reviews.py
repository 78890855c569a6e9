"""Reads of reviews: an organisation's list, one of them, which placements lack one, and what a letter is due for."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation
from accounts.queries import calendars_for
from accounts.states import OrganisationKind
from referrals.models import Placement, Review
from referrals.queries import sealed
from referrals.queries.running import last_day_of, school_of
from referrals.rules import reviewing as rules
from referrals.rules.reviewing import Words
from referrals.rules.sealed import packed, unpacked
from referrals.states import PlacementState, ReviewKind

BEGUN = (PlacementState.LIVE, PlacementState.PAUSED, PlacementState.ENDED)
RUNS = (PlacementState.LIVE, PlacementState.PAUSED)


def of_organisation(organisation: Organisation, *, user) -> QuerySet[Review]:
    """Reviews of the placements that a commissioner made, or of pupils on its roll; a trust's with those of the schools
    that are listed for the person."""
    ours = Q(placement__commissioner=organisation) | Q(placement__home_school=organisation)
    if organisation.kind == OrganisationKind.TRUST:
        ours |= Q(placement__commissioner__parent=organisation)
    return Review.objects.visible_to(user).filter(ours).defer("words")


def to_hold(rows: QuerySet[Review]) -> QuerySet[Review]:
    """Of these the ones that are still to be held, of placements that have begun."""
    return rows.filter(held_on=None, placement__state__in=BEGUN)


def of_placement(placement: Placement, *, user) -> QuerySet[Review]:
    """Reviews of one placement."""
    return Review.objects.visible_to(user).filter(placement=placement).defer("words")


def words_of(review: Review) -> Words:
    """What was said, opened. The page that shows it says so under its door (`audit.reads`)."""
    return unpacked(Words, sealed.text_of(review, "words").encode())


def sealed_words(review: Review, words: Words) -> bytes:
    """For `Review.words`; the review has its id."""
    return sealed.sealed_text(review, "words", packed(words).decode()) if words != Words() else b""


def latest_next(placement: Placement, held_on: dt.date) -> dt.date:
    """The last day for the review after one held on a day."""
    school = school_of(placement)
    calendar = calendars_for([school])[school.pk]
    return rules.latest_next(held_on, last_day_of(placement), placement.basis, calendar)


def without_review() -> QuerySet[Placement]:
    """Placements that run and have no review before them, nor one at the end behind them."""
    rows = Review.objects.filter(placement=OuterRef("pk"))
    open_one, at_end = rows.filter(held_on=None), rows.exclude(held_on=None).filter(kind=ReviewKind.END)
    found = Placement.objects.filter(state__in=RUNS).exclude(Exists(open_one)).exclude(Exists(at_end))
    return found.select_related("commissioner", "home_school").order_by("pk")


def after_the_end() -> QuerySet[Review]:
    """Open reviews of placements that ended before their day."""
    rows = Review.objects.filter(held_on=None, placement__state=PlacementState.ENDED)
    return rows.select_related("placement").order_by("placement", "pk")


def to_remind_of(today: dt.date) -> QuerySet[Review]:
    """Open reviews that are due within the week or late."""
    until = today + dt.timedelta(days=rules.SOON_DAYS)
    rows = Review.objects.filter(held_on=None, due_on__lte=until, placement__state__in=BEGUN).defer("words")
    return rows.select_related("placement__commissioner", "placement__provider").order_by("pk")
