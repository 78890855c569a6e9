"""Enquiries to providers, what they offer, who is chosen, and who may know the pupil."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from lots.models import Place, PriceLine
from providers.models import Site
from referrals import states
from referrals.models.own import ANSWERS, SEES_PUPILS, TEACHES, where
from referrals.models.referrals import Referral
from referrals.models.terms import SharingAgreement
from referrals.states import EnquiryState


class EnquiryQuerySet(models.QuerySet):
    def locked(self, pk) -> Enquiry:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> EnquiryQuerySet:
        """The commissioner's people who work with pupils, and the provider's people: it names nobody."""
        ours = Q(referral__commissioner__in=where(user, SEES_PUPILS)) | Q(provider__in=where(user, ANSWERS))
        return self.filter(ours).select_related("referral__commissioner", "provider", "place__lot", "place__sub_lot")


class Enquiry(models.Model):
    """One provider is asked whether it can take a pupil on one of its places. `need` is all that it is told: the
    anonymised need, sealed (`referrals.rules.need.Need`, under the purpose `referrals.enquiry:<id>`), as it stood when
    it was sent. Answered until `lapses_at` (UTC), inclusive."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="enquiries")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="enquiries")
    state = models.CharField(max_length=10, choices=EnquiryState, default=EnquiryState.WAITING)
    need = models.BinaryField(default=b"")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lapses_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decline_reason = models.CharField(max_length=8, choices=states.Decline, blank=True)
    decline_note = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "place"],
                condition=Q(state__in=["waiting", "offered", "chosen"]),
                name="referrals_a_place_is_asked_once",
            ),
            models.UniqueConstraint(
                fields=["referral"], condition=Q(state="chosen"), name="referrals_one_enquiry_chosen"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decline_reason=""), name="referrals_declined_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "-id"], name="referrals_enquiries_of_prov"),
            models.Index(fields=["lapses_at"], condition=Q(state="waiting"), name="referrals_enquiries_to_lapse"),
        ]

    def __str__(self):
        return f"Enquiry {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who read it: the commissioner's, whose pupil it is about."""
        return self.referral.commissioner_id


class Offer(models.Model):
    """What a provider offers on an enquiry. `pence` is the price of one unit of `line` without VAT, never above
    `awarded_pence`, the price of the place that day. `units` are hundredths of a unit over the whole time from
    `starts_on` to `ends_on`, worked out from the timetable; `total_pence` follows from both. A new offer takes the
    place of the one before, which stays."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="offers")
    number = models.PositiveSmallIntegerField()
    line = models.ForeignKey(PriceLine, on_delete=models.PROTECT, related_name="+")
    pence = models.PositiveBigIntegerField()
    awarded_pence = models.PositiveBigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    units = models.PositiveBigIntegerField()
    total_pence = models.PositiveBigIntegerField()
    note = models.CharField(max_length=1000, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "number"], name="referrals_one_offer_of_a_number"),
            models.UniqueConstraint(
                fields=["enquiry"], condition=Q(replaced_at__isnull=True), name="referrals_one_offer_stands"
            ),
            models.CheckConstraint(
                condition=Q(pence__lte=F("awarded_pence")), name="referrals_never_above_the_awarded_price"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="referrals_offer_in_order"),
        ]
        ordering = ["enquiry", "-number"]

    def __str__(self):
        return f"Offer {self.pk}"


class OfferSession(models.Model):
    """One session a week of an offer: weekday (0 is Monday), local times in England, and where."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="sessions")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="referrals_session_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="referrals_session_on_a_weekday"),
        ]
        ordering = ["weekday", "starts", "id"]

    def __str__(self):
        return f"Session {self.pk}"


class Choice(models.Model):
    """Who was chosen for a referral, and why: the order that the framework's mechanism gave (`ranking`, frozen), and
    where another than the first was taken, the published ground and the reason. Undone where the chosen provider falls
    away before the placement is agreed."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="choices")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="choices")
    selection = models.CharField(max_length=20)
    ranking = models.JSONField()
    ground = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(undone_at__isnull=True), name="referrals_one_choice_stands"
            ),
            models.CheckConstraint(condition=Q(ground="") | ~Q(reason=""), name="referrals_departed_with_a_reason"),
        ]

    def __str__(self):
        return f"Choice {self.pk}"


class DisclosureQuerySet(models.QuerySet):
    def in_force(self) -> DisclosureQuerySet:
        """Not ended."""
        return self.filter(ended_at=None)

    def visible_to(self, user) -> DisclosureQuerySet:
        """While it is in force, the provider's people who meet pupils; always, the commissioner's."""
        theirs = Q(provider__in=where(user, TEACHES), ended_at=None)
        ours = Q(referral__commissioner__in=where(user, SEES_PUPILS))
        return self.filter(theirs | ours).select_related("referral__pupil", "referral__commissioner", "provider")


class Disclosure(models.Model):
    """A provider may know who a pupil is, and read the referral and its documents, under a sharing agreement, from a
    moment until it ends."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="disclosures")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="disclosures")
    agreement = models.ForeignKey(SharingAgreement, on_delete=models.PROTECT, related_name="disclosures")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(ended_at__isnull=True), name="referrals_one_provider_knows"
            )
        ]
        indexes = [models.Index(fields=["provider", "-id"], name="referrals_known_to_provider")]

    def __str__(self):
        return f"Disclosure {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who read it: the commissioner's, whose pupil it is about."""
        return self.referral.commissioner_id
