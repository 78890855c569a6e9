"""What commissioners are told within 30 minutes of a session's start, and what was too late."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from monitoring import states
from monitoring.models.sessions import Session
from referrals.models import Cover
from referrals.models.own import SEES_PUPILS, where


class AlertQuerySet(models.QuerySet):
    def locked(self, pk) -> Alert:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def standing(self) -> AlertQuerySet:
        """Not undone, whether or not somebody has answered."""
        return self.filter(undone_at=None)

    def open(self) -> AlertQuerySet:
        """Nobody has answered yet, and it still stands as it was told."""
        return self.standing().filter(acknowledged_at=None, over_at=None)

    def to_tell(self, at) -> AlertQuerySet:
        """Somebody is to be told now, the longest due first."""
        return self.filter(tell_at__lte=at).order_by("tell_at", "pk")

    def visible_to(self, user) -> AlertQuerySet:
        """The commissioner's people who work with pupils, those of the home school, and those of the council or the
        trust from when it came to them (`reached_authority`)."""
        ours = where(user, SEES_PUPILS)
        rows = self.filter(
            Q(commissioner__in=ours) | Q(session__placement__home_school__in=ours) | Q(reached_authority__in=ours)
        )
        return rows.select_related(
            "session__placement__pupil",
            "session__placement__home_school",
            "session__provider__profile",
            "session__site",
            "commissioner",
            "reached_authority",
            "acknowledged_by",
        )


class Alert(models.Model):
    """One thing about one session that a commissioner must know. `raised_at` is the minute that it stands for: the
    mark, or the 30th minute. Moments are UTC. `tell_at` says when the next person is to be told (empty: nobody more),
    `told_at` when the first was, `rung` how many were. A breach is never undone; an absence can be until `tell_at`.
    `done` (what was done about it) is sealed. `over_at`: the pupil came after all, or the register was taken late."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="alerts")
    commissioner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=states.AlertKind)
    raised_at = models.DateTimeField()
    written_at = models.DateTimeField()
    tell_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    reached_authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done = models.BinaryField(default=b"")
    over_at = models.DateTimeField(null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            # One that is over stays; a pupil who came and went away again is missed anew.
            models.UniqueConstraint(
                fields=["session", "kind"],
                condition=Q(undone_at__isnull=True, over_at__isnull=True),
                name="monitoring_one_alert_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(kind="absent", told_at__isnull=True),
                name="monitoring_a_breach_stays",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(acknowledged_by__isnull=False, tell_at__isnull=True),
                name="monitoring_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["tell_at"], condition=Q(tell_at__isnull=False), name="monitoring_to_tell"),
            models.Index(fields=["commissioner", "-id"], name="monitoring_alerts_of"),
            # The banner of every page asks these.
            models.Index(
                fields=["commissioner"],
                condition=Q(undone_at__isnull=True, acknowledged_at__isnull=True, over_at__isnull=True),
                name="monitoring_alerts_open",
            ),
            models.Index(
                fields=["reached_authority"],
                condition=Q(undone_at__isnull=True, acknowledged_at__isnull=True, over_at__isnull=True),
                name="monitoring_alerts_reached",
            ),
        ]
        ordering = ["-id"]

    def __str__(self):
        return f"Alert {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who has read it."""
        return self.commissioner_id


class AlertTold(models.Model):
    """Who was told of an alert, and when the message was put into the outbox."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="told")
    rung = models.PositiveSmallIntegerField()
    whom = models.CharField(max_length=9, choices=states.Whom)
    cover = models.ForeignKey(Cover, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "cover"], condition=Q(cover__isnull=False), name="monitoring_cover_told_once"
            ),
            models.UniqueConstraint(
                fields=["alert", "whom", "user"], condition=Q(user__isnull=False), name="monitoring_person_told_once"
            ),
        ]
        ordering = ["id"]

    def __str__(self):
        return f"Told {self.pk}"
