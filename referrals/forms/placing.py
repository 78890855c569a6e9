"""A placement as it is written, sent, signed and cancelled."""

from __future__ import annotations

import re

import django_filters
from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms
from django.core.exceptions import ValidationError

from accounts.filters import Panel
from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField, NameField
from lots.forms.fields import TimeField, WholeField
from referrals.models import Placement
from referrals.queries.placements import school_by_urn
from referrals.queries.placing import Part
from referrals.rules.placing import MOST_SHARES, percent
from referrals.rules.timetable import WEEKDAYS
from referrals.states import OF_THE_WEEK, RUNNING, PlacementState, Runs

MOST_SESSIONS = 10
NONE = "none"


class PlacementFilter(Panel):
    """Placements by state."""

    state = django_filters.ChoiceFilter(
        label="State",
        choices=[("running", "All that are agreed and not over"), *PlacementState.choices],
        empty_label="All states",
        method="by_state",
    )

    class Meta:
        model = Placement
        fields = []

    def by_state(self, queryset, name, value):
        return queryset.filter(state__in=RUNNING if value == "running" else [value])


class ShareField(forms.CharField):
    """A share in per cent with two decimals at the most, as hundredths of a per cent."""

    def to_python(self, value):
        text = "" if value in self.empty_values else str(value).strip().removesuffix("%").strip()
        if not text:
            return None
        found = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?", text)
        share = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else 0
        if not 1 <= share <= 10_000:
            raise ValidationError("The share must be more than 0 and 100 at the most, like 50 or 33.33", code="share")
        return share


class PlacingForm(forms.Form):
    """What the commissioner writes beside an offer. `sessions` are (words, weekday, from, to, site) of the offer's
    week; with `sites` instead the week itself is typed, as a quote has none."""

    revision = WholeField(what="The page", least=0, most=999_999_999, widget=forms.HiddenInput, required=False)
    contracting_party = forms.TypedChoiceField(
        label="Who signs and is bound to pay?", coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "Select who signs", "invalid_choice": "Select one of these"},
    )  # fmt: skip
    home_school = forms.ChoiceField(
        label="Home school", help_text="Whose school days the sessions follow. It is told of the placement",
        widget=forms.RadioSelect,
        error_messages={"required": "Select the home school, or none", "invalid_choice": "Select one of these"},
    )  # fmt: skip
    starts_on = DayField(what="the first day", label="First day")
    ends_on = DayField(what="the last day", label="Last day")
    hours_reason = LinesField(
        what="The reason", longest=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        label="If the pupil’s whole week is longer than 25 hours, why?",
        help_text="All placements of the pupil are counted together",
    )  # fmt: skip

    def __init__(
        self, data=None, *, parties, schools, payers, sessions=(), sites=(), initial, submit="Save", kept_shares=()
    ):
        super().__init__(data, initial=initial)
        self.sessions, self.sites = list(sessions), {one.pk: one for one in sites}
        self.fields["contracting_party"].choices = [(one.pk, one.name) for one in parties]
        self.fields["home_school"].choices = [
            *((str(one.pk), one.name) for one in schools),
            (NONE, "On no school’s roll"),
        ]
        choices = [("", "Choose who pays"), *((one.pk, one.name) for one in payers)]
        for number in range(1, MOST_SHARES + 1):
            self._add_payer(number, choices)
        for number, (funder, share) in enumerate(kept_shares, 1):
            self.initial |= {f"funder_{number}": funder, f"share_{number}": percent(share)}
        week = self._offered() if self.sessions else self._typed()
        self.helper = helper(
            "revision",
            Field.radios("contracting_party", legend_size=Size.SMALL),
            Field.radios("home_school", legend_size=Size.SMALL),
            Field("starts_on"),
            Field("ends_on"),
            *week,
            *(self._payer(number) for number in range(1, self._shown(len(kept_shares)) + 1)),
            Field("hours_reason"),
            submit=submit,
        )

    def _add_payer(self, number: int, choices) -> None:
        self.fields[f"funder_{number}"] = forms.TypedChoiceField(
            label="Who pays", choices=choices, coerce=int, empty_value=None, required=False,
            error_messages={"invalid_choice": "Select one of these, or enter the URN of another school"},
        )  # fmt: skip
        self.fields[f"urn_{number}"] = WholeField(
            what="The URN", least=100_000, most=999_999, label="Or another school, by its URN", required=False,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )  # fmt: skip
        self.fields[f"share_{number}"] = ShareField(label="Share, in per cent", required=False)

    def _payer(self, number: int) -> Fieldset:
        fields = (Field(f"funder_{number}"), narrow(f"urn_{number}", Fixed.TEN), narrow(f"share_{number}", Fixed.FIVE))
        return Fieldset(*fields, legend=f"Payer {number}", legend_size=Size.MEDIUM)

    def _shown(self, kept: int) -> int:
        sent = [
            n
            for n in range(1, MOST_SHARES + 1)
            if any(self.data.get(f"{cell}_{n}") for cell in ("funder", "urn", "share"))
        ]
        return min(MOST_SHARES, max([kept, *sent]) + 1)

    def _offered(self) -> list:
        for number, (words, *_) in enumerate(self.sessions, 1):
            self.fields[f"runs_{number}"] = forms.ChoiceField(
                label=words, choices=OF_THE_WEEK, error_messages={"invalid_choice": "Select one of the two"}
            )
        names = [f"runs_{number}" for number in range(1, len(self.sessions) + 1)]
        return [Fieldset(*map(Field, names), legend="On whose days each session runs", legend_size=Size.MEDIUM)]

    def _typed(self) -> list:
        sets = []
        for number in range(1, MOST_SESSIONS + 1):
            self.fields |= {
                f"weekday_{number}": forms.TypedChoiceField(
                    label="Day", choices=[("", "Choose a day"), *enumerate(WEEKDAYS)], coerce=int, empty_value=None,
                    required=False, error_messages={"invalid_choice": "Select one of the days"},
                ),
                f"from_{number}": TimeField(label="From", required=False),
                f"to_{number}": TimeField(label="To", required=False),
                f"site_{number}": forms.TypedChoiceField(
                    label="Where", choices=[("", "Choose where"), *((one.pk, one.name) for one in self.sites.values())],
                    coerce=int, empty_value=None, required=False,
                    error_messages={"invalid_choice": "Select one of the provider’s sites"},
                ),
                f"runs_{number}": forms.ChoiceField(label="Runs", choices=OF_THE_WEEK, required=False),
            }  # fmt: skip
            cells = [f"{cell}_{number}" for cell in ("weekday", "from", "to", "site", "runs")]
            sets.append((cells, Fieldset(*map(Field, cells), legend=f"Session {number}", legend_size=Size.MEDIUM)))
        used = [
            n for n, (cells, _) in enumerate(sets, 1) if any(self.data.get(c) or self.initial.get(c) for c in cells[:4])
        ]
        return [one for _, one in sets[: min(MOST_SESSIONS, max([1, *used]) + 1)]]

    def clean(self):
        cleaned = super().clean()
        self.shares = []
        for number in range(1, MOST_SHARES + 1):
            self._read_payer(number)
        self.parts = self._offered_parts() if self.sessions else self._typed_parts()
        return cleaned

    def _read_payer(self, number: int) -> None:
        names = [f"{cell}_{number}" for cell in ("funder", "urn", "share")]
        if any(name in self.errors for name in names):
            return
        funder, urn, share = (self.cleaned_data.get(name) for name in names)
        if urn and not funder:
            found = school_by_urn(str(urn))
            if found is None:
                self.add_error(f"urn_{number}", "There is no open school with this URN. Check it")
                return
            funder = found.pk
        if funder and share is None:
            self.add_error(f"share_{number}", "Enter the share in per cent, like 100")
        elif share is not None and not funder:
            self.add_error(f"funder_{number}", "Select who pays this share")
        elif funder:
            self.shares.append((funder, share))

    def _offered_parts(self) -> list[Part]:
        return [
            Part(weekday, starts, ends, site, self.cleaned_data.get(f"runs_{number}") or Runs.SCHOOL)
            for number, (_, weekday, starts, ends, site) in enumerate(self.sessions, 1)
        ]

    def _typed_parts(self) -> list[Part]:
        found = []
        for number in range(1, MOST_SESSIONS + 1):
            values = {cell: self.cleaned_data.get(f"{cell}_{number}") for cell in ("weekday", "from", "to", "site")}
            if all(value is None for value in values.values()):
                continue
            for cell, value in values.items():
                if value is None and f"{cell}_{number}" not in self.errors:
                    self.add_error(f"{cell}_{number}", f"Session {number}: {SAYS[cell]}")
            if None not in values.values():
                runs = self.cleaned_data.get(f"runs_{number}") or Runs.SCHOOL
                found.append(Part(values["weekday"], values["from"], values["to"], self.sites[values["site"]], runs))
        return found


