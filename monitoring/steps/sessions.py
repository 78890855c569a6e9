"""The sessions of a day, in SQL: what `referrals.rules.running` and `accounts.queries.calendars_for` say of each
placement, asked of all of them at once. How many placements there are changes no number of statements, and the same
text runs on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from core.calendars import is_working_day
from core.steps import step
from monitoring.rules.times import moment
from referrals.models import WeeklySession

# `closed` are the organisations that are closed on a day that is a working day: by a closure of their own, by terms of
# their own that leave the day out, or, without terms of their own, by closures or terms of the council of their area.
# `clock` turns each time of day that occurs into its moment of that day, in UTC.
# `wanted` are the sessions that the rule gives. The agreement is the one in force when the session starts.
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
), clock(hour, moment) AS (
    VALUES {clock}
), wanted AS (
    SELECT weekly.id AS weekly_id, placement.id AS placement_id, placement.provider_id, placement.commissioner_id,
           weekly.site_id, starts.moment AS starts_at, ends.moment AS ends_at, contract.id AS contract_id
    FROM referrals_weeklysession weekly
    JOIN referrals_placement placement ON placement.id = weekly.placement_id
    JOIN clock starts ON starts.hour = weekly.starts
    JOIN clock ends ON ends.hour = weekly.ends
    LEFT JOIN contracts_contract contract
      ON contract.framework_id = placement.framework_id AND contract.supplier_id = placement.provider_id
     AND contract.kind = 'framework' AND placement.route IN ('framework', 'quote')
     AND contract.countersigned_at <= starts.moment
     AND (contract.state = 'in_force' OR contract.state = 'ended' AND contract.ended_at > starts.moment)
    WHERE weekly.weekday = %(weekday)s
      AND weekly.from_on <= %(day)s AND (weekly.until_on IS NULL OR weekly.until_on >= %(day)s)
      AND placement.state IN ('live', 'paused', 'ended')
      AND placement.starts_on <= %(day)s AND placement.ends_on >= %(day)s
      AND (placement.ended_on IS NULL OR placement.ended_on >= %(day)s)
      AND (placement.route = 'legacy' OR placement.live_at IS NULL OR placement.live_at <= starts.moment)
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
# nobody is blamed for its register.
_WRITE = f"""
INSERT INTO monitoring_session (placement_id, weekly_id, provider_id, commissioner_id, contract_id, site_id, day,
    starts_at, ends_at, state, caught_up, mark, reason, note, entries_made)
{_WANTED}
SELECT wanted.placement_id, wanted.weekly_id, wanted.provider_id, wanted.commissioner_id, wanted.contract_id,
       wanted.site_id, %(day)s, wanted.starts_at, wanted.ends_at, 'expected',
       %(caught_up)s OR wanted.starts_at < %(looked_at)s, '', '', %(nothing)s, 0
FROM wanted
WHERE NOT EXISTS (
    SELECT 1 FROM monitoring_session known
    WHERE known.placement_id = wanted.placement_id AND known.starts_at = wanted.starts_at
)
ON CONFLICT DO NOTHING
"""
_CALL_OFF = f"""
UPDATE monitoring_session SET state = 'cancelled', cancelled_at = %(at)s
FROM (
    {_WANTED}
    SELECT known.id FROM monitoring_session known
    LEFT JOIN wanted ON wanted.placement_id = known.placement_id AND wanted.starts_at = known.starts_at
    WHERE known.day = %(day)s AND known.starts_at > %(at)s AND known.state = 'expected' AND wanted.placement_id IS NULL
) gone
WHERE monitoring_session.id = gone.id AND monitoring_session.state = 'expected' AND monitoring_session.mark = ''
"""
_SET_RIGHT = f"""
UPDATE monitoring_session
SET state = 'expected', cancelled_at = NULL, weekly_id = other.weekly_id, site_id = other.site_id,
    ends_at = other.ends_at, contract_id = other.contract_id
FROM (
    {_WANTED}
    SELECT known.id, wanted.weekly_id, wanted.site_id, wanted.ends_at, wanted.contract_id
    FROM monitoring_session known
    JOIN wanted ON wanted.placement_id = known.placement_id AND wanted.starts_at = known.starts_at
    WHERE known.day = %(day)s AND known.starts_at > %(at)s AND (
        known.state = 'cancelled'
        OR known.ends_at <> wanted.ends_at
        OR known.weekly_id IS DISTINCT FROM wanted.weekly_id
        OR known.site_id IS DISTINCT FROM wanted.site_id
        OR known.contract_id IS DISTINCT FROM wanted.contract_id
    )
) other
WHERE monitoring_session.id = other.id AND monitoring_session.mark = ''
"""


@step
def write_sessions(*, day: dt.date, looked_at: dt.datetime, caught_up: bool) -> int:
    """Write down the sessions of a day (England's) that are not there yet; `looked_at` is the last pass over that day
    (UTC), before the first the beginning of the day. Returns how many."""
    return _run(_WRITE, day, {"caught_up": caught_up, "looked_at": looked_at, "nothing": b""})


@step
def call_off_sessions(*, day: dt.date, at: dt.datetime) -> tuple[int, int]:
    """Of the sessions of a day that are still to come after `at` (UTC) and not marked: call off those that the rule
    gives no more, then set right those that it gives again or otherwise (their end, their site, their agreement). What
    has begun or is marked stays as it is. Returns how many of each."""
    return _run(_CALL_OFF, day, {"at": at}), _run(_SET_RIGHT, day, {"at": at})


def _run(sql: str, day: dt.date, more: dict) -> int:
    values = {"day": day, "weekday": day.weekday(), "works": is_working_day(day)} | more
    rows = []
    for number, (time, at) in enumerate(_clock(day)):
        rows.append(f"(%(time_{number})s, %(moment_{number})s)")
        values |= {f"time_{number}": time, f"moment_{number}": at}
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{clock}", ", ".join(rows)), plain(values))
        return cursor.rowcount


def _clock(day: dt.date) -> list[tuple[dt.time, dt.datetime]]:
    """The times of day at which sessions of that weekday start or end, each with its moment on that day. There are few,
    however many sessions; each goes through the rule of the clocks by itself, so that no hour is special. Midnight is
    always among them, because SQL knows no list of nothing."""
    rows = WeeklySession.objects.filter(weekday=day.weekday()).order_by()
    times = rows.values_list("starts", flat=True).union(rows.values_list("ends", flat=True))
    return [(time, moment(day, time)) for time in sorted({dt.time.min, *times})]


def plain(values: dict) -> dict:
    """Days, times and moments as the database keeps them: SQLite has none of them."""
    operations = connection.ops
    adapt = {
        dt.datetime: operations.adapt_datetimefield_value,
        dt.date: operations.adapt_datefield_value,
        dt.time: operations.adapt_timefield_value,
    }
    return {name: adapt[type(value)](value) if type(value) in adapt else value for name, value in values.items()}
