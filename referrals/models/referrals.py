"""Referrals: why provision is sought for a pupil, what for, and what it may cost."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from files.models import File
from lots.models import Framework, Lot, SubLot
from lots.states import Mode, Phase
from referrals import states
from referrals.models.own import HOLDS_BUDGET, SEES_PUPILS, where
from referrals.models.pupils import Pupil
from referrals.states import ReferralState


class ReferralQuerySet(models.QuerySet):
    def locked(self, pk) -> Referral:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> ReferralQuerySet:
        """The commissioner's people who work with pupils. A provider meets its enquiry, never the referral."""
        return self.filter(commissioner__in=where(user, SEES_PUPILS)).select_related("commissioner", "pupil")


class Referral(models.Model):
    """One search for provision for one pupil. What is written about the pupil is sealed in `content`
    (`referrals.rules.content.Content`, under the purpose `referrals.referral:<id>`); plain columns are what lists sort
    by and rules count. `trigger_on` is the day of the exclusion or suspension; `sixth_on` the sixth school day from it,
    worked out from the calendar of the school at that time. `budget_pence` is what the commissioner expects the whole
    to cost; `approved_pence` what a budget holder has said yes to, empty where nobody need. `minutes` are a week's.
    Days are days in England."""

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="referrals")
    commissioner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals")
    state = models.CharField(max_length=10, choices=ReferralState, default=ReferralState.DRAFT)
    reason = models.CharField(max_length=13, choices=states.Reason, blank=True)
    basis = models.CharField(max_length=8, choices=states.Basis, blank=True)
    trigger_on = models.DateField(null=True)
    sixth_on = models.DateField(null=True)
    school = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, null=True, related_name="referrals")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    sub_lot = models.ForeignKey(SubLot, on_delete=models.PROTECT, null=True, related_name="+")
    phase = models.CharField(max_length=10, choices=Phase, blank=True)
    mode = models.CharField(max_length=10, choices=Mode, blank=True)
    minutes = models.PositiveIntegerField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    budget_pence = models.PositiveBigIntegerField(null=True)
    approved_pence = models.PositiveBigIntegerField(null=True)
    content = models.BinaryField(default=b"")
    revision = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=500, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="referrals_referral_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="referrals_closed_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "enquiring", "chosen"]) | Q(checked_at__isnull=False),
                name="referrals_ready_was_checked",
            ),
        ]
        indexes = [
            models.Index(fields=["commissioner", "-id"], name="referrals_of_commissioner"),
            models.Index(fields=["commissioner", "state", "-id"], name="referrals_by_state"),
            models.Index(fields=["pupil", "-id"], name="referrals_of_pupil"),
        ]

    def __str__(self):
        return f"Referral {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who has read it."""
        return self.commissioner_id

    @property
    def has_moved(self) -> bool:
        """The pupil’s record is another commissioner’s by now."""
        return self.pupil.commissioner_id != self.commissioner_id

    @property
    def whom(self) -> str:
        """The pupil’s name, for pages; what a pupil is called whose record has moved is not told here any more."""
        return "a pupil whose record has moved" if self.has_moved else self.pupil.full_name


class ApprovalQuerySet(models.QuerySet):
    def locked(self, pk) -> Approval:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> ApprovalQuerySet:
        """The commissioner's budget holders and those who work with its pupils. What is approved names no pupil."""
        rows = self.filter(referral__commissioner__in=where(user, HOLDS_BUDGET | SEES_PUPILS))
        return rows.select_related("referral__commissioner", "asked_by")


class Approval(models.Model):
    """A budget holder was asked whether a referral may cost this much (pence, the whole of it). `approved` is empty
    until somebody answers, who is not the one who asked; `up_to_pence` is what they said yes to, never less than was
    asked."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="approvals")
    pence = models.PositiveBigIntegerField()
    why = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved = models.BooleanField(null=True)
    up_to_pence = models.PositiveBigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=500, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(answered_at__isnull=True), name="referrals_one_open_approval"
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, answered_at__isnull=True)
                | Q(approved__isnull=False, answered_at__isnull=False),
                name="referrals_approval_answered_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(approved=True, up_to_pence__gte=F("pence"))
                | (Q(approved__isnull=True) | Q(approved=False)) & Q(up_to_pence__isnull=True),
                name="referrals_approved_up_to_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
                name="referrals_approved_by_somebody_else",
            ),
        ]
        ordering = ["-id"]

    def __str__(self):
        return f"Approval {self.pk}"


class ReferralFileQuerySet(models.QuerySet):
    def visible_to(self, user) -> ReferralFileQuerySet:
        """The commissioner's people who work with pupils. The chosen provider has a door of its own."""
        rows = self.filter(referral__in=Referral.objects.visible_to(user), removed_at=None)
        return rows.select_related("referral__commissioner", "file")


class ReferralFile(models.Model):
    """A document of a referral (an education, health and care plan, a risk assessment). The chosen provider reads it;
    no other ever does."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = ReferralFileQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"Document {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who has read it."""
        return self.referral.commissioner_id
