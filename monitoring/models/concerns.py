"""Concerns about a child or an adult, and what happened at a provider."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from accounts.models.organisations import roles_of
from accounts.states import Role
from monitoring import states
from monitoring.models.own import HEADS, LEADS_OF_COMMISSIONER, OFFICERS, REPORTS, at
from monitoring.states import ConcernKind
from providers.models import Site
from referrals.models import Placement
from referrals.models.own import SEES_PUPILS, TEACHES, where


class ConcernQuerySet(models.QuerySet):
    def locked(self, pk) -> Concern:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def late(self, at_moment) -> ConcernQuerySet:
        """Nobody has said in time that they came."""
        return self.filter(state=states.ConcernState.RAISED, acknowledge_by__lt=at_moment)

    def visible_to(self, user) -> ConcernQuerySet:
        """About a child: the safeguarding leads of both sides and the council's officer. About an adult who works
        there: the council's officer and the commissioner's head, and nobody of that provider. Whoever it is about sees
        neither, whatever else they are. Whoever raised it always (their receipt: `can_read` asks further)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        theirs = {held.organisation_id for held in roles_of(user)}
        officer = Q(authority__in=at(user, OFFICERS))
        leads = at(user, LEADS_OF_COMMISSIONER)
        child = (
            officer
            | Q(provider__in=at(user, frozenset({Role.PROVIDER_DSL})))
            | Q(commissioner__in=leads)
            | Q(placement__home_school__in=leads)
        )
        adult = (officer | Q(commissioner__in=at(user, HEADS))) & ~Q(provider__in=theirs)
        told = Q(kind=ConcernKind.CHILD) & child | Q(kind=ConcernKind.ADULT) & adult
        rows = self.filter(told & (Q(about_user=None) | ~Q(about_user=user.pk)) | Q(raised_by=user.pk))
        return rows.select_related("provider", "commissioner", "authority", "placement__pupil", "raised_by")


class Concern(models.Model):
    """Somebody is worried. `key` stands in addresses: a number would tell how many there are. `detail` and `about` (the
    adult’s name) are sealed, and removed some time after it was handed over to the school's own safeguarding record
    (`removed_at`); receipt, times and outcome stay. `about_user`: an account that it is about, which never sees it.
    `acknowledge_by` is when somebody must have said that it came (UTC); `escalated_at`: it was not, and the officer was
    told again. `handed_to` names the system or the file in which it goes on, never a person."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=5, choices=ConcernKind)
    state = models.CharField(max_length=8, choices=states.ConcernState, default=states.ConcernState.RAISED)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    commissioner = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, null=True, related_name="concerns")
    about_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    about = models.BinaryField(default=b"")
    detail = models.BinaryField(default=b"")
    called_999 = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    raised_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    acknowledge_by = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True)
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handed_reference = models.CharField(max_length=60, blank=True)
    handed_to = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=11, choices=states.Outcome, blank=True)
    outcome_at = models.DateTimeField(null=True)
    outcome_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="raised") | Q(acknowledged_at__isnull=False), name="monitoring_received_by_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["handed", "closed"]) | Q(handed_at__isnull=False) & ~Q(handed_reference=""),
                name="monitoring_handed_over_with_a_reference",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(outcome=""), name="monitoring_closed_with_an_outcome"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(detail=b"", about=b"", handed_at__isnull=False),
                name="monitoring_removed_after_it_was_handed_over",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "-id"], name="monitoring_concerns_at"),
            models.Index(fields=["commissioner", "-id"], name="monitoring_concerns_of"),
            models.Index(fields=["authority", "-id"], name="monitoring_concerns_in"),
            models.Index(fields=["acknowledge_by"], condition=Q(state="raised"), name="monitoring_concerns_to_receive"),
        ]
        ordering = ["-id"]

    def __str__(self):
        return f"Concern {self.key}"

    @property
    def organisation_id(self) -> int | None:
        """In whose record it stands what was done to it and who has read it: never the provider's. About an adult it
        is the council's, because a commissioner's head reads its own record and may be whom it is about. Never
        nobody's: what belongs to nobody is shown to whoever asks what one person did (`audit.filters`)."""
        ours = [self.commissioner_id, self.authority_id]
        if self.kind == ConcernKind.ADULT:
            ours.reverse()
        return ours[0] or ours[1]


class FrontDoor(models.Model):
    """Where a council takes calls about children in danger: `phone` by day, `out_of_hours` at night and at weekends,
    `page` for more. Said to whoever raises a concern, before anything else."""

    authority = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="front_door")
    phone = models.CharField(max_length=30)
    out_of_hours = models.CharField(max_length=30, blank=True)
    page = models.URLField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self):
        return f"Front door of {self.authority_id}"


class IncidentQuerySet(models.QuerySet):
    def locked(self, pk) -> Incident:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> IncidentQuerySet:
        """The provider's people who meet pupils; of one that a pupil was in, the commissioner's and home school's."""
        ours = where(user, SEES_PUPILS)
        rows = self.filter(
            Q(provider__in=where(user, TEACHES))
            | Q(placement__commissioner__in=ours)
            | Q(placement__home_school__in=ours)
        )
        return rows.select_related("provider", "site", "placement__pupil", "placement__commissioner", "written_by")


class Incident(models.Model):
    """An accident, first aid, or something else that is written down. `words` is sealed. `reportable`: to be reported
    under RIDDOR. Corrected by a further row (`replaces`), never edited."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="incidents")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, null=True, related_name="incidents")
    kind = models.CharField(max_length=9, choices=states.IncidentKind)
    happened_at = models.DateTimeField()
    words = models.BinaryField(default=b"")
    first_aid = models.BooleanField(default=False)
    hospital = models.BooleanField(default=False)
    reportable = models.BooleanField(default=False)
    parent_told_at = models.DateTimeField(null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["provider", "-happened_at"], name="monitoring_incidents_at")]
        ordering = ["-happened_at", "-id"]

    def __str__(self):
        return f"Incident {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who has read it."""
        return self.placement.commissioner_id if self.placement_id else self.provider_id


class DrillQuerySet(models.QuerySet):
    def visible_to(self, user) -> DrillQuerySet:
        """The provider's people."""
        return self.filter(provider__in=at(user, REPORTS)).select_related("provider", "site")


class Drill(models.Model):
    """A fire drill: how long it took (seconds) and how many people left. `words` names nobody."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="drills")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    held_on = models.DateField()
    seconds = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    words = models.CharField(max_length=1000, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = DrillQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["provider", "-held_on"], name="monitoring_drills_at")]
        ordering = ["-held_on", "-id"]

    def __str__(self):
        return f"Drill {self.pk}"

    @property
    def took(self) -> str:
        """How long it took, in words."""
        minutes, seconds = divmod(self.seconds, 60)
        return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
