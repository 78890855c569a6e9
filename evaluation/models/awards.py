"""Award sets, what was decided in them about each bid and part, and the letters that tell it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluation import states
from evaluation.models.bids import Bid
from evaluation.models.evaluations import Evaluation
from evaluation.models.prices import GateRun
from evaluation.states import SetState
from files.models import File
from lots.models import Lot, Place, SubLot
from providers.models.applications import drawn, leads_of


class AwardSetQuerySet(models.QuerySet):
    def locked(self, pk) -> AwardSet:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> AwardSetQuerySet:
        """As the evaluation."""
        return self.filter(evaluation__in=Evaluation.objects.visible_to(user)).select_related(
            "evaluation__framework__buyer", "evaluation__framework__policies", "run", "proposed_by", "decided_by"
        )


class AwardSet(models.Model):
    """One award, proposed from the verdicts and a signed run, approved whole by somebody who did not evaluate and did
    not propose it. `rule_applied` says how the published rule was applied where more passed than there are places.
    With `standstill` the waiting period counts from `published_on`, the recorded day of the award notice on Find a
    Tender; `waits_until` is its end. `sha256` is over every line."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="sets")
    run = models.ForeignKey(GateRun, on_delete=models.PROTECT, related_name="sets")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=SetState, default=SetState.PROPOSED)
    standstill = models.BooleanField()
    rule_applied = models.TextField(blank=True)
    note = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_note = models.TextField(blank=True)
    notice_number = models.CharField(max_length=40, blank=True)
    published_on = models.DateField(null=True)
    published_noted_at = models.DateTimeField(null=True)
    published_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    waits_until = models.DateTimeField(null=True)

    objects = AwardSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="evaluation_one_set_of_a_number"),
            models.UniqueConstraint(
                fields=["evaluation"], condition=Q(state="proposed"), name="evaluation_one_set_waits"
            ),
            models.UniqueConstraint(
                fields=["run"], condition=Q(state="approved"), name="evaluation_one_award_of_a_run"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("proposed_by"))),
                name="evaluation_approved_by_another",
            ),
        ]

    def __str__(self):
        return f"Award {self.number}"


class AwardLineQuerySet(models.QuerySet):
    def visible_to(self, user) -> AwardLineQuerySet:
        """Of bids that the person meets, in sets of evaluations that they see."""
        bids = Bid.objects.visible_to(user).order_by().values("pk")
        return self.filter(bid__in=bids).select_related(
            "award_set__evaluation__framework__buyer", "award_set__evaluation__framework__policies", "bid", "lot",
            "sub_lot", "place",
        )  # fmt: skip


class AwardLine(models.Model):
    """What a set says of one bid and one lot or part: awarded or not, and then why not. `place` is what came of it."""

    award_set = models.ForeignKey(AwardSet, on_delete=models.CASCADE, related_name="lines")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="award_lines")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    sub_lot = models.ForeignKey(SubLot, on_delete=models.PROTECT, null=True, related_name="+")
    awarded = models.BooleanField()
    cause = models.CharField(max_length=12, choices=states.Cause, blank=True)
    reason = models.TextField(blank=True)
    place = models.OneToOneField(Place, on_delete=models.PROTECT, null=True, related_name="award_line")

    objects = AwardLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["award_set", "bid", "lot", "sub_lot"], name="evaluation_one_line_of_a_part"
            ),
            models.UniqueConstraint(
                fields=["award_set", "bid", "lot"],
                condition=Q(sub_lot__isnull=True),
                name="evaluation_one_line_of_a_lot",
            ),
            models.CheckConstraint(condition=Q(awarded=True) ^ ~Q(cause=""), name="evaluation_not_awarded_says_why"),
        ]
        indexes = [models.Index(fields=["bid", "award_set"], name="evaluation_lines_of_bid")]

    def __str__(self):
        return f"{self.bid_id} on {self.lot_id}: {self.awarded}"


class ReversalQuerySet(models.QuerySet):
    def locked(self, pk) -> Reversal:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> ReversalQuerySet:
        """As the line."""
        return self.filter(line__in=AwardLine.objects.visible_to(user).order_by().values("pk")).select_related(
            "line__award_set__evaluation__framework__buyer", "line__award_set__evaluation__framework__policies",
            "line__bid", "line__lot", "line__sub_lot", "line__place", "proposed_by", "done_by",
        )  # fmt: skip


class Reversal(models.Model):
    """An award to one bid and part is taken back: a new recorded decision by two people, never an edit. Its place
    ends with it."""

    line = models.OneToOneField(AwardLine, on_delete=models.PROTECT, related_name="reversal")
    reason = models.TextField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ReversalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | (Q(done_by__isnull=False) & ~Q(done_by=models.F("proposed_by"))),
                name="evaluation_taken_back_by_two",
            )
        ]

    def __str__(self):
        return f"Reversal of {self.line_id}"


class LetterQuerySet(models.QuerySet):
    def visible_to(self, user) -> LetterQuerySet:
        """The bidder's leads, and whoever may see the bid."""
        bids = Bid.objects.visible_to(user).order_by().values("pk")
        return self.filter(
            Q(bid__provider__in=leads_of(user)) & Q(sent_at__isnull=False) | Q(bid__in=bids)
        ).select_related("bid__evaluation__framework__buyer", "bid__provider", "award_set", "file")


class Letter(models.Model):
    """A letter to one bidder about one award, as a PDF. It is made by a job, and sent (one row of the outbox) when all
    of the set are made. `read_at` is when the bidder first opened it. Its key is drawn by lot."""

    id = models.BigIntegerField(primary_key=True, default=drawn, editable=False)
    award_set = models.ForeignKey(AwardSet, on_delete=models.PROTECT, related_name="letters")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=12, choices=states.LetterKind)
    file = models.OneToOneField(File, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award_set", "bid", "kind"], name="evaluation_one_letter_of_a_kind"),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True) | Q(file__isnull=False), name="evaluation_made_letter_is_there"
            ),
        ]

    def __str__(self):
        return f"{self.kind} to {self.bid_id}"
