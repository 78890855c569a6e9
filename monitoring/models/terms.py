"""When a buyer's providers are reminded and reports count as late, and what was reminded."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from contracts.models import Contract
from monitoring import states
from monitoring.models.own import WATCHES, at


class ReportTermsQuerySet(models.QuerySet):
    def locked(self, pk) -> ReportTerms:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> ReportTermsQuerySet:
        """The buyer's people who watch."""
        return self.filter(buyer__in=at(user, WATCHES)).select_related("buyer")


class ReportTerms(models.Model):
    """A buyer's own times, on England's clocks; without a row the defaults of its fields hold. A report is late after
    `cut_off` of its day. Nothing is sent from `quiet_from` to `quiet_until`: it waits. `escalate_after`: how many
    missed reporting days in a row tell the contract manager."""

    buyer = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="report_terms")
    due_today_at = models.TimeField(default=dt.time(8))
    remind_at = models.TimeField(default=dt.time(15, 30))
    cut_off = models.TimeField(default=dt.time(18))
    overdue_at = models.TimeField(default=dt.time(9))
    escalate_after = models.PositiveSmallIntegerField(default=2)
    quiet_from = models.TimeField(default=dt.time(20))
    quiet_until = models.TimeField(default=dt.time(7))
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ReportTermsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_today_at__lt=F("remind_at")), name="monitoring_told_before_reminded"
            ),
            models.CheckConstraint(
                condition=Q(remind_at__lt=F("cut_off")), name="monitoring_reminded_before_the_cut_off"
            ),
            models.CheckConstraint(
                condition=Q(escalate_after__gte=1, escalate_after__lte=20), name="monitoring_escalated_after_days"
            ),
        ]

    def __str__(self):
        return f"Terms {self.pk}"


class Reminder(models.Model):
    """A reminder that was put into the outbox: one for a provider and day of each kind (one message, however many KPIs
    and buyers), one for an agreement and the day that made it so where a contract manager is told. `run` is the pass
    that wrote it."""

    kind = models.CharField(max_length=9, choices=states.ReminderKind)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    written_at = models.DateTimeField()
    run = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "provider", "day"], condition=Q(contract__isnull=True), name="monitoring_reminded_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "contract", "day"],
                condition=Q(contract__isnull=False),
                name="monitoring_escalated_once",
            ),
        ]
        indexes = [
            models.Index(fields=["day", "kind"], name="monitoring_reminders_of_day"),
            models.Index(fields=["run"], name="monitoring_reminders_of_run"),
        ]

    def __str__(self):
        return f"Reminder {self.pk}"
