"""Every day: which providers teach as a school does and are none."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.permissions import nobody
from core import access
from referrals.permissions.reviews import JUDGE
from referrals.steps import threshold


@transaction.atomic(durable=True)
def judge_threshold(*, by: access.System, at: dt.datetime, today: dt.date) -> int:
    """Hold every provider against the threshold of an unregistered school. Returns how many signals began or ended. May
    run at any time and twice."""
    access.require(nobody, by, systems=(JUDGE,))
    return threshold.judge(by=by, at=at, today=today)
