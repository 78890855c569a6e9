"""An organisation is looked for by name or number on a form that works without JavaScript: one match is taken, several
are shown to choose from."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError

from accounts.filters import SearchField
from accounts.models import Organisation

Find = Callable[[str], list[Organisation]]


def named(one: Organisation) -> str:
    """An organisation as somebody tells it from another of the same name."""
    facts = [f"URN {one.urn}" if one.urn else one.get_kind_display(), one.town, "" if one.is_open else "closed"]
    return f"{one.name} ({', '.join(fact for fact in facts if fact)})"


class PickingForm(forms.Form):
    """A form with one organisation: `words` are typed, `picked` is a radio button for each match, and `pick` gives the
    one that is meant to `clean`."""

    words = SearchField(required=False)
    picked = forms.ChoiceField(
        label="Which one?",
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of these, or search again"},
    )

    def __init__(self, data=None, *, find: Find, **kwargs):
        super().__init__(data, **kwargs)
        self.matches = find(typed) if (typed := self._typed()) else []
        self.fields["picked"].choices = [(str(one.pk), named(one)) for one in self.matches]

    def _typed(self) -> str:
        try:
            return SearchField(required=False).clean(self.data.get("words", "")) if self.is_bound else ""
        except ValidationError:
            return ""

    @property
    def picking(self) -> list[str]:
        """The fields for the layout: the radio buttons only where there is something to choose."""
        return ["words", "picked"] if len(self.matches) > 1 else ["words"]

    def pick(self, cleaned: dict, *, needed: str) -> Organisation | None:
        """The one that is meant; where none is, an error is added that says what to do. `needed` is what to say where
        nothing was typed."""
        if "words" in self.errors or "picked" in self.errors:
            return None
        if not cleaned.get("words"):
            self.add_error("words", needed)
            return None
        chosen = [one for one in self.matches if str(one.pk) == cleaned.get("picked")]
        same = [one for one in self.matches if one.name.casefold() == cleaned["words"].casefold()]
        for found in (chosen, same, self.matches):
            if len(found) == 1:
                return found[0]
        if self.matches:
            self.add_error("picked", "Choose which one. If it is not here, search for more of its name or its URN")
        else:
            self.add_error("words", "Nothing in the register matches. Check the spelling, or enter the URN")
        return None
