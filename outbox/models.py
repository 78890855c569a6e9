"""Messages that leave the house, each once per unique key."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from outbox.states import WAITING, Channel, Mode, Queue, State

_CHANNELS, _STATES = dict(Channel.choices), dict(State.choices)


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user) -> MessageQuerySet:
        """An operator sees every message; in the demo world, so does everybody. Nobody else sees any."""
        return self if settings.DEMO or getattr(user, "is_operator", False) else self.none()

    def locked(self, pk) -> Message:
        """The row, read again and locked. Raises `DoesNotExist`."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def waiting(self, queue: Queue) -> MessageQuerySet:
        """Neither sent nor given up."""
        return self.filter(queue=queue, try_at__isnull=False)

    def ripe(self, queue: Queue, at) -> MessageQuerySet:
        """To be tried now: due, or claimed by somebody whose lease has run out."""
        return self.filter(queue=queue, try_at__lte=at)


class Message(models.Model):
    """One email or text. `key` says what it is for ("invitation:12:1"), so that writing it twice is harmless.

    The body holds no personal data, only a link behind sign-in. Where it must hold a secret (a confirmation link), it
    stands encrypted in `sealed_body` and is blanked once sent. Times are UTC.

    `due_at` says when it should have gone and never moves, so that lateness can be measured. `try_at` says when the
    next try may be made: while it is being sent, the end of the lease; empty once it is over. `token` is the hand that
    last wrote the row: the call that posted it, then each claim.

    A `discreet` message would tell by its receiver what nobody but the receiver may know, for example that a firm has
    applied: operators see that it is there and what became of it, not to whom it goes or what it is for.
    """

    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=10, choices=Channel)
    queue = models.CharField(max_length=10, choices=Queue)
    mode = models.CharField(max_length=12, choices=Mode)
    to = models.CharField(max_length=320, blank=True)
    discreet = models.BooleanField(default=False)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    sealed_body = models.BinaryField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    due_at = models.DateTimeField()
    try_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    token = models.CharField(max_length=32)
    over_at = models.DateTimeField(null=True)
    blanked_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["queue", "try_at"], name="outbox_to_try", condition=Q(try_at__isnull=False)),
            models.Index(fields=["state", "-id"], name="outbox_by_state"),
            models.Index(
                fields=["over_at"], name="outbox_to_blank", condition=Q(over_at__isnull=False, blanked_at__isnull=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=WAITING, try_at__isnull=False, over_at__isnull=True)
                | (~Q(state__in=WAITING) & Q(try_at__isnull=True, over_at__isnull=False)),
                name="outbox_waiting_or_over",
            ),
            models.CheckConstraint(
                condition=Q(body="") | Q(sealed_body__isnull=True), name="outbox_a_secret_has_no_open_copy"
            ),
        ]

    def __str__(self):
        return self.key

    def get_state_display(self) -> str:
        """The state in words. Django's own method goes through all choices at every call."""
        return _STATES.get(self.state, self.state)

    def get_channel_display(self) -> str:
        """The channel in words, in the same way."""
        return _CHANNELS.get(self.channel, self.channel)

    @property
    def to_show(self) -> str:
        """To whom it goes, as operators may read it: "Not shown" for a discreet one, but in the demo, which sends
        nothing and where the letter is read on its page."""
        if self.discreet and not settings.DEMO:
            return "Not shown"
        return self.to or "Removed"

    @property
    def reference(self) -> str:
        """What it is called on pages and in the record: its key, and for a discreet one its number."""
        return f"message {self.pk}" if self.discreet else self.key

    @property
    def can_be_read(self) -> bool:
        """There is still something to send."""
        return bool(self.body) or self.sealed_body is not None
