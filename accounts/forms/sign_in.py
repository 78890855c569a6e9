"""What creating an account asks beside allauth's email address and password. allauth imports this file while it is
itself being imported, so nothing of allauth's stands here."""

from django import forms

from core.fields import NameField


class SignUpExtra(forms.Form):
    """The person's name; the adapter saves it with the account."""

    name = NameField(what="Full name", label="Full name", error_messages={"required": "Enter your full name"})
    name.widget.attrs.update({"autocomplete": "name", "spellcheck": "false"})

    def signup(self, request, user):
        """Nothing is left to do: `AccountAdapter.save_user` has saved the name."""
