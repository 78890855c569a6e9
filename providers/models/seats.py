"""How many pupils more a provider can take, where and when, as the provider itself says."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from lots.models import Lot, SubLot
from providers import states
from providers.models.library import OwnQuerySet
from providers.models.profiles import Site


class Seats(models.Model):
    """Free seats at a site (which may be online or pupils' homes), on a lot or the part of one, in one half of a
    weekday (0 is Monday). A statement of the provider's, confirmed weekly; not offered once it is older than
    `providers.rules.seats.STALE_DAYS`. A call-off takes one from each half that its timetable touches."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seats")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="seats")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    sub_lot = models.ForeignKey(SubLot, on_delete=models.PROTECT, null=True, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    half = models.CharField(max_length=2, choices=states.Half)
    free = models.IntegerField()
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "sub_lot", "weekday", "half"],
                condition=Q(sub_lot__isnull=False),
                name="providers_seats_once_on_a_part",
            ),
            models.UniqueConstraint(
                fields=["site", "lot", "weekday", "half"],
                condition=Q(sub_lot__isnull=True),
                name="providers_seats_once_on_a_lot",
            ),
            models.CheckConstraint(condition=Q(free__gte=0), name="providers_seats_are_not_negative"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="providers_seats_on_a_weekday"),
        ]
        indexes = [
            models.Index(fields=["lot", "weekday", "half", "provider"], name="providers_seats_of_lot"),
            models.Index(fields=["provider", "lot", "weekday", "half"], name="providers_seats_of_provider"),
        ]

    def __str__(self):
        return f"{self.free} at {self.site_id}"
