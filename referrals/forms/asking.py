"""Which providers are asked."""

from __future__ import annotations

from django import forms

from referrals.queries.enquiries import Candidate


class AskForm(forms.Form):
    """The places that are asked, drawn by hand: each stands with what it is chosen by."""

    places = forms.TypedMultipleChoiceField(
        label="Providers to ask",
        coerce=int,
        error_messages={
            "required": "Select at least one provider",
            "invalid_choice": "One of the providers that you chose can no longer be asked. Look at the list again",
        },
    )

    def __init__(self, data=None, *, candidates: list[Candidate]):
        super().__init__(data)
        self.fields["places"].choices = [(one.place.pk, one.place.provider.name) for one in candidates]
        chosen = set(data.getlist("places")) if data is not None else set()
        self.rows = [(one, str(one.place.pk) in chosen) for one in candidates]
