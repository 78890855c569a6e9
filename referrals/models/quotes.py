"""Quotes for the catch-all lot, where no price was awarded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from files.models import File
from lots.models import Place
from lots.states import Unit
from referrals.models.own import HOLDS_BUDGET, SEES_PUPILS, where
from referrals.models.referrals import Referral


class QuoteQuerySet(models.QuerySet):
    def locked(self, pk) -> Quote:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> QuoteQuerySet:
        """The commissioner's people who work with pupils, and its budget holders: it names no pupil."""
        rows = self.filter(referral__commissioner__in=where(user, SEES_PUPILS | HOLDS_BUDGET))
        return rows.select_related("referral__commissioner", "place__provider")


class Quote(models.Model):
    """A price quoted for the catch-all lot, where no price was awarded: why the other lots cannot meet the need, what
    it was compared with, and who approved it. `units` in hundredths, `pence` one unit without VAT."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="quotes")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=10, choices=Unit)
    pence = models.PositiveBigIntegerField()
    units = models.PositiveBigIntegerField()
    total_pence = models.PositiveBigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    why_not_others = models.TextField()
    compared = models.TextField()
    file = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved__isnull=True, answered_at__isnull=True)
                | Q(approved__isnull=False, answered_at__isnull=False),
                name="referrals_quote_answered_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
                name="referrals_quote_approved_by_another",
            ),
        ]

    def __str__(self):
        return f"Quote {self.pk}"
