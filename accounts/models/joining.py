"""How people and organisations come in: invitations, and organisations that look like one already here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models.organisations import Organisation
from accounts.models.people import User


class InvitationQuerySet(models.QuerySet):
    def locked(self, pk) -> Invitation:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> InvitationQuerySet:
        """The invitations of organisations that the person belongs to."""
        return self.filter(organisation__in=Organisation.objects.visible_to(user))

    def open(self, at) -> InvitationQuerySet:
        """Neither accepted, revoked nor expired at `at`."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)


class Invitation(models.Model):
    """An offer of roles to one email address. The link's secret is stored only as its SHA-256; it works once, for
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


class LookAlikeQuerySet(models.QuerySet):
    def locked(self, pk) -> LookAlike:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> LookAlikeQuerySet:
        """Operators alone: to anybody else a pair would tell who is registered."""
        return self if user.is_authenticated and user.is_active and user.is_operator else self.none()


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

    objects = LookAlikeQuerySet.as_manager()

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
