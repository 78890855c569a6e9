"""Frameworks: one row for each generation of the scheme, with its dates, limits, policies and decisions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from lots import states
from lots.states import FrameworkState


class FrameworkQuerySet(models.QuerySet):
    def locked(self, pk) -> Framework:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def public(self) -> FrameworkQuerySet:
        """What anybody may read: everything that was published, also when it has ended."""
        return self.exclude(state=FrameworkState.DRAFT).filter(published_at__isnull=False)

    def not_given_up(self) -> FrameworkQuerySet:
        """Without what was given up before anybody else could read it: nobody sees that again."""
        return self.filter(Q(published_at__isnull=False) | ~Q(state=FrameworkState.WITHDRAWN))

    def visible_to(self, user) -> FrameworkQuerySet:
        """Published frameworks for everybody; one being set up for people of its buyer and operators; one that was
        given up before anybody else could read it for nobody."""
        public = Q(published_at__isnull=False)
        if not user.is_authenticated or not user.is_active:
            return self.filter(public)
        if user.is_operator:
            return self.not_given_up()
        ours = Q(buyer__in=Organisation.objects.visible_to(user))
        return self.filter(public | ~Q(state=FrameworkState.WITHDRAWN) & ours)


class Framework(models.Model):
    """One generation of a framework. `previous` is the generation that it replaces (Procurement Act 2023, s.49).

    `ocid` and `reference` are those of its notice; one buyer has one framework for each ocid. Values are pence.
    Days are days in England, moments are UTC. `awarded_at` is when the framework was awarded, which is the instant
    at which it began to run and the one before it ended; the deadlines of s.49 are counted from it.
    `max_participants` and `max_lots` are empty where there is no limit. `standards_chosen` is the version of the
    standards that is copied at publication; the copy is `standards`."""

    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="frameworks")
    previous = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="next")
    generation = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=FrameworkState, default=FrameworkState.DRAFT)
    title = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    ocid = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    is_open = models.BooleanField(default=True)
    light_touch = models.BooleanField(default=True)
    above_threshold = models.BooleanField(default=True)
    with_competition = models.BooleanField(default=False)
    net_pence = models.PositiveBigIntegerField(null=True)
    gross_pence = models.PositiveBigIntegerField(null=True)
    max_participants = models.PositiveIntegerField(null=True)
    max_lots = models.PositiveIntegerField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    scheme_ends_on = models.DateField(null=True)
    enquiries_until = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    award_by_on = models.DateField(null=True)
    criteria = models.TextField(blank=True)
    lots_explained = models.TextField(blank=True)
    payment_terms = models.TextField(blank=True)
    risks = models.TextField(blank=True)
    how_to_apply = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    standards_chosen = models.ForeignKey(
        "lots.StandardsVersion", on_delete=models.PROTECT, null=True, related_name="chosen_for"
    )
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    awarded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    coverage_acknowledged_at = models.DateTimeField(null=True)
    coverage_acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    coverage_acknowledged = models.TextField(blank=True)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "ocid"], condition=~Q(ocid=""), name="lots_one_ocid_per_buyer"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="lots_framework_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "running", "ended"]) | Q(published_at__isnull=False),
                name="lots_published_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "ended"]) | Q(awarded_at__isnull=False),
                name="lots_running_was_awarded",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_at__isnull=False), name="lots_ended_has_its_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "id"], name="lots_of_buyer"),
            models.Index(fields=["state", "-id"], condition=Q(published_at__isnull=False), name="lots_published"),
        ]

    def __str__(self):
        return self.title


class Policies(models.Model):
    """The rules of one framework: who wins, what a place is worth, what is paid (DESIGN section 4). Set while the
    framework is being set up, locked when it is published. Percentages are whole numbers."""

    framework = models.OneToOneField(Framework, on_delete=models.CASCADE, related_name="policies")
    pool = models.CharField(max_length=10, choices=states.Pool, default=states.Pool.LINE)
    counted = models.CharField(max_length=10, choices=states.Counted, default=states.Counted.PASSED)
    margin_percent = models.PositiveSmallIntegerField(default=20)
    sides = models.CharField(max_length=10, choices=states.Sides, default=states.Sides.UPPER)
    low_percent = models.PositiveSmallIntegerField(default=50)
    fail_costs = models.CharField(max_length=10, choices=states.FailCosts, default=states.FailCosts.LOT)
    basis = models.CharField(max_length=10, choices=states.Basis, default=states.Basis.NET)
    quality = models.CharField(max_length=10, choices=states.QualityScope, default=states.QualityScope.PROVIDER)
    evaluators = models.CharField(max_length=10, choices=states.Evaluators, default=states.Evaluators.MIXED)
    blind_percent = models.PositiveSmallIntegerField(default=20)
    auto_places = models.BooleanField(default=True)
    over_limit_rule = models.TextField(blank=True)
    lot_limit = models.CharField(max_length=10, choices=states.LotLimit, default=states.LotLimit.LOTS)
    call_off = models.CharField(max_length=10, choices=states.CallOff, default=states.CallOff.BUYER)
    selection = models.CharField(max_length=20, choices=states.Selection, default=states.Selection.LOWEST_COST)
    departures = models.TextField(blank=True, default=states.DEPARTURES)
    price_review = models.CharField(max_length=20, choices=states.PriceReview, default=states.PriceReview.NONE)
    review_cap_percent = models.PositiveSmallIntegerField(null=True)
    review_on = models.DateField(null=True)
    charge_attended = models.PositiveSmallIntegerField(default=100)
    charge_absent_told = models.PositiveSmallIntegerField(default=100)
    charge_absent_not_told = models.PositiveSmallIntegerField(default=100)
    charge_closed = models.PositiveSmallIntegerField(default=0)
    charge_cancelled = models.PositiveSmallIntegerField(default=100)
    notice_hours = models.PositiveSmallIntegerField(default=24)
    in_flight = models.BooleanField(default=True)
    payment_days = models.PositiveSmallIntegerField(default=30)
    locked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(margin_percent__lte=100), name="lots_margin_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(
                    charge_attended__lte=100,
                    charge_absent_told__lte=100,
                    charge_absent_not_told__lte=100,
                    charge_closed__lte=100,
                    charge_cancelled__lte=100,
                ),
                name="lots_charges_are_percentages",
            ),
        ]

    def __str__(self):
        return f"Policies of {self.framework_id}"


class Decision(models.Model):
    """What an officer decided about a contradiction in the notice, a policy or a duty of the law, and why.

    `about` is the code of the policy (`sides`) or of the finding (`term_over_eight_years`). `clarification` is the text
    that goes to all bidders, where the decision touches who wins. A new decision replaces the last one; both stay.
    `option` is the value chosen, as text (`lots.rules.policies.written`). The reason is empty where none was owed."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="decisions")
    about = models.CharField(max_length=60)
    option = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    clarification = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "about"],
                condition=Q(replaced_at__isnull=True),
                name="lots_one_decision_stands",
            )
        ]

    def __str__(self):
        return self.about


