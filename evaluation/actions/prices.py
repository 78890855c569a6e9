"""Opening the prices behind a freeze."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from audit import steps as audit
from core import access
from evaluation.models import Evaluation, PriceOpening
from evaluation.permissions import prices as permissions
from evaluation.queries.connected import all_connected
from evaluation.queries.freezes import standing_freeze
from evaluation.rules import connected
from evaluation.rules import runs as rules
from evaluation.rules.stages import check_stage
from evaluation.states import Stage
from evaluation.steps import rows
from lots.rules.refusals import Refused


@transaction.atomic(durable=True)
def open_prices(*, evaluation: Evaluation, by: User, at: dt.datetime) -> PriceOpening:
    """Open the prices behind the freeze that stands: an opener who neither froze it nor judged here. From now on
    quality is judged again only by an unfreezing. Which bidders are connected is looked up once, of all. Raises
    `Refused`."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_open_prices, by, evaluation)
    check_stage(evaluation.stage, {Stage.FROZEN}, "Prices can be opened")
    freeze = standing_freeze(evaluation)
    if freeze is None:
        raise Refused("Quality is not frozen, so prices stay closed")
    rules.check_opener(frozen_by=freeze.by_id, by=by.pk)
    found = all_connected(evaluation)
    opening = PriceOpening.objects.create(
        freeze=freeze, at=at, by=by, connected="" if found is None else connected.written(found)
    )
    rows.move(evaluation, Stage.PRICES)
    audit.record(
        "evaluation.prices.opened",
        by=by,
        about=evaluation,
        organisation=evaluation.framework.buyer_id,
        data={"opening": opening.pk, "freeze": freeze.pk},
        at=at,
    )
    return opening
