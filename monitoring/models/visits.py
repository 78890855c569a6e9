"""Visits to providers: how often, when, what was found and what is to be done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from lots.models import Standard
from monitoring import states
from monitoring.models.own import REPORTS, VISITS, at
from monitoring.states import VisitKind, VisitState
from providers.models import Site
from referrals.models import Placement
from referrals.models.own import SEES_PUPILS


class VisitScheduleQuerySet(models.QuerySet):
    def locked(self, pk) -> VisitSchedule:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> VisitScheduleQuerySet:
        """The people of its owner who visit; one about a pupil, those of them who work with pupils. Never the
        provider's: it would know when."""
        rows = self.filter(Q(owner__in=at(user, VISITS), placement=None) | Q(owner__in=at(user, VISITS & SEES_PUPILS)))
        return rows.select_related("owner", "provider", "placement__pupil", "written_by")


class VisitSchedule(models.Model):
    """How often an organisation visits a provider, or sees one placed pupil there (`placement`)."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="visit_schedules")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=11, choices=VisitKind)
    every = models.CharField(max_length=9, choices=states.Every)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = VisitScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "provider", "kind"],
                condition=Q(placement__isnull=True, ended_at__isnull=True),
                name="monitoring_one_schedule_of_a_provider",
            ),
            models.UniqueConstraint(
                fields=["owner", "placement", "kind"],
                condition=Q(placement__isnull=False, ended_at__isnull=True),
                name="monitoring_one_schedule_of_a_placement",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="monitoring_schedule_in_order"
            ),
        ]
        ordering = ["id"]

    def __str__(self):
        return f"Schedule {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who has read it."""
        return self.owner_id


class VisitQuerySet(models.QuerySet):
    def locked(self, pk) -> Visit:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> VisitQuerySet:
        """The people of its owner who visit, and of a visit to one pupil those of them who work with pupils; the
        provider's, one that was announced or held; once shared, the people who visit of every council, trust and
        school that has a pupil there (no pupil stands in a shared visit)."""
        ours = at(user, VISITS)
        placed = Placement.objects.filter(
            Q(commissioner__in=ours) | Q(home_school__in=ours), provider=models.OuterRef("provider")
        ).running()
        announced = ~Q(kind=VisitKind.UNANNOUNCED) | Q(state=VisitState.HELD)
        rows = self.filter(
            Q(owner__in=ours, placement=None)
            | Q(owner__in=at(user, VISITS & SEES_PUPILS))
            | Q(provider__in=at(user, REPORTS)) & announced & Q(placement=None)
            | Q(models.Exists(placed)) & Q(shared_at__isnull=False, state=VisitState.HELD, placement=None)
        )
        return rows.select_related("owner", "provider", "site", "placement__pupil", "visitor")


class Visit(models.Model):
    """One visit. `words` is what was seen, in general, and names no pupil; of a visit to one pupil (`placement`) it is
    sealed in `seen` instead. Shared once held, it spares others a visit of their own."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="visits")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="visits_had")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, null=True, related_name="visits")
    schedule = models.ForeignKey(VisitSchedule, on_delete=models.PROTECT, null=True, related_name="visits")
    kind = models.CharField(max_length=11, choices=VisitKind)
    state = models.CharField(max_length=9, choices=VisitState, default=VisitState.PLANNED)
    planned_on = models.DateField()
    visitor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    held_on = models.DateField(null=True)
    arrived = models.TimeField(null=True)
    left = models.TimeField(null=True)
    words = models.TextField(blank=True)
    seen = models.BinaryField(default=b"")
    shared_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField(max_length=300, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_on__isnull=False, written_at__isnull=False),
                name="monitoring_held_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""), name="monitoring_cancelled_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(shared_at__isnull=True) | Q(placement__isnull=True, state="held"),
                name="monitoring_no_pupil_is_shared",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "planned_on"], name="monitoring_visits_of"),
            models.Index(fields=["provider", "state", "-held_on"], name="monitoring_visits_at"),
        ]
        ordering = ["-planned_on", "-id"]

    def __str__(self):
        return f"Visit {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who has read it."""
        return self.owner_id


class Finding(models.Model):
    """What a visit found of one standard; `title` as it stood then."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=300)
    found = models.CharField(max_length=8, choices=states.Found)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="monitoring_one_finding_of_a_standard"),
            models.CheckConstraint(
                condition=Q(found__in=["met", "not_seen"]) | ~Q(words=""), name="monitoring_found_wanting_with_words"
            ),
        ]
        ordering = ["id"]

    def __str__(self):
        return f"Finding {self.pk}"


class VisitActionQuerySet(models.QuerySet):
    def locked(self, pk) -> VisitAction:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def open(self) -> VisitActionQuerySet:
        """Not done yet."""
        return self.filter(done_on=None)

    def visible_to(self, user) -> VisitActionQuerySet:
        """Whoever sees the visit."""
        return self.filter(visit__in=Visit.objects.visible_to(user)).select_related("visit__owner", "visit__provider")


class VisitAction(models.Model):
    """Something that is to be done after a visit, by a day."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="actions")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="actions")
    what = models.CharField(max_length=1000)
    owner = models.CharField(max_length=8, choices=states.Owner)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    done_words = models.CharField(max_length=1000, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = VisitActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_at__isnull=True)
                | Q(done_on__isnull=False, done_at__isnull=False),
                name="monitoring_done_at_a_moment",
            )
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="monitoring_actions_due")]
        ordering = ["due_on", "id"]

    def __str__(self):
        return f"Action {self.pk}"
