"""The second step: its secrets encrypted, its words ours, and who has taken it already elsewhere."""

from __future__ import annotations

import base64

from allauth.account.utils import user_email
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings

from core import crypto

PURPOSE = "accounts.second-step"
_WRONG_CODE = "The code is wrong or has run out. Enter the newest code"


class SecondStepAdapter(DefaultMFAAdapter):
    """The secret of an authenticator app and the seed of recovery codes stand encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _WRONG_CODE,
        "cannot_delete_authenticator": "You cannot remove this second step",
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first",
        "unverified_email": "Confirm your email address first",
        "add_email_blocked": "Confirm your email address first",
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.seal(text.encode(), purpose=PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(base64.b64decode(encrypted_text), purpose=PURPOSE).decode()

    def get_totp_issuer(self) -> str:
        return settings.PORTAL_NAME

    def build_totp_svg(self, url: str) -> str:
        """A QR code that stays readable on a dark page: black squares on white."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")

    def generate_authenticator_name(self, user, type) -> str:
        from allauth.mfa.models import Authenticator

        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": settings.PORTAL_NAME}

    def get_public_key_credential_user_entity(self, user) -> dict:
        entity = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user_email(user), "display_name": user.name or user_email(user)}


def asserted_elsewhere(sociallogin) -> bool:
    """The identity provider says that it asked for a second step, and is configured to be believed in this
    (`asserts_second_step`): claim `amr` with `mfa` (RFC 8176), or `acr` among the configured `acr_values`."""
    app = sociallogin.provider.app
    claims = sociallogin.account.extra_data.get("id_token") or {}
    if not app.settings.get("asserts_second_step"):
        return False
    amr = claims.get("amr")
    if isinstance(amr, list) and "mfa" in amr:
        return True
    return claims.get("acr") in app.settings.get("second_step_acr_values", [])


class SecondStepStage(AuthenticateStage):
    """Not asked of somebody whose identity provider has just asked it."""

    def _should_handle(self, request) -> bool:
        sociallogin = (self.login.signal_kwargs or {}).get("sociallogin")
        if sociallogin is not None and asserted_elsewhere(sociallogin):
            return False
        return super()._should_handle(request)
