"""Judgements of bids against standards, questions to bidders, and what was settled."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from evaluation import states
from evaluation.models.bids import Bid
from evaluation.models.evaluations import Evaluation
from evaluation.states import Outcome, Slot
from lots.models import Evidence, Lot, Standard
from providers.models import ItemVersion
from providers.models.applications import drawn, leads_of


class JudgementQuerySet(models.QuerySet):
    def locked_row(self, pk) -> Judgement:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def live(self) -> JudgementQuerySet:
        """Not taken over by somebody else."""
        return self.filter(ended_at=None)

    def visible_to(self, user) -> JudgementQuerySet:
        """One's own, of bids that one may see: nobody else's, whoever asks, and none that waits for the first decision.
        What two people decided is shown side by side once both have locked, by `evaluation.queries.judging`."""
        if not user.is_authenticated:
            return self.none()
        met = Bid.objects.visible_to(user).order_by().filter(pk=OuterRef("bid"))
        return (
            self.live()
            .exclude(slot=Slot.LATER)
            .filter(Exists(met), person=user)
            .select_related(
                "bid__evaluation__framework__buyer",
                "bid__evaluation__framework__policies",
                "bid__submission",
                "standard__theme",
                "lot",
            )
        )


class Judgement(models.Model):
    """What one person decides about one bid and one standard (for one `lot`, where the policy judges quality for each
    lot). `number` is 1 or 2; a second reader is always 2. `version` and `pages` refer to the evidence. `position` is
    its place in that person's queue. A judgement that was locked never changes; one that was taken over by somebody
    else (`ended_at`) keeps what was typed."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="judgements")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="judgements")
    number = models.PositiveSmallIntegerField()
    slot = models.CharField(max_length=6, choices=Slot)
    position = models.PositiveIntegerField()
    sampled = models.BooleanField(default=False)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    reason = models.TextField(blank=True)
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, null=True, related_name="+")
    pages = models.CharField(max_length=100, blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "standard", "number"],
                condition=Q(ended_at__isnull=True, lot__isnull=True),
                name="evaluation_one_judgement_of_a_number",
            ),
            models.UniqueConstraint(
                fields=["bid", "standard", "lot", "number"],
                condition=Q(ended_at__isnull=True, lot__isnull=False),
                name="evaluation_one_judgement_of_a_lot",
            ),
            models.UniqueConstraint(
                fields=["bid", "standard", "person"],
                condition=Q(ended_at__isnull=True, lot__isnull=True),
                name="evaluation_two_people_judge",
            ),
            models.UniqueConstraint(
                fields=["bid", "standard", "lot", "person"],
                condition=Q(ended_at__isnull=True, lot__isnull=False),
                name="evaluation_two_people_judge_a_lot",
            ),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True) | Q(outcome__in=["pass", "fail", "na"]),
                name="evaluation_locked_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True) | ~Q(reason=""), name="evaluation_locked_with_a_reason"
            ),
            models.CheckConstraint(condition=Q(number__in=[1, 2]), name="evaluation_first_or_second"),
            models.CheckConstraint(
                condition=~Q(slot="later") | Q(number=2, locked_at__isnull=True),
                name="evaluation_asked_before_locked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "position", "id"],
                condition=Q(locked_at__isnull=True, ended_at__isnull=True) & ~Q(slot="later"),
                name="evaluation_queue",
            ),
            models.Index(
                fields=["person", "position", "id"],
                condition=Q(locked_at__isnull=False, ended_at__isnull=True),
                name="evaluation_decided",
            ),
            models.Index(fields=["bid", "standard", "number"], name="evaluation_of_bid"),
        ]

    def __str__(self):
        return f"Judgement {self.pk}"


class Settled(models.Model):
    """The outcome of one standard for one bid, once it stands: pass, fail or does not apply. `by` is who moderated or
    decided the appeal. A later one replaces it; both stay, and so do the judgements under it."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="settled")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    how = models.CharField(max_length=10, choices=states.Settlement)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "standard"],
                condition=Q(replaced_at__isnull=True, lot__isnull=True),
                name="evaluation_one_outcome_stands",
            ),
            models.UniqueConstraint(
                fields=["bid", "standard", "lot"],
                condition=Q(replaced_at__isnull=True, lot__isnull=False),
                name="evaluation_one_outcome_of_a_lot",
            ),
            models.CheckConstraint(condition=~Q(outcome="clarify"), name="evaluation_settled_is_final"),
            models.CheckConstraint(
                condition=~Q(how__in=["moderated", "appeal"]) | (Q(by__isnull=False) & ~Q(reason="")),
                name="evaluation_moderated_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.outcome} for {self.standard_id}"


class ClarificationQuerySet(models.QuerySet):
    def locked(self, pk) -> Clarification:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> ClarificationQuerySet:
        """The bidder's leads, and whoever may see the bid. While it is open only the one who asked and the moderators
        see it among the panel: that somebody asked would tell a colleague what they think."""
        if not user.is_authenticated:
            return self.none()
        bids = Bid.objects.visible_to(user).order_by().values("pk")
        moderates = Evaluation.objects.filter(
            pk=OuterRef("bid__evaluation"),
            appointments__person=user,
            appointments__duty=states.Duty.MODERATOR,
            appointments__ended_at=None,
        )
        known = Q(asked_by=user) | Q(answered_at__isnull=False) | Exists(moderates)
        return self.filter(Q(bid__provider__in=leads_of(user)) | (Q(bid__in=bids) & known)).select_related(
            "bid__evaluation__framework__buyer", "bid__provider", "standard"
        )


class Clarification(models.Model):
    """A timed question to one bidder about one standard, and the answer. `cure` is what may be sent, as it stood when
    it was asked; `version` is the document that was sent with the answer. After `due_at` no answer is taken. Its key is
    drawn by lot: it stands in addresses that bidders have."""

    id = models.BigIntegerField(primary_key=True, default=drawn, editable=False)
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="clarifications")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, null=True, related_name="clarifications")
    cure = models.CharField(max_length=10, choices=states.Cure)
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ClarificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["judgement"],
                condition=Q(answered_at__isnull=True, judgement__isnull=False),
                name="evaluation_one_open_question",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__lte=models.F("due_at")),
                name="evaluation_answered_in_time",
            ),
        ]
        indexes = [models.Index(fields=["bid", "standard"], name="evaluation_questions")]

    def __str__(self):
        return f"Question about {self.standard_id}"
