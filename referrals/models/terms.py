"""What stands between a commissioner and others: agreements to share data, and its own rules for spending."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from accounts.models.organisations import roles_of
from files.models import File
from referrals import states


class SharingAgreementQuerySet(models.QuerySet):
    def locked(self, pk) -> SharingAgreement:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def between_locked(self, commissioner, provider) -> list[SharingAgreement]:
        """All agreements between the two in order of their keys, held until the transaction ends."""
        rows = self.filter(commissioner=commissioner, provider=provider).select_for_update(of=("self",))
        return list(rows.order_by("pk"))

    def in_force_on(self, day) -> SharingAgreementQuerySet:
        """Those under which identity may be shared on a day."""
        rows = self.filter(ended_at__isnull=True, starts_on__lte=day)
        return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def visible_to(self, user) -> SharingAgreementQuerySet:
        """Both sides' people: an agreement names no pupil."""
        ours = {held.organisation_id for held in roles_of(user)}
        rows = self.filter(Q(commissioner__in=ours) | Q(provider__in=ours))
        return rows.select_related("commissioner", "provider")


class SharingAgreement(models.Model):
    """An agreement under which a commissioner gives a provider pupil data (UK GDPR, articles 26 and 28; Data Protection
    Act 2018). The commissioner is always a controller; `processing` says what the provider is. `signed_on` is when both
    had signed it. Days are days in England, both counted. Ended, never deleted."""

    commissioner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sharing_given")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sharing_received")
    reference = models.CharField(max_length=60, blank=True)
    processing = models.CharField(max_length=10, choices=states.Processing)
    purposes = models.TextField()
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField(max_length=254)
    signed_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    file = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.TextField(blank=True)

    objects = SharingAgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="referrals_sharing_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(commissioner=F("provider")), name="referrals_shared_with_another"),
        ]
        indexes = [
            models.Index(fields=["commissioner", "provider"], name="referrals_sharing_between"),
            models.Index(fields=["provider"], name="referrals_sharing_of_provider"),
        ]

    def __str__(self):
        return f"Sharing agreement {self.pk}"


class Terms(models.Model):
    """How one commissioner works. A referral that is expected to cost more than `approve_above_pence` waits for a
    budget holder. Providers have `answer_days` working days to answer an enquiry and are reminded one day before."""

    commissioner = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="terms_of_referral")
    approve_above_pence = models.PositiveBigIntegerField(default=500_000)
    answer_days = models.PositiveSmallIntegerField(default=3)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=20), name="referrals_days_to_answer"
            )
        ]

    def __str__(self):
        return f"Terms of {self.commissioner_id}"


class ShortlistedQuerySet(models.QuerySet):
    def locked(self, pk) -> Shortlisted:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def standing(self) -> ShortlistedQuerySet:
        """Not taken off."""
        return self.filter(removed_at=None)

    def visible_to(self, user) -> ShortlistedQuerySet:
        """Those of the organisations that the person belongs to: a shortlist names no pupil."""
        rows = self.filter(organisation__in={held.organisation_id for held in roles_of(user)})
        return rows.select_related("organisation", "place__lot", "place__sub_lot", "place__provider")


class Shortlisted(models.Model):
    """A place on a commissioner's shortlist, with the reason: evidence that others were looked at. Taken off, never
    deleted."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shortlisted")
    place = models.ForeignKey("lots.Place", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = ShortlistedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "place"],
                condition=Q(removed_at__isnull=True),
                name="referrals_shortlisted_once",
            )
        ]
        ordering = ["-added_at", "-id"]

    def __str__(self):
        return f"Place {self.place_id} for {self.organisation_id}"
