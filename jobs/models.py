"""A job: one row for one piece of long work. The row is the truth; a Celery message only says that there is one."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from accounts.models.organisations import roles_of
from jobs import rules
from jobs.states import MOVES, OVER, Sign, State

_STATES = dict(State.choices)


class JobQuerySet(models.QuerySet):
    def locked(self, pk) -> Job:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> JobQuerySet:
        """Jobs of organisations that the person belongs to: whoever has left one no longer sees its jobs, not even
        those that they asked for. An operator sees all, and alone those of no organisation."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_operator:
            return self
        return self.filter(organisation__in=sorted({held.organisation_id for held in roles_of(user)}))

    def not_over(self) -> JobQuerySet:
        """Waiting or running."""
        return self.filter(try_at__isnull=False)

    def ready(self, at) -> JobQuerySet:
        """What somebody could take up at `at`: waiting, or left behind by a worker whose lease ran out."""
        return self.filter(try_at__lte=at)

    def held(self, at) -> JobQuerySet:
        """What a worker that lives is at."""
        return self.filter(state=State.RUNNING, try_at__gt=at)


class Job(models.Model):
    """`kind` names the work in `settings.JOBS`; `about_id` is the key of the row that it works on.

    `done` of `total` steps, with `progress` in words. `try_at` says when somebody may take it up: while it runs, the
    end of the lease, which moves on while its worker lives; then another worker takes it over, `attempts` counted.
    Empty once it is over. `token` names the worker that holds it, so that one who lost the lease writes nothing more.
    `problem` is written for the person who asked."""

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    about_id = models.BigIntegerField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    token = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True)
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
                condition=Q(state__in=["waiting", "running"], try_at__isnull=False, ended_at__isnull=True)
                | Q(state__in=["done", "failed", "cancelled"], try_at__isnull=True, ended_at__isnull=False),
                name="jobs_to_try_or_over",
            ),
        ]
        indexes = [
            models.Index(fields=["try_at"], condition=Q(try_at__isnull=False), name="jobs_to_try"),
            models.Index(fields=["organisation", "-id"], name="jobs_of_organisation"),
        ]

    def __str__(self):
        return self.title

    def get_state_display(self) -> str:
        """The state in words. Django's own method goes through all choices at every call."""
        return _STATES.get(self.state, self.state)

    def move(self, to: State, *, at: dt.datetime) -> None:
        """Put it into another state, unsaved. Raises ValueError where there is no such move."""
        if to not in MOVES[State(self.state)]:
            raise ValueError(f"A job does not go from {self.state} to {to}")
        self.state = to
        over = to in OVER
        self.ended_at, self.try_at = (at, None) if over else (None, at)

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def can_stop(self) -> bool:
        return rules.can_stop(self.state, stop_asked=self.stop_asked)

    @property
    def can_try_again(self) -> bool:
        return rules.can_try_again(self.state)

    @property
    def stop_asked(self) -> bool:
        return self.cancel_asked_at is not None

    @property
    def share(self) -> int | None:
        """Percent."""
        return rules.share(self.done, self.total)

    @property
    def told(self) -> str:
        """The progress as a line to read."""
        return rules.told(self.state, self.done, self.total, self.progress)

    @property
    def heard(self) -> str:
        """What a screen reader has been told."""
        return rules.heard(self.state, done=self.done, total=self.total, stop_asked=self.stop_asked)


class PulseQuerySet(models.QuerySet):
    def locked(self, pk) -> Pulse:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class Pulse(models.Model):
    """When a part of the portal was last seen to be well: one row for each part, moved on every minute."""

    what = models.CharField(max_length=10, choices=Sign, primary_key=True)
    seen_at = models.DateTimeField()

    objects = PulseQuerySet.as_manager()

    def __str__(self):
        return f"{self.what} well at {self.seen_at}"


class OutageQuerySet(models.QuerySet):
    def locked(self, pk) -> Outage:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def after(self, moment) -> OutageQuerySet:
        """Those that were not over before `moment`, or are not over at all."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gte=moment))


class Outage(models.Model):
    """A time in which a part of the portal was out of order, logged by the portal itself: from when that part was last
    seen to be well until it was so again. Nobody writes one by hand."""

    what = models.CharField(max_length=10, choices=Sign)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = OutageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["what"], condition=Q(ended_at__isnull=True), name="jobs_one_open_outage_of_a_kind"
            ),
            models.UniqueConstraint(fields=["what", "began_at"], name="jobs_an_outage_is_logged_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("began_at")),
                name="jobs_outage_ends_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=["-began_at", "-id"], name="jobs_outages")]

    def __str__(self):
        return f"{self.what} from {self.began_at}"
