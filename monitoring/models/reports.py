"""What is to be reported for a day, what was, and how it is rated."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from contracts.models import Contract, Kpi, KpiLine
from monitoring import states
from monitoring.models.own import REPORTS, WATCHES, at


class DayRunQuerySet(models.QuerySet):
    def locked(self, pk) -> DayRun:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class DayRun(models.Model):
    """A day for which sessions and due rows were written down; `caught_up` where that came after the day. `checked_at`
    is the last pass that came through; before the first, the beginning of the day."""

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    caught_up = models.BooleanField(default=False)

    objects = DayRunQuerySet.as_manager()

    def __str__(self):
        return f"{self.day}"


class ReportDay(models.Model):
    """A day on which a supplier teaches under an agreement, so that reports are counted in such days."""

    # The unique pair begins with it.
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="report_days", db_index=False)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "day"], name="monitoring_one_report_day")]

    def __str__(self):
        return f"{self.contract_id} on {self.day}"


class DailyReportQuerySet(models.QuerySet):
    def locked(self, pk) -> DailyReport:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> DailyReportQuerySet:
        """The provider's people who report; the buyers' people who watch its agreements, each their own part alone (the
        answers: `Answer.visible_to`)."""
        theirs = Answer.objects.filter(kpi__contract__buyer__in=at(user, WATCHES)).order_by().values("report")
        rows = self.filter(Q(provider__in=at(user, REPORTS)) | Q(pk__in=theirs))
        return rows.select_related("provider", "filed_by")


class DailyReport(models.Model):
    """What a provider reported for a day: one version, never changed; a correction is the next version. `late`: the
    first version came after the cut-off of a buyer. `quiet`: one tick said that there is nothing to tell. `figures` is
    what the records said at that moment, as counts, without anybody's name."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="daily_reports")
    day = models.DateField()
    version = models.PositiveSmallIntegerField()
    quiet = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    figures = models.JSONField(default=dict)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = DailyReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "day", "version"], name="monitoring_one_report_of_a_version")
        ]
        ordering = ["-day", "-version"]

    def __str__(self):
        return f"Report {self.pk}"


