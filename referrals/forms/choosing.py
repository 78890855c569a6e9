"""Accepting an offer, and taking a choice back."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Size
from django import forms

from accounts.forms.fields import helper
from core.fields import LinesField
from lots.forms.fields import WholeField


class ChooseForm(forms.Form):
    """The offer that the person saw; for any but the first in order, on which published ground and why."""

    offer = WholeField(what="The offer", most=999_999_999, widget=forms.HiddenInput())
    ground = forms.ChoiceField(
        label="On which ground do you choose this offer?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select the ground on which you choose this offer",
            "invalid_choice": "Select one of the published grounds",
        },
    )
    reason = LinesField(
        what="The reason", longest=2000, label="Why does that ground hold for this pupil?",
        help_text="Kept as evidence of a fair choice. Whoever checks how you choose can read it: do not write names",
        error_messages={"required": "Enter why that ground holds for this pupil"},
    )  # fmt: skip

    def __init__(self, *args, grounds: tuple[str, ...], first: bool, **kwargs):
        super().__init__(*args, **kwargs)
        own = ["offer"]
        if first:
            del self.fields["ground"], self.fields["reason"]
        else:
            self.fields["ground"].choices = [(ground, ground) for ground in grounds]
            own += [Field.radios("ground", legend_size=Size.SMALL), Field("reason")]
        self.helper = helper(*own, submit="Accept this offer")


class UndoForm(forms.Form):
    """Why a choice is taken back."""

    reason = LinesField(
        what="The reason", longest=2000, label="Why do you take the choice back?",
        help_text="Kept as evidence. Do not write names",
        error_messages={"required": "Enter why you take the choice back"},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit="Take the choice back", warning=True)
