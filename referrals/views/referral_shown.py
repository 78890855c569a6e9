"""A referral as its commissioner reads it: part by part, for the task list, the check and whoever looks it up later."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from core.money import Money
from core.templatetags.portal import in_words
from providers.states import Need
from referrals import states
from referrals.forms.referral import WEEKDAYS
from referrals.models import Referral
from referrals.rules import referral as rules
from referrals.rules.content import Content

COLOURS = {
    states.ReferralState.DRAFT: "grey",
    states.ReferralState.APPROVAL: "yellow",
    states.ReferralState.READY: "blue",
    states.ReferralState.ENQUIRING: "light-blue",
    states.ReferralState.CHOSEN: "green",
    states.ReferralState.CLOSED: "grey",
}


def tasks(referral: Referral, lacks: dict[str, list[str]], documents: int) -> list[dict]:
    """The task list: each part with what it still lacks, and the documents."""
    found = [
        {
            "title": title,
            "url": reverse("referral_part", args=[referral.pk, part]),
            "done": not lacks[part],
            "hint": lacks[part][0] if lacks[part] else "",
        }
        for part, title in rules.PARTS
    ]
    count = f"{documents} document{'' if documents == 1 else 's'}"
    found.append(
        {
            "title": "Documents (optional)",
            "url": reverse("referral_documents", args=[referral.pk]),
            "done": bool(documents),
            "status": count if documents else "Optional",
            "colour": "grey",
            "hint": "An education, health and care plan, a risk assessment. Only the chosen provider reads them",
        }
    )
    return found


def groups(referral: Referral, content: Content, *, change: bool) -> list[dict]:
    """Every part with its answers; `change` is whether the person may write. An answer that is not there is None."""
    rows = {
        "why": _why(referral, content),
        "provision": _provision(referral, content),
        "needs": [
            ("Needs", ", ".join(Need(one).label for one in content.needs)),
            ("Outline for every provider that is asked", content.outline),
            ("What the chosen provider has to know", content.need),
            ("Risks", content.risks),
        ],
        "targets": [
            *((f"Target {number}", _target(target)) for number, target in enumerate(content.targets, 1)),
            ("What comes after", content.exit_plan),
        ],
        "funding": [(share.name, f"{share.percent}%") for share in content.shares],
        "views": _views(content),
        "contact": [("Name", content.phone_who), ("Telephone number", content.phone)],
    }
    return [
        {
            "title": title,
            "url": reverse("referral_part", args=[referral.pk, part])
            if change and rules.may_change(referral.state, part)
            else "",
            "rows": [{"key": key, "value": value or None} for key, value in rows[part]],
        }
        for part, title in rules.PARTS
    ]


def _why(referral: Referral, content: Content) -> list[tuple]:
    found = [("Main reason", referral.get_reason_display()), ("Legal basis", referral.get_basis_display())]
    if content.basis_why:
        found.append(("Why this basis is right", content.basis_why))
    if referral.trigger_on:
        found.append(("First school day of it", _day(referral.trigger_on)))
    if referral.sixth_on:
        found.append(("Sixth school day", _day(referral.sixth_on)))
    return found


def _provision(referral: Referral, content: Content) -> list[tuple]:
    budget = referral.budget_pence
    return [
        ("Framework", referral.framework.title if referral.framework_id else ""),
        ("Lot", str(referral.lot) if referral.lot_id else ""),
        ("Age phase", referral.get_phase_display()),
        ("Where", referral.get_mode_display()),
        ("Hours a week", f"{referral.minutes / 60:g}" if referral.minutes else ""),
        ("Days", ", ".join(dict(WEEKDAYS)[day] for day in content.weekdays)),
        ("First day", _day(referral.starts_on)),
        ("Last day", _day(referral.ends_on)),
        ("Expected cost in all, without VAT", "" if budget is None else Money(budget).in_short),
    ]


def _views(content: Content) -> list[tuple]:
    found = [("Consent", _label(states.Consent, content.consent))]
    if content.consent == states.Consent.GIVEN:
        found += [("Given by", content.consent_by), ("Given on", _day(content.consent_on))]
    elif content.consent_why:
        found.append(("Why", content.consent_why))
    for whose, heard, view in (
        ("The pupil’s view", content.pupil_heard, content.pupil_view),
        ("The parent’s or carer’s view", content.parent_heard, content.parent_view),
    ):
        found.append((whose, f"Not asked: {view}" if heard == states.View.NOT_SOUGHT else view))
    return found


def _target(target) -> str:
    by = f"By {_day(target.by_on)}" if target.by_on else ""
    return "\n".join(part for part in (target.what, target.measure, by) if part)


def _label(choices, value: str) -> str:
    return choices(value).label if value else ""


def _day(day: dt.date | str | None) -> str:
    if not day:
        return ""
    return in_words(dt.date.fromisoformat(day) if isinstance(day, str) else day, with_time=False)
