"""Reads of a placement's life: its week with what is sealed of it, its prices, what it comes to, what is due."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.queries import calendars_for
from core.calendars import Calendar
from lots.models import Policies
from providers.models import Site
from referrals.models import FunderShare, Pause, Placement, WeeklySession
from referrals.queries.placing import Part
from referrals.queries.running import last_day_of, loads_of, school_of, weekly_of
from referrals.queries.sealed import text_of
from referrals.rules import amending, ending, funding, pausing
from referrals.rules.running import Span, Weekly, occurrences
from referrals.states import AmendmentKind, PlacementState, Runs

AT_ONCE = 500


def keys_of(placement: Placement) -> list[tuple[Weekly, amending.Key]]:
    """Each weekly session with what makes two of them the same; those on their own dates are no part of the week. Opens
    the addresses."""
    return [(weekly_of(row), _key(row)) for row in placement.sessions.exclude(runs=Runs.DATES)]


def sameness_of(part: Part) -> amending.Key:
    """The same of a session as it is typed."""
    return (part.weekday, part.starts, part.ends, part.site and part.site.pk, str(part.runs), part.address)


def _key(row: WeeklySession) -> amending.Key:
    return (row.weekday, row.starts, row.ends, row.site_id, row.runs, text_of(row, "address"))


def standing_week(placement: Placement) -> list[tuple[WeeklySession, str]]:
    """The sessions that have no last day of their own, each with its address."""
    rows = placement.sessions.filter(until_on=None).select_related("site")
    return [(row, text_of(row, "address")) for row in rows]


def week_in_json(rows) -> list[dict]:
    """Sessions as an amendment keeps them: no address, nobody's name."""
    found = [
        {
            "weekday": one.weekday,
            "starts": f"{one.starts:%H:%M}",
            "ends": f"{one.ends:%H:%M}",
            "site": one.site_id,
            "runs": str(one.runs),
        }
        for one in rows
    ]
    return sorted(found, key=lambda one: (one["weekday"], one["starts"]))


def dated_of(placement: Placement, today: dt.date) -> list[WeeklySession]:
    """The sessions on days of their own that are still to come, in order of days. Two queries at most."""
    rows = placement.sessions.filter(runs=Runs.DATES, from_on__gt=today).select_related("site")
    return list(rows.order_by("from_on", "starts", "id"))


def stands(placement: Placement) -> dict:
    """What an amendment tells of how the placement stands: days, pence, sessions; nobody's name."""
    rows = list(placement.sessions.all())
    return {
        "ends_on": placement.ends_on.isoformat(),
        "units": placement.units,
        "total_pence": placement.total_pence,
        "sessions": week_in_json(one for one in rows if one.until_on is None),
        "dated": [
            {"day": one.from_on.isoformat(), "starts": f"{one.starts:%H:%M}", "ends": f"{one.ends:%H:%M}"}
            for one in sorted(rows, key=lambda one: (one.from_on, one.starts))
            if one.runs == Runs.DATES
        ],
    }


