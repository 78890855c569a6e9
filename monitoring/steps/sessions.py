"""The sessions of a day, in SQL: what `referrals.rules.running` and `accounts.queries.calendars_for` say of each
placement, asked of all of them at once. How many placements there are changes no number of statements, and the same
text runs on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from core.calendars import is_working_day
from core.steps import step
from monitoring.models import Session
from monitoring.queries.sql import plain
from monitoring.rules.times import moment
from referrals.models import WeeklySession

IN_ORDER = "ORDER BY id FOR UPDATE"
MANY = 1000  # rows, from which a plan that is made without them is a bad one
_CLOCK = "{clock}"
# `closed` are the organisations that are closed on a day that is a working day: by a closure of their own, by terms of
# their own that leave the day out, or, without terms of their own, by closures or terms of the council of their area.
# `clock` turns the times at which sessions start and end into their moments of that day, in UTC.
# `wanted` are the sessions that the rule gives. The agreement is the one in force when the session starts. `CROSS JOIN`
# tells SQLite to begin with the week: left to itself it indexes that anew, every time.
_WANTED = """
WITH closed(id) AS (
    SELECT organisation_id FROM accounts_closure WHERE starts_on <= %(day)s AND ends_on >= %(day)s
    UNION
    SELECT organisation_id FROM accounts_termdates GROUP BY organisation_id
    HAVING SUM(CASE WHEN starts_on <= %(day)s AND ends_on >= %(day)s THEN 1 ELSE 0 END) = 0
    UNION
    SELECT organisation.id FROM accounts_organisation organisation
    WHERE organisation.la_code <> ''
      AND organisation.id NOT IN (SELECT organisation_id FROM accounts_termdates)
      AND organisation.la_code IN (
        SELECT council.la_code FROM accounts_organisation council
        JOIN accounts_closure closure ON closure.organisation_id = council.id
        WHERE council.kind = 'authority' AND closure.starts_on <= %(day)s AND closure.ends_on >= %(day)s
        UNION
        SELECT council.la_code FROM accounts_organisation council
        JOIN accounts_termdates term ON term.organisation_id = council.id
        WHERE council.kind = 'authority' GROUP BY council.la_code
        HAVING SUM(CASE WHEN term.starts_on <= %(day)s AND term.ends_on >= %(day)s THEN 1 ELSE 0 END) = 0
      )
), clock(starts, ends, starts_at, ends_at) AS (
    VALUES {clock}
), wanted AS (
    SELECT weekly.id AS weekly_id, placement.id AS placement_id, placement.provider_id, placement.commissioner_id,
           weekly.site_id, clock.starts_at, clock.ends_at, contract.id AS contract_id
    FROM referrals_weeklysession weekly
    CROSS JOIN clock
    CROSS JOIN referrals_placement placement
    LEFT JOIN contracts_contract contract
      ON contract.framework_id = placement.framework_id AND contract.supplier_id = placement.provider_id
     AND contract.kind = 'framework' AND placement.route IN ('framework', 'quote')
     AND contract.countersigned_at <= clock.starts_at
     AND (contract.state = 'in_force' OR contract.state = 'ended' AND contract.ended_at > clock.starts_at)
    WHERE weekly.weekday = %(weekday)s
      AND clock.starts = weekly.starts AND clock.ends = weekly.ends AND placement.id = weekly.placement_id
      AND weekly.from_on <= %(day)s AND (weekly.until_on IS NULL OR weekly.until_on >= %(day)s)
      AND placement.state IN ('live', 'paused', 'ended')
      AND placement.starts_on <= %(day)s AND placement.ends_on >= %(day)s
      AND (placement.ended_on IS NULL OR placement.ended_on >= %(day)s)
      AND (placement.route = 'legacy' OR placement.live_at IS NULL OR placement.live_at <= clock.starts_at)
      AND placement.id NOT IN (
        SELECT placement_id FROM referrals_pause
        WHERE from_on <= %(day)s AND (until_on IS NULL OR until_on >= %(day)s)
      )
      AND (
        weekly.runs = 'dates'
        OR %(works)s AND placement.provider_id NOT IN (SELECT id FROM closed)
           AND (
             weekly.runs = 'provider'
             OR COALESCE(placement.home_school_id, placement.commissioner_id) NOT IN (SELECT id FROM closed)
           )
      )
)
"""
# One that a pass after its start finds for the first time was not known when it started: it is marked `caught_up`, and
# nobody is blamed for its register. The first pass over a day compares with nothing: PostgreSQL takes a table that is
# empty when it begins for one that stays so, and walks it for every row.
_WRITE = f"""
INSERT INTO monitoring_session (placement_id, weekly_id, provider_id, commissioner_id, contract_id, site_id, day,
    starts_at, ends_at, state, caught_up, mark, reason, note, entries_made)
{_WANTED}
SELECT wanted.placement_id, wanted.weekly_id, wanted.provider_id, wanted.commissioner_id, wanted.contract_id,
       wanted.site_id, %(day)s, wanted.starts_at, wanted.ends_at, 'expected',
       %(caught_up)s OR wanted.starts_at < %(looked_at)s, '', '', %(nothing)s, 0
FROM wanted
WHERE %(first)s OR NOT EXISTS (
    SELECT 1 FROM monitoring_session known
    WHERE known.placement_id = wanted.placement_id AND known.starts_at = wanted.starts_at
)
ON CONFLICT DO NOTHING
"""  # nosec B608  # pieces of our own
# Whether a wanted one is another than the one that is known, which is still to come and not marked.
_OTHER = """
    known.starts_at > %(at)s AND known.mark = '' AND (
        known.state = 'cancelled'
        OR known.ends_at <> wanted.ends_at
        OR known.weekly_id IS DISTINCT FROM wanted.weekly_id
        OR known.site_id IS DISTINCT FROM wanted.site_id
        OR known.contract_id IS DISTINCT FROM wanted.contract_id
    )
