"""The record of what happened. Events are written once and never touched again: Python refuses here, triggers refuse
in the database (`audit.triggers`). Seals chain the events together (`audit.steps`)."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Untouchable(Exception):
    """Somebody tried to change or delete what may only be added to."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows may be added and read."""

    def update(self, **kwargs):
        raise Untouchable(f"{self.model.__name__} is append-only")

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
        indexes = [
            models.Index(fields=["organisation_id", "-id"], name="audit_by_organisation"),
            models.Index(fields=["about_type", "about_id", "-id"], name="audit_by_thing"),
            models.Index(fields=["by", "-id"], name="audit_by_person"),
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


class Seal(models.Model):
    """A link of the chain: SHA-256 over the previous link's hash and every event in this one, in order of id."""

    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    events = models.PositiveIntegerField()

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self):
        return f"Seal {self.pk}"

    def delete(self, *args, **kwargs):
        raise Untouchable("Seal is append-only")


class SealItem(models.Model):
    """Which seal an event is under: one row per event."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="items")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="sealed")
    digest = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self):
        return f"{self.seal_id}: {self.event_id}"

    def delete(self, *args, **kwargs):
        raise Untouchable("SealItem is append-only")
