"""Organisations, and the roles that people have in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q

from accounts.models.people import User
from accounts.states import OrganisationKind, Role

_ROLES, _KINDS = dict(Role.choices), dict(OrganisationKind.choices)


class OrganisationQuerySet(models.QuerySet):
    def locked(self, pk) -> Organisation:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> OrganisationQuerySet:
        """The organisations that the person belongs to; an operator sees all of them."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_operator:
            return self
        return self.filter(pk__in=sorted({held.organisation_id for held in roles_of(user)}))


class Organisation(models.Model):
    """A council, trust, school or provider. Identifiers are kept as their registers spell them; schools come from the
    national register (GIAS) and stay when they close; `trust_code` is a trust's number there. `name_key` is the name
    folded for comparison; a provider with no `compared_at` has not been compared with the others yet."""

    kind = models.CharField(max_length=10, choices=OrganisationKind)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_index=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    urn = models.CharField(max_length=6, null=True)
    laestab = models.CharField(max_length=7, blank=True, db_index=True)
    ukprn = models.CharField(max_length=8, blank=True, db_index=True)
    companies_house = models.CharField(max_length=8, blank=True, db_index=True)
    charity_number = models.CharField(max_length=9, blank=True, db_index=True)
    ppon = models.CharField(max_length=14, blank=True, db_index=True)
    share_code = models.CharField(max_length=8, blank=True)
    trust_code = models.CharField(max_length=10, blank=True)
    no_number_reason = models.CharField(max_length=500, blank=True)
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
    compared_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["urn"], condition=Q(kind="school"), name="accounts_one_school_per_urn"),
            models.UniqueConstraint(
                fields=["trust_code"],
                condition=Q(kind="trust") & ~Q(trust_code=""),
                name="accounts_one_trust_per_code",
            ),
            models.UniqueConstraint(
                fields=["la_code"],
                condition=Q(kind="authority") & ~Q(la_code=""),
                name="accounts_one_authority_per_la_code",
            ),
            models.CheckConstraint(condition=~Q(kind="school") | Q(urn__isnull=False), name="accounts_school_has_urn"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="accounts_not_own_parent"
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="accounts_by_name"),
            models.Index(fields=["kind", "name", "id"], name="accounts_by_kind_and_name"),
            models.Index(
                fields=["id"], condition=Q(kind="provider", compared_at__isnull=True), name="accounts_not_compared"
            ),
        ]

    def __str__(self):
        return self.name

    def get_kind_display(self) -> str:
        """The kind in words. Django's own method goes through all choices at every call."""
        return _KINDS.get(self.kind, self.kind)


class Successor(models.Model):
    """A closed school and the school that took over from it, as the national register links them."""

    closed = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="successors")
    successor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="predecessors")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closed", "successor"], name="accounts_one_link_per_pair")]

    def __str__(self):
        return f"{self.closed_id} → {self.successor_id}"


class MembershipQuerySet(models.QuerySet):
    def locked(self, pk) -> Membership:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def live(self) -> MembershipQuerySet:
        """Roles held now: looked up at every request, so that ending one ends access at the next."""
        return self.filter(ended_at__isnull=True, user__is_active=True, organisation__is_open=True)

    def visible_to(self, user) -> MembershipQuerySet:
        """The roles in organisations that the person belongs to."""
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class Membership(models.Model):
    """A person's role in an organisation, from when to when. Ended, never deleted.

    A trust's people see only the schools listed in `schools`; nothing comes down from the parent by itself.
    `person_name` is the person's name, here so that one index gives the people of an organisation in order; whatever
    changes a name writes it here too. It goes when the role ends.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    person_name = models.CharField(max_length=200, blank=True)
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
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(person_name=""), name="accounts_ended_roles_name_nobody"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "person_name", "id"],
                condition=Q(ended_at__isnull=True),
                name="accounts_people_of",
            )
        ]

    def __str__(self):
        return f"{self.user_id}: {self.role} at {self.organisation_id}"

    def get_role_display(self) -> str:
        """The role in words. Django's own method goes through all choices at every call."""
        return _ROLES.get(self.role, self.role)


@dataclass(frozen=True)
class Held:
    """A role that somebody holds now, and where."""

    role: Role
    organisation_id: int
    kind: OrganisationKind
    organisation: str


def roles_of(user) -> tuple[Held, ...]:
    """The roles that the person holds now, in one query per request: the answer stays on the user object, which is
    read anew at every request, so ending a role ends access at the next one."""
    if not user.is_authenticated or not user.is_active:
        return ()
    if not hasattr(user, "_roles_held"):
        rows = (
            Membership.objects.live()
            .filter(user=user)
            .values_list("organisation__name", "organisation_id", "role", "organisation__kind")
        )
        held = [Held(Role(role), pk, OrganisationKind(kind), name) for name, pk, role, kind in rows]
        held.sort(key=lambda one: (one.organisation.casefold(), one.organisation_id, one.role))
        user._roles_held = tuple(held)
    return user._roles_held
