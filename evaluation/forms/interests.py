"""What is typed about interests: one's own before and after the names are known, somebody else's, and a decision."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Size
from django import forms

from accounts.forms.fields import helper
from core.fields import LinesField, NameField
from core.text import BadText, name
from lots.forms.places import choice

_HAS = [("yes", "Yes, I have"), ("no", "No, I have none")]
_MOST_NAMES = 50


class NamesField(LinesField):
    """Names of organisations, one on each line."""

    def to_python(self, value):
        lines = [line for line in super().to_python(value).split("\n") if line.strip()]
        if len(lines) > _MOST_NAMES:
            raise forms.ValidationError(f"Name {_MOST_NAMES} organisations or fewer", code="many")
        try:
            return list(dict.fromkeys(name(line, what="The name of an organisation", longest=200) for line in lines))
        except BadText as error:
            raise forms.ValidationError(str(error), code="name") from error


class BeforeForm(forms.Form):
    """Interests while nobody knows who applied."""

    has_interest = choice(
        "Do you have an interest in an organisation that may apply?", _HAS, required="Choose yes or no"
    )
    text = LinesField(
        what="What you write",
        longest=4000,
        required=False,
        label="What is the interest?",
        help_text="Whose it is and since when. Leave it empty if you have none",
    )
    names = NamesField(
        what="The names",
        longest=4000,
        required=False,
        label="Names of the organisations",
        help_text="One on each line, as you know them. You are kept away from their applications",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.radios("has_interest", legend_size=Size.MEDIUM),
            Field("text"),
            Field("names"),
            submit="Declare",
        )

    def clean_names(self) -> list[str]:
        return self.cleaned_data["names"] or []


class AfterForm(forms.Form):
    """Interests in these bidders: one box and one text for each."""

    has_interest = choice("Do you have an interest in any of these bidders?", _HAS, required="Choose yes or no")

    def __init__(self, *args, bidders, said, **kwargs):
        super().__init__(*args, **kwargs)
        self.bidders = bidders
        for pk, bidder in bidders.items():
            self.fields[f"bidder_{pk}"] = forms.BooleanField(label=bidder, required=False, initial=pk in said)
            self.fields[f"text_{pk}"] = LinesField(
                what=f"Your interest in {bidder}",
                longest=2000,
                required=False,
                label=f"What is your interest in {bidder}?",
                initial=said.get(pk, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def rows(self):
        """Each bidder's box and text, as the page draws them."""
        return [(pk, self[f"bidder_{pk}"], self[f"text_{pk}"]) for pk in self.bidders]

    def clean(self):
        cleaned = super().clean()
        for pk, bidder in self.bidders.items():
            if cleaned.get(f"bidder_{pk}") and f"text_{pk}" not in self.errors and not cleaned.get(f"text_{pk}"):
                self.add_error(f"text_{pk}", f"Say what your interest in {bidder} is")
        return cleaned

    @property
    def chosen(self) -> dict[int, str]:
        """What the interest is, by the provider's key."""
        said = self.cleaned_data
        return {pk: said[f"text_{pk}"] for pk in self.bidders if said[f"bidder_{pk}"]}


class ReportForm(forms.Form):
    """Somebody else's interest. Before the opening the organisation is named in words, after it chosen."""

    person = forms.TypedChoiceField(
        label="Who has the interest?",
        coerce=int,
        error_messages={"required": "Choose somebody", "invalid_choice": "Choose somebody from the list"},
    )
    provider = forms.TypedChoiceField(
        label="In which bidder?",
        coerce=int,
        error_messages={"required": "Choose one of the bidders", "invalid_choice": "Choose one of the bidders"},
    )
    named = NameField(
        what="The name of the organisation",
        label="In which organisation?",
        help_text="As it is registered in the portal",
        error_messages={"required": "Enter the name of the organisation"},
    )
    text = LinesField(
        what="What you write",
        longest=2000,
        label="What is the interest, and how do you know?",
        error_messages={"required": "Say what the interest is and how you know"},
    )

    def __init__(self, *args, people, bidders, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["named" if bidders else "provider"]
        self.fields["person"].choices = [("", "Choose somebody"), *people.items()]
        if bidders:
            self.fields["provider"].choices = [("", "Choose a bidder"), *bidders.items()]
        about = Field.select("provider") if bidders else Field.text("named")
        self.helper = helper(Field.select("person"), about, Field("text"), submit="Keep them away")


class DecideForm(forms.Form):
    """What was done about an interest, and why that is enough."""

    reason = LinesField(
        what="The reason",
        longest=2000,
        label="What was done about it, and why is that enough?",
        help_text="For example: it is another person of the same name; the shares were sold years ago",
        error_messages={"required": "Say what was done about it and why that is enough"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit="Let them see this application", warning=True)
