"""The freeze of quality, what it says of themes and bids, and appeals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluation import states
from evaluation.models.bids import Bid
from evaluation.models.evaluations import Evaluation
from evaluation.models.judging import Settled
from lots.models import Lot, Standard, Theme


class FreezeQuerySet(models.QuerySet):
    def standing(self) -> FreezeQuerySet:
        """Not voided."""
        return self.filter(voided_at=None)

    def visible_to(self, user) -> FreezeQuerySet:
        """As the evaluation."""
        return self.filter(evaluation__in=Evaluation.objects.visible_to(user)).select_related(
            "evaluation__framework__buyer", "evaluation__framework__policies", "by", "void_proposed_by", "voided_by"
        )


class Freeze(models.Model):
    """Quality was frozen: every outcome as it stood, as canonical JSON in `document`, with its SHA-256. Voided only by
    two people with a reason: `void_proposed_by` asks, `voided_by` confirms."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="freezes")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    void_reason = models.TextField(blank=True)
    void_proposed_at = models.DateTimeField(null=True)
    void_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = FreezeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="evaluation_one_freeze_of_a_number"),
            models.UniqueConstraint(
                fields=["evaluation"], condition=Q(voided_at__isnull=True), name="evaluation_one_freeze_stands"
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True)
                | (~Q(void_reason="") & Q(voided_by__isnull=False) & ~Q(voided_by=models.F("void_proposed_by"))),
                name="evaluation_voided_by_two",
            ),
        ]

    def __str__(self):
        return f"Freeze {self.number}"


class ThemeResult(models.Model):
    """What a freeze says of one theme of one bid: derived from its standards, never typed."""

    freeze = models.ForeignKey(Freeze, on_delete=models.CASCADE, related_name="themes")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    passed = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["freeze", "bid", "theme"],
                condition=Q(lot__isnull=True),
                name="evaluation_one_result_of_a_theme",
            ),
            models.UniqueConstraint(
                fields=["freeze", "bid", "theme", "lot"],
                condition=Q(lot__isnull=False),
                name="evaluation_one_result_of_a_lot",
            ),
        ]

    def __str__(self):
        return f"{self.theme_id}: {self.passed}"


class QualityResult(models.Model):
    """What a freeze says of one bid and one lot for which it was made: any failed theme ends it."""

    freeze = models.ForeignKey(Freeze, on_delete=models.CASCADE, related_name="bids")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    passed = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["freeze", "bid", "lot"], name="evaluation_one_quality_of_a_lot"),
        ]
        indexes = [models.Index(fields=["freeze", "lot"], condition=Q(passed=True), name="evaluation_passed_quality")]

    def __str__(self):
        return f"{self.bid_id}: {self.passed}"


class AppealQuerySet(models.QuerySet):
    def locked(self, pk) -> Appeal:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> AppealQuerySet:
        """Whoever may see the bid."""
        return self.filter(bid__in=Bid.objects.visible_to(user).order_by().values("pk")).select_related(
            "bid__evaluation__framework__buyer",
            "bid__evaluation__framework__policies",
            "bid__provider",
            "standard",
            "lot",
            "noted_by",
            "decided_by",
        )


class Appeal(models.Model):
    """A bidder challenges the outcome of a standard. Upheld it settles that standard anew (`settled`) and changes
    nothing else: the freeze, the price check and the award stand until people decide otherwise."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="appeals")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    state = models.CharField(max_length=10, choices=states.AppealState, default=states.AppealState.RECEIVED)
    received_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    settled = models.OneToOneField(Settled, on_delete=models.PROTECT, null=True, related_name="appeal")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppealQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="received") | (Q(decided_at__isnull=False) & ~Q(reason="")),
                name="evaluation_appeal_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="upheld") | Q(settled__isnull=False), name="evaluation_upheld_settles_anew"
            ),
        ]

    def __str__(self):
        return f"Appeal of {self.bid_id}"
