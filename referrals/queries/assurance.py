"""Reads of what must be in place before a pupil starts. The texts are opened here for pages that say so under their
door (`audit.reads`)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from accounts.queries import calendars_for
from core.calendars import ONE_DAY, Calendar
from providers.rules.seen import fingerprint
from referrals.models import Assurance, Placement, Transport, WeeklySession
from referrals.queries import cover, sealed
from referrals.queries.running import school_of, sessions_between, weekly_of
from referrals.rules import assurance as rules
from referrals.rules.assurance import Said
from referrals.rules.overlaps import in_words
from referrals.rules.sealed import packed, unpacked
from referrals.states import Item, PlacementState


@dataclass(frozen=True)
class Journey:
    """How a pupil gets there and back: who hands over, who takes over there, and what else is to be known."""

    hands_over: str = ""
    receives: str = ""
    note: str = ""


def standing(placement: Placement) -> dict[str, Assurance]:
    """What is written down now, by item."""
    rows = Assurance.objects.filter(placement=placement, undone_at=None).select_related("written_by", "file")
    return {row.item: row for row in rows}


def settled(placement: Placement) -> set[str]:
    """The items that are done or rightly left out."""
    rows = Assurance.objects.filter(placement=placement, undone_at=None).filter(Q(done=True) | Q(not_needed=True))
    return set(rows.values_list("item", flat=True))


def standing_item(placement: Placement, item: str) -> Assurance | None:
    """What is written down of one item."""
    return Assurance.objects.filter(placement=placement, item=item, undone_at=None).select_related("file").first()


def history(placement: Placement, item: str) -> list[tuple[Assurance, Said]]:
    """What was written of an item before, newest first, opened."""
    rows = Assurance.objects.filter(placement=placement, item=item, undone_at__isnull=False)
    return [(row, said_of(row)) for row in rows.select_related("written_by", "file").order_by("-pk")]


def said_of(row: Assurance | None) -> Said:
    """What was written of an item, opened. A plain text is a note. Raises `SealBroken`."""
    text = sealed.text_of(row, "words") if row else ""
    return unpacked(Said, text.encode()) if _is_packed(text) else Said(note=text)


def sealed_said(row: Assurance, said: Said) -> bytes:
    """For `Assurance.words`; the row has its id. Nothing at all is sealed as nothing."""
    return sealed.sealed_text(row, "words", packed(said).decode()) if said != Said() else b""


def transport_of(placement: Placement) -> Transport | None:
    """How a pupil travels; None while nobody wrote it down."""
    return Transport.objects.filter(placement=placement).first()


def journey_of(transport: Transport | None) -> Journey:
    """What is sealed of it, opened. Raises `SealBroken`."""
    text = sealed.text_of(transport, "words") if transport else ""
    return unpacked(Journey, text.encode()) if _is_packed(text) else Journey(note=text)


def sealed_journey(transport: Transport, journey: Journey) -> bytes:
    """For `Transport.words`; the row has its id."""
    return sealed.sealed_text(transport, "words", packed(journey).decode()) if journey != Journey() else b""


def mark_of_transport(transport: Transport | None) -> str:
    """What a page saw of it."""
    return fingerprint({"at": transport.changed_at.isoformat() if transport else ""})


def week_now(placement: Placement, today: dt.date) -> list[WeeklySession]:
    """The weekly sessions that hold from today or the first day on."""
    day = max(today, placement.starts_on)
    rows = placement.sessions.select_related("site").filter(Q(until_on__isnull=True) | Q(until_on__gte=day))
    return list(rows)


def sessions_without_place(placement: Placement, today: dt.date) -> list[str]:
    """The sessions, in words, that have neither a site nor an address."""
    rows = week_now(placement, today)
    return [in_words(weekly_of(one)) for one in rows if one.site_id is None and not one.address]


def gaps_of(placement: Placement, today: dt.date) -> list[cover.Gap]:
    """The sessions in the first weeks from today or the first day on in which nobody answers."""
    first = max(today, placement.starts_on)
    return cover.gaps_between([placement], first, first + (rules.COVERED_DAYS - 1) * ONE_DAY)


def school_calendar(placement: Placement) -> Calendar:
    """Whose school days count: the home school's, and without one the commissioner's."""
    school = school_of(placement)
    return calendars_for([school])[school.pk]


def latest_review(placement: Placement) -> dt.date:
    """The last day for the first review."""
    return rules.latest_review(placement.starts_on, placement.ends_on, placement.basis, school_calendar(placement))


def days_directed(placement: Placement) -> list[dt.date]:
    """The days on which a session takes place, from first to last."""
    found = sessions_between([placement], placement.starts_on, placement.ends_on)
    return sorted({one.day for one in found})


def begun(placement: Placement, item: str) -> Said:
    """What a form begins with where nothing is written down: what is known of the pupil or of the referral already."""
    if item == Item.EMERGENCY:
        for one in sealed.private_of(placement.pupil).contacts[:1]:
            return Said(who=_named(one.name, one.relation), phone=one.phone)
    if placement.referral is None:
        return Said()
    content = sealed.content_of(placement.referral)
    if item == Item.RISKS:
        return Said(ours=content.risks)
    if item == Item.LINK:
        return Said(who=content.phone_who, phone=content.phone)
    if item == Item.CONSENT:
        objectives = "\n".join(f"{one.what} ({one.measure})" for one in content.targets)
        return replace(Said(objectives=objectives), who=content.consent_by)
    return Said()


def overdue(today: dt.date) -> QuerySet[Assurance]:
    """What was put off at an emergency start and is late, of placements that run."""
    rows = Assurance.objects.filter(done=False, not_needed=False, undone_at=None, due_on__lt=today)
    running = [PlacementState.LIVE, PlacementState.PAUSED]
    rows = rows.filter(placement__state__in=running).select_related(
        "placement__commissioner", "placement__provider", "placement__emergency_by"
    )
    return rows.order_by("placement", "pk")


def _named(name: str, relation: str) -> str:
    return f"{name} ({relation})" if relation else name


def _is_packed(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
