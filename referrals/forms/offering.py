"""What a provider answers: an offer with its week, or why not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fixed, Layout, Size
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField, MoneyField
from core.money import Money
from lots.forms.fields import TimeField
from lots.models import PriceLine
from providers.models import Site
from referrals.models import Offer
from referrals.queries.worked import Proposal
from referrals.rules.need import Need
from referrals.rules.timetable import WEEKDAYS, Session
from referrals.states import Decline

SCHOOL_WEEK = range(5)
SESSIONS_A_DAY = range(1, 4)


@dataclass(frozen=True)
class Row:
    """The three fields of one session."""

    label: str
    starts: forms.BoundField
    ends: forms.BoundField
    site: forms.BoundField

    @property
    def fields(self) -> tuple:
        return self.starts, self.ends, self.site


TOP = (
    Field.radios("line", legend_size=Size.SMALL),
    narrow("pence", Fixed.TEN),
    Field("starts_on"),
    Field("ends_on"),
)
BOTTOM = (Field("note"),)


def _part(*fields) -> FormHelper:
    """Some of a form's fields, inside a form that the template draws."""
    made = FormHelper()
    made.layout, made.form_tag, made.disable_csrf = Layout(*fields), False, True
    return made


class SessionTimeField(TimeField):
    """A time in the table of sessions: what is wrong with it names the row."""

    def __init__(self, **kwargs):
        box = forms.TextInput(attrs={"class": "govuk-input govuk-input--width-5", "autocomplete": "off"})
        super().__init__(required=False, widget=box, **kwargs)

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError as error:
            [said] = error.messages
            raise ValidationError(f"{self.label}: {said[:1].lower()}{said[1:]}", code="time") from error


