"""The life of a message."""

from django.db.models import TextChoices


class State(TextChoices):
    DUE = "due", "Waiting to be sent"
    CLAIMED = "claimed", "Being sent"
    SENT = "sent", "Sent"
    DEAD = "dead", "Could not be sent"


class Channel(TextChoices):
    EMAIL = "email", "Email"
    TEXT = "text", "Text message"


class Queue(TextChoices):
    ALARMS = "alarms", "Alarms"
    MAIL = "mail", "Mail"


class Mode(TextChoices):
    CLAIM_FIRST = "claim_first", "Claimed, then sent: at most one duplicate per crash"
    SEND_FIRST = "send_first", "Sent, then marked: never silently lost"


# A message that was put back while its letter was already on the wire still becomes `sent`, from `due` or from `dead`:
# the row says what is true of the world.
MOVES = {
    State.DUE: {State.CLAIMED, State.SENT, State.DEAD},
    State.CLAIMED: {State.SENT, State.DUE, State.DEAD},
    State.DEAD: {State.DUE, State.SENT},
    State.SENT: set(),
}
WAITING = (State.DUE, State.CLAIMED)
