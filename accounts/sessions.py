"""Sessions in the database, sealed: a copy of it shows neither addresses nor secrets that were on their way."""

from __future__ import annotations

import base64
import re

from django.contrib.sessions.backends import db

from core import crypto

PURPOSE = "accounts.session"


class SessionStore(db.SessionStore):
    """Django's own, its content encrypted. A key that we cannot have made is no key: PostgreSQL would stumble over the
    NUL that a cookie can carry."""

    def encode(self, session_dict) -> str:
        plain = self.serializer().dumps(session_dict)
        return base64.b64encode(crypto.seal(plain, purpose=PURPOSE)).decode()

    def decode(self, session_data) -> dict:
        """What was kept, or nothing when the key that sealed it is gone: that person signs in again."""
        try:
            return self.serializer().loads(crypto.unseal(base64.b64decode(session_data), purpose=PURPOSE))
        except (crypto.SealBroken, ValueError):
            return {}

    def _validate_session_key(self, key) -> bool:
        return bool(key) and re.fullmatch(r"[0-9a-z]{32}", key) is not None
