"""Invitations, roles, and the schools that a trust's people see."""

from __future__ import annotations

from crispy_forms_gds.layout import Field, Fixed
from django import forms

from accounts import queries, states
from accounts.forms.fields import helper, narrow
from accounts.forms.passwords import EmailField
from accounts.states import OrganisationKind


class RolesForm(forms.Form):
    """Roles of an organisation's kind."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        help_text="Select all that apply",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Select at least one role",
            "invalid_choice": "Select only roles that are on this page",
        },
    )

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role.value, role.label) for role in states.roles_of(organisation.kind)]
        self.helper = helper(Field.checkboxes("roles"), submit="Save")


class Schools(forms.TypedMultipleChoiceField):
    """Schools of a trust, ticked one by one; the answer is the schools themselves. Checked without a query."""

    def __init__(self, **kwargs):
        super().__init__(
            label="Schools that this person may see",
            help_text="Nothing is seen of a school that is not ticked",
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={"invalid_choice": "Select only schools that are on this page"},
            **kwargs,
        )

    def offer(self, schools) -> None:
        """The schools to choose from."""
        by_key = {str(school.pk): school for school in schools}
        self.choices = [(key, school.name) for key, school in by_key.items()]
        self.coerce = by_key.__getitem__


class InviteForm(RolesForm):
    """An address and its roles."""

    email = EmailField(
        label="Email address", help_text="We send the invitation to this address. Nobody else can use it"
    )
    email.error_messages["required"] = "Enter an email address"
    email.widget.attrs["autocomplete"] = "off"  # it is somebody else's
    schools = Schools()
    field_order = ["email", "roles", "schools"]

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, organisation=organisation, **kwargs)
        if organisation.kind == OrganisationKind.TRUST:
            self.fields["schools"].offer(queries.schools_of_trust(organisation))
        else:
            del self.fields["schools"]
        parts = [narrow("email", Fixed.THIRTY), Field.checkboxes("roles")]
        parts += [Field.checkboxes("schools")] if "schools" in self.fields else []
        self.helper = helper(*parts, submit="Send invitation")


class SchoolsForm(forms.Form):
    """The schools that somebody may see in one role."""

    schools = Schools()

    def __init__(self, *args, trust, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["schools"].offer(queries.schools_of_trust(trust))
        self.helper = helper(Field.checkboxes("schools"), submit="Save")


class SureForm(forms.Form):
    """Nothing but the button that says yes."""

    def __init__(self, *args, submit: str, warning: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(submit=submit, warning=warning)
