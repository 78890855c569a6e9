"""Who a provider is: what anybody may read, and what is for buyers and its own people.

The legal identity (name, company, charity, UKPRN, PPON, share code) stands in `accounts.Organisation`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from providers import states
from providers.models.library import OwnQuerySet


class Profile(models.Model):
    """One for each provider, made when it is first written. Public: description, phases, needs, registration, Ofsted,
    accreditations. Private: `lead_…` (the designated safeguarding lead), capacity. Ages are years; `phases` and `needs`
    are lists of codes (`lots.states.Phase`, `Need`). `places` is how many pupils can be taught at one time.
    `school_urn` stands only where the provider says that it is a registered school; whether the national register knows
    it is asked whenever it is shown."""

    provider = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="profile")
    description = models.TextField(blank=True)
    website = models.URLField(max_length=500, blank=True)
    phases = models.JSONField(default=list)
    needs = models.JSONField(default=list)
    lowest_age = models.PositiveSmallIntegerField(null=True)
    highest_age = models.PositiveSmallIntegerField(null=True)
    places = models.PositiveSmallIntegerField(null=True)
    sole_tutor = models.BooleanField(default=False)
    registration = models.CharField(max_length=14, choices=states.Registration, blank=True)
    school_urn = models.CharField(max_length=6, blank=True)
    why_not_registered = models.TextField(blank=True)
    ofsted_outcome = models.CharField(max_length=200, blank=True)
    ofsted_on = models.DateField(null=True)
    ofsted_url = models.URLField(max_length=500, blank=True)
    lead_name = models.CharField(max_length=200, blank=True)
    lead_email = models.EmailField(max_length=320, blank=True)
    lead_phone = models.CharField(max_length=40, blank=True)
    lead_trained_on = models.DateField(null=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(registration="registered") | Q(school_urn=""), name="providers_only_schools_have_a_urn"
            ),
            models.CheckConstraint(
                condition=Q(lowest_age__isnull=True)
                | Q(highest_age__isnull=True)
                | Q(highest_age__gte=models.F("lowest_age")),
                name="providers_ages_in_order",
            ),
        ]

    def __str__(self):
        return f"Profile of {self.provider_id}"


class SiteQuerySet(OwnQuerySet):
    def open(self) -> SiteQuerySet:
        """Those in use."""
        return self.filter(closed_at=None)


class Site(models.Model):
    """Where a provider teaches. Only premises have an address. `uprn` is the national number of the address, where it
    is known; `easting` and `northing` are where its postcode is (metres, OSGB36), empty where the list of postcodes
    does not have it. `show_address` false keeps all of the address but the town to the provider and its buyers: a sole
    tutor teaches at home. Closed, never deleted."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=states.SiteKind)
    street = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    uprn = models.CharField(max_length=12, blank=True)
    easting = models.PositiveIntegerField(null=True)
    northing = models.PositiveIntegerField(null=True)
    phases = models.JSONField(default=list)
    places = models.PositiveSmallIntegerField(null=True)
    show_address = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="premises") | Q(street="", postcode="", uprn=""),
                name="providers_only_premises_have_an_address",
            ),
            models.CheckConstraint(
                condition=~Q(kind="premises") | ~Q(postcode=""), name="providers_premises_are_found"
            ),
        ]
        ordering = ["name", "id"]

    def __str__(self):
        return self.name


class InsuranceQuerySet(OwnQuerySet):
    with_each = ("provider", "item__current")

    def held(self) -> InsuranceQuerySet:
        """Those that were not removed."""
        return self.filter(removed_at=None)


class Insurance(models.Model):
    """A policy that covers the provider; its certificate lies in the evidence library (`item`), which then tells when
    it runs out. The cover is in pence, for one claim; `ends_on` is the last day of cover. Removed, never deleted."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="insurances")
    kind = models.CharField(max_length=12, choices=states.InsuranceKind)
    insurer = models.CharField(max_length=200)
    policy_number = models.CharField(max_length=100, blank=True)
    cover_pence = models.PositiveBigIntegerField()
    activities = models.TextField(blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField()
    item = models.ForeignKey("providers.Item", on_delete=models.PROTECT, null=True, related_name="insurances")
    removed_at = models.DateTimeField(null=True)

    objects = InsuranceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="providers_cover_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_on"], condition=Q(removed_at__isnull=True), name="providers_cover_ends"),
        ]
        ordering = ["kind", "-ends_on", "id"]

    def __str__(self):
        return f"{self.kind} of {self.provider_id}"


class Accreditation(models.Model):
    """A council or body that has looked at the provider and says so, as the provider states it."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="accreditations")
    by = models.CharField(max_length=200)
    what = models.CharField(max_length=300, blank=True)
    given_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "by", "what"], name="providers_accredited_once"),
        ]
        ordering = ["by", "id"]

    def __str__(self):
        return self.by
