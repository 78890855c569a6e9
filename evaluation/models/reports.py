"""Copies of an evaluation's report that somebody had made."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluation.models.evaluations import Evaluation
from files.models import File


class ReportCopyQuerySet(models.QuerySet):
    def locked(self, pk) -> ReportCopy:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> ReportCopyQuerySet:
        """One's own: each is made for whoever asked for it, without the bids that they may not meet."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(asked_by=user, evaluation__in=Evaluation.objects.visible_to(user)).select_related(
            "evaluation__framework__buyer", "evaluation__framework__policies", "file"
        )


class ReportCopy(models.Model):
    """A report as a PDF that took so long to make that a job made it. `left_out` are the keys of the providers whose
    bids are not in it, with spaces between; `full` says that it shows verdicts, `with_prices` prices."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="report_copies")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    full = models.BooleanField(default=False)
    with_prices = models.BooleanField(default=False)
    left_out = models.TextField(blank=True)
    file = models.OneToOneField(File, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)

    objects = ReportCopyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at__isnull=True) | Q(file__isnull=False), name="evaluation_made_report_is_there"
            )
        ]

    def __str__(self):
        return f"Report of {self.evaluation_id}"
