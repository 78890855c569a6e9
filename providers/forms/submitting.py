"""Forms that submit an application, or take it back. They are small: everything else is there already."""

from __future__ import annotations

from crispy_forms_gds.layout import Field
from django import forms

from accounts.forms.fields import helper
from providers.rules.standing import ACCEPT

_STALE = "This page has gone stale. Check your answers again, then submit"


class SubmitForm(forms.Form):
    """The key of this one request, the revision that was checked, and whether what is missing is known."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _STALE, "invalid": _STALE})
    revision = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _STALE),
    )  # fmt: skip
    accept_incomplete = forms.BooleanField(
        required=False, label="I know that something is missing, and submit the application as it is"
    )

    def __init__(self, *args, complete: bool, to: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        tick = [] if complete else [Field.checkbox(ACCEPT)]
        if complete:
            del self.fields[ACCEPT]
        self.helper = helper("key", "revision", *tick, submit="Submit application")
        self.helper.form_action = to

    @property
    def accepted(self) -> bool:
        """What is missing is known; nothing is asked where nothing is missing."""
        return self.cleaned_data.get(ACCEPT, False)


class WithdrawForm(forms.Form):
    """Nothing but the button."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(submit="Withdraw application", warning=True)
