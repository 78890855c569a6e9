"""allauth's forms in our words: every field says what to type, and takes nothing that a database or an eye would
stumble over. One password field, which can be shown, in place of two."""

from __future__ import annotations

import unicodedata

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.html import format_html

from accounts import throttle
from accounts.models import User
from core.text import BadText, refuse_invisible, refuse_long

LONGEST_PASSWORD = 1000
LONGEST_ADDRESS = 254
HOW_LONG = "12 characters or more. Three words that do not belong together are easy to remember"


def dress(form, *, submit: str) -> None:
    """One button, and no placeholder: those vanish as soon as one types."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    form.helper = FormHelper(form)
    form.helper.add_input(Submit("go", submit))


class EmailField(forms.EmailField):
    """An email address: NFC, lower case, 254 characters at most (what the account can hold)."""

    def __init__(self, *, label="Email address", help_text=""):
        super().__init__(
            label=label,
            help_text=help_text,
            max_length=LONGEST_ADDRESS,
            widget=forms.TextInput(
                attrs={"type": "email", "autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
            ),
            error_messages={
                "required": "Enter your email address",
                "invalid": "Enter an email address in the correct format, like name@school.example",
                "max_length": "Email address must be 254 characters or fewer",
            },
        )

    def to_python(self, value):
        text = super().to_python(value)
        try:
            refuse_long(text, LONGEST_ADDRESS)
            text = unicodedata.normalize("NFC", text).lower()
            refuse_invisible(text)
        except BadText as error:
            raise ValidationError(f"Email address {error}", code="text") from error
        return text


class ShownPassword(forms.PasswordInput):
    """GOV.UK Frontend's password input: a button shows what was typed."""

    def render(self, name, value, attrs=None, renderer=None):
        control = super().render(name, value, attrs, renderer)
        return format_html(
            '<div class="govuk-password-input" data-module="govuk-password-input">'
            '<div class="govuk-input__wrapper govuk-password-input__wrapper">{}'
            '<button type="button" class="govuk-button govuk-button--secondary govuk-password-input__toggle '
            'govuk-js-password-input-toggle" data-module="govuk-button" aria-controls="{}" '
            'aria-label="Show password" hidden>Show</button></div></div>',
            control,
            (attrs or {}).get("id", ""),
        )


class PasswordField(forms.CharField):
    """A password as typed, in one spelling (NFC), so that it is the same from every keyboard."""

    user = None

    def __init__(self, *, label="Password", help_text="", autocomplete="current-password", new=False):
        self.new = new
        missing = "Enter a new password" if new else f"Enter {'your ' if label == 'Password' else ''}{label.lower()}"
        super().__init__(
            label=label,
            help_text=help_text,
            strip=False,
            max_length=LONGEST_PASSWORD,
            widget=ShownPassword(
                attrs={
                    "class": "govuk-input govuk-password-input__input govuk-js-password-input-input",
                    "autocomplete": autocomplete,
                    "spellcheck": "false",
                    "autocapitalize": "none",
                }
            ),
            error_messages={
                "required": missing,
                "max_length": f"Password must be {LONGEST_PASSWORD:,} characters or fewer",
            },
        )

    def to_python(self, value):
        text = super().to_python(value)
        try:
            refuse_long(text, LONGEST_PASSWORD)
        except BadText as error:
            raise ValidationError(f"Password {error}", code="max_length") from error
        text = unicodedata.normalize("NFC", text)
        if "\0" in text or any(unicodedata.category(one) == "Cs" for one in text):
            raise ValidationError("Password must not include characters that cannot be typed", code="text")
        return text

    def clean(self, value):
        text = super().clean(value)
        return get_adapter().clean_password(text, user=self.user) if self.new and self.user is not None else text


def new_password(user=None, label="New password") -> PasswordField:
    """A field for a password that is to be set, with what it must be like."""
    field = PasswordField(label=label, help_text=HOW_LONG, autocomplete="new-password", new=True)
    field.user = user
    return field


class SignInForm(allauth.LoginForm):
    """Email address and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"login": EmailField(), "password": PasswordField()}
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        dress(self, submit="Sign in")


class SignUpForm(allauth.SignupForm):
    """Name, email address and password. An address that is known gets the same answer, after the same work."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {
            "name": self.fields["name"],
            "email": EmailField(help_text="We send a link to it, to make sure that it is yours"),
            "password1": new_password(label="Create a password"),
        }
        self.fields["email"].initial = self.initial.get("email")
        dress(self, submit="Create an account")

    def clean(self):
        cleaned = super().clean()
        password, person = cleaned.get("password1"), User(name=cleaned.get("name", ""), email=cleaned.get("email", ""))
        if password and not self.has_error("password1"):
            try:
                get_adapter().clean_password(password, user=person)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def try_save(self, request):
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    return self.save(request), None
            except IntegrityError:  # somebody was quicker with the same address
                self.account_already_exists = True
        else:
            User().set_password(self.cleaned_data["password1"])  # the same work as for an address that is new
        return super().try_save(request)


class ResetPasswordForm(allauth.ResetPasswordForm):
    """The address that a link is sent to."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"email": EmailField()}
        dress(self, submit="Send me a link")


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):
    """A new password, after the link."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"password1": new_password(self.user)}
        dress(self, submit="Save my new password")


class ChangePasswordForm(allauth.ChangePasswordForm):
    """The password as it is and as it shall be. Wrong guesses are throttled as at the way in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {
            "oldpassword": PasswordField(label="Your password now"),
            "password1": new_password(self.user),
        }
        dress(self, submit="Change my password")

    def clean_oldpassword(self):
        if not get_adapter().reauthenticate(self.user, self.cleaned_data["oldpassword"]):
            raise get_adapter().validation_error("enter_current_password")
        return self.cleaned_data["oldpassword"]


class SetPasswordForm(allauth.SetPasswordForm):
    """A first password, for somebody who came in through an identity provider."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"password1": new_password(self.user)}
        dress(self, submit="Set my password")


class ReauthenticateForm(allauth.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"password": PasswordField()}
        dress(self, submit="Continue")


class ChangeEmailForm(allauth.AddEmailForm):
    """A new address, which counts once it is confirmed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"email": EmailField(label="New email address", help_text="We send a link to it")}
        dress(self, submit="Send me a link")
        self.helper.inputs[0].name = "action_add"


class Throttled:
    """Wrong codes wait as wrong passwords do; `user` is whose codes they are."""

    def throttled(self, check):
        from allauth.core import context

        account = f"user:{self.user.pk}"
        try:
            throttle.take(context.request, kind="code", account=account)
        except throttle.Wait as wait:
            raise ValidationError(str(wait), code="wait") from wait
        result = check()
        if not throttle.first_use(account, result):
            raise get_adapter().validation_error("incorrect_code")
        throttle.forgive(context.request, kind="code", account=account)
        return result
