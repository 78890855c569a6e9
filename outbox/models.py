"""Messages that leave the house, each once per unique key."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from outbox.states import Channel, Mode, Queue, State


class Message(models.Model):
    """One e-mail or text. `key` says what it is for ("invitation:12:1"), so that writing it twice is harmless.

    The body holds no personal data, only a link behind sign-in. Where it must hold a secret (a confirmation link), it
    stands encrypted in `sealed_body` and is blanked once sent. Times are UTC.
    """

    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=10, choices=Channel)
    queue = models.CharField(max_length=10, choices=Queue)
    mode = models.CharField(max_length=12, choices=Mode)
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    sealed_body = models.BinaryField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["queue", "due_at"], name="outbox_due", condition=Q(state__in=["due", "claimed"])),
            models.Index(fields=["-id"], name="outbox_dead", condition=Q(state="dead")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="sent") & Q(sent_at__isnull=False)) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="outbox_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(lease_until__isnull=False), name="outbox_claim_has_a_lease"
            ),
        ]

    def __str__(self):
        return self.key
