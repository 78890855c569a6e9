"""Calendar feeds, and that somebody looked at where everybody is."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from accounts import queries as people
from accounts.models import Organisation, User
from accounts.rules.people import token_hash
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.models import Feed
from referrals.permissions import timetable as permissions
from referrals.rules.ical import MOST_FEEDS


@transaction.atomic(durable=True)
def make_feed(*, organisation: Organisation, by: User, at: dt.datetime) -> tuple[Feed, str]:
    """Make a feed of an organisation's sessions for oneself. Returns it with its secret, which stands nowhere and is
    never told again. Raises `Refused`."""
    organisation = Organisation.objects.locked(organisation.pk)
    people.forget_roles(by)
    access.require(permissions.can_see_today, by, organisation)
    if Feed.objects.visible_to(by).standing().count() >= MOST_FEEDS:
        raise Refused(f"You have {MOST_FEEDS} calendar feeds. End one that you no longer use, then make this one")
    token = secrets.token_urlsafe(32)
    feed = Feed.objects.create(user=by, organisation=organisation, token_hash=token_hash(token), made_at=at)
    audit.record("referrals.feed.made", by=by, about=feed, organisation=organisation, at=at)
    return feed, token


@transaction.atomic(durable=True)
def revoke_feed(*, feed: Feed, by: User, at: dt.datetime) -> None:
    """End one's feed at once. One that has ended stays as it is."""
    feed = Feed.objects.locked(feed.pk)
    access.require(permissions.is_own_feed, by, feed)
    if feed.revoked_at:
        return
    feed.revoked_at = at
    feed.save(update_fields=["revoked_at"])
    audit.record("referrals.feed.revoked", by=by, about=feed, organisation=feed.organisation_id, at=at)


@transaction.atomic(durable=True)
def note_use(*, feed: Feed, by: User, at: dt.datetime) -> None:
    """Write down when a feed was last read. It is not written into the record: a program that asks every hour is no
    act of anybody, and what it gets names nobody."""
    feed = Feed.objects.locked(feed.pk)
    access.require(permissions.can_use_feed, by, feed)
    feed.used_at = at
    feed.save(update_fields=["used_at"])


@transaction.atomic(durable=True)
def note_today(*, organisation: Organisation, day: dt.date, by: User, at: dt.datetime) -> None:
    """Write down that somebody was shown where an organisation's pupils are on a day."""
    access.require(permissions.can_see_today, by, organisation)
    data = {"day": day.isoformat()}
    audit.record("referrals.today.read", by=by, organisation=organisation, data=data, at=at)
