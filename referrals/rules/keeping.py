"""How long what is known of a pupil is kept: until the pupil is 25, unless a claim or an inquiry needs it longer. What
was written for a referral that never reached a provider goes a year after it was closed."""

from __future__ import annotations

import datetime as dt

from lots.rules.refusals import Refused

UNTIL = 25  # years: the end of an education, health and care plan (Children and Families Act 2014, s.46)
DRAFT_DAYS = 365  # days after it was closed that a referral of which nobody was told keeps its contents


def born_by(today: dt.date) -> dt.date:
    """Who was born on this day or before is 25 on `today`. Who was born on 29 February is 25 on 1 March; 25 years
    before a 29 February there was none."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return dt.date(today.year - UNTIL, today.month, day)


def closed_by(at: dt.datetime) -> dt.datetime:
    """What was closed before this moment has been closed for a year."""
    return at - dt.timedelta(days=DRAFT_DAYS)


def check_keep(*, kept: bool, purged: bool) -> None:
    """Raise `Refused` where there is nothing to keep, or it is kept already."""
    if purged:
        raise Refused("What was known of this pupil has been removed already")
    if kept:
        raise Refused("This record is kept already. Nothing was changed")


def check_let_go(*, kept: bool) -> None:
    """Raise `Refused` for a record that nobody keeps."""
    if not kept:
        raise Refused("This record is not kept longer. Nothing was changed")
