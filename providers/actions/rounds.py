"""What the calendar does for a whole round."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from accounts.permissions import nobody
from audit import steps as audit
from core import access
from lots.models import Framework
from lots.states import FrameworkState
from providers.models import WithdrawalTold
from providers.steps import news


@transaction.atomic(durable=True)
def tell_of_withdrawal(*, framework: Framework, by, at: dt.datetime) -> int:
    """Tell everybody who follows a withdrawn framework, once, whoever does the same at this moment. Returns how many
    letters."""
    framework = Framework.objects.locked(framework.pk)
    access.require(nobody, by, systems=("providers.tell_of_withdrawals",))
    if framework.state != FrameworkState.WITHDRAWN or WithdrawalTold.objects.filter(framework=framework).exists():
        return 0
    WithdrawalTold.objects.create(framework=framework, told_at=at)
    count = news.tell_followers(
        framework=framework,
        key=f"framework-withdrawn:{framework.pk}",
        says="The buyer has withdrawn the framework, with the reason published. Nobody can apply any more. What you "
        "wrote is kept and stays readable for you.",
        path=reverse("framework", args=[framework.pk]),
        at=at,
    )
    audit.record(
        "providers.withdrawal.told",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"letters": count},
        at=at,
    )
    return count
