"""Calendar feeds, and the sessions in them."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from accounts.models import Organisation
from accounts.rules.people import token_hash
from referrals.models import Feed
from referrals.queries.running import sessions_between
from referrals.queries.today import placements_of
from referrals.rules.ical import Entry, days_of_feed
from referrals.states import PlacementState


def feeds_of(organisation: Organisation, *, user) -> QuerySet[Feed]:
    """One's own feeds of an organisation that stand, the newest first."""
    return Feed.objects.visible_to(user).standing().filter(organisation=organisation).order_by("-id")


def feed_by(token: str) -> Feed | None:
    """The feed whose secret this is, while it stands and its person's account and organisation are open. Whether they
    may still see what is in it is `permissions.timetable.can_use_feed`."""
    rows = Feed.objects.standing().select_related("user", "organisation")
    return rows.filter(token_hash=token_hash(token), user__is_active=True, organisation__is_open=True).first()


def entries_of(feed: Feed, *, today: dt.date) -> list[Entry]:
    """The sessions of the placements that run, for the next weeks."""
    running = (PlacementState.LIVE, PlacementState.PAUSED)
    placements = placements_of(feed.organisation, user=feed.user).filter(state__in=running)
    return [
        Entry(one.row.pk, one.placement.pk, one.day, one.row.starts, one.row.ends)
        for one in sessions_between(placements, *days_of_feed(today))
    ]
