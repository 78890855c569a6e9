"""The record of what happened. Events are written once and never touched again: Python refuses here, triggers refuse
in the database (`audit.triggers`). Seals chain the events together (`audit.actions.seal`)."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, models

SEALING = 0x61756469  # the advisory lock's number: nothing else in the house uses it


class Untouchable(Exception):
    """Somebody tried to change or delete what may only be added to."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows may be added and read."""

    def update(self, **kwargs):
        raise Untouchable(f"{self.model.__name__} is append-only")

    def _update(self, values):  # what saving an existing row calls
        self.update()

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise Untouchable(f"{self.model.__name__} is append-only")
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, *args, **kwargs):
        raise Untouchable(f"{self.model.__name__} is append-only")

    def delete(self):
        raise Untouchable(f"{self.model.__name__} is append-only")

    delete.queryset_only = True


class Event(models.Model):
    """One thing that happened: who, what, to which thing, in which organisation, when (UTC).

    `by` is a person, or empty with `by_label` naming the part of the portal (`system:outbox.sweep`) or `anonymous`.
    `data` holds ids and labels only: never a pupil's name, never a price that is still sealed.
    """

    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=80, blank=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        # Every list of events is newest first and read by its place in one of these, so that a page costs the same
        # whatever stands below it.
        indexes = [
            models.Index(fields=["organisation_id", "-at", "-id"], name="audit_by_organisation"),
            models.Index(fields=["organisation_id", "action", "-at", "-id"], name="audit_by_action"),
            models.Index(fields=["organisation_id", "by", "-at", "-id"], name="audit_by_person_there"),
            models.Index(fields=["about_type", "about_id", "-at", "-id"], name="audit_by_thing"),
            models.Index(fields=["by", "-at", "-id"], name="audit_by_person"),
            models.Index(fields=["-at", "-id"], name="audit_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by__isnull=False, by_label="")
                | (models.Q(by__isnull=True) & ~models.Q(by_label="")),
                name="audit_somebody_did_it",
            ),
        ]

    def __str__(self):
        return f"{self.action} {self.about_type} {self.about_id or ''}".strip()

    def delete(self, *args, **kwargs):
        raise Untouchable("Event is append-only")


class SealQuerySet(AppendOnlyQuerySet):
    def head_locked(self) -> Seal | None:
        """The last seal, while nobody else can add one until this transaction ends. A row lock would not do: whoever
        waits for it would still get the row that was last when the waiting began, and the first seal has none before
        it. SQLite's one writer needs no lock."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING])
        return self.order_by("-id").first()


class Seal(models.Model):
    """A link of the chain: `hash` is over the previous link's hash and the digests of this one's events
    (`audit.rules.link`). `last_event_id` is the highest id of an event in it. Each link has one successor."""

    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    events = models.PositiveIntegerField()
    last_event_id = models.BigIntegerField()

    objects = SealQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["-at"], name="audit_seal_by_time")]

    def __str__(self):
        return f"Seal {self.pk}"

    def delete(self, *args, **kwargs):
        raise Untouchable("Seal is append-only")


class SealItem(models.Model):
    """Which seal an event is under, and the event's digest then: one row per event."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="items")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="sealed")
    digest = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"

    def __str__(self):
        return f"{self.seal_id}: {self.event_id}"

    def delete(self, *args, **kwargs):
        raise Untouchable("SealItem is append-only")
