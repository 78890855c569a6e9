"""Deciding how well a KPI was met."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from audit import steps as audit
from contracts.models import Kpi
from core import access
from lots.rules.refusals import Refused
from monitoring.models import Rating
from monitoring.permissions import board as permissions
from monitoring.queries import ratings as queries
from monitoring.rules import ratings as rules


@transaction.atomic(durable=True)
def rate_kpi(
    *,
    kpi: Kpi,
    first: dt.date,
    last: dt.date,
    grade: str,
    reason: str,
    seen: str,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Rating:
    """Decide how well a KPI was met from a day to a day, both counted, beside what the figures propose. What was
    decided of the same days before is replaced and kept. `seen` is `rules.mark_of` what the page showed.
    Raises `Refused`."""
    kpi = Kpi.objects.locked(kpi.pk)
    forget_roles(by)
    access.require(permissions.can_rate, by, kpi)
    rules.check_period(first, last, today=today)
    rules.check_begun(kpi.from_on, last)
    rules.check_rating(state=kpi.contract.state, grade=grade, reason=reason)
    figures = queries.figures_of(kpi, first, last, at=at, today=today)
    before = queries.standing_for(kpi, first, last)
    if seen != rules.mark_of(before.pk if before else None, figures):
        raise Refused(rules.CHANGED)
    if before:
        before.replaced_at = at
        before.save(update_fields=["replaced_at"])
    rating = Rating.objects.create(
        kpi=kpi,
        from_on=first,
        until_on=last,
        proposed=rules.proposed(figures, queries.fed_by(kpi)),
        figures=figures.kept(),
        grade=grade,
        reason=reason.strip(),
        rated_at=at,
        rated_by=by,
    )
    audit.record(
        "monitoring.kpi.rated",
        by=by,
        about=rating,
        organisation=kpi.contract.buyer_id,
        data={"kpi": kpi.pk, "proposed": rating.proposed, "grade": grade, "replaces": before.pk if before else None},
        at=at,
    )
    return rating
