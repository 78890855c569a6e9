"""Agreements between a buyer and a supplier."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Organisation
from contracts.states import ContractKind, ContractState
from files.models import File
from lots.models import Framework, Place


class ContractQuerySet(models.QuerySet):
    def locked(self, pk) -> Contract:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> ContractQuerySet:
        """The buyer's people see theirs; the supplier's people theirs, an offer once they were told of the places that
        it is over."""
        ours = Organisation.objects.visible_to(user)
        hidden = Place.objects.filter(framework=OuterRef("framework"), provider=OuterRef("supplier"), told=False)
        known = ~Q(state=ContractState.OFFERED) | ~Exists(hidden)
        rows = self.filter(Q(buyer__in=ours) | Q(supplier__in=ours) & known)
        return rows.select_related("buyer", "supplier", "framework")


class Contract(models.Model):
    """An agreement. `document` is what is agreed, as canonical JSON, and never changes once it was offered; `sha256` is
    of it; `file` is the same as a PDF. Days are days in England. A framework agreement names the framework; one firm
    has one that was not withdrawn and has not ended."""

    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts_as_buyer")
    supplier = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts_as_supplier")
    kind = models.CharField(max_length=12, choices=ContractKind, default=ContractKind.FRAMEWORK)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, null=True, related_name="contracts")
    reference = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=ContractState, default=ContractState.OFFERED)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    file = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    not_before = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_name = models.CharField(max_length=200, blank=True)
    signed_position = models.CharField(max_length=200, blank=True)
    countersigned_at = models.DateTimeField(null=True)
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "supplier"],
                condition=Q(kind="framework") & ~Q(state__in=["withdrawn", "ended"]),
                name="contracts_one_framework_agreement",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "in_force"]) | Q(signed_at__isnull=False),
                name="contracts_signed_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(countersigned_at__isnull=False),
                name="contracts_in_force_was_countersigned",
            ),
            models.CheckConstraint(
                condition=~Q(kind="framework") | Q(framework__isnull=False), name="contracts_framework_is_named"
            ),
        ]
        indexes = [models.Index(fields=["supplier", "-id"], name="contracts_of_supplier")]

    def __str__(self):
        return self.reference
