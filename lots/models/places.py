"""Places: who is on the framework, on which lot, from when to when, at what price."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from lots import states
from lots.models.frameworks import Framework
from lots.models.lots import Lot, PriceLine, SubLot
from lots.rules import places as rules
from lots.states import PlaceState


class PlaceQuerySet(models.QuerySet):
    def locked(self, pk) -> Place:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def standing(self) -> PlaceQuerySet:
        """Places that have not ended."""
        return self.exclude(state=PlaceState.ENDED)

    def visible_to(self, user) -> PlaceQuerySet:
        """The buyer's people see all places of their frameworks, a provider's people their own, once it was told."""
        ours = Organisation.objects.visible_to(user)
        return self.filter(Q(framework__buyer__in=ours) | Q(provider__in=ours, told=True))


class Place(models.Model):
    """A provider's place on a lot, or on a part of it (`sub_lot` is empty on an auto lot and on a lot without parts).

    `active_from` is the latest of acceptance, end of the waiting period and start of the framework. What a place was on
    a day is told by its moments and by its suspensions; `state` is what it is now. `waits_until` is the end of the
    waiting period before we sign; while `waits_for_notice` stands its end is not known, because the award notice has
    not been published yet. `route` is by reference to what it was given (s.49(4), (5)); a place that moved from
    another provider names that one's in `came_from`. `told` is false from an award until its letters are sent: nobody
    hears before anybody else. `provider_name` is the provider's name when the place was given,
    so that one index lists the places in order; pages show the name itself. `held_at`: since then the place takes no
    new pupils, because documents of its provider ran out; it stays active for those who are there."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="places")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="places")
    sub_lot = models.ForeignKey(SubLot, on_delete=models.PROTECT, null=True, related_name="places")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="places")
    provider_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=PlaceState, default=PlaceState.AWARDED)
    route = models.CharField(max_length=20, choices=states.Route, default=states.Route.NEW_TENDER)
    awarded_at = models.DateTimeField()
    waits_until = models.DateTimeField(null=True)
    waits_for_notice = models.BooleanField(default=False)
    told = models.BooleanField(default=True)
    accepted_at = models.DateTimeField(null=True)
    active_from = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, choices=states.EndReason, blank=True)
    end_note = models.TextField(blank=True)
    held_at = models.DateTimeField(null=True)
    came_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="went_to")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "lot", "sub_lot"],
                condition=~Q(state="ended"),
                name="lots_one_standing_place_on_a_part",
            ),
            models.UniqueConstraint(
                fields=["provider", "lot"],
                condition=~Q(state="ended") & Q(sub_lot__isnull=True),
                name="lots_one_standing_place_on_a_lot",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | ~Q(state="ended") & Q(ended_at__isnull=True),
                name="lots_place_ended_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "active", "suspended"]) | Q(accepted_at__isnull=False),
                name="lots_place_was_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(active_from__isnull=False), name="lots_active_place_began"
            ),
        ]
        indexes = [
            models.Index(fields=["framework", "provider"], name="lots_places_of_framework"),
            models.Index(fields=["framework", "provider_name", "id"], name="lots_register"),
            models.Index(fields=["framework"], condition=Q(state="accepted"), name="lots_places_to_begin"),
            models.Index(fields=["provider", "framework"], name="lots_places_of_provider"),
            models.Index(fields=["lot", "state", "provider", "sub_lot"], name="lots_places_to_search"),
        ]

    def __str__(self):
        return f"{self.provider_id} on lot {self.lot_id}"

    @property
    def label(self) -> str:
        """`Lot 1, part B`."""
        return rules.label(self.lot.number, self.sub_lot.letter if self.sub_lot else None)


class PlacePrice(models.Model):
    """The price of a place on one price line, in pence without VAT, from a day on until the next row's day. Never
    edited: a new price is a new row."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="prices")
    line = models.ForeignKey(PriceLine, on_delete=models.PROTECT, related_name="+")
    pence = models.PositiveBigIntegerField()
    from_on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "line", "from_on"], name="lots_one_price_a_day"),
        ]
        ordering = ["line_id", "from_on"]

    def __str__(self):
        return f"{self.pence} from {self.from_on}"


class SuspensionQuerySet(models.QuerySet):
    def locked(self, pk) -> Suspension:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def in_force(self) -> SuspensionQuerySet:
        """Not lifted yet."""
        return self.filter(lifted_at=None)

    def visible_to(self, user) -> SuspensionQuerySet:
        """The buyer's people see their own; nobody else meets one as a row."""
        return self.filter(buyer__in=Organisation.objects.visible_to(user))


class Suspension(models.Model):
    """A suspension in force until `lifted_at`. Without `place` it holds for all places of the provider with this
    buyer, also those that come while it stands."""

    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="suspensions")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="suspensions")
    cause = models.CharField(max_length=14, choices=states.Cause)
    reason = models.TextField()
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_reason = models.TextField(blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False) | Q(cause__in=["safeguarding", "exclusion"]),
                name="lots_wide_suspensions_have_a_wide_cause",
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(cause__in=["insurance", "commercial"]),
                name="lots_narrow_suspensions_have_a_narrow_cause",
            ),
            models.CheckConstraint(condition=Q(lifted_at__gte=F("began_at")), name="lots_lifted_after_it_began"),
        ]
        indexes = [
            models.Index(
                fields=["provider", "buyer"], condition=Q(lifted_at__isnull=True), name="lots_suspensions_in_force"
            )
        ]

    def __str__(self):
        return f"{self.cause} of {self.provider_id}"


class Transfer(models.Model):
    """Places of a provider on one framework moved to a successor, after the successor was checked for exclusion."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="transfers")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=states.TransferKind)
    reason = models.TextField()
    checked_on = models.DateField()
    checked_by = models.CharField(max_length=200)
    outcome = models.CharField(max_length=20, choices=states.ExclusionOutcome)
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(provider=F("successor")), name="lots_moved_to_another"),
            models.CheckConstraint(condition=~Q(outcome="excluded"), name="lots_never_to_an_excluded_supplier"),
        ]

    def __str__(self):
        return f"{self.provider_id} to {self.successor_id}"


class SuccessionQuerySet(models.QuerySet):
    def locked(self, pk) -> Succession:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def open(self) -> SuccessionQuerySet:
        """Offered and neither accepted nor taken back."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def visible_to(self, user) -> SuccessionQuerySet:
        """What either side's people may see."""
        ours = Organisation.objects.visible_to(user)
        return self.filter(Q(buyer__in=ours) | Q(successor__in=ours))


class Succession(models.Model):
    """One buyer takes over all frameworks of another (local government reorganisation): offered by the one, accepted
    by the other; with that acceptance they move."""

    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="lots_one_open_succession",
            ),
            models.CheckConstraint(condition=~Q(buyer=F("successor")), name="lots_succeeded_by_another"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="lots_accepted_or_withdrawn",
            ),
        ]

    def __str__(self):
        return f"{self.buyer_id} to {self.successor_id}"
