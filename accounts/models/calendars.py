"""When an organisation is open."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models.organisations import Organisation


class DatesQuerySet(models.QuerySet):
    def visible_to(self, user) -> DatesQuerySet:
        """The dates of organisations that the person belongs to."""
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class TermDates(models.Model):
    """A term or half-term of an organisation: the days from `starts_on` to `ends_on`, both counted."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="terms")
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = DatesQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="accounts_term_ends_after_it_starts"),
            models.UniqueConstraint(fields=["organisation", "starts_on"], name="accounts_one_term_per_start"),
        ]

    def __str__(self):
        return self.name


class Closure(models.Model):
    """Days on which an organisation is closed inside a term: INSET, holiday, snow. Both ends counted."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="closures")
    reason = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = DatesQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="accounts_closure_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["organisation", "starts_on", "reason"], name="accounts_one_closure_per_start_and_reason"
            ),
        ]

    def __str__(self):
        return self.reason
