"""A job: one row for one piece of long work. The row is the truth; a Celery message only says that there is one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from jobs.states import State


class JobQuerySet(models.QuerySet):
    def locked(self, pk) -> Job:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> JobQuerySet:
        """Jobs that the person started, and those of organisations that they belong to."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        mine = Q(asked_by=user) | Q(organisation__in=Organisation.objects.visible_to(user))
        return self if user.is_operator else self.filter(mine)

    def ready(self, at) -> JobQuerySet:
        """What somebody could take up at `at`: waiting, or left behind by a worker whose lease ran out."""
        return self.filter(Q(state=State.WAITING) | Q(state=State.RUNNING, lease_until__lt=at))


class Job(models.Model):
    """`kind` names the work in `settings.JOBS`; `about_id` is the key of the row that it works on.

    `done` of `total` steps, with `progress` in words. `lease_until` moves on while the worker lives (its heartbeat);
    when it is past, another worker takes the job over, `attempts` counted. `problem` is written for the person who
    asked. `token` names the worker that holds it, so that one who lost the lease writes nothing more."""

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    about_id = models.BigIntegerField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    token = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    progress = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=500, blank=True)
    problem = models.CharField(max_length=1000, blank=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about_id"],
                condition=Q(state__in=["waiting", "running"]),
                name="jobs_one_at_a_time_for_each_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | Q(state__in=["done", "failed", "cancelled"], ended_at__isnull=False),
                name="jobs_ended_is_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False), name="jobs_running_holds_a_lease"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "running"]), name="jobs_not_over"),
            models.Index(fields=["organisation", "id"], name="jobs_of_organisation"),
        ]

    def __str__(self):
        return self.title
