"""The evidence library: uploaded once, used for many standards, lots and rounds.

A submission names versions, never items, so that replacing a document touches nothing that was submitted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from accounts.models.organisations import roles_of
from files.models import File
from providers import states


def own(user) -> set[int]:
    """The organisations that the person belongs to: operators, who see organisations, do not see into them."""
    return {held.organisation_id for held in roles_of(user)}


class OwnQuerySet(models.QuerySet):
    """Rows that are a provider's own. `with_each` is what is read with every row: its door asks about it."""

    with_each = ("provider",)

    def locked(self, pk):
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user):
        """Those of the organisations that the person belongs to."""
        return self.filter(provider__in=own(user)).select_related(*self.with_each)


class ItemQuerySet(OwnQuerySet):
    with_each = ("provider", "current")


class Item(models.Model):
    """A document of the library. `current` is its newest version. Removed from the library, never deleted: what was
    submitted stays readable."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="items")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=14, choices=states.ItemKind)
    current = models.ForeignKey("providers.ItemVersion", on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["provider", "title", "id"], condition=Q(removed_at__isnull=True), name="providers_library"
            )
        ]

    def __str__(self):
        return self.title


class ItemVersionQuerySet(models.QuerySet):
    def visible_to(self, user) -> ItemVersionQuerySet:
        """Those of the organisations that the person belongs to."""
        return self.filter(item__provider__in=own(user)).select_related("item__provider", "file", "added_by")


class ItemVersion(models.Model):
    """One file of a document, with the days that it bears. Never changed: a newer one comes after it. Days are days in
    England; `expires_on` is the last day on which it counts."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ItemVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="providers_one_version_of_a_number"),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gte=models.F("issued_on")),
                name="providers_expires_after_it_was_issued",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_on"], condition=Q(expires_on__isnull=False), name="providers_expiry"),
        ]

    def __str__(self):
        return f"{self.item_id} version {self.number}"


class ExpiryNotice(models.Model):
    """That the provider was told of a coming end, once for each of 90, 60, 30, 7 and 0 days before: of a document's
    version, or of a policy of insurance without a document. `ends_on` is the day it was told of: a policy whose day was
    changed is told of anew. `run` is the pass of the watch that wrote the row."""

    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, null=True, related_name="notices")
    insurance = models.ForeignKey("providers.Insurance", on_delete=models.PROTECT, null=True, related_name="notices")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    ends_on = models.DateField()
    told_on = models.DateField()
    told_at = models.DateTimeField()
    run = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "days"], name="providers_told_once"),
            models.UniqueConstraint(fields=["insurance", "ends_on", "days"], name="providers_told_once_of_cover"),
            models.CheckConstraint(
                condition=Q(version__isnull=False, insurance__isnull=True)
                | Q(version__isnull=True, insurance__isnull=False),
                name="providers_told_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "told_on"], name="providers_told_today"),
            models.Index(fields=["run"], name="providers_told_by_run"),
        ]

    def __str__(self):
        return f"{self.days} days before {self.ends_on}"
