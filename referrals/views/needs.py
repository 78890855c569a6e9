"""An anonymised need as pages show it."""

from __future__ import annotations

import datetime as dt

from core.templatetags.portal import in_words
from lots.states import Mode, Phase
from providers.states import Need as NeedCode
from referrals.rules.need import Need
from referrals.rules.timetable import WEEKDAYS, hours_in_words


def need_rows(need: Need) -> list[dict]:
    """Facts for `components/summary_list.html`: all that a provider is told before it is chosen."""
    if need == Need():
        return [{"key": "The need", "value": "Removed, because it may be kept no longer"}]
    rows = [
        ("Age", need.ages),
        ("Age phase", _label(Phase, need.phase)),
        ("Needs", ", ".join(_label(NeedCode, code) for code in need.needs) or "None named"),
        ("In short", need.outline or "Nothing more"),
        ("Education, health and care plan", "Yes" if need.has_ehcp else "No"),
        ("Lives in", f"The postcode area {need.area}" if need.area else "Not said"),
        ("How it is taught", _label(Mode, need.mode)),
        ("Hours a week", hours_in_words(need.minutes)),
        ("Days", ", ".join(WEEKDAYS[weekday] for weekday in need.weekdays) or "Any school day"),
        ("From", _day(need.starts_on)),
        ("Until", _day(need.ends_on)),
        ("Targets", f"{need.targets}, told to the provider that is chosen"),
    ]
    return [{"key": key, "value": value} for key, value in rows]


def _label(choices, code: str) -> str:
    return choices(code).label if code in choices.values else "Not said"


def _day(text: str) -> str:
    return in_words(dt.date.fromisoformat(text), with_time=False)