def sites_named(amendments) -> dict[int, str]:
    """The names of the sites that amendments tell of, by key."""
    wanted = {
        one["site"]
        for row in amendments
        for side in (row.before, row.after)
        for one in side.get("sessions", [])
        if one["site"]
    }
    return dict(Site.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def prices_of(placement: Placement) -> list[tuple[dt.date, int]]:
    """From which day a lower price holds, in pence, in order of days."""
    rows = placement.amendments.filter(kind=AmendmentKind.PRICE).order_by("from_on", "number")
    return [(row.from_on, row.after["pence"]) for row in rows]


def price_on(placement: Placement, day: dt.date) -> int:
    """Pence of one unit on a day in England, without VAT: what was agreed, or what was agreed since."""
    return amending.price_on(day, placement.pence, prices_of(placement))


def calendars_of(placement: Placement) -> dict[str, Calendar]:
    """The two calendars that its sessions run by."""
    school = school_of(placement)
    found = calendars_for([school, placement.provider])
    return {Runs.SCHOOL: found[school.pk], Runs.PROVIDER: found[placement.provider_id]}


def pauses_of(placement: Placement) -> list[Span]:
    """First and last day of each pause."""
    return list(placement.pauses.values_list("from_on", "until_on"))


def standing_pause(placement: Placement, today: dt.date) -> Pause | None:
    """The pause that holds now, or the next one."""
    rows = {row.pk: row for row in placement.pauses.all()}
    key = pausing.standing([(row.pk, row.from_on, row.until_on) for row in rows.values()], today)
    return rows[key] if key else None


def worth_of(placement: Placement) -> tuple[int, int]:
    """Hundredths of a unit and pence that a placement comes to as it now stands. A pause that nobody has ended lasts to
    the last day once that is written down."""
    last = placement.last_charged_on or last_day_of(placement)
    return amending.worth(
        [weekly_of(row) for row in placement.sessions.all()],
        unit=placement.unit,
        agreed=placement.pence,
        steps=prices_of(placement),
        first=placement.starts_on,
        last=last,
        pauses=[(begins, ends or (last if placement.ended_on else None)) for begins, ends in pauses_of(placement)],
        calendars=calendars_of(placement),
    )


def last_charged(placement: Placement, *, last_on: dt.date, notice_on: dt.date, reason: str, at: dt.datetime):
    """The last day that may be charged if a placement ends on `last_on`, and why. Notice that was given today counts
    from now (`at`, UTC), earlier notice from the end of its day."""
    noticed_at = at if notice_on == timezone.localdate(at) else _moment(notice_on + ending.DAY, dt.time(0))
    policies = Policies.objects.filter(framework=placement.framework_id).first() if placement.framework_id else None
    load = loads_of([placement])[placement.pk]
    hours = policies.notice_hours if policies else 0
    until = timezone.localdate(noticed_at + dt.timedelta(hours=hours))
    full = _to(load.course, placement.ends_on)
    later = [
        (day, _moment(day, one.starts)) for day, one in occurrences(load.sessions, full, last_on + ending.DAY, until)
    ]
    return ending.last_charged(
        later,
        last_on=last_on,
        noticed_at=noticed_at,
        notice_hours=policies.notice_hours if policies else None,
        charged=bool(policies and policies.charge_cancelled),
        reason=reason,
    )


def charged_until(
    placement: Placement, *, last_on: dt.date, notice_on: dt.date, reason: str, at: dt.datetime, today: dt.date
) -> tuple[dt.date, str]:
    """The same, asked before it is ended: the days are judged first. Raises `Refused`."""
    ending.check_last_day(last_on, today=today, first=placement.starts_on, agreed_end=placement.ends_on)
    ending.check_notice_on(notice_on, today=today, first_told=timezone.localdate(placement.agreed_at or at))
    return last_charged(placement, last_on=last_on, notice_on=notice_on, reason=reason, at=at)


def _to(course, last: dt.date):
    """The same course to another last day: what would have run had nobody ended it."""
    return type(course)(course.first, last, course.pauses, course.school, course.provider)


def shares_of(placement: Placement) -> list[funding.Share]:
    """Who pays from when, as the rules need it."""
    return [
        funding.Share(row.pk, row.funder_id, row.share, row.from_on, row.until_on) for row in placement.shares.all()
    ]


def shares_shown(placement: Placement) -> QuerySet[FunderShare]:
    """Who pays from when, with names."""
    return placement.shares.select_related("funder", "written_by").order_by("from_on", "id")


def funders_of(placement: Placement, day: dt.date) -> set[int]:
    """Who pays on a day."""
    return {one.funder for one in funding.on_day(shares_of(placement), day)}


def is_placed_otherwise(placement: Placement) -> bool:
    """Whether the referral has led to another placement that is being agreed or runs."""
    rows = Placement.objects.filter(referral=placement.referral_id).exclude(pk=placement.pk)
    return rows.exclude(state__in=[PlacementState.CANCELLED, PlacementState.ENDED]).exists()


def all_due(today: dt.date) -> list[Placement]:
    """The placements, of all commissioners, that have to be brought up to date: a pause begins or is over, the
    last day has passed, or the provider has read long enough. Five hundred at most."""
    paused = Pause.objects.filter(
        Q(until_on=None) | Q(until_on__gte=today), placement=OuterRef("pk"), from_on__lte=today
    )
    over = Q(state__in=[PlacementState.LIVE, PlacementState.PAUSED]) & (Q(ended_on__lt=today) | Q(ends_on__lt=today))
    begins = Q(Exists(paused), state=PlacementState.LIVE)
    goes_on = Q(~Exists(paused), state=PlacementState.PAUSED)
    hides = Q(state=PlacementState.ENDED, hidden_at=None, ended_on__lt=today - ending.SHOWN_DAYS * ending.DAY)
    rows = Placement.objects.filter(over | begins | goes_on | hides)
    return list(rows.order_by("pk")[:AT_ONCE])


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time))
