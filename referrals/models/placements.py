"""Placements: the agreement for one pupil, its week, who pays, and what was changed since."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from lots.models import Framework, Lot, Place, PriceLine, SubLot
from lots.states import Unit
from providers.models import Site
from referrals import states
from referrals.models.own import COMMISSIONS, SEES_PUPILS, TEACHES, where
from referrals.models.pupils import Pupil
from referrals.models.referrals import Referral
from referrals.states import RUNNING, PlacementState, Route


class PlacementQuerySet(models.QuerySet):
    def locked(self, pk) -> Placement:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def running(self) -> PlacementQuerySet:
        """Signed by both and not ended."""
        return self.filter(state__in=RUNNING)

    def live_on(self, day) -> PlacementQuerySet:
        """Those whose sessions run on a day, pauses apart."""
        rows = self.filter(state__in=[PlacementState.LIVE, PlacementState.PAUSED, PlacementState.ENDED])
        return rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), starts_on__lte=day, ends_on__gte=day)

    def visible_to(self, user) -> PlacementQuerySet:
        """The commissioner's people who work with pupils; those of the home school, who are told; those of the
        contracting party who commission, because it signs; the provider's people who meet pupils, from the moment they
        were told of it until `hidden_at`."""
        ours = where(user, SEES_PUPILS)
        signs = Q(contracting_party__in=where(user, COMMISSIONS))
        theirs = Q(provider__in=where(user, TEACHES), hidden_at=None)
        rows = self.filter(Q(commissioner__in=ours) | Q(home_school__in=ours) | signs | theirs)
        return rows.select_related("commissioner", "contracting_party", "provider", "pupil", "home_school")


class Placement(models.Model):
    """One pupil at one provider. Four parties are held apart: `commissioner` (owns the pupil and the assurance),
    `contracting_party` (signs and is bound to pay), the funders (`FunderShare`), `home_school`.

    Locked when it is agreed: part, line, unit, `pence` (one unit, without VAT). `total_pence` is what the whole was
    expected to come to then (`units` in hundredths), and is what is drawn from the lot's and the framework's value.
    A spot or legacy placement has no place and says why (`outside_reason`). `hours_reason` is why a week is longer than
    full-time education, `over_reason` why more was drawn than the lot or the framework is worth. Days are days in
    England, both counted; `last_charged_on` is the last day that may be charged after an early end. An emergency start
    names who signed."""

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="placements")
    commissioner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="placements_made")
    contracting_party = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    home_school = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="placements_held")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, related_name="placements")
    route = models.CharField(max_length=9, choices=Route)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, null=True, related_name="placements")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="placements")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="placements")
    sub_lot = models.ForeignKey(SubLot, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(PriceLine, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.CharField(max_length=10, choices=Unit)
    pence = models.PositiveBigIntegerField()
    units = models.PositiveBigIntegerField()
    total_pence = models.PositiveBigIntegerField()
    outside_reason = models.TextField(blank=True)
    hours_reason = models.TextField(blank=True)
    over_reason = models.TextField(blank=True)
    cancel_reason = models.TextField(blank=True)
    reason = models.CharField(max_length=13, choices=states.Reason, blank=True)
    basis = models.CharField(max_length=8, choices=states.Basis, blank=True)
    state = models.CharField(max_length=10, choices=PlacementState, default=PlacementState.DRAFT)
    starts_on = models.DateField()
    ends_on = models.DateField()
    review_by_on = models.DateField(null=True)
    emergency_at = models.DateTimeField(null=True)
    emergency_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    emergency_reason = models.TextField(blank=True)
    notice_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    last_charged_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=12, choices=states.Ended, blank=True)
    end_note = models.BinaryField(default=b"")
    destination = models.CharField(max_length=12, choices=states.Destination, blank=True)
    targets_met = models.PositiveSmallIntegerField(null=True)
    targets_set = models.PositiveSmallIntegerField(null=True)
    revision = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    live_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="referrals_placement_in_order"),
            models.CheckConstraint(
                condition=Q(route__in=["framework", "quote"], place__isnull=False)
                | Q(route__in=["spot", "legacy"], place__isnull=True),
                name="referrals_placed_on_a_place_or_outside",
            ),
            models.CheckConstraint(
                condition=~Q(route__in=["spot", "legacy"]) | ~Q(outside_reason=""),
                name="referrals_outside_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_on__isnull=False), name="referrals_ended_on_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["assurance", "live", "paused", "ended"]) | Q(agreed_at__isnull=False),
                name="referrals_runs_after_it_was_agreed",
            ),
            models.CheckConstraint(
                condition=Q(emergency_at__isnull=True) | ~Q(emergency_reason=""),
                name="referrals_emergency_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["referral"],
                condition=~Q(state__in=["cancelled", "ended"]),
                name="referrals_one_placement_of_a_referral",
            ),
        ]
        indexes = [
            models.Index(fields=["commissioner", "state", "-id"], name="referrals_placements_of"),
            models.Index(fields=["provider", "state", "-id"], name="referrals_placements_with"),
            models.Index(fields=["home_school", "state"], name="referrals_placements_school"),
            models.Index(fields=["pupil", "-id"], name="referrals_placements_pupil"),
            models.Index(fields=["framework", "lot"], name="referrals_drawn_from"),
        ]

    def __str__(self):
        return f"Placement {self.pk}"

    @property
    def organisation_id(self) -> int:
        """In whose record it stands who has read it."""
        return self.commissioner_id

    @property
    def whom(self) -> str:
        """The pupil’s name, for pages; once it is over, what a pupil is called whose record has moved is not told here
        any more."""
        moved = self.pupil.commissioner_id != self.commissioner_id
        return "a pupil whose record has moved" if moved and self.state not in RUNNING else self.pupil.full_name


class WeeklySession(models.Model):
    """A session of a placement's week: weekday (0 is Monday), times on England's clocks, where, on which days it runs,
    from a day to a day (both counted, the placement's own days limit it too). A change ends the row and begins others.
    `address` is where a session at the pupil's home or in the community takes place, sealed."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="sessions")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.BinaryField(default=b"")
    runs = models.CharField(max_length=8, choices=states.Runs, default=states.Runs.SCHOOL)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="referrals_week_session_in_order"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="referrals_week_session_on_a_weekday"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="referrals_week_session_holds_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(runs="dates") | Q(until_on__isnull=False), name="referrals_own_dates_are_written_down"
            ),
        ]
        indexes = [models.Index(fields=["placement", "weekday"], name="referrals_week_of_placement")]
        ordering = ["weekday", "starts", "id"]

    def __str__(self):
        return f"Session {self.pk}"


class FunderShare(models.Model):
    """Who pays how much of a placement, in hundredths of a per cent, from a day to a day. Added to, never overwritten;
    on every day the shares come to 10,000."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="shares")
    funder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    share = models.PositiveIntegerField()
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=10_000), name="referrals_share_of_the_whole"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="referrals_share_in_order"
            ),
        ]
        indexes = [models.Index(fields=["funder"], name="referrals_funded_by")]
        ordering = ["from_on", "id"]

    def __str__(self):
        return f"Share {self.pk}"


class Amendment(models.Model):
    """What was changed of an agreed placement, from which day, and why. `before` and `after` are what it was and is, in
    days, pence and sessions; neither names anybody."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=9, choices=states.AmendmentKind)
    from_on = models.DateField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "number"], name="referrals_one_amendment_of_a_number")
        ]
        ordering = ["number"]

    def __str__(self):
        return f"Amendment {self.pk}"


class Pause(models.Model):
    """Days on which a live placement does not run, both counted; open while it is paused."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="pauses")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    reason = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["placement"], condition=Q(until_on__isnull=True), name="referrals_one_open_pause"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="referrals_pause_in_order"
            ),
        ]
        ordering = ["from_on", "id"]

    def __str__(self):
        return f"Pause {self.pk}"
