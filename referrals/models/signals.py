"""That a provider teaches as a school does and is none: for councils alone, without a pupil and without a number."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from accounts.models.organisations import roles_of
from accounts.states import Role

# Of an authority's people, who answers for what goes on at a provider that is no registered school.
WATCHES_THRESHOLD = frozenset({Role.ADMIN, Role.COMMISSIONER, Role.SAFEGUARDING, Role.CONTRACTS})


class ThresholdSignalQuerySet(models.QuerySet):
    def visible_to(self, user) -> ThresholdSignalQuerySet:
        """The officers of the authorities that were told."""
        ours = {one.organisation_id for one in roles_of(user) if one.role in WATCHES_THRESHOLD}
        return self.filter(told__in=ours).select_related("provider").distinct()


class ThresholdSignal(models.Model):
    """From a day on, until the day before `ended_on`, a provider without a school's registration taught so many pupils
    for so many hours that it may be an independent school (Education Act 1996, s.463). Which pupils, how many and whose
    they are is kept nowhere. `told` are the authorities that may know."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="threshold_signals")
    began_on = models.DateField()
    ended_on = models.DateField(null=True)
    told = models.ManyToManyField(Organisation, related_name="+")

    objects = ThresholdSignalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider"], condition=Q(ended_on__isnull=True), name="referrals_one_open_signal"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")), name="referrals_signal_in_order"
            ),
        ]
        ordering = ["-began_on", "-id"]

    def __str__(self):
        return f"Signal {self.pk}"
