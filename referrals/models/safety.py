"""What keeps a placed pupil safe: what must be in place before the start, transport, who answers, reviews, and what a
provider's changes ask of each commissioner."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from accounts.models.organisations import roles_of
from files.models import File
from lots.models import Suspension
from referrals import states
from referrals.models.own import SEES_PUPILS, where
from referrals.models.placements import Placement


class AssuranceQuerySet(models.QuerySet):
    def locked(self, pk) -> Assurance:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> AssuranceQuerySet:
        """Whoever sees the placement."""
        rows = self.filter(placement__in=Placement.objects.visible_to(user))
        return rows.select_related("placement__commissioner", "placement__provider")


class Assurance(models.Model):
    """One thing that must be in place before a pupil starts, owned by the commissioner: who said so and when. Where it
    is undone it stays, `undone_at` says when, and a new row takes its place. `words` (what was confirmed: who, which
    list of staff, whom to ring) and `wanting` of a provider's reply are sealed under `referrals.assurance:<id>`.
    `due_on` is set after an emergency start for what was put off."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="assurances")
    item = models.CharField(max_length=9, choices=states.Item)
    done = models.BooleanField(default=False)
    not_needed = models.BooleanField(default=False)
    on = models.DateField(null=True)
    words = models.BinaryField(default=b"")
    file = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = AssuranceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "item"], condition=Q(undone_at__isnull=True), name="referrals_one_assurance"
            ),
            models.CheckConstraint(
                condition=Q(not_needed=False) | ~Q(item__in=["staff", "sites", "risks", "emergency", "absence"]),
                name="referrals_the_first_five_are_needed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(done=False, undone_at__isnull=True), name="referrals_assurance_due"
            )
        ]
        ordering = ["id"]

    def __str__(self):
        return f"Assurance {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who has read it."""
        return self.placement.commissioner_id


class Transport(models.Model):
    """How a pupil gets there and back, outside the price. `words` (who hands over, who receives, a driver's number) is
    sealed under `referrals.transport:<id>`."""

    placement = models.OneToOneField(Placement, on_delete=models.PROTECT, related_name="transport")
    arranged_by = models.CharField(max_length=8, choices=states.TransportBy)
    paid_by = models.CharField(max_length=8, choices=states.TransportBy, blank=True)
    words = models.BinaryField(default=b"")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self):
        return f"Transport {self.pk}"


class CoverQuerySet(models.QuerySet):
    def locked(self, pk) -> Cover:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def standing(self) -> CoverQuerySet:
        """Not taken off."""
        return self.filter(removed_at=None)

    def visible_to(self, user) -> CoverQuerySet:
        """The commissioner's people."""
        rows = self.filter(commissioner__in={held.organisation_id for held in roles_of(user)})
        return rows.select_related("commissioner")


class Cover(models.Model):
    """Who answers for a commissioner when a pupil is missing: on which weekdays, between which hours (England's
    clocks), from a day to a day. `position` 1 is asked first. In school holidays only where `holidays` says so."""

    commissioner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cover")
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)
    weekdays = models.JSONField(default=list)
    starts = models.TimeField()
    ends = models.TimeField()
    holidays = models.BooleanField(default=False)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = CoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="referrals_cover_in_order"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="referrals_cover_days_in_order"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="referrals_cover_has_a_position"),
        ]
        indexes = [models.Index(fields=["commissioner", "position"], name="referrals_cover_of")]
        ordering = ["position", "id"]

    def __str__(self):
        return f"Cover {self.pk}"


class ReviewQuerySet(models.QuerySet):
    def locked(self, pk) -> Review:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> ReviewQuerySet:
        """The commissioner's people who work with pupils, and the home school's."""
        ours = where(user, SEES_PUPILS)
        rows = self.filter(Q(placement__commissioner__in=ours) | Q(placement__home_school__in=ours))
        return rows.select_related("placement__commissioner", "placement__pupil", "placement__provider")


class Review(models.Model):
    """A review of a placement, due by a day. Held: what was found, which targets are met (of those set), whether it
    goes on, and the next one. `words` is sealed (`queries.reviews`)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=9, choices=states.ReviewKind)
    due_on = models.DateField()
    held_on = models.DateField(null=True)
    targets_met = models.PositiveSmallIntegerField(null=True)
    targets_set = models.PositiveSmallIntegerField(null=True)
    goes_on = models.BooleanField(null=True)
    words = models.BinaryField(default=b"")
    planned_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "kind"], condition=Q(held_on__isnull=True), name="referrals_one_open_review"
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True, written_at__isnull=True)
                | Q(held_on__isnull=False, written_at__isnull=False),
                name="referrals_review_held_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(held_on__isnull=True), name="referrals_reviews_due")]
        ordering = ["due_on", "id"]

    def __str__(self):
        return f"Review {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who has read it."""
        return self.placement.commissioner_id


class ProviderEvent(models.Model):
    """Something about a provider that every commissioner with a pupil there must know, as facts, never as an
    allegation: staff or a site changed, insurance ran out, a suspension began or ended. Once for each cause (`key`)."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=9, choices=states.ProviderEventKind)
    key = models.CharField(max_length=80, unique=True)
    facts = models.CharField(max_length=1000)
    happened_on = models.DateField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    told = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["provider", "-id"], name="referrals_events_of_provider")]
        ordering = ["-id"]

    def __str__(self):
        return f"Event {self.pk}"


class DecisionDueQuerySet(models.QuerySet):
    def locked(self, pk) -> DecisionDue:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def open(self) -> DecisionDueQuerySet:
        """Not decided, and the suspension still in force."""
        return self.filter(decided="", lapsed_at=None)

    def visible_to(self, user) -> DecisionDueQuerySet:
        """The commissioner's people who work with pupils."""
        rows = self.filter(placement__commissioner__in=where(user, SEES_PUPILS))
        return rows.select_related("placement__commissioner", "placement__pupil", "placement__provider")


class DecisionDue(models.Model):
    """A suspension of the provider asks the commissioner for a decision about one placed pupil, by a moment (UTC)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="decisions")
    suspension = models.ForeignKey(Suspension, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided = models.CharField(max_length=5, choices=states.Decided, blank=True)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lapsed_at = models.DateTimeField(null=True)

    objects = DecisionDueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "suspension"], name="referrals_one_decision_a_suspension"),
            models.CheckConstraint(
                condition=Q(decided="", decided_at__isnull=True) | ~Q(decided="") & ~Q(reason=""),
                name="referrals_decided_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(decided=""), name="referrals_decisions_due")]

    def __str__(self):
        return f"Decision {self.pk}"


class FeedQuerySet(models.QuerySet):
    def locked(self, pk) -> Feed:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def standing(self) -> FeedQuerySet:
        """Not revoked."""
        return self.filter(revoked_at=None)

    def visible_to(self, user) -> FeedQuerySet:
        """One's own."""
        return self.filter(user=user.pk) if user.is_authenticated else self.none()


class Feed(models.Model):
    """A calendar feed of a person's pupils' sessions, or of a provider's. The address holds a secret of which only the
    hash stands here; what it gives holds no name, address or school. Revoked, never deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = FeedQuerySet.as_manager()

    def __str__(self):
        return f"Feed {self.pk}"
