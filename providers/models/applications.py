"""Applications: a sealed draft, sealed submissions, price rows that the opening makes.

No plain column here tells what is bid. Who has applied at all is seen by nobody but the provider before the opening."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from accounts.models.organisations import roles_of
from accounts.states import Role
from lots.models import Evidence, Framework, Lot, PriceLine, SubLot
from providers import states
from providers.states import ApplicationState


def leads_of(user) -> list[int]:
    """The providers that the person leads: whoever leads one bids for it; nobody else sees a bid, operators too."""
    return [held.organisation_id for held in roles_of(user) if held.role == Role.PROVIDER_LEAD]


def drawn() -> int:
    """A key drawn by lot, for what stands in addresses that rivals have too: one that counts up would tell each of them
    how many there are, and when somebody submits again. Browsers hold whole numbers up to 2^53."""
    return 10**14 + secrets.randbelow(9 * 10**14)


class ApplicationQuerySet(models.QuerySet):
    def locked(self, pk) -> Application:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> ApplicationQuerySet:
        """Only the bidder's own leads. Not the buyer, not an operator: a panel reaches a bid after its opening, in
        another app."""
        return self.filter(provider__in=leads_of(user)).select_related(
            "framework__buyer", "framework__policies", "provider", "standing"
        )


class Application(models.Model):
    """What a provider has to do with one framework: it follows it, writes an application, has submitted one.

    `draft_sealed` is the whole draft (`providers.rules.draft`), encrypted under the framework's key. `revision` goes up
    by one with every change of the draft. `standing` is the submission that counts. `alias` is what the buyer sees in
    place of the name until the opening."""

    id = models.BigIntegerField(primary_key=True, default=drawn, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="applications")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    alias = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.FOLLOWING)
    draft_sealed = models.BinaryField(null=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    standing = models.OneToOneField("providers.Submission", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "provider"], name="providers_one_application"),
            models.UniqueConstraint(fields=["framework", "alias"], name="providers_one_alias"),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(standing__isnull=False),
                name="providers_submitted_has_its_submission",
            ),
            models.CheckConstraint(
                condition=Q(state="submitted") | Q(standing__isnull=True), name="providers_only_submitted_stands"
            ),
        ]
        indexes = [models.Index(fields=["provider", "-began_at", "-id"], name="providers_of_provider")]

    def __str__(self):
        return f"Application {self.pk}"


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user) -> SubmissionQuerySet:
        """Only the bidder's own leads."""
        ours = leads_of(user)
        return self.filter(application__provider__in=ours).select_related(
            "application__framework__buyer", "application__provider"
        )


class Submission(models.Model):
    """What was submitted, frozen: canonical JSON with a random nonce inside it, sealed under the framework's key.
    `sha256` is of that JSON. `content_key` is a keyed hash of the same content without the nonce: the same content
    sent twice is known by it and by nothing else. `key` is the form's idempotency key, `revision` that of the draft
    that was frozen. `submitted_at` is the database's clock."""

    id = models.BigIntegerField(primary_key=True, default=drawn, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=20, unique=True)
    sealed = models.BinaryField()
    revision = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content_key = models.CharField(max_length=64)
    key = models.CharField(max_length=36)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="providers_one_submission_of_a_number"),
            models.UniqueConstraint(fields=["application", "key"], name="providers_one_submission_of_a_key"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_by__isnull=True),
                name="providers_withdrawn_by_needs_withdrawn_at",
            ),
        ]

    def __str__(self):
        return self.reference


class SubmittedVersion(models.Model):
    """That a submission names this version of a document, so that it is never thrown away. Made at the opening.
    `evidence` is what it was given for: of several the one whose end has the heaviest effect (`OnExpiry`)."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="versions")
    version = models.ForeignKey("providers.ItemVersion", on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "version"], name="providers_named_once")]

    def __str__(self):
        return f"{self.submission_id} names {self.version_id}"


class LateAttempt(models.Model):
    """Somebody tried to change or submit an application after the deadline, to the microsecond."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="late_attempts")
    what = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self):
        return f"{self.what} at {self.at}"


class Opening(models.Model):
    """The submissions of a framework were opened: once, after the deadline. The act itself (who, two people, hashes) is
    recorded by the evaluation, which calls `providers.steps.opening.open_round`."""

    framework = models.OneToOneField(Framework, on_delete=models.PROTECT, related_name="opening")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submissions = models.PositiveIntegerField()

    def __str__(self):
        return f"Opening of {self.framework_id}"


class BidPrice(models.Model):
    """A price of a submission, in pence, in the clear: made by the opening, in its own transaction, never before."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="prices")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    sub_lot = models.ForeignKey(SubLot, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(PriceLine, on_delete=models.PROTECT, related_name="+")
    pence = models.PositiveBigIntegerField()
    vat = models.CharField(max_length=10, choices=states.Vat)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "line", "sub_lot"], name="providers_one_price_of_a_part"),
            models.UniqueConstraint(
                fields=["submission", "line"], condition=Q(sub_lot__isnull=True), name="providers_one_price_of_a_lot"
            ),
        ]
        indexes = [models.Index(fields=["line", "sub_lot"], name="providers_pool")]

    def __str__(self):
        return f"{self.pence} for line {self.line_id}"
