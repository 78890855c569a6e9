"""The week of an agreed placement as it will be from a day on: sessions changed, added and removed."""

from __future__ import annotations

from collections.abc import Sequence

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField
from lots.forms.fields import TimeField
from providers.models import Site
from referrals.forms.life import SeenForm, agreed_field, more_fields, reason_field
from referrals.queries.placing import Part
from referrals.rules.timetable import WEEKDAYS
from referrals.states import OF_THE_WEEK, Runs

MOST, SPARE = 15, 2
ELSEWHERE = 0  # at the pupil's home or in the community: the address says where
SAYS = {"weekday": "select the day", "from": "enter when it starts", "to": "enter when it ends", "site": "select where"}
CELLS = ("weekday", "from", "to", "site", "address", "runs", "remove")


class WeekForm(SeenForm):
    """`kept` are the sessions that stand, `sites` the provider's."""

    from_on = DayField(
        what="the first day", label="From which day?", help_text="Today or later. What has taken place stays"
    )
    reason = reason_field("Why does the week change?", "Write why the week changes")
    agreed = agreed_field()

    def __init__(self, data=None, *, kept: Sequence[Part], sites: Sequence[Site], initial):
        super().__init__(data, initial=initial)
        self.sites = {one.pk: one for one in sites}
        self.sites |= {one.site.pk: one.site for one in kept if one.site}
        self.kept = len(kept)
        self.fields |= more_fields()
        places = [("", "Choose where"), *((pk, one.name) for pk, one in self.sites.items())]
        places.append((ELSEWHERE, "At an address that you write down"))
        for number in range(1, MOST + 1):
            self._add_row(number, places)
        for number, one in enumerate(kept[:MOST], 1):
            self._fill(number, one)
        rows = [self._row(number) for number in range(1, self._shown() + 1)]
        self.helper = helper(
            "revision", Field("from_on"), *rows, Field("reason"), Field("hours_reason"), Field("over_reason"),
            Field.checkbox("agreed"), submit="Change the week",
        )  # fmt: skip

    def _add_row(self, number: int, places) -> None:
        self.fields |= {
            f"weekday_{number}": forms.TypedChoiceField(
                label="Day", choices=[("", "Choose a day"), *enumerate(WEEKDAYS)], coerce=int, empty_value=None,
                required=False, error_messages={"invalid_choice": "Select one of the days"},
            ),
            f"from_{number}": TimeField(label="From", required=False),
            f"to_{number}": TimeField(label="To", required=False),
            f"site_{number}": forms.TypedChoiceField(
                label="Where", choices=places, coerce=int, empty_value=None, required=False,
                error_messages={"invalid_choice": "Select one of these"},
            ),
            f"address_{number}": LinesField(
                what="The address", longest=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
                label="Address, if it is at none of the provider’s sites",
            ),
            f"runs_{number}": forms.ChoiceField(
                label="Runs", choices=OF_THE_WEEK, required=False,
                error_messages={"invalid_choice": "Select one of the two"},
            ),
            f"remove_{number}": forms.BooleanField(label="Remove this session", required=False),
        }  # fmt: skip

    def _fill(self, number: int, one: Part) -> None:
        values = (one.weekday, one.starts, one.ends, one.site.pk if one.site else ELSEWHERE, one.address, one.runs)
        self.initial |= {f"{cell}_{number}": value for cell, value in zip(CELLS, values, strict=False)}

    def _shown(self) -> int:
        typed = ("weekday", "from", "to", "site", "address")
        sent = [n for n in range(1, MOST + 1) if any(self.data.get(f"{cell}_{n}") for cell in typed)]
        return min(MOST, max([self.kept, *sent]) + SPARE)

    def _row(self, number: int) -> Fieldset:
        fields = [
            narrow(f"{cell}_{number}", Fixed.TEN) if cell in {"from", "to"} else Field(f"{cell}_{number}")
            for cell in CELLS[:-1]
        ]
        if number <= self.kept:
            fields.append(Field.checkbox(f"remove_{number}"))
        legend = f"Session {number}" if number <= self.kept else f"Session {number}, if there is another"
        return Fieldset(*fields, legend=legend, legend_size=Size.MEDIUM)

    def clean(self):
        cleaned = super().clean()
        self.parts = [part for number in range(1, MOST + 1) if (part := self._part(number))]
        return cleaned

    def _part(self, number: int) -> Part | None:
        told = {cell: self.cleaned_data.get(f"{cell}_{number}") for cell in CELLS}
        wrong = any(f"{cell}_{number}" in self.errors for cell in CELLS)
        needed = {cell: told[cell] for cell in SAYS}
        if told["remove"] or (all(one is None for one in needed.values()) and not told["address"] and not wrong):
            self._forgive(number)
            return None
        for cell, value in needed.items():
            if value is None and f"{cell}_{number}" not in self.errors:
                self.add_error(f"{cell}_{number}", f"Session {number}: {SAYS[cell]}")
        if told["site"] == ELSEWHERE and not told["address"] and f"address_{number}" not in self.errors:
            self.add_error(f"address_{number}", f"Session {number}: enter the address")
        if any(f"{cell}_{number}" in self.errors for cell in CELLS):
            return None
        elsewhere = told["site"] == ELSEWHERE
        return Part(
            told["weekday"],
            told["from"],
            told["to"],
            None if elsewhere else self.sites[told["site"]],
            told["runs"] or Runs.SCHOOL,
            told["address"] if elsewhere else "",
        )

    def _forgive(self, number: int) -> None:
        """What is wrong in a session that is removed is of no account."""
        for cell in CELLS:
            self.errors.pop(f"{cell}_{number}", None)
