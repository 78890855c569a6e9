"""What the demo worlds of this and higher apps share: people by their address, moments in England, and a framework that
is set up by hand and published. Everything goes through the real actions."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from accounts.models import Organisation, User
from core.calendars import working_day_after
from lots.actions import lots, publication, recovery, setup, standards, timetable
from lots.actions.policies import decide_policies
from lots.models import Framework
from lots.queries.standards import choices_for
from lots.rules import policy_list
from lots.rules.outline import LotDraft
from lots.rules.timetable import Timetable
from lots.states import CallOff

ENGLAND = ZoneInfo("Europe/London")


def on(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """That moment of that day in England."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ENGLAND).astimezone(dt.UTC)


def person(email: str) -> User:
    """Whoever has this address."""
    return User.objects.get(email=email)


def organisation(name: str) -> Organisation:
    """Whatever has this name."""
    return Organisation.objects.get(name=name)


def recover(framework: Framework, first: User, second: User, at: dt.datetime) -> None:
    """The recovery file is made and tried by two people, as before every publication. Their passphrases are in an
    envelope that nobody kept: this world can be loaded anew."""
    one, two = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    recovery.begin_recovery(framework=framework, passphrase=one, replaces=None, by=first, at=at)
    recovery.make_recovery(framework=framework, passphrase=two, by=second, at=at)
    file = recovery.take_recovery_file(framework=framework, by=second, at=at)
    recovery.try_recovery(framework=framework, file=file, passphrase=two, by=second, at=at)
    recovery.finish_recovery(framework=framework, passphrase=one, by=first, at=at)


def choose_standards(framework: Framework, by: User, at: dt.datetime) -> None:
    """The first set that there is: the national one."""
    version = choices_for(framework, user=by)[0]
    standards.choose_standards(framework=framework, version=version, by=by, at=at)


def weeks_ahead(today: dt.date) -> Timetable:
    """Applications for six weeks, until noon of a working day; four years and a half in all."""
    closes, asks = working_day_after(today, 30), working_day_after(today, 24)
    starts = working_day_after(closes, 40)
    return Timetable(
        enquiries_until=on(asks, 12),
        closes_at=on(closes, 12),
        award_by_on=working_day_after(closes, 25),
        starts_on=starts,
        ends_on=dt.date(starts.year + 4, 8, 31),
        scheme_ends_on=dt.date(starts.year + 4, 8, 31),
    )


def published(
    *,
    title: str,
    words: Mapping,
    drafts: Sequence[LotDraft],
    buyer: Organisation,
    by: User,
    second: User,
    today: dt.date,
    at: dt.datetime,
) -> Framework:
    """A framework set up by hand, with every policy as it stands pre-selected, published at `at` and open for six weeks
    from `today`."""
    framework = setup.start_framework(organisation=buyer, title=title, is_open=True, by=by, at=at)
    setup.describe_framework(framework=framework, changes=words, by=by, at=at)
    lots.add_lots(framework=framework, lots=drafts, by=by, at=at)
    choose_standards(framework, by, at)
    for topic in policy_list.TOPICS:
        values = {policy.code: policy.default for policy in topic.policies}
        decide_policies(framework=framework, topic=topic, values=values, reason="", clarification="", by=by, at=at)
    timetable.set_timetable(framework=framework, dates=weeks_ahead(today), reason="", by=by, at=at)
    setup.set_users(framework=framework, call_off=CallOff.BUYER, schools_of_area="", named=[], by=by, at=at)
    recover(framework, by, second, at)
    publication.publish_framework(framework=framework, by=by, at=at)
    return Framework.objects.get(pk=framework.pk)