class KeyDateQuerySet(models.QuerySet):
    def visible_to(self, user) -> KeyDateQuerySet:
        """Dates of frameworks that the person may see."""
        return self.filter(framework__in=Framework.objects.visible_to(user)).select_related("framework")


class KeyDate(models.Model):
    """A date of the framework that is none of its own fields: a meeting for providers, a planned re-opening."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="key_dates")
    kind = models.CharField(max_length=12, choices=states.KeyDateKind)
    at = models.DateTimeField()
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = KeyDateQuerySet.as_manager()

    def __str__(self):
        return f"{self.kind} at {self.at}"


class Document(models.Model):
    """A notice or document that the framework's notice points to. `kind` and `notice_type` are the notice's own codes
    (tenderNotice, UK4); without `url` it was named and not published."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="documents")
    reference = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=100, blank=True)
    notice_type = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=500)
    url = models.URLField(max_length=2000, blank=True)
    published_at = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self):
        return self.title


class PermittedUser(models.Model):
    """Who may call off beside the buyer (s.45(5)): one organisation, or a kind of organisation in words ("schools in
    Larkshire")."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="permitted_users")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    description = models.CharField(max_length=300, blank=True)
    schools_of_area = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(description=""), name="lots_permitted_user_is_named"
            )
        ]

    def __str__(self):
        return self.description or f"organisation {self.organisation_id}"
