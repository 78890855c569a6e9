"""What the pages of an application say in words: until when, what was saved when, why nothing can be changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import NoReverseMatch
from django.utils import timezone

from core import addresses
from core.templatetags.portal import in_words
from lots.states import FrameworkState
from providers.queries.rounds import why_withdrawn
from providers.rules.countdown import left_in_words
from providers.states import ApplicationState

_STATES = {
    ApplicationState.DRAFT: ("Not submitted yet", "blue"),
    ApplicationState.SUBMITTED: ("Submitted", "green"),
    ApplicationState.WITHDRAWN: ("Withdrawn", "grey"),
}


@dataclass(frozen=True)
class Countdown:
    """Until when one may apply, as the page says it and as the script counts it down; by the server's clock."""

    closes_at: dt.datetime
    now: dt.datetime
    left: str
    url: str


def countdown(framework, *, at: dt.datetime) -> Countdown | None:
    """None where there is no deadline."""
    if framework.closes_at is None:
        return None
    url = addresses.address("application_clock", framework.pk)
    return Countdown(framework.closes_at, at, left_in_words(framework.closes_at, at), url)


def why_shut(framework, *, at: dt.datetime) -> str:
    """Why applications to a framework cannot be changed at this moment; empty while they can. One query where it was
    withdrawn, for the published reason. For pages: an action judges by itself, by the database's clock."""
    if framework.state == FrameworkState.WITHDRAWN:
        reason = why_withdrawn(framework)
        words = f"{framework.buyer.name} withdrew this framework, so nobody can apply to it any more."
        return f"{words} The reason: {reason}" if reason else words
    if framework.published_at is None:
        return "This framework has not been published yet."
    if framework.state != FrameworkState.PUBLISHED:
        return "Applications to this framework have closed."
    if framework.closes_at and at > framework.closes_at:
        return f"Applications closed on {in_words(framework.closes_at, with_time=True)} (UK time)."
    return ""


def to_the_second(at: dt.datetime) -> str:
    """The time of day in England, to the second: 11:58:03."""
    return f"{at.astimezone(timezone.get_default_timezone()):%H:%M:%S}"


def saved_at(part) -> str:
    """When a part was saved, in England, with its day: "11:58:03 on 20 April 2026". Empty while it never was."""
    if not part.saved_at:
        return ""
    at = dt.datetime.fromisoformat(part.saved_at)
    return f"{to_the_second(at)} on {in_words(at, with_time=False)}"


def way(name: str, *args: int) -> str | None:
    """Where the page of this name is, or None while there is none."""
    try:
        return addresses.address(name, *args)
    except NoReverseMatch:
        return None


def state_of(application, *, at: dt.datetime) -> tuple[str, str]:
    """How an application stands, for a tag: words and colour. A draft that was never submitted is over once the
    deadline passed; until then whoever changed something since submitting is reminded that it does not count yet."""
    framework = application.framework
    if framework.state == FrameworkState.WITHDRAWN:
        return "Framework withdrawn", "grey"
    is_over = framework.state != FrameworkState.PUBLISHED or (framework.closes_at and at > framework.closes_at)
    if application.state == ApplicationState.DRAFT and is_over:
        return "Not submitted", "grey"
    if application.state == ApplicationState.FOLLOWING:
        return "Following", "grey"
    if application.standing and application.standing.revision != application.revision and not is_over:
        return "Changes not submitted", "yellow"
    return _STATES[ApplicationState(application.state)]
