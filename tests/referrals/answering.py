"""Lines of a commissioner's rota, as rows."""

from __future__ import annotations

import datetime as dt

from referrals.models import Cover
from tests.referrals.made import AT


def made_cover(commissioner, **fields) -> Cover:
    """Gwen answers from Monday to Friday, from 08:00 to 16:00, on school days of the year 2026/27."""
    fields = {
        "name": "Gwen Office",
        "phone": "01632 960 111",
        "position": 1,
        "weekdays": [0, 1, 2, 3, 4],
        "starts": dt.time(8),
        "ends": dt.time(16),
        "from_on": dt.date(2026, 9, 1),
        "written_at": AT,
    } | fields
    return Cover.objects.create(commissioner=commissioner, **fields)
