"""The second step's forms: codes, passkeys and recovery codes, in our words."""

from __future__ import annotations

import re

from allauth.mfa.base import forms as base
from allauth.mfa.recovery_codes import forms as recovery_codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.passwords import Throttled, dress
from core.fields import NameField

FAILED = "The passkey could not be used. Try again, or use another way"


class CodeField(forms.CharField):
    """Six figures from an app, or eight of a recovery code; spaces and dashes do not matter."""

    def __init__(self, *, label="Code", help_text=""):
        super().__init__(
            label=label,
            help_text=help_text,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "one-time-code",
                    "inputmode": "numeric",
                    "spellcheck": "false",
                    "class": "govuk-input--width-10 govuk-input--extra-letter-spacing",
                }
            ),
            error_messages={"required": "Enter the code"},
        )

    def to_python(self, value):
        text = re.sub(r"[\s-]", "", super().to_python(value)[:100])
        if text and not re.fullmatch(r"[0-9]{6,8}", text):
            raise ValidationError("Enter the code in figures, like 123456", code="code")
        return text


class AuthenticateForm(Throttled, base.AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(help_text="From your authenticator app, or one of your recovery codes")
        dress(self, submit="Sign in")

    def clean_code(self):
        return self.throttled(super().clean_code)


class ReauthenticateForm(Throttled, base.ReauthenticateForm):
    """The second step once more."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(help_text="From your authenticator app, or one of your recovery codes")
        dress(self, submit="Continue")

    def clean_code(self):
        return self.throttled(super().clean_code)


class ActivateTOTPForm(Throttled, totp.ActivateTOTPForm):
    """Proves that the app has the secret."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(label="Code that the app shows")
        dress(self, submit="Switch on")

    def clean_code(self):
        return self.throttled(super().clean_code)


class DeactivateTOTPForm(totp.DeactivateTOTPForm):
    """Nothing to type."""


class GenerateRecoveryCodesForm(recovery_codes.GenerateRecoveryCodesForm):
    """Nothing to type."""


class PasskeyName(NameField):
    """What the person calls a passkey."""

    def __init__(self):
        super().__init__(
            what="Name",
            longest=60,
            label="Name of this passkey",
            help_text="So that you can tell it from another, for example “Work phone”",
            required=False,
        )


class _Answer:
    """What a browser sends of a passkey was made by whoever sent it: anything may stand in it, and whatever cannot be
    read is a passkey that could not be used, never an error of ours."""

    def read(self, check):
        try:
            return check()
        except ValidationError as error:
            raise ValidationError(
                error.message if error.code == "wait" else FAILED, code=error.code or "passkey"
            ) from error
        except Exception as error:
            raise ValidationError(FAILED, code="passkey") from error


class AddPasskeyForm(_Answer, webauthn.AddWebAuthnForm):
    """A name, and the browser's answer."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"] = PasskeyName()
        self.fields["credential"].error_messages = {"required": FAILED, "invalid": FAILED}
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].widget = forms.HiddenInput()
        dress(self, submit="Add this passkey")

    def clean(self):
        return self.read(super().clean)


class EditPasskeyForm(webauthn.EditWebAuthnForm):
    """Another name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"] = PasskeyName()
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = "Enter a name"
        dress(self, submit="Save")


class _UsePasskey(_Answer):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages = {"required": FAILED, "invalid": FAILED}

    def clean_credential(self):
        return self.read(super().clean_credential)


class AuthenticatePasskeyForm(_UsePasskey, webauthn.AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class SignInPasskeyForm(_UsePasskey, webauthn.LoginWebAuthnForm):
    """A passkey in place of password and second step."""


class ReauthenticatePasskeyForm(_UsePasskey, webauthn.ReauthenticateWebAuthnForm):
    """A passkey once more."""


class DisconnectForm(social.DisconnectForm):
    """Which linked account to remove."""
