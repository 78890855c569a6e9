"""Who sees where pupils are, and who has a calendar feed of it."""

from __future__ import annotations

from accounts.models import Organisation
from referrals.models import Feed, Pupil
from referrals.models.own import SEES_PUPILS, TEACHES, holds


def can_see_today(user, organisation: Organisation) -> bool:
    """Where everybody is: whoever works with a commissioner's pupils, and a provider's people who meet them."""
    return holds(user, organisation.pk, SEES_PUPILS | TEACHES)


def can_see_week(user, pupil: Pupil) -> bool:
    """A pupil's week: whoever works with the commissioner's pupils."""
    return holds(user, pupil.commissioner_id, SEES_PUPILS)


def can_use_feed(user, feed: Feed) -> bool:
    """A feed gives and is changed while its person may see the page that it is made on: asked at every request."""
    return feed.user_id == user.pk and holds(user, feed.organisation_id, SEES_PUPILS | TEACHES)


def is_own_feed(user, feed: Feed) -> bool:
    """End a feed: whoever made it, whatever they are by now."""
    return feed.user_id == user.pk
