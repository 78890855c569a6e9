"""Lots, their parts, their texts, and what is priced in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lots import states
from lots.models.frameworks import Framework


class LotQuerySet(models.QuerySet):
    def locked(self, pk) -> Lot:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> LotQuerySet:
        """Lots of frameworks that the person may see, each with its framework and buyer: every door asks about them."""
        return self.filter(framework__in=Framework.objects.visible_to(user)).select_related("framework__buyer")


class Lot(models.Model):
    """A lot. An auto lot is one that nobody bids for: a place on any other lot brings it. Values are pence."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="lots")
    number = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    net_pence = models.PositiveBigIntegerField(null=True)
    gross_pence = models.PositiveBigIntegerField(null=True)
    is_auto = models.BooleanField(default=False)
    for_small = models.BooleanField(default=False)
    for_voluntary = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="lots_one_lot_of_a_number")]
        ordering = ["position", "id"]

    def __str__(self):
        return f"Lot {self.number}: {self.title}"


class SubLot(models.Model):
    """A lot's part for one age phase. Letters A, B, C stand for primary, secondary and 16+ whatever the lot offers."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="sub_lots")
    letter = models.CharField(max_length=2)
    phase = models.CharField(max_length=10, choices=states.Phase)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "letter"], name="lots_one_part_of_a_letter")]
        ordering = ["letter", "id"]

    def __str__(self):
        return f"{self.letter}: {self.get_phase_display()}"


class Region(models.Model):
    """Where a lot is delivered, as the notice's code (UKH21). Named twice there, it stands here once."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="regions")
    code = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "code"], name="lots_one_region_of_a_code")]

    def __str__(self):
        return self.code


class LotText(models.Model):
    """A text of a lot: as published ("As Lot 1"), and what that says (`resolved`, taken from the lot `same_as`)."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=10, choices=states.TextKind)
    name = models.CharField(max_length=200, blank=True)
    published = models.TextField()
    resolved = models.TextField()
    same_as = models.ForeignKey(Lot, on_delete=models.SET_NULL, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self):
        return f"{self.kind} of {self.lot_id}"


class PriceLineQuerySet(models.QuerySet):
    def visible_to(self, user) -> PriceLineQuerySet:
        """Price lines of frameworks that the person may see."""
        return self.filter(lot__framework__in=Framework.objects.visible_to(user)).select_related("lot__framework")


class PriceLine(models.Model):
    """What is priced in a lot: the unit is fixed by the line and never converted."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="price_lines")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=10, choices=states.Unit)
    mode = models.CharField(max_length=10, choices=states.Mode)
    group = models.CharField(max_length=10, choices=states.Group)
    includes = models.TextField(blank=True)
    gated = models.CharField(max_length=10, choices=states.Gated, default=states.Gated.GATED)
    required = models.BooleanField(default=True)

    objects = PriceLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "title"], name="lots_one_line_of_a_title"),
            models.CheckConstraint(condition=~Q(title=""), name="lots_line_has_a_title"),
        ]
        ordering = ["position", "id"]

    def __str__(self):
        return self.title
