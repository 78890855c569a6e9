"""The agreement for one pupil, as it was written and signed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from referrals.models.placements import Placement


class PlacementPaperQuerySet(models.QuerySet):
    def locked(self, pk) -> PlacementPaper:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> PlacementPaperQuerySet:
        """Whoever sees the placement."""
        rows = self.filter(placement__in=Placement.objects.visible_to(user))
        return rows.select_related("placement__commissioner", "placement__provider")


class PlacementPaper(models.Model):
    """The agreement for one pupil, as both sides sign it: `document` is canonical JSON, sealed (it names the pupil),
    `sha256` is of the JSON; a change makes a new number. The PDF is made of it whenever it is asked for."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="papers")
    number = models.PositiveSmallIntegerField()
    document = models.BinaryField(default=b"")
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    provider_signed_at = models.DateTimeField(null=True)
    provider_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    provider_signed_name = models.CharField(max_length=200, blank=True)
    party_signed_at = models.DateTimeField(null=True)
    party_signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    party_signed_name = models.CharField(max_length=200, blank=True)
    replaced_at = models.DateTimeField(null=True)

    objects = PlacementPaperQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "number"], name="referrals_one_paper_of_a_number"),
            models.UniqueConstraint(
                fields=["placement"], condition=Q(replaced_at__isnull=True), name="referrals_one_paper_stands"
            ),
        ]
        ordering = ["-number"]

    def __str__(self):
        return f"Agreement {self.pk}"
