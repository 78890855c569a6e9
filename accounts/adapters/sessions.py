"""Ending sessions, with a record of it."""

from __future__ import annotations

from allauth.usersessions.adapter import DefaultUserSessionsAdapter


class SessionsAdapter(DefaultUserSessionsAdapter):
    """As allauth does it; our own pages end sessions through `accounts.actions.sign_in`."""
