"""The free halves of a week as a small picture: a table that says in words what its colours show."""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from providers.rules.seats import WEEKDAYS
from providers.states import Half


@lru_cache(maxsize=1200)
def picture(free: frozenset[tuple[int, str]] | None) -> SafeString:
    """The week, Monday to Friday; None where nobody knows. A week looks the same at every place, so each is drawn
    once."""
    rows = [
        (half.label, [(day, (number, half.value) in (free or ())) for number, day in enumerate(WEEKDAYS)])
        for half in Half
    ]
    return render_to_string("referrals/parts/week.html", {"known": free is not None, "days": WEEKDAYS, "rows": rows})