"""
_KNOWN = """
    monitoring_session known
    ON known.placement_id = wanted.placement_id AND known.starts_at = wanted.starts_at
"""
# How many wanted ones are not known, how many are others than the known, and how many are known and still expected.
_LOOK = f"""
{_WANTED}
SELECT COALESCE(SUM(CASE WHEN known.id IS NULL THEN 1 ELSE 0 END), 0),
       COALESCE(SUM(CASE WHEN {_OTHER} THEN 1 ELSE 0 END), 0),
       COALESCE(SUM(CASE WHEN known.starts_at > %(at)s AND known.state = 'expected' THEN 1 ELSE 0 END), 0)
FROM wanted LEFT JOIN {_KNOWN}
"""  # nosec B608  # pieces of our own
_GONE = f"""
    {_WANTED}
    SELECT known.id FROM monitoring_session known
    LEFT JOIN wanted ON wanted.placement_id = known.placement_id AND wanted.starts_at = known.starts_at
    WHERE known.day = %(day)s AND known.starts_at > %(at)s AND known.state = 'expected' AND wanted.placement_id IS NULL
"""  # nosec B608  # pieces of our own
_CALL_OFF = f"""
UPDATE monitoring_session SET state = 'cancelled', cancelled_at = %(at)s
FROM ({_GONE}) gone
WHERE monitoring_session.id = gone.id AND monitoring_session.state = 'expected' AND monitoring_session.mark = ''
"""  # nosec B608  # pieces of our own
_OTHERS = f"""
    {_WANTED}
    SELECT known.id, wanted.weekly_id, wanted.site_id, wanted.ends_at, wanted.contract_id
    FROM wanted JOIN {_KNOWN}
    WHERE {_OTHER}
"""  # nosec B608  # pieces of our own
_SET_RIGHT = f"""
UPDATE monitoring_session
SET state = 'expected', cancelled_at = NULL, weekly_id = other.weekly_id, site_id = other.site_id,
    ends_at = other.ends_at, contract_id = other.contract_id
FROM ({_OTHERS}) other
WHERE monitoring_session.id = other.id AND monitoring_session.mark = ''
"""  # nosec B608  # pieces of our own


@step
def keep_up_sessions(*, day: dt.date, at: dt.datetime, looked_at: dt.datetime, caught_up: bool) -> tuple[int, int, int]:
    """Bring the sessions of a day (England's) up to what the rule gives. Those that are not there yet are written down.
    Of those still to come after `at` (UTC) and not marked, those that it gives no more are called off, and those that
    it gives again or otherwise (their end, their site, their agreement) are set right. What has begun or is marked
    stays as it is. Returns how many of each. `looked_at` is the last pass over that day (UTC), before the first the
    beginning of the day. Where nothing has changed it only looks."""
    first = not Session.objects.filter(day=day).exists()
    values = _values(day) | {
        "at": at, "caught_up": caught_up, "looked_at": looked_at, "nothing": b"", "first": first,
    }  # fmt: skip
    if first:
        written = _run(_WRITE, values).rowcount
        if written >= MANY and connection.vendor == "postgresql":
            _gather_statistics()
        return written, 0, 0
    to_come = Session.objects.filter(day=day, starts_at__gt=at).expected().count()
    new, others, right = _run(_LOOK, values).fetchone()
    called_off = _change(_GONE, _CALL_OFF, values) if right < to_come else 0
    set_right = _change(_OTHERS, _SET_RIGHT, values) if others else 0
    return _run(_WRITE, values).rowcount if new else 0, called_off, set_right


def _change(rows: str, sql: str, values: dict) -> int:
    """Change these rows, held in the order of their keys first: whoever marks everybody of a group holds them in that
    order, and an UPDATE takes them as they come, so that the two would wait in a circle. SQLite has one writer."""
    if connection.features.has_select_for_update:
        _run(f"SELECT id FROM monitoring_session WHERE id IN (SELECT id FROM ({rows}) found) {IN_ORDER}", values)  # nosec B608  # pieces of our own
    return _run(sql, values).rowcount


def _gather_statistics() -> None:
    """What PostgreSQL does by itself some minutes later. Until then it knows nothing of the day's rows, and walks all
    of them for each."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE (SKIP_LOCKED) monitoring_session")


def _values(day: dt.date) -> dict:
    """What every statement is given: the day, and under `{clock}` the text of its clock."""
    values, rows = {"day": day, "weekday": day.weekday(), "works": is_working_day(day)}, []
    for number, four in enumerate(_clock(day)):
        names = [f"{name}_{number}" for name in ("starts", "ends", "starts_at", "ends_at")]
        rows.append("({})".format(", ".join(f"%({name})s" for name in names)))
        values |= dict(zip(names, four, strict=True))
    return values | {_CLOCK: ", ".join(rows)}


def _run(sql: str, values: dict):
    values = dict(values)
    cursor = connection.cursor()
    cursor.execute(sql.replace(_CLOCK, values.pop(_CLOCK)), plain(values))
    return cursor


def _clock(day: dt.date) -> list[tuple[dt.time, dt.time, dt.datetime, dt.datetime]]:
    """From when to when sessions of that weekday are, each pair with its two moments on that day. There are few,
    however many sessions; each time goes through the rule of the clocks by itself, so that no hour is special. One more
    that no session has stands among them, because SQL knows no list of nothing."""
    pairs = WeeklySession.objects.filter(weekday=day.weekday()).order_by().values_list("starts", "ends").distinct()
    midnight = (dt.time.min, dt.time.min)
    return [(*pair, *(moment(day, time) for time in pair)) for pair in sorted({midnight, *pairs})]
