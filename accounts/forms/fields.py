"""Fields for registers' numbers and for days, and the helper that every form here uses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fixed, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.rules.identifiers import WrongIdentifier


def posted(request):
    """What was sent, even if it was nothing; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def helper(*fields, submit: str, warning: bool = False, name: str = "go") -> FormHelper:
    """A form's layout with its button; of two forms on a page one has a button of another name."""
    made = FormHelper()
    made.layout = Layout(*fields)
    made.add_input(Submit(name, submit, css_class="govuk-button--warning" if warning else ""))
    return made


def narrow(name: str, width=Fixed.TEN, **kwargs) -> Field:
    """A text input as wide as what goes into it."""
    return Field.text(name, field_width=width, **kwargs)


class IdentifierField(forms.CharField):
    """A register's number: the rule spells it as the register does, or says what one looks like."""

    def __init__(self, *, rule: Callable[[str], str], **kwargs):
        self.rule = rule
        super().__init__(**kwargs)

    def to_python(self, value):
        text = "" if value in self.empty_values else str(value).strip()
        if not text:
            return ""
        try:
            return self.rule(text)
        except WrongIdentifier as error:
            raise ValidationError(str(error), code="identifier") from error


class DayField(DateInputField):
    """A day, typed as day, month and year, in a year that somebody could mean."""

    EARLIEST, LATEST = 2000, 2100

    def __init__(self, *, what: str, **kwargs):
        self.what = what
        kwargs.setdefault("help_text", "For example, 27 3 2027")
        super().__init__(require_all_fields=False, **kwargs)
        self.error_messages["required"] = f"Enter {what}"

    def compress(self, data_list):
        day, month, year = (part or "" for part in data_list or ("", "", ""))
        if not (day and month and year):
            return None
        try:
            if not all(re.fullmatch(r"[0-9]{1,4}", part.strip()) for part in (day, month, year)):
                raise ValueError
            found = dt.date(int(year), int(month), int(day))
        except ValueError as error:
            raise ValidationError(f"Enter {self.what} as a real date, like 7 9 2026", code="date") from error
        if not self.EARLIEST <= found.year <= self.LATEST:
            raise ValidationError(f"Enter {self.what} with a year from {self.EARLIEST} to {self.LATEST}", code="year")
        return found
