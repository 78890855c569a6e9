"""The shape of what people type about themselves and their organisations."""

from django import forms

from core.fields import NameField


class SignUpExtra(forms.Form):
    """What signing up asks beside allauth's e-mail and password."""

    name = NameField(what="Full name", label="Full name")

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
