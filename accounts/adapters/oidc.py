"""OpenID Connect, stricter than allauth's own: the ID token's signature is always checked (allauth trusts the direct
connection), it must answer our nonce, and the address that starts the journey cannot add parameters to it."""

from __future__ import annotations

import secrets

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

SIGNATURES = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}


class Adapter(OpenIDConnectOAuth2Adapter):
    """Speaks to one provider."""

    def complete_login(self, request, app, token, **kwargs):
        raw = kwargs["response"].get("id_token")
        if not isinstance(raw, str):
            raise OAuth2Error("The provider sent no ID token")
        try:
            claims = self._decode_id_token(app, raw)
            if not secrets.compare_digest(str(claims.get("nonce", "")), request.session.pop("oidc_nonce", "") or "-"):
                raise OAuth2Error("The ID token answers another request")
            facts = {"id_token": claims}
            if app.settings.get("fetch_userinfo", True):
                facts["userinfo"] = self._fetch_user_info(token.token)
                if facts["userinfo"].get("sub") != claims.get("sub"):
                    raise OAuth2Error("The facts are about another person than the ID token")
            return self.get_provider().sociallogin_from_response(request, facts)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise OAuth2Error("The provider's answer is not what the standard says") from error

    def _decode_id_token(self, app, id_token: str) -> dict:
        try:
            algorithm, key = jwtkit.fetch_key(id_token, self.openid_config["jwks_uri"], jwtkit.lookup_kid_jwk)
            if algorithm not in SIGNATURES:
                raise OAuth2Error("The ID token is signed in a way that we do not accept")
            claims = jwtkit.jwt.decode(
                id_token,
                key=key,
                algorithms=[algorithm],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=60,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwtkit.jwt.PyJWTError as error:
            raise OAuth2Error("The ID token does not hold") from error
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != app.client_id:
            raise OAuth2Error("The ID token is for another party")
        return claims


class Provider(OpenIDConnectProvider):
    """One configured identity provider."""

    oauth2_adapter_class = Adapter

    def get_scope_from_request(self, request):
        return self.get_scope()

    def get_auth_params_from_request(self, request, action):
        return self.get_auth_params()

    def get_auth_params(self):
        nonce = self.request.session["oidc_nonce"] = secrets.token_urlsafe(24)
        return super().get_auth_params() | {"nonce": nonce}

    def extract_uid(self, data) -> str:
        subject = data["id_token"]["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= 191 or not subject.isprintable():
            raise OAuth2Error("The ID token names nobody")
        return subject

    def extract_email_addresses(self, data):
        """Some send the flag as a word: only a plain yes is one. A provider whose administrator answers for its
        addresses (Entra ID sends no flag) is configured with `addresses_are_verified`."""
        addresses = super().extract_email_addresses(data)
        for address in addresses:
            sources = [data.get("userinfo") or {}, data["id_token"]]
            flags = [source.get("email_verified") for source in sources if source.get("email") == address.email]
            said = bool(flags) and all(flag is True or flag == "true" for flag in flags)
            address.verified = said or bool(self.app.settings.get("addresses_are_verified"))
        return addresses

    def extract_extra_data(self, data) -> dict:
        """What is kept: how the person signed in there, nothing about them."""
        return {"id_token": {claim: data["id_token"][claim] for claim in ("amr", "acr") if claim in data["id_token"]}}
