"""Forms over the fields of one row that say what they saw when they were opened, and fields that several have."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from core.text import refuse_invisible
from providers.rules.seen import fingerprint


class SeenForm(forms.Form):
    """A form over the fields of one row. `row` is what stands in them; what it saw travels with it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def __init__(self, data=None, *, row: Mapping | None = None, **kwargs):
        self.row = dict(row or {})
        initial = {name: self.shown(name, value) for name, value in self.row.items()}
        super().__init__(data, initial=initial | {"seen": fingerprint(self.row)} | kwargs.pop("initial", {}), **kwargs)

    def shown(self, name: str, value):
        """A value as its field shows it."""
        return value

    def values(self) -> dict:
        """What the action takes: each field of the row, none left out."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def saw(self) -> str:
        """What the page showed when it was opened."""
        return self.cleaned_data.get("seen", "")

    def see(self, row: Mapping) -> None:
        """From now on it has seen this, and keeps what was typed: whoever saves it again means it."""
        self.data = self.data.copy()
        self.data["seen"] = fingerprint(row)

    def in_words(self, name: str, value) -> str:
        """A value of the row as a reader reads it."""
        choices = {str(key): label for key, label in getattr(self.fields[name], "choices", ())}
        if isinstance(value, list | tuple):
            return ", ".join(choices.get(str(one), str(one)) for one in value)
        shown = self.shown(name, value)
        if hasattr(shown, "strftime"):
            return f"{shown.day} {shown:%B %Y}"
        if isinstance(shown, bool):
            return "Yes" if shown else "No"
        return "" if shown is None else str(choices.get(str(shown), shown))


def phone_field(**kwargs) -> forms.CharField:
    """A telephone number; the rule says what one looks like."""
    return forms.CharField(
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"max_length": "The telephone number must be 40 characters or fewer"},
        **kwargs,
    )


class WebField(forms.URLField):
    """The address of a page on the web."""

    def __init__(self, **kwargs):
        super().__init__(
            max_length=500,
            assume_scheme="https",
            widget=forms.TextInput(attrs={"type": "url", "spellcheck": "false", "autocapitalize": "none"}),
            error_messages={
                "invalid": "Enter the address of a web page, like https://www.example.org",
                "max_length": "The address of the page must be 500 characters or fewer",
            },
            required=False,
            **kwargs,
        )

    def to_python(self, value):
        text = super().to_python(value)
        if text and not text.lower().startswith(("http://", "https://")):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            refuse_invisible(text)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        return text


def several(label: str, choices, **kwargs) -> forms.MultipleChoiceField:
    """Several of a list, by ticks."""
    kwargs.setdefault("help_text", "Select all that apply")
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Select only what is on this page"},
        **kwargs,
    )