class ReportDueQuerySet(models.QuerySet):
    def of_day(self, provider: int, day) -> ReportDueQuerySet:
        """What a provider's report of a day answers: what is still asked, and what was answered while it was."""
        return self.filter(Q(dropped_at=None) | Q(report__isnull=False), provider=provider, day=day)

    def all_locked(self) -> ReportDueQuerySet:
        """The rows as they are now, in key order, held until the transaction ends."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def missing(self) -> ReportDueQuerySet:
        """Nothing was reported yet, and it is still asked."""
        return self.filter(report=None, dropped_at=None)

    def visible_to(self, user) -> ReportDueQuerySet:
        """The provider's people who report; the buyer's people who watch."""
        rows = self.filter(Q(provider__in=at(user, REPORTS)) | Q(buyer__in=at(user, WATCHES)))
        return rows.select_related("provider", "buyer", "kpi")


class ReportDue(models.Model):
    """A KPI that is to be reported on for a day: only where the provider had a session under that agreement on it.
    Unique, so that making it twice is harmless. `caught_up`: made after the day. `report` is the first version that
    answered it, `late` whether that came after the cut-off of this buyer. `dropped_at`: it is no longer asked (the
    KPI was taken off, or no session of the day takes place after all) and stays for the record."""

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="dues")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    made_at = models.DateTimeField()
    caught_up = models.BooleanField(default=False)
    report = models.ForeignKey(DailyReport, on_delete=models.PROTECT, null=True, related_name="dues")
    late = models.BooleanField(default=False)
    dropped_at = models.DateTimeField(null=True)

    objects = ReportDueQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kpi", "day"], name="monitoring_one_due_a_day")]
        indexes = [
            models.Index(fields=["provider", "day"], name="monitoring_due_of"),
            # What a day owes to whom.
            models.Index(fields=["day", "buyer", "provider"], name="monitoring_due_on"),
            models.Index(
                fields=["day"],
                condition=Q(report__isnull=True, dropped_at__isnull=True),
                name="monitoring_due_missing",
            ),
            models.Index(fields=["day"], condition=Q(dropped_at__isnull=False), name="monitoring_due_dropped"),
        ]
        ordering = ["day", "id"]

    def __str__(self):
        return f"Due {self.pk}"


class BoardDay(models.Model):
    """What a buyer's board counts of a provider's day, kept in step with what is due and what is answered: by measure
    the worst `state` of what is asked, and how many exceptions the newest version tells. Today's missing is not yet
    missing: whoever counts says which day it is."""

    # The unique three begin with it.
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    state = models.PositiveSmallIntegerField(choices=states.DayState, default=states.DayState.MISSING)
    exceptions = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "provider", "day"], name="monitoring_one_board_day")]
        indexes = [
            # The board counts all days from the unique index alone, and those that are not plain from this one.
            models.Index(
                fields=["buyer", "provider", "day", "state", "exceptions"],
                condition=Q(state__gt=0) | Q(exceptions__gt=0),
                name="monitoring_board_not_plain",
            ),
            # A pass over a day sets its rows right.
            models.Index(fields=["day"], name="monitoring_board_on"),
        ]
        ordering = ["day", "id"]

    def __str__(self):
        return f"{self.provider_id} to {self.buyer_id} on {self.day}"


class AnswerQuerySet(models.QuerySet):
    def visible_to(self, user) -> AnswerQuerySet:
        """The provider's people who report; the people who watch for the buyer of that agreement, and no other's."""
        rows = self.filter(Q(report__provider__in=at(user, REPORTS)) | Q(kpi__contract__buyer__in=at(user, WATCHES)))
        return rows.select_related("report", "kpi__contract__buyer")


class Answer(models.Model):
    """What one version of a daily report says of one KPI. An exception says what, what is done and by when; it names no
    pupil. `open`: an exception of the newest version of its day that the newest version of no later day says is
    mended."""

    report = models.ForeignKey(DailyReport, on_delete=models.PROTECT, related_name="answers")
    # The index begins with it.
    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="reported", db_index=False)
    status = models.CharField(max_length=9, choices=states.Status)
    what = models.TextField(blank=True)
    action = models.TextField(blank=True)
    action_by_on = models.DateField(null=True)
    open = models.BooleanField(default=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "kpi"], name="monitoring_one_answer_a_kpi"),
            models.CheckConstraint(
                condition=Q(status="well") | ~Q(what="") & ~Q(action="") & Q(action_by_on__isnull=False),
                name="monitoring_an_exception_has_an_action",
            ),
            models.CheckConstraint(condition=Q(open=False) | Q(status="exception"), name="monitoring_open_exceptions"),
        ]
        indexes = [
            models.Index(fields=["kpi", "report"], name="monitoring_answers_about"),
            models.Index(fields=["kpi"], condition=Q(status="exception"), name="monitoring_exceptions_about"),
            models.Index(fields=["kpi", "action_by_on"], condition=Q(open=True), name="monitoring_open_about"),
        ]
        ordering = ["id"]

    def __str__(self):
        return f"Answer {self.pk}"


class StandingAnswer(models.Model):
    """What a provider says of a line that is asked each term and when something changes: still so, or what changed."""

    line = models.ForeignKey(KpiLine, on_delete=models.PROTECT, related_name="standing")
    report = models.ForeignKey(DailyReport, on_delete=models.PROTECT, related_name="standing")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    still = models.BooleanField()
    words = models.CharField(max_length=1000, blank=True)
    answered_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "line"], name="monitoring_one_standing_answer"),
            models.CheckConstraint(condition=Q(still=True) | ~Q(words=""), name="monitoring_a_change_has_words"),
        ]
        indexes = [models.Index(fields=["line", "-answered_on"], name="monitoring_standing_of")]
        ordering = ["id"]

    def __str__(self):
        return f"Standing {self.pk}"


class RatingQuerySet(models.QuerySet):
    def locked(self, pk) -> Rating:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def standing(self) -> RatingQuerySet:
        """Not replaced by a later decision about the same period."""
        return self.filter(replaced_at=None)

    def visible_to(self, user) -> RatingQuerySet:
        """The buyer's people who watch, and the provider's who report: it is told how it is rated."""
        rows = self.filter(
            Q(kpi__contract__buyer__in=at(user, WATCHES)) | Q(kpi__contract__supplier__in=at(user, REPORTS))
        )
        return rows.select_related("kpi__contract__buyer", "kpi__contract__supplier", "rated_by")


class Rating(models.Model):
    """How a KPI was met from a day to a day (Procurement Act 2023, s.71; Procurement Regulations 2024, reg 39(5)):
    `proposed` from `figures`, decided by a person with a reason. Decided anew it is replaced, never edited."""

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="ratings")
    from_on = models.DateField()
    until_on = models.DateField()
    proposed = models.CharField(max_length=11, choices=states.Grade)
    figures = models.JSONField(default=dict)
    grade = models.CharField(max_length=11, choices=states.Grade)
    reason = models.TextField()
    rated_at = models.DateTimeField()
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "from_on", "until_on"],
                condition=Q(replaced_at__isnull=True),
                name="monitoring_one_rating_of_a_period",
            ),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="monitoring_rating_in_order"),
            models.CheckConstraint(condition=~Q(reason=""), name="monitoring_rated_with_a_reason"),
        ]
        ordering = ["-until_on", "-id"]

    def __str__(self):
        return f"Rating {self.pk}"
