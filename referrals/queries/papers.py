"""What stands in the agreement for a pupil, and in the letter to a parent or carer. Both name the pupil: whoever calls
says so under its door (`audit.reads`)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Organisation
from referrals.models import Placement, PlacementPaper, WeeklySession
from referrals.queries import sealed
from referrals.queries.placements import week_of
from referrals.queries.running import weekly_of
from referrals.rules import paper as rules
from referrals.rules.overlaps import in_words
from referrals.rules.placing import percent, units_said
from referrals.rules.private import Contact
from referrals.states import Runs


def document_for(placement: Placement, *, number: int, at: dt.datetime) -> str:
    """The agreement as canonical JSON."""
    return rules.canonical(
        {
            "number": number,
            "made_at": at.astimezone(dt.UTC).isoformat("T", "seconds"),
            "placement": placement.pk,
            "pupil": {"name": placement.pupil.full_name, "born_on": placement.pupil.born_on.isoformat()},
            "parties": {
                "commissioner": _party(placement.commissioner),
                "contracting_party": _party(placement.contracting_party),
                "provider": _party(placement.provider),
                "home_school": _party(placement.home_school) if placement.home_school else None,
            },
            "route": placement.get_route_display(),
            "framework": _framework(placement),
            "part": placement.place.label if placement.place else "",
            "line": placement.line.title if placement.line else "",
            "unit": placement.get_unit_display(),
            "pence": placement.pence,
            "units": placement.units,
            "total_pence": placement.total_pence,
            "starts_on": placement.starts_on.isoformat(),
            "ends_on": placement.ends_on.isoformat(),
            "week": [_session(one) for one in _holding(placement, timezone.localdate(at))],
            "funders": [
                {"name": one.funder.name, "share": one.share}
                for one in placement.shares.filter(until_on=None).select_related("funder")
            ],
            "clauses": rules.clauses(),
        }
    )


def _party(one: Organisation) -> dict:
    return {"name": one.name, "urn": one.urn}


def _framework(placement: Placement) -> dict | None:
    framework = placement.framework
    return {"title": framework.title, "reference": framework.reference} if framework else None


def _holding(placement: Placement, day: dt.date) -> list[WeeklySession]:
    """The sessions that run on that day or begin later."""
    return [one for one in week_of(placement) if one.until_on is None or one.until_on >= day]


def _session(one: WeeklySession) -> dict:
    if one.runs == Runs.DATES:
        return {
            "when": f"{in_words(weekly_of(one))} on {_day(one.from_on)}",
            "where": where_of(one),
            "runs": "On that day only",
        }
    days = f" from {_day(one.from_on)}" if one.from_on > one.placement.starts_on else ""
    days += f" until {_day(one.until_on)}" if one.until_on else ""
    return {"when": in_words(weekly_of(one)) + days, "where": where_of(one), "runs": one.get_runs_display()}


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def where_of(one: WeeklySession) -> str:
    """Where a session takes place, in a line: its own address, or that of its site."""
    own = sealed.text_of(one, "address")
    site = one.site
    parts = [site.name, site.street, site.town, site.postcode] if site else []
    return ", ".join(part for part in [own or "", *parts] if part)


def document_of(paper: PlacementPaper | None) -> dict | None:
    """What was agreed, opened, with days as days and numbers in words; None where nothing was sent yet, or what is
    known of the pupil was removed. Raises `SealBroken`."""
    if paper is None or not paper.document:
        return None
    found = json.loads(sealed.text_of(paper, "document"))
    for name in ("starts_on", "ends_on"):
        found[name] = dt.date.fromisoformat(found[name])
    found["pupil"]["born_on"] = dt.date.fromisoformat(found["pupil"]["born_on"])
    found["units"] = units_said(found["units"], found["unit"])
    for one in found["funders"]:
        one["percent"] = percent(one["share"])
    return found


@dataclass(frozen=True)
class ParentLetter:
    """To whom, where they live, and whom to ring. `contact` is empty where nobody is written down."""

    contact: Contact | None
    lines: tuple[str, ...]
    week: list[dict]
    phone_who: str
    phone: str


def parent_letter(placement: Placement, *, today: dt.date) -> ParentLetter:
    """The first contact with parental responsibility, else the first; the pupil's address; whom the referral says may
    be rung."""
    private = sealed.private_of(placement.pupil)
    named = sorted(private.contacts, key=lambda one: not one.parental_responsibility)
    content = sealed.content_of(placement.referral) if placement.referral else None
    return ParentLetter(
        contact=named[0] if named else None,
        lines=tuple(one for one in (private.street, private.town, private.postcode) if one),
        week=[_session(one) for one in _holding(placement, today)],
        phone_who=content.phone_who if content else "",
        phone=content.phone if content else "",
    )
