"""An evaluation: who is appointed to what, and who has an interest."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Membership, Organisation
from accounts.models.organisations import roles_of
from accounts.states import Role
from evaluation import states
from evaluation.states import Duty, Stage, When
from lots.models import Framework, Standard
from lots.states import EvidenceKind

# Who runs an evaluation for the buyer: whoever buys. Its administrators see that it goes on.
RUNS = {Role.PROCUREMENT, Role.TRUST_COMMISSIONER, Role.ADMIN}


class EvaluationQuerySet(models.QuerySet):
    def locked(self, pk) -> Evaluation:
        """The row as it is now, held until the transaction ends. The framework's row is locked before."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> EvaluationQuerySet:
        """Whoever is appointed and still belongs to the buyer, whoever buys for it, and its administrators; nobody
        else, operators neither."""
        if not user.is_authenticated:
            return self.none()
        held = roles_of(user)
        run = {one.organisation_id for one in held if one.role in RUNS}
        appointed = Appointment.objects.filter(evaluation=OuterRef("pk"), person=user.pk, ended_at=None)
        seen = Q(Exists(appointed), framework__buyer__in=sorted({one.organisation_id for one in held}))
        if run:
            seen = Q(framework__buyer__in=sorted(run)) | seen
        return self.filter(seen).select_related("framework__buyer", "framework__policies")


class Evaluation(models.Model):
    """The evaluation of one round. `two_open` asks for two people at the opening; `clarify_days` is how many working
    days a bidder has to answer; both and the rules of what may be cured can be changed until the opening (`fixed_at`).
    `seed` is drawn at the opening: the blind sample follows from it, so that it can be drawn again."""

    framework = models.OneToOneField(Framework, on_delete=models.PROTECT, related_name="evaluation")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.PREPARING)
    two_open = models.BooleanField(default=True)
    clarify_days = models.PositiveSmallIntegerField(default=3)
    standstill = models.BooleanField(default=True)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    fixed_at = models.DateTimeField(null=True)
    seed = models.CharField(max_length=64, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="preparing") | Q(fixed_at__isnull=False), name="evaluation_fixed_before_judging"
            )
        ]

    def __str__(self):
        return f"Evaluation of {self.framework_id}"


class CureRule(models.Model):
    """What may be sent for one kind of evidence when a bidder is asked about it. Set before the opening."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="cure_rules")
    kind = models.CharField(max_length=12, choices=EvidenceKind)
    cure = models.CharField(max_length=10, choices=states.Cure)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "kind"], name="evaluation_one_cure_of_a_kind")]

    def __str__(self):
        return f"{self.kind}: {self.cure}"


class AppointmentQuerySet(models.QuerySet):
    def live(self) -> AppointmentQuerySet:
        """Not ended, and of somebody who still belongs to the buyer: who has left it does nothing here any more, also
        before anybody ends the appointment."""
        belongs = Membership.objects.live().filter(
            user=OuterRef("person"), organisation=OuterRef("evaluation__framework__buyer")
        )
        return self.filter(Exists(belongs), ended_at=None)

    def visible_to(self, user) -> AppointmentQuerySet:
        """As the evaluation."""
        return self.filter(evaluation__in=Evaluation.objects.visible_to(user)).select_related(
            "evaluation__framework__buyer", "person"
        )


class Appointment(models.Model):
    """Somebody's duty in one evaluation, until `ended_at`."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    duty = models.CharField(max_length=10, choices=Duty)
    appointed_at = models.DateTimeField()
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=300, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "person", "duty"],
                condition=Q(ended_at__isnull=True),
                name="evaluation_one_duty_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.duty} in {self.evaluation_id}"


class Assignment(models.Model):
    """An evaluator judges this standard, until `ended_at`. A theme is assigned as all of its standards."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="assignments")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "person"],
                condition=Q(ended_at__isnull=True),
                name="evaluation_assigned_once",
            )
        ]
        indexes = [models.Index(fields=["evaluation", "person"], name="evaluation_assigned")]

    def __str__(self):
        return f"{self.person_id} judges {self.standard_id}"


class Declaration(models.Model):
    """What somebody on the panel declared of their interests. A later one of the same moment replaces it; both stay."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="declarations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    moment = models.CharField(max_length=6, choices=When)
    has_interest = models.BooleanField()
    text = models.TextField(blank=True)
    declared_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "person", "moment"],
                condition=Q(replaced_at__isnull=True),
                name="evaluation_one_declaration_stands",
            )
        ]

    def __str__(self):
        return f"{self.moment} by {self.person_id}"


class ConflictQuerySet(models.QuerySet):
    def locked(self, pk) -> Conflict:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def blocking(self) -> ConflictQuerySet:
        """Neither mitigated nor taken back."""
        return self.filter(mitigated_at=None)

    def visible_to(self, user) -> ConflictQuerySet:
        """Whoever runs the evaluation; the person's own are on their declaration's page."""
        return self.filter(evaluation__in=Evaluation.objects.visible_to(user)).select_related(
            "evaluation__framework__buyer", "person", "provider"
        )


class Conflict(models.Model):
    """Somebody on the panel has an interest in one provider (Procurement Act 2023, s.81). It blocks them from that
    provider's bid everywhere until it was mitigated by a recorded decision (s.82). `mitigation` says how and why."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=states.Source, default=states.Source.DECLARED)
    text = models.TextField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    mitigation = models.TextField(blank=True)
    mitigated_at = models.DateTimeField(null=True)
    mitigated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "person", "provider"],
                condition=Q(mitigated_at__isnull=True),
                name="evaluation_one_conflict_stands",
            ),
            models.CheckConstraint(
                condition=Q(mitigated_at__isnull=True) | ~Q(mitigation=""), name="evaluation_mitigated_with_reason"
            ),
        ]

    def __str__(self):
        return f"{self.person_id} and {self.provider_id}"