SAYS = {"weekday": "select the day", "from": "enter when it starts", "to": "enter when it ends", "site": "select where"}


class SendForm(forms.Form):
    """The agreement is sent as it was looked at."""

    revision = WholeField(what="The page", least=0, most=999_999_999, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("revision", submit="Send it to be signed")


class SignForm(forms.Form):
    """Who signs, and that they may. `over` is whether a reason is asked for spending above the value."""

    sha256 = forms.RegexField(
        regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput,
        error_messages={"required": "Open the page again", "invalid": "Open the page again"},
    )  # fmt: skip
    name = NameField(what="Your name", label="Your full name", error_messages={"required": "Enter your full name"})
    over_reason = LinesField(
        what="The reason", longest=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        label="Why is more spent than the value of the lot or the framework?",
        help_text="Only if the page says so. The buyer’s officers are told that there is one. Do not name the pupil",
    )  # fmt: skip
    declared = forms.BooleanField(error_messages={"required": "Tick that you have read the agreement and may sign it"})

    def __init__(self, *args, signs_for: str, over: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["declared"].label = f"I have read the agreement and may sign it for {signs_for}"
        if not over:
            del self.fields["over_reason"]
        fields = [Field("over_reason")] if over else []
        self.helper = helper(
            "sha256", narrow("name", Fixed.THIRTY), *fields, Field.checkbox("declared"), submit="Sign the agreement"
        )


class CancelForm(forms.Form):
    """Why it comes to nothing."""

    reason = LinesField(
        what="The reason", longest=1000, label="Why do you cancel it?", widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write why you cancel it"},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit="Cancel the placement", warning=True)
