"""What happens to messages, in plain words."""

WORDS = {
    "outbox.message.given_up": "Letter could not be sent",
    "outbox.message.retried": "Letter tried again",
    "outbox.message.stopped": "Alarm no longer tried",
    "outbox.messages.blanked": "Old letters blanked",
}

THINGS = {"outbox.message": "Letter", "outbox.messages": "Letter"}
