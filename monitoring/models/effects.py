"""What documents that ran out propose, and what a person decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from lots.models import Framework, Suspension
from monitoring import states
from monitoring.models.own import WATCHES, at
from monitoring.states import Answered, Effect
from providers.models import Insurance, ItemVersion


class ProposalQuerySet(models.QuerySet):
    def locked(self, pk) -> Proposal:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def open(self) -> ProposalQuerySet:
        """Nobody has decided, and the document is still not renewed."""
        return self.filter(answered="", lapsed_at=None)

    def holding(self) -> ProposalQuerySet:
        """Those for which no new pupils are placed: of a hold until somebody ends it, of a suspension until somebody
        decides; neither once the document is renewed."""
        return self.filter(Q(answered="") | Q(answered=Answered.YES, effect=Effect.HOLD), lapsed_at=None)

    def visible_to(self, user) -> ProposalQuerySet:
        """The buyer's people who watch."""
        rows = self.filter(framework__buyer__in=at(user, WATCHES))
        return rows.select_related("framework__buyer", "provider", "answered_by")


class Proposal(models.Model):
    """A document or insurance of a provider on a framework ran out, and the framework's standards say what follows: no
    new pupils (`hold`: in force while it stands open or agreed), or a suspension (a person decides; no new pupils until
    then). One stands for each cause; `lapsed_at`: it was renewed, and if that runs out there is a new one."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    effect = models.CharField(max_length=7, choices=states.Effect)
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, null=True, related_name="+")
    insurance = models.ForeignKey(Insurance, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=300)
    ended_on = models.DateField()
    proposed_at = models.DateTimeField()
    answered = models.CharField(max_length=3, choices=states.Answered, blank=True)
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    suspensions = models.ManyToManyField(Suspension, related_name="+")
    lapsed_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(version__isnull=False, insurance__isnull=True)
                | Q(version__isnull=True, insurance__isnull=False),
                name="monitoring_one_cause",
            ),
            models.UniqueConstraint(
                fields=["framework", "provider", "version"],
                condition=Q(version__isnull=False, lapsed_at__isnull=True),
                name="monitoring_one_proposal_of_a_document",
            ),
            models.UniqueConstraint(
                fields=["framework", "provider", "insurance"],
                condition=Q(insurance__isnull=False, lapsed_at__isnull=True),
                name="monitoring_one_proposal_of_an_insurance",
            ),
            models.CheckConstraint(
                condition=Q(answered="") | ~Q(reason="") & Q(answered_at__isnull=False),
                name="monitoring_decided_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["provider", "framework"], condition=Q(lapsed_at__isnull=True), name="monitoring_proposals_of"
            )
        ]
        ordering = ["-id"]

    def __str__(self):
        return f"Proposal {self.pk}"
