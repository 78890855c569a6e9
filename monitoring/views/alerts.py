"""Alerts: those of an organisation, one of them with all that happened, and the answer to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Organisation
from audit.reads import reads
from core import clock, lists
from core.access import guard
from lots.views.setting_up import done, tried
from monitoring.actions import alarms as actions
from monitoring.forms.alerts import AnswerForm
from monitoring.models import Alert
from monitoring.permissions import alerts as permissions
from monitoring.queries import alerts as queries
from monitoring.states import AlertKind, Mark
from monitoring.views.frame import page
from referrals.queries.cover import who_answers

KINDS = {
    AlertKind.ABSENT: "Has not arrived",
    AlertKind.NOT_TAKEN: "Register not taken within 30 minutes",
    AlertKind.NOT_TOLD: "Absent, and nobody told within 30 minutes",
}
OVER = {
    Mark.PRESENT: "The register says that the pupil is there",
    Mark.LATE: "The register says that the pupil came late",
    Mark.ABSENT: "The register says that the pupil is absent",
    "": "The mark was taken back",
}


@dataclass(frozen=True)
class Shown:
    """An alert in words."""

    alert: Alert
    what: str
    stands: str
    colour: str


@guard(permissions.can_list, on=Organisation)
@reads("personal")
@require_safe
def alerts(request, organisation):
    """An organisation's alerts: those that wait for an answer first, then all others, the newest first."""
    rows = queries.of_organisation(organisation, user=request.user)
    waiting = list(rows.open().order_by("raised_at", "pk")[: lists.MOST_ROWS])
    others = rows.exclude(pk__in=rows.open().order_by().values("pk"))
    listed = lists.page(others, request.GET, order=["-id"], counted=False)
    context = {
        "waiting": _shown(waiting),
        "page": listed,
        "alerts": _shown(listed.rows),
        "rota": [] if not waiting else who_answers(organisation, clock.now()),
    }
    return page(request, organisation, "monitoring/alerts.html", active="alerts", **context)


@guard(permissions.can_see, on=Alert)
@reads("personal")
@require_safe
def alert(request, alert):
    """One alert: what, who was told when, what happened since, and the answer."""
    form = AnswerForm(action=reverse("acknowledge_alert", args=[alert.pk])) if _waits(request.user, alert) else None
    return _alert_page(request, alert, form)


@guard(permissions.can_answer, on=Alert)
@reads("personal")
@require_POST
def acknowledge_alert(request, alert):
    """Answer an alert with what was done."""
    form = AnswerForm(request.POST, action=reverse("acknowledge_alert", args=[alert.pk]))
    if form.is_valid() and tried(form, partial(_acknowledge, form, alert, request.user)):
        queries.forget_waiting()
        return done(request, "The alert is answered. Nobody more is told", "alert", alert.pk)
    return _alert_page(request, alert, form)


def _acknowledge(form: AnswerForm, alert: Alert, by) -> None:
    actions.acknowledge(alert=alert, done=form.cleaned_data["done"], by=by, at=clock.now())


def _waits(user, alert: Alert) -> bool:
    """Whether this person can still say what was done."""
    return not alert.acknowledged_at and not alert.undone_at and permissions.can_answer(user, alert)


def _alert_page(request, alert: Alert, form):
    session, told = alert.session, list(queries.told(alert))
    provider = session.provider
    context = {
        "alert": alert,
        "one": _look(alert),
        "session": session,
        "lead_phone": queries.phone_of(provider),
        "rota": who_answers(alert.commissioner, clock.now()),
        "happened": sorted(_happened(alert, told), key=lambda pair: pair[0]),
        "done": queries.done_of(alert),
        "form": form,
    }
    ours = queries.side_of(alert, user=request.user)
    return page(request, ours, "monitoring/alert.html", active="alerts", **context)


def _happened(alert: Alert, told) -> Iterable[tuple[dt.datetime, str]]:
    """Each moment with what happened then."""
    session = alert.session
    yield session.starts_at, "The session began"
    for entry in queries.entries_of(session):
        yield entry.made_at, f"The register said: {entry.get_mark_display() or 'not taken'}"
    if alert.kind != AlertKind.ABSENT:
        yield alert.raised_at, f"30 minutes had passed: {KINDS[alert.kind][0].lower()}{KINDS[alert.kind][1:]}"
    for one in told:
        yield one.at, f"{queries.name_of(one)} was told ({one.get_whom_display().lower()})"
    if alert.undone_at:
        yield alert.undone_at, "The mark was taken back before anybody was told"
    if alert.acknowledged_at:
        yield alert.acknowledged_at, f"{alert.acknowledged_by.name} answered"
    if alert.over_at:
        yield alert.over_at, "The alert was over: the register changed"


def _shown(rows: Iterable[Alert]) -> list[Shown]:
    return [_look(one) for one in rows]


def _look(alert: Alert) -> Shown:
    what = KINDS[alert.kind]
    if alert.undone_at:
        return Shown(alert, what, "Taken back", "grey")
    if alert.acknowledged_at:
        return Shown(alert, what, "Answered", "green")
    if alert.over_at:
        return Shown(alert, what, OVER[alert.session.mark], "grey")
    return Shown(alert, what, "Waits for an answer" if alert.told_at else "Nobody told yet", "red")
