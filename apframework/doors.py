"""URLs of third parties: they carry no door of ours, so each stands here with who comes in and why that is right.

All of them are allauth's. "anyone": somebody who has not signed in must reach it. "own": allauth shows and changes
only what belongs to the person signed in.
"""

_ANYONE = {
    "account_login": "the way in",
    "account_signup": "people from providers register themselves",
    "account_inactive": "says that an account is closed, after the right password only",
    "account_confirm_email": "the link from the letter that confirms an address",
    "account_email_verification_sent": "says that a letter was sent, whether or not one was",
    "account_reset_password": "for whoever forgot the password; answers the same for every address",  # nosec B105
    "account_reset_password_done": "says that a letter was sent, whether or not one was",  # nosec B105
    "account_reset_password_from_key": "the link from the letter that sets a new password",  # nosec B105
    "account_reset_password_from_key_done": "says that the password was set",  # nosec B105
    "account_confirm_login_code": "signing in by code is off: allauth sends everybody to the way in",
    "mfa_authenticate": "the second step of signing in; needs the first one in the session",
    "mfa_login_webauthn": "signing in with a passkey",
    "socialaccount_login_cancelled": "says that signing in there was cancelled",
    "socialaccount_login_error": "says that signing in there failed",
    "socialaccount_signup": "asks nothing: our adapter refuses whoever has no invitation",
}
_OWN = {
    "account_logout": "ends one's own session",
    "account_email": "one's own address",
    "account_change_password": "one's own password",  # nosec B105
    "account_set_password": "one's own password",  # nosec B105
    "account_reauthenticate": "asks for the password again before something that matters",
    "mfa_index": "one's own second steps",
    "mfa_activate_totp": "one's own authenticator app",
    "mfa_deactivate_totp": "one's own authenticator app",
    "mfa_list_webauthn": "one's own passkeys",
    "mfa_add_webauthn": "one's own passkeys",
    "mfa_edit_webauthn": "one's own passkeys",
    "mfa_remove_webauthn": "one's own passkeys",
    "mfa_view_recovery_codes": "one's own recovery codes",
    "mfa_generate_recovery_codes": "one's own recovery codes",
    "mfa_download_recovery_codes": "one's own recovery codes",
    "mfa_reauthenticate": "asks for the second step again before something that matters",
    "mfa_reauthenticate_webauthn": "asks for the passkey again before something that matters",
    "socialaccount_connections": "one's own links to other accounts",
}
THIRD_PARTY = {name: ("anyone", why) for name, why in _ANYONE.items()} | {
    name: ("own", why) for name, why in _OWN.items()
}
