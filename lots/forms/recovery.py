"""The passphrases of a recovery file, and the file brought back."""

from __future__ import annotations

import unicodedata

from crispy_forms_gds.layout import Field
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import helper
from accounts.forms.passwords import ShownPassword
from accounts.passwords import Common, NotYourself
from core.text import BadText, refuse_long
from lots.rules import recovery as rules
from lots.rules.refusals import Refused

HOW = (
    "15 characters or more. Four words that do not belong together are easy to remember. "
    "Do not use the password that you sign in with"
)


class PassphraseField(forms.CharField):
    """A passphrase as typed. It is never given back to the page; a button shows what was typed. `chosen_by` is the
    person who chooses it now: then it must be hard to guess."""

    def __init__(self, *, label: str, help_text: str = "", chosen_by=None):
        self.chosen_by = chosen_by
        super().__init__(
            label=label,
            help_text=help_text,
            strip=False,
            widget=ShownPassword(
                attrs={
                    "class": "govuk-input govuk-password-input__input govuk-js-password-input-input",
                    "autocomplete": "off",
                    "spellcheck": "false",
                    "autocapitalize": "none",
                }
            ),
            error_messages={"required": f"Enter {label[0].lower()}{label[1:]}"},
        )

    def to_python(self, value):
        text = super().to_python(value)
        try:
            refuse_long(text, rules.LONGEST)
        except BadText as error:
            raise ValidationError(f"Passphrase {error}", code="max_length") from error
        if "\0" in text or any(unicodedata.category(one) == "Cs" for one in text):
            raise ValidationError("Passphrase must not include characters that cannot be typed", code="text")
        return text

    def clean(self, value):
        text = super().clean(value)
        if self.chosen_by is not None:
            self._check(text)
        return text

    def _check(self, text: str) -> None:
        try:
            rules.check_passphrase(text)
        except Refused as refusal:
            raise ValidationError(str(refusal), code="weak") from refusal
        try:
            Common().validate(text)
        except ValidationError as error:
            raise ValidationError("Choose a passphrase that fewer people use", code="common") from error
        try:
            NotYourself().validate(text, self.chosen_by)
        except ValidationError as error:
            raise ValidationError("Choose a passphrase that is less like your name or email address") from error


class ChooseForm(forms.Form):
    """A passphrase is chosen: by whoever begins, or by the second person. `replaces` is the recovery file that stood
    when the page was shown."""

    replaces = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, submit: str, replaces: int | None = None, warning: bool = False, **kwargs):
        super().__init__(*args, initial={"replaces": replaces or ""}, **kwargs)
        self.fields["passphrase"] = PassphraseField(label="Your passphrase", help_text=HOW, chosen_by=user)
        self.helper = helper(Field("replaces"), Field("passphrase"), submit=submit, warning=warning)

    def clean_replaces(self):
        text = self.cleaned_data["replaces"]
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


class TryForm(forms.Form):
    """The second person brings the file back, and types their passphrase again."""

    file = forms.FileField(
        label="The recovery file",
        help_text="The file that you downloaded here",
        allow_empty_file=True,
        error_messages={"required": "Select the recovery file"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passphrase"] = PassphraseField(label="Your passphrase")
        self.helper = helper(Field("file"), Field("passphrase"), submit="Try the file")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file.size or file.size > rules.LARGEST:
            raise ValidationError(rules.OTHER_FILE, code="file")
        return file.read()


class FinishForm(forms.Form):
    """The first person types their passphrase again."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passphrase"] = PassphraseField(label="Your passphrase")
        self.helper = helper(Field("passphrase"), submit="Try the file")
