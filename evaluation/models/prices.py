"""Prices once they are open: corrections, questions about low ones, and runs of the price check.

`compared` and everything in a run is in hundredths of a penny, so that a price with VAT is still a whole number: a
price in pence is a hundred of them, with VAT at 20 % a hundred and twenty."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluation import states
from evaluation.models.bids import Bid
from evaluation.models.evaluations import Evaluation
from evaluation.models.freezes import Freeze
from evaluation.states import RunState
from lots.models import Lot, PriceLine, SubLot
from providers.models import BidPrice
from providers.models.applications import drawn, leads_of


class PriceOpening(models.Model):
    """The prices behind one freeze were opened, by somebody who neither froze it nor judged. `connected` is which
    bidders name the same person or firm, as JSON (`evaluation.rules.connected`); empty until somebody looked."""

    freeze = models.OneToOneField(Freeze, on_delete=models.PROTECT, related_name="price_opening")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    connected = models.TextField(blank=True)

    def __str__(self):
        return f"Prices opened at {self.at}"


class CorrectionQuerySet(models.QuerySet):
    def locked(self, pk) -> Correction:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> CorrectionQuerySet:
        """Whoever may see the bid. Prices are nobody's before they were opened: then there is none."""
        bids = Bid.objects.visible_to(user).order_by().values("pk")
        return self.filter(price__submission__bid__in=bids).select_related(
            "price__submission__bid__evaluation__framework__buyer", "price__line__lot", "price__sub_lot"
        )


class Correction(models.Model):
    """An obvious error in a price is put right, with a reason, the bidder's consent and a second person. Pence."""

    price = models.ForeignKey(BidPrice, on_delete=models.PROTECT, related_name="corrections")
    was_pence = models.PositiveBigIntegerField()
    becomes_pence = models.PositiveBigIntegerField()
    reason = models.TextField()
    consent = models.TextField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["price"],
                condition=Q(approved_at__isnull=True, dropped_at__isnull=True),
                name="evaluation_one_correction_waits",
            ),
            models.UniqueConstraint(
                fields=["price"],
                condition=Q(approved_at__isnull=False, replaced_at__isnull=True),
                name="evaluation_one_correction_stands",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=models.F("proposed_by"))),
                name="evaluation_corrected_by_two",
            ),
        ]

    def __str__(self):
        return f"{self.was_pence} becomes {self.becomes_pence}"


class LowEnquiryQuerySet(models.QuerySet):
    def locked(self, pk) -> LowEnquiry:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> LowEnquiryQuerySet:
        """The bidder's leads, and whoever may see the bid."""
        bids = Bid.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(bid__provider__in=leads_of(user)) | Q(bid__in=bids)).select_related(
            "bid__evaluation__framework__buyer", "bid__provider", "price__line__lot", "price__sub_lot"
        )


class LowEnquiry(models.Model):
    """A price was pointed out as unusually low and its bidder was asked about it (Procurement Act 2023, s.19), before
    any average is taken. `decision` says whether it counts, with the reason. It ends (`replaced_at`) when the price was
    corrected, or when it was decided anew in a row of its own. Its key is drawn by lot."""

    id = models.BigIntegerField(primary_key=True, default=drawn, editable=False)
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="low_enquiries")
    price = models.ForeignKey(BidPrice, on_delete=models.PROTECT, related_name="low_enquiries")
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=10, choices=states.LowDecision, blank=True)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    objects = LowEnquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["price"], condition=Q(replaced_at__isnull=True), name="evaluation_one_low_question_stands"
            ),
            models.CheckConstraint(
                condition=Q(decision="") | (Q(decided_at__isnull=False) & ~Q(reason="")),
                name="evaluation_low_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decision="") | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("asked_by"))),
                name="evaluation_low_decided_by_another",
            ),
        ]

    def __str__(self):
        return f"Question about price {self.price_id}"


class GateRunQuerySet(models.QuerySet):
    def locked(self, pk) -> GateRun:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> GateRunQuerySet:
        """Whoever sees the evaluation and may see at least the process; bids inside are filtered by the pages."""
        return self.filter(evaluation__in=Evaluation.objects.visible_to(user)).select_related(
            "evaluation__framework__buyer", "evaluation__framework__policies"
        )


class GateRun(models.Model):
    """One run of the price check. `policy` is the rules it followed and `inputs_sha256` is over every price that went
    in, `sha256` over policy, inputs and results, in a fixed order: who works it out again gets the same."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="runs")
    opening = models.ForeignKey(PriceOpening, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=RunState, default=RunState.RUNNING)
    policy = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    prices = models.PositiveIntegerField(default=0)
    failing = models.PositiveIntegerField(default=0)
    inputs_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.TextField(blank=True)

    objects = GateRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="evaluation_one_run_of_a_number"),
            models.UniqueConstraint(
                fields=["evaluation"], condition=Q(state="signed"), name="evaluation_one_run_is_signed"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "signed"]) | ~Q(sha256=""), name="evaluation_done_run_has_its_hash"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_by__isnull=False), name="evaluation_signed_by_somebody"
            ),
        ]

    def __str__(self):
        return f"Run {self.number}"


class GatePoolQuerySet(models.QuerySet):
    def visible_to(self, user) -> GatePoolQuerySet:
        """As its run."""
        return self.filter(run__in=GateRun.objects.visible_to(user).order_by().values("pk")).select_related(
            "run__evaluation__framework__buyer", "run__evaluation__framework__policies", "lot", "sub_lot", "line"
        )


class GatePool(models.Model):
    """The prices of which one average was taken. `total`, `upper` and `lower` are hundredths of a penny."""

    run = models.ForeignKey(GateRun, on_delete=models.CASCADE, related_name="pools")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    sub_lot = models.ForeignKey(SubLot, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(PriceLine, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    total = models.PositiveBigIntegerField()
    upper = models.PositiveBigIntegerField()
    lower = models.PositiveBigIntegerField()

    objects = GatePoolQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "line", "sub_lot"], name="evaluation_one_pool_of_a_part"),
            models.UniqueConstraint(
                fields=["run", "line"], condition=Q(sub_lot__isnull=True), name="evaluation_one_pool_of_a_line"
            ),
        ]

    def __str__(self):
        return f"Pool of line {self.line_id}"


class GateResult(models.Model):
    """One price in a run. `counts` says that it went into the average; `low` that it was pointed out. `compared` is
    hundredths of a penny, `pence` what was bid or corrected. One that was disregarded as abnormally low stands here
    without counting or passing."""

    # The indexes below begin with run and pool; bids and prices are never deleted.
    run = models.ForeignKey(GateRun, on_delete=models.CASCADE, related_name="results", db_index=False)
    pool = models.ForeignKey(GatePool, on_delete=models.CASCADE, related_name="results", db_index=False)
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="+", db_index=False)
    price = models.ForeignKey(BidPrice, on_delete=models.PROTECT, related_name="+", db_index=False)
    pence = models.PositiveBigIntegerField()
    compared = models.PositiveBigIntegerField()
    counts = models.BooleanField()
    passes = models.BooleanField()
    low = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "price"], name="evaluation_one_result_of_a_price")]
        indexes = [
            models.Index(fields=["pool", "compared", "id"], name="evaluation_pool_in_order"),
            models.Index(fields=["run", "bid"], name="evaluation_results_of_bid"),
        ]

    def __str__(self):
        return f"{self.compared}: {self.passes}"
