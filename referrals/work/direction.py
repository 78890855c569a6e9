"""The notice of an off-site direction as a PDF, made of the placement whenever it is asked for: it names the pupil, so
it is never kept as a file."""

from __future__ import annotations

import datetime as dt

from core import pdf
from referrals.models import Placement
from referrals.queries import assurance as queries
from referrals.queries import papers, sealed
from referrals.queries.running import weekly_of
from referrals.rules import direction
from referrals.rules.assurance import Said
from referrals.rules.overlaps import in_words


def notice(placement: Placement, said: Said, *, at: dt.datetime) -> bytes:
    """Address, whom to report to, the number of days, first and last day, times and break, reasons and objectives
    (Education Act 2002, s.29A, and the regulations on educational provision for improving behaviour)."""
    private = sealed.private_of(placement.pupil)
    named = sorted(private.contacts, key=lambda one: not one.parental_responsibility)
    days = queries.days_directed(placement)
    context = {
        "placement": placement,
        "said": said,
        "contact": named[0] if named else None,
        "lines": [one for one in (private.street, private.town, private.postcode) if one],
        "days": direction.days_of(days),
        "first": days[0] if days else placement.starts_on,
        "last": days[-1] if days else placement.ends_on,
        "week": [
            (in_words(weekly_of(one)), papers.where_of(one)) for one in queries.week_now(placement, placement.starts_on)
        ],
        "school": placement.home_school or placement.commissioner,
    }
    return pdf.render("pdf/direction_notice.html", context, at=at)
