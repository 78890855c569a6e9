"""What was opened, and which bids there are."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Organisation
from evaluation.models.evaluations import Conflict, Declaration, Evaluation
from evaluation.states import BidState, When
from lots.models import Lot, SubLot
from providers.models import Opening, Submission


class OpeningAct(models.Model):
    """The recorded opening: who proposed it, who did it, when, how many submissions, and one hash over theirs."""

    evaluation = models.OneToOneField(Evaluation, on_delete=models.PROTECT, related_name="opening_act")
    opening = models.OneToOneField(Opening, on_delete=models.PROTECT, null=True, related_name="act")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submissions = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(opening__isnull=False, opened_by__isnull=False),
                name="evaluation_opened_by_somebody",
            )
        ]

    def __str__(self):
        return f"Opening of {self.evaluation_id}"


class BidQuerySet(models.QuerySet):
    def locked(self, pk) -> Bid:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def counting(self) -> BidQuerySet:
        """Still in the evaluation."""
        return self.filter(state=BidState.IN)

    def not_blocked(self, user) -> BidQuerySet:
        """Without those of providers in which the person has an interest that was not mitigated."""
        blocked = Conflict.objects.blocking().filter(
            evaluation=OuterRef("evaluation"), person=user, provider=OuterRef("provider")
        )
        return self.exclude(Exists(blocked))

    def visible_to(self, user) -> BidQuerySet:
        """Whoever is appointed and has declared their interests twice, before the names were known and after; whoever
        buys for the buyer, once they have declared them too. Never a bid of a provider in which they have an interest
        that was not mitigated. Bids exist only from the opening on."""
        if not user.is_authenticated:
            return self.none()
        seen = Evaluation.objects.visible_to(user).order_by().values("pk")
        declared = Declaration.objects.filter(
            evaluation=OuterRef("evaluation"), person=user, moment=When.AFTER, replaced_at=None
        )
        return (
            self.filter(Exists(declared), evaluation__in=seen)
            .not_blocked(user)
            .select_related("evaluation__framework__buyer", "evaluation__framework__policies", "provider")
        )

    def visible_in(self, evaluation: Evaluation, user) -> BidQuerySet:
        """The same in one evaluation that the person was shown by its own queryset, so that it is not asked again for
        every bid. Without the rows that bids point to."""
        declared = Declaration.objects.filter(
            evaluation=evaluation.pk, person=user.pk, moment=When.AFTER, replaced_at=None
        )
        blocked = Conflict.objects.blocking().filter(evaluation=evaluation.pk, person=user.pk)
        return self.filter(Exists(declared), evaluation=evaluation.pk).exclude(provider__in=blocked.values("provider"))


class Bid(models.Model):
    """One opened submission as the panel meets it. `number` was drawn at the opening: bids are judged in that order,
    not in that of arrival. `provider_name` is the name at the opening, so that one index lists them."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="bids")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider_name = models.CharField(max_length=200)
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="bid")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=BidState, default=BidState.IN)
    state_reason = models.TextField(blank=True)
    state_at = models.DateTimeField(null=True)
    state_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = BidQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "provider"], name="evaluation_one_bid_of_a_provider"),
            models.UniqueConstraint(fields=["evaluation", "number"], name="evaluation_one_bid_of_a_number"),
            models.CheckConstraint(
                condition=Q(state__in=["in", "unreadable"]) | Q(state_at__isnull=False),
                name="evaluation_out_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["evaluation", "provider_name", "id"], name="evaluation_bids_by_name")]

    def __str__(self):
        return f"Bid {self.number}"


class BidLot(models.Model):
    """A lot, or a part of one, for which a bid was made. `complete` is what the frozen document says; `missing` in
    words."""

    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="lots")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    sub_lot = models.ForeignKey(SubLot, on_delete=models.PROTECT, null=True, related_name="+")
    complete = models.BooleanField()
    missing = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bid", "lot", "sub_lot"], name="evaluation_one_bid_for_a_part"),
            models.UniqueConstraint(
                fields=["bid", "lot"], condition=Q(sub_lot__isnull=True), name="evaluation_one_bid_for_a_lot"
            ),
        ]

    def __str__(self):
        return f"{self.bid_id} for {self.lot_id}"
