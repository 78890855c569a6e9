"""Forms over a record that several people write."""

from __future__ import annotations

from django import forms

_SENT_INCOMPLETE = "Open the page again: it was sent incomplete"


class StaleForm(forms.Form):
    """A form over a record that says which revision of it was shown."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2_000_000_000,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _SENT_INCOMPLETE),
    )

    def see(self, revision: int) -> None:
        """From now on it has seen this revision, and keeps what was typed: whoever saves it again means it."""
        self.data = self.data.copy()
        self.data["revision"] = str(revision)
