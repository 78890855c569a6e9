"""Agreements between a buyer and a supplier."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Organisation
from contracts.states import Asked, ContractKind, ContractState, Fed, LineKind, Side
from files.models import File
from lots.models import Framework, Place


class ContractQuerySet(models.QuerySet):
    def locked(self, pk) -> Contract:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> ContractQuerySet:
        """The buyer's people see theirs; the supplier's people theirs, an offer once they were told of the places that
        it is over."""
        ours = Organisation.objects.visible_to(user)
        hidden = Place.objects.filter(framework=OuterRef("framework"), provider=OuterRef("supplier"), told=False)
        known = ~Q(state=ContractState.OFFERED) | ~Exists(hidden)
        rows = self.filter(Q(buyer__in=ours) | Q(supplier__in=ours) & known)
        return rows.select_related("buyer", "supplier", "framework")


class Contract(models.Model):
    """An agreement. `document` is what is agreed, as canonical JSON, and never changes once it was offered; `sha256` is
    of it; `file` is the same as a PDF. Days are days in England. A framework agreement names the framework; one firm
    has one that was not withdrawn and has not ended."""

    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts_as_buyer")
    supplier = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts_as_supplier")
    kind = models.CharField(max_length=12, choices=ContractKind, default=ContractKind.FRAMEWORK)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, null=True, related_name="contracts")
    reference = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=ContractState, default=ContractState.OFFERED)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    file = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    not_before = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_name = models.CharField(max_length=200, blank=True)
    signed_position = models.CharField(max_length=200, blank=True)
    countersigned_at = models.DateTimeField(null=True)
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "supplier"],
                condition=Q(kind="framework") & ~Q(state__in=["withdrawn", "ended"]),
                name="contracts_one_framework_agreement",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "in_force"]) | Q(signed_at__isnull=False),
                name="contracts_signed_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(countersigned_at__isnull=False),
                name="contracts_in_force_was_countersigned",
            ),
            models.CheckConstraint(
                condition=~Q(kind="framework") | Q(framework__isnull=False), name="contracts_framework_is_named"
            ),
        ]
        indexes = [models.Index(fields=["supplier", "-id"], name="contracts_of_supplier")]

    def __str__(self):
        return self.reference


class KpiQuerySet(models.QuerySet):
    def locked(self, pk) -> Kpi:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def on(self, day) -> KpiQuerySet:
        """Those that are reported on for a day."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)

    def from_day(self, day) -> KpiQuerySet:
        """Those that are reported on on a day or later."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day))

    def visible_to(self, user) -> KpiQuerySet:
        """Whoever sees the agreement."""
        return self.filter(contract__in=Contract.objects.visible_to(user)).select_related(
            "contract__buyer", "contract__supplier"
        )


class Kpi(models.Model):
    """A key performance indicator of an agreement: what the supplier reports on, every `days`-th day on which it
    teaches (1 is each of them), from a day to a day, both counted. What it asks is never edited: a change ends it and
    begins another, so that a report keeps what it was asked."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="kpis")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    days = models.PositiveSmallIntegerField(default=1)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = KpiQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "number"], condition=Q(ended_at__isnull=True), name="contracts_one_kpi_of_a_number"
            ),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=366), name="contracts_kpi_reports_in_days"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="contracts_kpi_in_order"
            ),
        ]
        ordering = ["number", "id"]

    def __str__(self):
        return f"{self.number} {self.title}"

    @property
    def description(self) -> str:
        """What it is about, as notices print it: each line a paragraph."""
        return "\n".join(line.text for line in self.lines.all())


class KpiLineQuerySet(models.QuerySet):
    def visible_to(self, user) -> KpiLineQuerySet:
        """Whoever sees the agreement."""
        rows = self.filter(kpi__contract__in=Contract.objects.visible_to(user))
        return rows.select_related("kpi__contract__buyer", "kpi__contract__supplier")


class KpiLine(models.Model):
    """One line of a KPI. A line that two KPIs share stands in both. A standard says where its answer comes from (`fed`)
    and how often it is asked; a question says who answers it (`side`)."""

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000)
    kind = models.CharField(max_length=8, choices=LineKind, default=LineKind.STANDARD)
    fed = models.CharField(max_length=9, choices=Fed, default=Fed.SAID)
    asked = models.CharField(max_length=5, choices=Asked, default=Asked.DAILY)
    side = models.CharField(max_length=8, choices=Side, blank=True)

    objects = KpiLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kpi", "position"], name="contracts_one_line_of_a_position"),
            models.CheckConstraint(
                condition=Q(kind="standard", side="") | Q(kind="question") & ~Q(side=""),
                name="contracts_a_question_has_a_side",
            ),
        ]
        ordering = ["position", "id"]

    def __str__(self):
        return f"Line {self.pk}"


class QuestionAnswer(models.Model):
    """An answer to a question of a KPI, dated; the newest counts."""

    line = models.ForeignKey(KpiLine, on_delete=models.PROTECT, related_name="answers")
    yes = models.BooleanField()
    words = models.CharField(max_length=1000, blank=True)
    answered_on = models.DateField()
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-answered_on", "-id"]

    def __str__(self):
        return f"Answer {self.pk}"
