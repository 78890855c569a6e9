"""The sessions of a day, and what registers say of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from contracts.models import Contract
from monitoring import states
from monitoring.states import SessionState
from providers.models import Site
from referrals.models import Placement, WeeklySession
from referrals.states import AbsenceReason


class SessionQuerySet(models.QuerySet):
    def locked(self, pk) -> Session:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def expected(self) -> SessionQuerySet:
        """Those that are to take place."""
        return self.filter(state=SessionState.EXPECTED)

    def visible_to(self, user) -> SessionQuerySet:
        """Whoever sees the placement."""
        rows = self.filter(placement__in=Placement.objects.visible_to(user).order_by().values("pk"))
        return rows.select_related(
            "placement__pupil", "placement__commissioner", "placement__home_school", "provider", "site"
        )


class Session(models.Model):
    """One pupil's session on one day, written down once for its start; which sessions there are is
    `referrals.rules.running`, in SQL in `monitoring.steps.days`. `starts_at` and `ends_at` are UTC, `day` is England's.
    `contract` is the one that the placement runs under, where there is one.

    The last mark stands here (`mark`, empty while the register is not taken; `marked_at` is the server's clock), each
    entry in `RegisterEntry`. `note` is sealed. `nudged_at`: the provider was told that the register is not taken."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="taken")
    weekly = models.ForeignKey(WeeklySession, on_delete=models.SET_NULL, null=True, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    commissioner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=SessionState, default=SessionState.EXPECTED)
    cancelled_at = models.DateTimeField(null=True)
    caught_up = models.BooleanField(default=False)
    mark = models.CharField(max_length=7, choices=states.Mark, blank=True)
    reason = models.CharField(max_length=11, choices=AbsenceReason, blank=True)
    arrived = models.TimeField(null=True)
    left = models.TimeField(null=True)
    note = models.BinaryField(default=b"")
    entries_made = models.PositiveSmallIntegerField(default=0)
    marked_at = models.DateTimeField(null=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    nudged_at = models.DateTimeField(null=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "starts_at"], name="monitoring_one_session_of_a_start"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="monitoring_session_in_order"),
            models.CheckConstraint(
                condition=Q(mark="", marked_at__isnull=True) | ~Q(mark="") & Q(marked_at__isnull=False),
                name="monitoring_a_mark_has_its_moment",
            ),
            models.CheckConstraint(condition=Q(reason="") | Q(mark="absent"), name="monitoring_a_reason_is_of_absence"),
            models.CheckConstraint(
                condition=Q(state="expected", cancelled_at__isnull=True)
                | Q(state="cancelled", cancelled_at__isnull=False),
                name="monitoring_cancelled_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "day"], name="monitoring_sessions_at"),
            models.Index(fields=["commissioner", "day"], name="monitoring_sessions_of"),
            models.Index(fields=["day", "contract"], condition=Q(state="expected"), name="monitoring_expected_on"),
            models.Index(fields=["starts_at"], condition=Q(mark="", state="expected"), name="monitoring_not_taken"),
        ]
        ordering = ["starts_at", "id"]

    def __str__(self):
        return f"Session {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who has read it."""
        return self.commissioner_id


class RegisterEntry(models.Model):
    """One mark as it was made, never changed: a correction is a further entry. `key` is the sender's own, so that one
    that is sent again over a poor connection stands once. `made_at` is the server's clock and says whether it came in
    time; what was typed of times is `arrived` and `left`."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField(unique=True)
    mark = models.CharField(max_length=7, choices=states.Mark, blank=True)
    reason = models.CharField(max_length=11, choices=AbsenceReason, blank=True)
    arrived = models.TimeField(null=True)
    left = models.TimeField(null=True)
    note = models.BinaryField(default=b"")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="monitoring_one_entry_of_a_number")]
        ordering = ["number"]

    def __str__(self):
        return f"Entry {self.pk}"
