"""What a buyer types about when reports are due."""

from __future__ import annotations

from crispy_forms_gds.layout import HTML, Fixed
from django import forms

from accounts.forms.fields import helper, narrow
from lots.forms.fields import TimeField, WholeField
from monitoring.rules.terms import MOST_DAYS, Terms, mark_of

NAMES = ("due_today_at", "remind_at", "cut_off", "overdue_at", "escalate_after", "quiet_from", "quiet_until")


def _time(label: str, help_text: str, required: str) -> TimeField:
    return TimeField(label=label, help_text=help_text, error_messages={"required": required})


class ReportTermsForm(forms.Form):
    """The times of a buyer's daily reports."""

    due_today_at = _time(
        "When are providers told that a report is due today?",
        "One message a day, and only on a day on which they teach for you. For example, 8am",
        "Enter when providers are told in the morning, like 8am",
    )
    remind_at = _time(
        "When are they reminded, if it is not filed yet?",
        "For example, 3:30pm",
        "Enter when providers are reminded, like 3:30pm",
    )
    cut_off = _time(
        "After what time is a report late?",
        "A report that is filed at this minute is still in time. For example, 6pm",
        "Enter after what time a report is late, like 6pm",
    )
    overdue_at = _time(
        "When are they told of a report that is missing?",
        "On the next day on which they teach for you. For example, 9am",
        "Enter when providers are told of a missing report, like 9am",
    )
    escalate_after = WholeField(
        what="The number of days",
        least=1,
        most=MOST_DAYS,
        label="After how many missed reporting days in a row is the contract manager told?",
        help_text=f"From 1 to {MOST_DAYS}",
        error_messages={"required": "Enter a number of days, like 2"},
    )
    quiet_from = _time(
        "When do quiet hours begin?",
        "No reminder is sent in quiet hours. It waits until they are over. Alarms about a missing pupil never wait",
        "Enter when quiet hours begin, like 8pm",
    )
    quiet_until = _time(
        "When do quiet hours end?",
        "Enter the same time twice if you want none",
        "Enter when quiet hours end, like 7am",
    )
    seen = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, terms: Terms, **kwargs):
        kwargs["initial"] = {name: getattr(terms, name) for name in NAMES} | {"seen": mark_of(terms)}
        super().__init__(*args, **kwargs)
        self.helper = helper(
            *[narrow(name, Fixed.FIVE) for name in NAMES[:4]],
            narrow("escalate_after", Fixed.THREE),
            HTML('<h2 class="govuk-heading-m">Quiet hours</h2>'),
            *[narrow(name, Fixed.FIVE) for name in NAMES[5:]],
            "seen",
            submit="Save",
        )

    def typed(self) -> Terms:
        """The times as they were typed."""
        return Terms(**{name: self.cleaned_data[name] for name in NAMES})

    def seen_now(self, terms: Terms) -> None:
        """What the next attempt has seen: the page shows what stands."""
        self.data = self.data.copy()
        self.data["seen"] = mark_of(terms)
