"""Every page that somebody can open, and who opens it: what the browser and the house tests walk through.

Ours come from the access matrix; allauth's stand here, each with the member of the cast who sees it best.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from tests.house.matrix import ROLES, Row

# Who is shown most comes first.
_BEST_FIRST = ["ada", "alice", "sana", "olu", "tariq", "max", "nora", "nobody"]


@dataclass(frozen=True)
class Opened:
    """A page: its URL name, who opens it ("nobody" has not signed in), and its arguments."""

    name: str
    who: str
    args: Callable | None = None

    def user(self, world):
        return None if self.who == "nobody" else getattr(world, self.who)

    def address(self, world) -> str:
        return reverse(self.name, args=self.args(world) if self.args else ())


THIRD_PARTY = [
    Opened("account_login", "nobody"),
    Opened("account_signup", "nobody"),
    Opened("account_inactive", "nobody"),
    Opened("account_confirm_email", "nobody", lambda world: ["a-key-that-nobody-gave-out"]),
    Opened("account_email_verification_sent", "nobody"),
    Opened("account_reset_password", "nobody"),
    Opened("account_reset_password_done", "nobody"),
    Opened("account_reset_password_from_key", "nobody", lambda world: ["0", "a-key-that-nobody-gave-out"]),
    Opened("account_reset_password_from_key_done", "nobody"),
    Opened("account_logout", "alice"),
    Opened("account_email", "alice"),
    Opened("account_change_password", "alice"),
    Opened("account_reauthenticate", "alice"),
    Opened("mfa_index", "alice"),
    Opened("mfa_activate_totp", "without_second_step"),
    Opened("mfa_deactivate_totp", "alice"),
    Opened("mfa_list_webauthn", "alice"),
    Opened("mfa_add_webauthn", "alice"),
    Opened("mfa_view_recovery_codes", "with_recovery_codes"),
    Opened("mfa_generate_recovery_codes", "alice"),
    Opened("socialaccount_login_cancelled", "nobody"),
    Opened("socialaccount_connections", "alice"),
]
# Pages of allauth that one comes to only in the middle of something, and what never is a page.
NOT_OPENED_BY_ADDRESS = {
    "account_confirm_login_code": "signing in by code is off: it sends everybody to the way in",
    "account_set_password": "everybody has a password: it sends people to the page that changes it",
    "mfa_authenticate": "comes after the password; a journey of its own goes there",
    "mfa_reauthenticate": "comes before something that matters; it sends people away otherwise",
    "mfa_reauthenticate_webauthn": "the same, for passkeys",
    "mfa_login_webauthn": "answers a script",
    "mfa_edit_webauthn": "needs a passkey",
    "mfa_remove_webauthn": "needs a passkey",
    "mfa_download_recovery_codes": "a file",
    "socialaccount_login_error": "sends people to the way in; the page is shown where the fault happened",
    "socialaccount_signup": "needs an identity provider",
}


def ours(rows: dict[str, Row]) -> list[Opened]:
    """Every URL of the matrix that answers 200 to a GET, opened by whoever is shown most."""
    found = []
    order = _BEST_FIRST + [role for role in ROLES if role not in _BEST_FIRST]
    for name, row in sorted(rows.items()):
        who = next((role for role in order if row.expected(role) == 200), None)
        if row.method == "get" and who:
            found.append(Opened(name, who, row.args))
    return found


def read(answer):
    """The answer, read to its end, so that a file behind it is closed."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def everyone(world):
    """The cast, and two people whose pages differ from theirs."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    from tests.cast import make_person

    world.people["without_second_step"] = make_person("wren", second_step=False)
    world.people["with_recovery_codes"] = make_person("remy")
    RecoveryCodes.activate(world.with_recovery_codes)
    return world
