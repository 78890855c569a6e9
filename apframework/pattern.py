"""Made-up figures for the pattern book."""

from __future__ import annotations

import datetime as dt

import django_filters
from django import forms

from accounts.models import User
from apframework.start import Task
from core import charts
from core.lists import Page

MOMENT = dt.datetime(2026, 11, 22, 9, 31, tzinfo=dt.UTC)
CHART = charts.Chart(
    title="Places offered and taken, by lot",
    alt="Bars for four lots. Lot 1 offers most places, 42, of which 30 are taken; Lot 4 offers 9 and all are taken.",
    label="Lot",
    unit="Places",
    labels=("Lot 1, core subjects", "Lot 2, vocational", "Lot 3, outdoor", "Lot 4, therapeutic"),
    series=(charts.Series("Offered", (42, 24, 17, 9)), charts.Series("Taken", (30, 21, 6, 9))),
)
TASKS = [
    Task("Tell us about your sites", url="#sites", done=True),
    Task("Upload your safeguarding policy", url="#policy", hint="PDF, up to 10 MB."),
    Task("Check your answers and submit", url=None),
]
ROWS = [
    {"key": "Name", "value": "Ash House", "url": "#name"},
    {"key": "Address", "value": "1 Mill Lane\nLarkford", "url": "#address"},
    {"key": "Charity number", "value": None},
]
PAGE = Page(
    rows=[
        {"at": MOMENT, "what": "Invited a colleague", "pence": 123_450, "state": "Sent", "colour": "green"},
        {"at": MOMENT, "what": "Changed the term dates", "pence": 0, "state": "Waiting", "colour": "blue"},
        {"at": MOMENT, "what": "W" * 120, "pence": 9_999_999_999, "state": "Could not be sent", "colour": "red"},
    ],
    count=1_000,
    count_is_exact=False,
    before="?before=",
    after="?after=",
)


class UploadForm(forms.Form):
    """A file of any kind, read and thrown away."""

    file = forms.FileField(
        label="Policy",
        help_text="Any file: this page reads it and throws it away.",
        error_messages={"required": "Choose a file", "empty": "The file is empty: choose another"},
    )


class _Filter(django_filters.FilterSet):
    words = django_filters.CharFilter(label="Words", method="everything")
    state = django_filters.ChoiceFilter(
        label="State", choices=[("sent", "Sent"), ("waiting", "Waiting")], empty_label="All", method="everything"
    )

    def everything(self, queryset, name, value):
        return queryset


def filter_for(asked):
    """A filter panel that filters nothing."""
    return _Filter(asked or None, queryset=User.objects.none())