class OfferForm(forms.Form):
    """Line, price, days, and a week of up to three sessions a day. `lines` are (line, pence today, or None)."""

    line = forms.TypedChoiceField(
        label="Which price does the offer use?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Select which price the offer uses", "invalid_choice": "Select one of your prices"},
    )
    pence = MoneyField(
        label="A lower price for one unit, in pounds (optional)", required=False,
        help_text="Leave this empty to offer the price of your place. You can offer less, never more",
    )  # fmt: skip
    starts_on = DayField(what="the first day", label="First day")
    ends_on = DayField(what="the last day", label="Last day")
    note = LinesField(
        what="The note", longest=1000, label="Note to the commissioner (optional)", required=False,
        help_text="Nobody checks this text. Do not write names, and do not ask for any: you are told who the pupil is "
        "if you are chosen",
    )  # fmt: skip

    def __init__(self, data=None, *, lines, sites: list[Site], need: Need, today: dt.date, last: Offer | None):
        super().__init__(data, initial=_initial(need, today, last, lines))
        self.lines: dict[int, PriceLine] = {line.pk: line for line, _ in lines}
        self.sites = {site.pk: site for site in sites}
        self.fields["line"].choices = [(line.pk, _priced(line, pence)) for line, pence in lines]
        for weekday in SCHOOL_WEEK:
            for number in SESSIONS_A_DAY:
                self._add_row(weekday, number)
        self._fill(last)
        self.top, self.bottom = _part(*TOP), _part(*BOTTOM)

    def _add_row(self, weekday: int, number: int) -> None:
        label = f"{WEEKDAYS[weekday]}, session {number}"
        stem = f"day{weekday}_{number}"
        self.fields[f"{stem}_from"] = SessionTimeField(label=f"{label}, from")
        self.fields[f"{stem}_to"] = SessionTimeField(label=f"{label}, to")
        self.fields[f"{stem}_site"] = forms.TypedChoiceField(
            label=f"{label}, where",
            widget=forms.Select(attrs={"class": "govuk-select"}),
            choices=[("", "Choose where"), *((pk, site.name) for pk, site in self.sites.items())],
            coerce=int,
            empty_value=None,
            required=False,
            initial=next(iter(self.sites)) if len(self.sites) == 1 else "",
            error_messages={"invalid_choice": "Select one of your sites"},
        )

    def _fill(self, last: Offer | None) -> None:
        """The week of the offer that stands, to be changed."""
        taken: dict[int, int] = {}
        for one in last.sessions.all() if last else []:
            number = taken[one.weekday] = taken.get(one.weekday, 0) + 1
            stem = f"day{one.weekday}_{number}"
            self.initial |= {f"{stem}_from": one.starts, f"{stem}_to": one.ends, f"{stem}_site": one.site_id}

    @property
    def days(self) -> list[tuple[str, list[Row]]]:
        """Each weekday with its rows of fields, for the template."""
        return [
            (WEEKDAYS[weekday], [self._row(weekday, number) for number in SESSIONS_A_DAY]) for weekday in SCHOOL_WEEK
        ]

    def _row(self, weekday: int, number: int) -> Row:
        stem = f"day{weekday}_{number}"
        return Row(f"Session {number}", *(self[f"{stem}_{part}"] for part in ("from", "to", "site")))

    def clean(self):
        cleaned = super().clean()
        self.sessions = []
        for weekday in SCHOOL_WEEK:
            for number in SESSIONS_A_DAY:
                self._read_row(weekday, number)
        return cleaned

    def _read_row(self, weekday: int, number: int) -> None:
        stem = f"day{weekday}_{number}"
        if any(f"{stem}_{part}" in self.errors for part in ("from", "to", "site")):
            return
        starts, ends, site = (self.cleaned_data.get(f"{stem}_{part}") for part in ("from", "to", "site"))
        if starts is None and ends is None:
            return
        asked = {"from": (starts, "Enter when", "starts"), "to": (ends, "Enter when", "ends")}
        asked["site"] = (site, "Select where", "takes place")
        for part, (value, told, what) in asked.items():
            if value is None:
                self.add_error(f"{stem}_{part}", f"{told} session {number} on {WEEKDAYS[weekday]} {what}")
        if None not in (starts, ends, site):
            self.sessions.append((Session(weekday, starts, ends), self.sites[site]))

    @property
    def proposal(self) -> Proposal:
        """What was typed, once it is valid."""
        told = self.cleaned_data
        return Proposal(
            line=self.lines[told["line"]],
            pence=told["pence"],
            starts_on=told["starts_on"],
            ends_on=told["ends_on"],
            sessions=self.sessions,
            note=told["note"],
        )


def _priced(line: PriceLine, pence: int | None) -> str:
    """`One to one: £45.00 an hour`."""
    unit = line.get_unit_display()
    each = f"{Money(pence)} {'an' if unit == 'hour' else 'a'} {unit}" if pence else "no price yet today"
    return f"{line.title}: {each}"


def _initial(need: Need, today: dt.date, last: Offer | None, lines) -> dict:
    if last:
        own = last.pence if last.pence != last.awarded_pence else None
        return {
            "line": last.line_id,
            "pence": f"{own // 100}.{own % 100:02d}" if own else "",
            "starts_on": last.starts_on,
            "ends_on": last.ends_on,
            "note": last.note,
        }
    wanted = dt.date.fromisoformat(need.starts_on)
    return {
        "line": lines[0][0].pk if len(lines) == 1 else None,
        "starts_on": max(wanted, today),
        "ends_on": dt.date.fromisoformat(need.ends_on),
    }


class DeclineForm(forms.Form):
    """Why a provider does not offer."""

    reason = forms.ChoiceField(
        label="Why can you not take the pupil?",
        choices=Decline.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select why you cannot take the pupil",
            "invalid_choice": "Select one of the reasons",
        },
    )
    note = LinesField(
        what="The note", longest=500, label="Anything else the commissioner should know (optional)", required=False,
        help_text="Do not write the name of any pupil or parent",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.radios("reason", legend_size=Size.SMALL), Field("note"), submit="Decline the enquiry"
        )
