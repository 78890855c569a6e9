"""What somebody says who is worried, one question after the other, and what is written down of a concern afterwards."""

from __future__ import annotations

import re

from crispy_forms_gds.layout import Field, Fluid, Size
from django import forms

from accounts.forms.fields import helper
from core.fields import LinesField, NameField
from lots.forms.fields import yes_or_no
from lots.forms.places import choice
from monitoring.states import ConcernKind, Outcome

SOMEBODY_ELSE = "none"
NOBODY_OF_THEM = "none"
NO_PROVIDER = (
    "Your organisation has no pupil at a provider here, so this cannot be sent. Ring the council’s children’s social "
    "care now, or for an adult its designated officer for allegations"
)


def _inner(*fields, submit: str):
    """The layout of a form that stands inside a form of the page, which carries what was said before."""
    made = helper(*fields, submit=submit)
    made.form_tag, made.disable_csrf = False, True
    return made


class DangerForm(forms.Form):
    """The first question."""

    danger = choice(
        "Is a child in danger now?",
        [("yes", "Yes, or I am not sure"), ("no", "No")],
        required="Choose whether a child is in danger now",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = _inner(Field.radios("danger", legend_size=Size.MEDIUM), submit="Continue")


class CalledForm(forms.Form):
    """Whether 999 was rung."""

    called_999 = yes_or_no("Have you rung 999?", "Yes, I have rung 999", "No")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["called_999"].error_messages["required"] = "Choose whether you have rung 999"
        self.helper = _inner(Field.radios("called_999", legend_size=Size.SMALL), submit="Go on to write it down")


class KindForm(forms.Form):
    """A child, or an adult who works there."""

    kind = choice("Whom are you worried about?", ConcernKind.choices, required="Choose whom you are worried about")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            (ConcernKind.CHILD, "A child"),
            (ConcernKind.ADULT, "What an adult who works or volunteers there has done, or may have done"),
        ]
        self.helper = _inner(Field.radios("kind", legend_size=Size.MEDIUM), submit="Continue")


class WordsForm(forms.Form):
    """Whom it is about, and what was seen or heard."""

    placement = forms.ChoiceField(
        label="Which child is it about?", error_messages={"required": "Choose a child, or “Somebody who is not listed”"}
    )
    provider = forms.ChoiceField(
        label="Which provider is it about?", error_messages={"required": "Choose the provider that it is about"}
    )
    about = NameField(
        what="The adult’s name",
        label="Who is the adult?",
        help_text="The name, or what you know: a role, a description",
        error_messages={"required": "Write the adult’s name, or what you know of who it is"},
    )
    detail = LinesField(
        what="What you saw or heard",
        longest=8000,
        label="What did you see or hear?",
        help_text="When, where, who was there, and in the child’s own words if they told you. What you know, not what "
        "you suspect. Do not investigate, and do not ask the child more",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Write what you saw or heard"},
    )

    def __init__(self, *args, kind: str, placements, providers, **kwargs):
        super().__init__(*args, **kwargs)
        self.placements = {str(one.pk): one for one in placements}
        self.providers = {str(one.pk): one for one in providers}
        self.cannot_be_sent = "" if self.providers else NO_PROVIDER
        names = [(key, f"{one.whom}, {one.provider.name}") for key, one in self.placements.items()]
        if kind == ConcernKind.ADULT:
            label, nobody = "Which child does it concern, if you know?", "No child in particular, or not listed"
        else:
            label, nobody = "Which child is it about?", "Somebody who is not listed"
        self.fields["placement"].label = label
        self.fields["placement"].choices = [("", "Choose one"), *names, (SOMEBODY_ELSE, nobody)]
        self.fields["provider"].choices = [
            ("", "Choose one"),
            *((key, one.name) for key, one in self.providers.items()),
        ]
        shown = []
        if self.placements:
            shown.append(Field.select("placement"))
        else:
            del self.fields["placement"]
        if len(self.providers) > 1:
            shown.append(Field.select("provider"))
            self.fields["provider"].required = not self.placements
            if self.placements:
                self.fields["provider"].help_text = "Only if no child is chosen above"
        else:
            del self.fields["provider"]
        if kind == ConcernKind.ADULT:
            shown.append(Field.text("about", field_width=Fluid.TWO_THIRDS))
        else:
            del self.fields["about"]
        self.helper = _inner(*shown, Field("detail"), submit="Continue")

    def clean(self):
        said = super().clean()
        if not self.providers:
            raise forms.ValidationError(NO_PROVIDER)
        self.placement = self.placements.get(said.get("placement") or "")
        if self.placement:
            self.chosen = self.placement.provider
        elif len(self.providers) == 1:
            [self.chosen] = self.providers.values()
        else:
            self.chosen = self.providers.get(said.get("provider") or "")
            if self.chosen is None and not self.errors:
                self.add_error("provider", "Choose the provider that it is about")
        return said


