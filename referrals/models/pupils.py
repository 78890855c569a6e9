"""Pupils: who they are, where they are on the roll, who they belong to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from referrals import states
from referrals.models.own import SEES_PUPILS, where
from referrals.states import EnrolmentKind, MoveState


class PupilQuerySet(models.QuerySet):
    def locked(self, pk) -> Pupil:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def standing(self) -> PupilQuerySet:
        """Those that were not merged into another, and are still known."""
        return self.filter(merged_into=None, purged_at=None)

    def visible_to(self, user) -> PupilQuerySet:
        """Pupils of the commissioners for which the person works with pupils. Nobody else meets one here: a provider
        meets a pupil through the referral that it was chosen for."""
        return self.filter(commissioner__in=where(user, SEES_PUPILS)).select_related("commissioner")


class Pupil(models.Model):
    """A pupil of one commissioner (school, trust or council). Names, date of birth and the two flags stand in plain
    columns, because lists sort by them and rules count them; everything else is sealed in `private`
    (`referrals.rules.private.Private`, under the purpose `referrals.pupil:<id>`). `upn_key` and `uln_key` are keyed
    hashes of the numbers: one pupil of a commissioner bears a number once, and no commissioner learns that another has
    it too. `name_key` is what the list searches: the names folded. A pupil entered twice is merged into the other and
    stays, so that old addresses lead on. At 25 what is known of a pupil is removed (`purged_at`), unless the record is
    kept for a claim or an inquiry (`kept_since`)."""

    commissioner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="pupils")
    first_names = models.CharField(max_length=200)
    last_name = models.CharField(max_length=200)
    known_as = models.CharField(max_length=200, blank=True)
    name_key = models.CharField(max_length=700)
    born_on = models.DateField()
    has_ehcp = models.BooleanField(default=False)
    looked_after = models.BooleanField(default=False)
    upn_key = models.CharField(max_length=64, blank=True)
    uln_key = models.CharField(max_length=64, blank=True)
    no_upn_reason = models.CharField(max_length=16, choices=states.NoUpn, blank=True)
    private = models.BinaryField(default=b"")
    revision = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    merged_at = models.DateTimeField(null=True)
    kept_since = models.DateTimeField(null=True)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    kept_reason = models.CharField(max_length=500, blank=True)
    purged_at = models.DateTimeField(null=True)

    objects = PupilQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commissioner", "upn_key"],
                condition=~Q(upn_key="") & Q(merged_into__isnull=True),
                name="referrals_a_upn_once_a_commissioner",
            ),
            models.UniqueConstraint(
                fields=["commissioner", "uln_key"],
                condition=~Q(uln_key="") & Q(merged_into__isnull=True),
                name="referrals_a_uln_once_a_commissioner",
            ),
            models.CheckConstraint(
                condition=~Q(upn_key="") & Q(no_upn_reason="") | Q(upn_key="") & ~Q(no_upn_reason=""),
                name="referrals_a_upn_or_why_none",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_at__isnull=True)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
                name="referrals_merged_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="referrals_merged_into_another"
            ),
            models.CheckConstraint(
                condition=Q(kept_since__isnull=True, kept_reason="") | Q(kept_since__isnull=False) & ~Q(kept_reason=""),
                name="referrals_kept_longer_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["commissioner", "last_name", "first_names", "id"],
                condition=Q(merged_into__isnull=True),
                name="referrals_pupils_by_name",
            ),
            models.Index(fields=["upn_key"], condition=~Q(upn_key=""), name="referrals_pupils_by_upn"),
            models.Index(fields=["born_on"], condition=Q(purged_at__isnull=True), name="referrals_pupils_by_age"),
        ]

    def __str__(self):
        return f"Pupil {self.pk}"  # never a name: this is what a log or an error would show

    @property
    def organisation_id(self) -> int:
        """In whose record it stands that somebody looked at this pupil (`audit.reads`)."""
        return self.commissioner_id

    @property
    def full_name(self) -> str:
        """For pages that whoever reads them may see."""
        return f"{self.known_as or self.first_names} {self.last_name}"


class FormerName(models.Model):
    """A name that a pupil had until a day."""

    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="former_names")
    first_names = models.CharField(max_length=200)
    last_name = models.CharField(max_length=200)
    until_on = models.DateField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-until_on", "-id"]

    def __str__(self):
        return f"Former name {self.pk}"


class EnrolmentQuerySet(models.QuerySet):
    def open_on(self, day) -> EnrolmentQuerySet:
        """Those that hold on a day."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)

    def visible_to(self, user) -> EnrolmentQuerySet:
        """Of pupils that the person may see."""
        rows = self.filter(pupil__in=Pupil.objects.visible_to(user))
        return rows.select_related("pupil__commissioner", "school")


class Enrolment(models.Model):
    """Where a pupil is on the roll, from a day to a day (both counted): at a school, or at none and why. Never
    overwritten: what changes ends and another begins."""

    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="enrolments")
    school = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=6, choices=EnrolmentKind)
    why_none = models.CharField(max_length=10, choices=states.NoSchool, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="none", school__isnull=True) & ~Q(why_none="")
                | Q(school__isnull=False, why_none="") & ~Q(kind="none"),
                name="referrals_at_a_school_or_why_at_none",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="referrals_enrolled_in_order"
            ),
            models.UniqueConstraint(
                fields=["pupil"],
                condition=Q(until_on__isnull=True) & ~Q(kind="other"),
                name="referrals_one_main_roll_now",
            ),
        ]
        indexes = [models.Index(fields=["school", "pupil"], name="referrals_pupils_of_school")]
        ordering = ["from_on", "id"]

    def __str__(self):
        return f"Enrolment {self.pk}"


class PupilMoveQuerySet(models.QuerySet):
    def locked(self, pk) -> PupilMove:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def waiting(self) -> PupilMoveQuerySet:
        """Offered and not answered."""
        return self.filter(state=MoveState.OFFERED)

    def visible_to(self, user) -> PupilMoveQuerySet:
        """Either side's people who work with pupils."""
        ours = where(user, SEES_PUPILS)
        rows = self.filter(Q(giver__in=ours) | Q(taker__in=ours))
        return rows.select_related("pupil", "giver", "taker")


class PupilMove(models.Model):
    """One commissioner hands a pupil's record to another. With the acceptance access moves; what was done before stays
    in the record. Until then the other side is shown the pupil's initials and year of birth, nothing more."""

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="moves")
    giver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=MoveState, default=MoveState.OFFERED)
    reason = models.TextField()
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PupilMoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil"], condition=Q(state="offered"), name="referrals_one_open_move"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="referrals_moved_to_another"),
            models.CheckConstraint(
                condition=Q(state="offered", answered_at__isnull=True)
                | ~Q(state="offered") & Q(answered_at__isnull=False),
                name="referrals_move_answered_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["taker"], condition=Q(state="offered"), name="referrals_moves_to_answer"),
        ]

    def __str__(self):
        return f"Move {self.pk}"


class Merge(models.Model):
    """Two records of one pupil became one: `gone` points to `kept` from then on. `moved` counts what went over, by
    kind."""

    kept = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="merges")
    gone = models.OneToOneField(Pupil, on_delete=models.PROTECT, related_name="merge")
    reason = models.TextField()
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self):
        return f"{self.gone_id} into {self.kept_id}"
