"""Registers as a school, a trust or a council sees them while they are taken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from core import clock
from core.access import guard
from monitoring.actions import looking as actions
from monitoring.permissions import registers as permissions
from monitoring.queries import registers as queries
from monitoring.states import SessionState
from monitoring.views.frame import page
from monitoring.views.register_rows import clock_of, is_late, line, part_of, place
from referrals.rules.today import day_asked, weekday_beside

NOTED_FOR = 3600  # seconds in which a page that refreshes itself is one reading


@dataclass(frozen=True)
class Seen:
    """A line of the table, in words."""

    name: str
    label: str
    colour: str
    times: str
    said: str
    provider: str
    place: str
    told: str
    entries_url: str


@guard(permissions.can_watch, on=Organisation)
@require_safe
def live_registers(request, organisation):
    """What the registers of an organisation's own pupils say at this moment."""
    at, today = clock.now(), clock.today()
    day = day_asked(request.GET.get("day", ""), today)
    rows = queries.by_time(queries.sessions_of(organisation, day, user=request.user))
    sessions, part = part_of(rows, request.GET.get("page", ""))
    alerts = queries.alerts_of(sessions)
    shown = [_shown(one, alerts.get(one.pk, ()), at=at, today=today) for one in sessions]
    counts = Counter((one.label, one.colour) for one in shown)
    context = {
        "day": day,
        "is_today": day == today,
        "clock": localtime(at),
        "before": weekday_beside(day, -1),
        "after": weekday_beside(day, 1) if day < today else None,
        "rows": shown,
        "counts": [(label, colour, number) for (label, colour), number in counts.most_common()],
        "part": part,
    }
    _note(request.user, organisation, day, at)
    return page(request, organisation, "monitoring/live_registers.html", active="live_registers", **context)


def _shown(session, alerts, *, at, today) -> Seen:
    one = line(session, alerts, at=at, today=today)
    label, colour = one.label, one.colour
    if not one.mark and session.state == SessionState.EXPECTED:
        label, colour = ("Not taken", "red") if is_late(alerts) else _waits(session, at)
    marked = f"marked at {clock_of(session.marked_at)}" if session.mark else ""
    said = ", ".join(part for part in (one.said, marked) if part)
    return Seen(
        name=one.name,
        label=label,
        colour=colour,
        times=one.times,
        said=said[:1].upper() + said[1:],
        provider=session.provider.name,
        place=place(session),
        told=". ".join(one.told),
        entries_url=one.entries_url if session.entries_made else "",
    )


def _waits(session, at) -> tuple[str, str]:
    """How a register stands that is not taken and not late yet."""
    if at < session.starts_at:
        return "Not started", "grey"
    return "Not taken yet" if at < session.ends_at else "Not taken", "orange"


def _note(user, organisation, day, at) -> None:
    """Whoever leaves the page open looks once an hour. What could not be noted was not shown: it is noted next time."""
    name = f"monitoring.live:{user.pk}:{organisation.pk}:{day.isoformat()}"
    if not cache.add(name, True, NOTED_FOR):
        return
    try:
        actions.note_live(organisation=organisation, day=day, by=user, at=at)
    except Exception:
        cache.set(name, True, 0)  # forgotten at once
        raise