class CouncilForm(forms.Form):
    """Whose officer it goes to, where several could be meant."""

    authority = choice("Which council is it for?", [], required="Choose a council")

    def __init__(self, *args, authorities, **kwargs):
        super().__init__(*args, **kwargs)
        self.authorities = {str(one.pk): one for one in authorities}
        self.fields["authority"].choices = [(key, one.name) for key, one in self.authorities.items()]
        self.fields["authority"].help_text = "The one in whose area the provider is, or whose child it is about"
        self.helper = _inner(Field.radios("authority", legend_size=Size.MEDIUM), submit="Continue")


class CheckForm(forms.Form):
    """Before it is sent: whether it is about one of those who would be told."""

    about_user = choice(
        "Is it about one of these people?", [], required="Choose whether it is about one of these people"
    )

    def __init__(self, *args, kind: str, people, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(str(one.user), f"{one.name}, {one.role} at {one.organisation}") for one in people]
        self.fields["about_user"].choices = [(NOBODY_OF_THEM, "No"), *named]
        self.fields["about_user"].help_text = "Whoever it is about is not told, and never sees it"
        shown = [Field.radios("about_user", legend_size=Size.SMALL)]
        if kind != ConcernKind.ADULT:
            del self.fields["about_user"]
            shown = []
        self.helper = _inner(*shown, submit="Send the concern")

    def about(self) -> int | None:
        """Whom of them it is about."""
        said = self.cleaned_data.get("about_user", NOBODY_OF_THEM)
        return None if said == NOBODY_OF_THEM else int(said)


class HandOverForm(forms.Form):
    """Where it goes on."""

    to = NameField(
        what="The safeguarding record",
        longest=100,
        label="To which safeguarding record did you hand it over?",
        help_text="The system or the file, for example: the school’s safeguarding record. Name nobody",
        error_messages={"required": "Write to which safeguarding record you handed it over"},
    )
    reference = NameField(
        what="The number",
        longest=60,
        label="What is its number there?",
        help_text="A number or a reference, never a name",
        error_messages={"required": "Enter the number that it has there"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.text("to", field_width=Fluid.TWO_THIRDS),
            Field.text("reference", field_width=Fluid.ONE_THIRD),
            submit="It is handed over",
        )


class CloseForm(forms.Form):
    """What came of it."""

    outcome = choice("What came of it?", Outcome.choices, required="Choose what came of it")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.radios("outcome", legend_size=Size.SMALL), submit="Close the concern")


class FrontDoorForm(forms.Form):
    """Where a council takes calls about children in danger."""

    phone = forms.CharField(
        max_length=30,
        label="Telephone number by day",
        error_messages={"required": "Enter the telephone number by day"},
    )
    out_of_hours = forms.CharField(
        max_length=30,
        label="Telephone number at night and at weekends",
        required=False,
    )
    page = forms.URLField(
        label="Web page",
        required=False,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        help_text="For example, https://www.larkshire.example/worried",
        error_messages={"invalid": "Enter the address of a page, like https://www.larkshire.example/worried"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.text("phone", field_width=Fluid.ONE_THIRD),
            Field.text("out_of_hours", field_width=Fluid.ONE_THIRD),
            Field.text("page", field_width=Fluid.TWO_THIRDS),
            submit="Save",
        )

    def clean_phone(self):
        return _number(self.cleaned_data["phone"])

    def clean_out_of_hours(self):
        return _number(self.cleaned_data["out_of_hours"])


def _number(text: str) -> str:
    if text and not re.fullmatch(r"(?=(?:[^0-9]*[0-9]){3})[0-9 +()]{3,30}", text):
        raise forms.ValidationError("Enter a telephone number, like 01632 960 001", code="phone")
    return text
