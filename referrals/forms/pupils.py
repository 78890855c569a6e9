"""Finding pupils, and who a pupil is."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.filters import SearchField
from accounts.forms.fields import DayField, IdentifierField, helper, narrow
from accounts.rules import identifiers
from core.fields import NameField
from lots.forms.fields import yes_or_no
from lots.rules.refusals import Refused
from referrals.forms.picking import Find, PickingForm
from referrals.forms.stale import StaleForm
from referrals.rules import pupils as rules
from referrals.rules.private import Private
from referrals.rules.pupils import Roll, Who
from referrals.states import EnrolmentKind, NoSchool, NoUpn, Sex


class FindForm(forms.Form):
    """Find pupils in a list. Sent by POST and kept in the session: what is looked for is a child's name."""

    words = SearchField(label="Name or UPN", help_text="Names that a pupil had before are found too", required=False)
    school = forms.TypedChoiceField(label="On the roll of", coerce=int, empty_value=None, required=False)
    has_ehcp = forms.BooleanField(label="With an education, health and care plan", required=False)
    looked_after = forms.BooleanField(label="Looked after by a council", required=False)
    no_roll = forms.BooleanField(label="On no school’s roll", required=False)

    def __init__(self, *args, schools, flags: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [("", "Any school"), *((str(pk), name) for pk, name in schools)]
        self.fields["school"].error_messages["invalid_choice"] = "Choose a school from the list"
        if not flags:
            del self.fields["has_ehcp"], self.fields["looked_after"]
        ticks = [name for name in ("has_ehcp", "looked_after", "no_roll") if name in self.fields]
        self.helper = helper(
            narrow("words", Fixed.THIRTY),
            Field.select("school"),
            *(Field(name) for name in ticks),
            submit="Find",
        )


class WhoFields(forms.Form):
    """Who a pupil is. Shown anew with a tick where the pupil may be in the records already."""

    first_names = NameField(
        what="First names", label="First names", error_messages={"required": "Enter the pupil’s first names"}
    )
    last_name = NameField(
        what="Last name", label="Last name", error_messages={"required": "Enter the pupil’s last name"}
    )
    known_as = NameField(what="Known as", label="Known as (optional)", required=False)
    born_on = DayField(what="the date of birth", label="Date of birth", help_text="For example, 27 3 2012")
    sex = forms.ChoiceField(
        label="Sex (optional)",
        choices=[("", "Not written down"), *Sex.choices],
        help_text="As the school census asks for it",
        required=False,
    )
    upn = IdentifierField(
        rule=rules.upn,
        label="Unique pupil number (UPN)",
        help_text="From the school’s system, like B801200005001. It is kept encrypted",
        required=False,
    )
    no_upn_reason = forms.ChoiceField(
        label="If there is no UPN, why?", choices=[("", "There is a UPN"), *NoUpn.choices], required=False
    )
    uln = IdentifierField(
        rule=rules.uln, label="Unique learner number (ULN) (optional)", help_text="From 14, 10 digits", required=False
    )
    language = NameField(what="Language", longest=100, label="Language at home (optional)", required=False)
    street = NameField(what="Building and street", label="Building and street (optional)", required=False)
    town = NameField(what="Town or city", longest=100, label="Town or city (optional)", required=False)
    postcode = IdentifierField(rule=identifiers.postcode, label="Postcode (optional)", required=False)
    different = forms.BooleanField(label="This is another pupil, for example a twin", required=False)

    asks = False  # whether the pupil may be in the records already

    def clean(self):
        cleaned = super().clean()
        if "upn" in cleaned and "no_upn_reason" in cleaned:
            try:
                rules.check_number(cleaned["upn"], cleaned["no_upn_reason"])
            except Refused as refusal:
                self.add_error(refusal.field, str(refusal))
        return cleaned

    def parts(self) -> list:
        """The layout of what every such form has."""
        asked = [Fieldset(Field("different"), legend="Is this another pupil?", legend_size=Size.MEDIUM)]
        return [
            *(asked if self.asks else []),
            Field("first_names"),
            Field("last_name"),
            Field("known_as"),
            Field("born_on"),
            Field.radios("sex", legend_size=Size.SMALL, inline=True),
            narrow("upn", Fixed.TWENTY),
            Field.select("no_upn_reason"),
            narrow("uln", Fixed.TWENTY),
        ]

    def address(self) -> Fieldset:
        return Fieldset(
            Field("street"),
            narrow("town", Fixed.TWENTY),
            narrow("postcode", Fixed.TEN),
            legend="Home address",
            legend_size=Size.MEDIUM,
        )


class AddForm(WhoFields, PickingForm):
    """Add a pupil, with where they are on the roll."""

    words = SearchField(
        label="Which school?", help_text="Its name or URN. Leave it empty if the pupil is on no roll", required=False
    )
    has_ehcp = yes_or_no("Is there an education, health and care plan?", "Yes", "No")
    looked_after = yes_or_no("Is the pupil looked after by a council?", "Yes", "No")
    kind = forms.ChoiceField(
        label="Where is the pupil on the roll?",
        choices=[
            (EnrolmentKind.MAIN, "At a school"),
            (EnrolmentKind.NONE, "At no school"),
            ("", "I will say so later"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    why_none = forms.ChoiceField(
        label="If at no school, why?", choices=[("", "At a school"), *NoSchool.choices], required=False
    )
    from_on = DayField(
        what="the first day", label="Since when?", help_text="The first day on the roll, or off it", required=False
    )

    def __init__(self, data=None, *, find: Find, **kwargs):
        super().__init__(data, find=find, **kwargs)
        self.roll = None

    @property
    def helper(self):
        return helper(
            *self.parts(),
            Field.radios("has_ehcp", legend_size=Size.SMALL, inline=True),
            Field.radios("looked_after", legend_size=Size.SMALL, inline=True),
            narrow("language", Fixed.TWENTY),
            self.address(),
            Field.radios("kind", legend_size=Size.MEDIUM),
            "words",
            *([Field.radios("picked", legend_size=Size.SMALL)] if "picked" in self.picking else []),
            Field.select("why_none"),
            Field("from_on"),
            submit="Add the pupil",
        )

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if not kind:
            return cleaned
        at_school = kind == EnrolmentKind.MAIN
        school = self.pick(cleaned, needed="Enter the name or URN of the school") if at_school else None
        if not at_school and not cleaned.get("why_none") and "why_none" not in self.errors:
            self.add_error("why_none", "Choose why the pupil is on no school’s roll")
        if not cleaned.get("from_on") and "from_on" not in self.errors:
            self.add_error("from_on", "Enter the first day")
        if not self.errors:
            why = "" if at_school else cleaned["why_none"]
            self.roll = Roll(kind, cleaned["from_on"], school.pk if school else None, why)
        return cleaned

    def who(self) -> Who:
        """What the action takes."""
        told = self.cleaned_data
        private = Private(**{name: told[name] for name in rules.IDENTITY})
        flags = {name: told[name] for name in ("has_ehcp", "looked_after")}
        return Who(**{name: told[name] for name in rules.WHO}, **flags, private=private)


class EditForm(WhoFields, StaleForm):
    """Change who a pupil is."""

    mistake = forms.BooleanField(label="The name before was a mistake: do not keep it as a former name", required=False)

    @property
    def helper(self):
        return helper(
            "revision",
            *self.parts(),
            Field("mistake"),
            narrow("language", Fixed.TWENTY),
            self.address(),
            submit="Save",
        )

    def values(self) -> dict:
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in rules.WHO + rules.IDENTITY}
