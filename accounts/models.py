"""People, organisations, and who has which role where."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from accounts.states import OrganisationKind, Role


class UserManager(BaseUserManager):
    """Makes people; the e-mail address is the name that they sign in with, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser):
    """A person. Deactivated and pseudonymised, never deleted: the record still says who did what.

    An operator runs the deployment: the list of schools, look-alike organisations, letters that could not be sent.
    """

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deactivated_at = models.DateTimeField(null=True)
    deactivated_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True, deactivated_at__isnull=True) | Q(is_active=False),
                name="accounts_active_people_are_not_deactivated",
            ),
        ]

    def __str__(self):
        return self.name or self.email


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user) -> OrganisationQuerySet:
        """The organisations that the person belongs to; an operator sees all of them."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_operator:
            return self
        return self.filter(pk__in=Membership.objects.live().filter(user=user).values("organisation"))


class Organisation(models.Model):
    """A council, trust, school or provider. Identifiers are kept as their registers spell them; schools come from the
    national register (GIAS) and stay when they close. `name_key` is the name folded for comparison."""

    kind = models.CharField(max_length=10, choices=OrganisationKind)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    urn = models.CharField(max_length=6, null=True)
    laestab = models.CharField(max_length=7, blank=True, db_index=True)
    ukprn = models.CharField(max_length=8, blank=True, db_index=True)
    companies_house = models.CharField(max_length=8, blank=True, db_index=True)
    charity_number = models.CharField(max_length=8, blank=True, db_index=True)
    ppon = models.CharField(max_length=14, blank=True, db_index=True)
    share_code = models.CharField(max_length=8, blank=True)
    la_code = models.CharField(max_length=3, blank=True)
    establishment_type = models.CharField(max_length=100, blank=True)
    phase = models.CharField(max_length=60, blank=True)
    lowest_age = models.PositiveSmallIntegerField(null=True)
    highest_age = models.PositiveSmallIntegerField(null=True)
    street = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    easting = models.PositiveIntegerField(null=True)
    northing = models.PositiveIntegerField(null=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["urn"], condition=Q(kind="school"), name="accounts_one_school_per_urn"),
            models.CheckConstraint(condition=~Q(kind="school") | Q(urn__isnull=False), name="accounts_school_has_urn"),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="accounts_not_own_parent"),
        ]
        indexes = [models.Index(fields=["kind", "name", "id"], name="accounts_by_kind_and_name")]

    def __str__(self):
        return self.name


class Successor(models.Model):
    """A closed school and the school that took over from it, as the national register links them."""

    closed = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="successors")
    successor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="predecessors")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closed", "successor"], name="accounts_one_link_per_pair")]

    def __str__(self):
        return f"{self.closed_id} → {self.successor_id}"


class MembershipQuerySet(models.QuerySet):
    def live(self) -> MembershipQuerySet:
        """Roles held now: looked up at every request, so that ending one ends access at the next."""
        return self.filter(ended_at__isnull=True, user__is_active=True, organisation__is_open=True)

    def visible_to(self, user) -> MembershipQuerySet:
        """The roles in organisations that the person belongs to."""
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class Membership(models.Model):
    """A person's role in an organisation, from when to when. Ended, never deleted.

    A trust's people see only the schools listed in `schools`; nothing comes down from the parent by itself.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    schools = models.ManyToManyField(Organisation, related_name="+", blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="accounts_a_role_is_held_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True) | Q(ended_at__isnull=False),
                name="accounts_ended_by_needs_ended_at",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "ended_at"], name="accounts_people_of")]

    def __str__(self):
        return f"{self.user_id}: {self.role} at {self.organisation_id}"


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user) -> InvitationQuerySet:
        """The invitations of organisations that the person belongs to."""
        return self.filter(organisation__in=Organisation.objects.visible_to(user))

    def open(self, at) -> InvitationQuerySet:
        """Neither accepted, revoked nor expired at `at`."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)


class Invitation(models.Model):
    """An offer of roles to one e-mail address. The link's secret is stored only as its SHA-256; it works once, for
    the person who has confirmed that address, until it is revoked or runs out."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    roles = models.JSONField()
    schools = models.ManyToManyField(Organisation, related_name="+", blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="accounts_invitation_accepted_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="accounts_invitation_not_both_used_and_revoked",
            ),
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="accounts_one_open_invitation_per_address",
            ),
        ]

    def __str__(self):
        return f"Invitation {self.pk}"


class LookAlike(models.Model):
    """Two organisations that may be one: found at registration, told to nobody who registers, decided by a person."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="look_alikes")
    resembles = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    found_at = models.DateTimeField()
    decision = models.CharField(
        max_length=10, blank=True, choices=[("different", "Two organisations"), ("same", "One organisation")]
    )
    decision_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "resembles"], name="accounts_one_look_alike_per_pair"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, decision="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="")),
                name="accounts_look_alike_decided_by_and_at",
            ),
        ]

    def __str__(self):
        return f"{self.organisation_id} ~ {self.resembles_id}"


class TermDates(models.Model):
    """A term or half-term of an organisation: the days from `starts_on` to `ends_on`, both counted."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="terms")
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="accounts_term_ends_after_it_starts"),
            models.UniqueConstraint(fields=["organisation", "starts_on"], name="accounts_one_term_per_start"),
        ]

    def __str__(self):
        return self.name


class Closure(models.Model):
    """Days on which an organisation is closed inside a term: INSET, holiday, snow. Both ends counted."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="closures")
    reason = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="accounts_closure_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["organisation", "starts_on", "reason"], name="accounts_one_closure_per_start_and_reason"
            ),
        ]

    def __str__(self):
        return self.reason


class HeldAnswers(models.Model):
    """What somebody typed into a form after their session had run out, encrypted, kept for one hour for them alone."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
    answers_sealed = models.BinaryField()
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self):
        return f"Held answers {self.pk}"
