"""Who may look into the outbox."""

from __future__ import annotations

from django.conf import settings

from outbox.states import Mode, State


def can_see_outbox(user, message=None) -> bool:
    """Operators, who run the deployment; in the demo world everybody, so that a visitor can read the letter that was
    just written to them."""
    return settings.DEMO or _is_operator(user)


def can_operate(user, message) -> bool:
    """Operators: whether this message can be tried again or stopped, its page says."""
    return _is_operator(user)


def can_read_bodies(user) -> bool:
    """What letters say: in the demo world only. Outside it nobody reads other people's letters here."""
    return settings.DEMO


def can_retry(user, message) -> bool:
    """An operator, a message that was given up, as long as there is something left to send."""
    return _is_operator(user) and message.state == State.DEAD and message.can_be_read


def can_give_up(user, message) -> bool:
    """An operator, an alarm that is still being tried: the portal itself never gives one up."""
    return _is_operator(user) and message.mode == Mode.SEND_FIRST and message.state == State.DUE


def _is_operator(user) -> bool:
    return bool(getattr(user, "is_operator", False) and user.is_active)


def nobody(user) -> bool:
    """What only the portal itself does."""
    return False
