"""Questions to the buyer with the answers that go to all, and messages with one bidder."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from lots.models import Framework
from providers import states
from providers.models.applications import Application, leads_of
from providers.models.library import own


class QuestionQuerySet(models.QuerySet):
    def locked(self, pk) -> Question:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> QuestionQuerySet:
        """The officers of the buyer, who never see who asked; and those who asked it."""
        return self.filter(
            Q(framework__buyer__in=own(user)) | Q(application__provider__in=leads_of(user))
        ).select_related("framework__buyer")


class Question(models.Model):
    """A question as it was asked. `application` says who asked, and is shown to nobody but them, ever. `answer` is what
    was published in reply; several questions may share one."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="questions")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.ForeignKey("providers.Answer", on_delete=models.PROTECT, null=True, related_name="questions")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="providers_one_question_of_a_number")
        ]
        indexes = [
            models.Index(
                fields=["framework", "number"], condition=Q(answer__isnull=True), name="providers_not_answered"
            )
        ]

    def __str__(self):
        return f"Question {self.number}"


class AnswerQuerySet(models.QuerySet):
    def locked(self, pk) -> Answer:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> AnswerQuerySet:
        """As the framework: what was published once is public."""
        return self.filter(framework__in=Framework.objects.visible_to(user)).select_related("framework__buyer")


class Answer(models.Model):
    """An entry of the public log: a reply to one question or several, or what the buyer says of its own accord. Its
    texts stand in its versions; `changed_at` is when the newest of them was published."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="providers_one_answer_of_a_number")]
        indexes = [models.Index(fields=["framework", "-changed_at", "-number"], name="providers_log")]

    def __str__(self):
        return f"Answer {self.number}"


class AnswerVersion(models.Model):
    """An answer as it was published to all, with the question in words that do not tell who asked (empty where nobody
    did). Never changed: an edit is a further version that says why, and all stay readable."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    asked = models.TextField(blank=True)
    text = models.TextField()
    why_changed = models.TextField(blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="providers_one_answer_of_a_version"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(why_changed=""), name="providers_a_changed_answer_says_why"
            ),
        ]

    def __str__(self):
        return f"Version {self.number} of answer {self.answer_id}"


class BidMessageQuerySet(models.QuerySet):
    def locked(self, pk) -> BidMessage:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> BidMessageQuerySet:
        """The two sides: the buyer's officers, who see an alias until the opening, and the bidder's leads."""
        return self.filter(
            Q(application__framework__buyer__in=own(user)) | Q(application__provider__in=leads_of(user))
        ).select_related("application__framework__buyer")


class BidMessage(models.Model):
    """A message between the buyer and one bidder, or a bidder's request for help, with the moment at which the database
    took it. Never edited. `framework` is the application's: a round's messages are listed by it. `reach` is how the
    bidder can be reached at once, where it says so. `answered_at` ends a request for help; `answers` is the request
    that a message of the buyer replies to."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="bid_messages")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=8, choices=states.MessageKind, default=states.MessageKind.MESSAGE)
    from_buyer = models.BooleanField()
    text = models.TextField()
    reach = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    answered_at = models.DateTimeField(null=True)

    objects = BidMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="help", from_buyer=False) | Q(kind="message", answered_at__isnull=True, reach=""),
                name="providers_only_bidders_ask_for_help",
            )
        ]
        indexes = [
            models.Index(fields=["application", "-id"], name="providers_thread"),
            models.Index(fields=["framework", "-id"], name="providers_inbox"),
            models.Index(
                fields=["framework", "sent_at", "id"],
                condition=Q(kind="help", answered_at__isnull=True),
                name="providers_waits",
            ),
            models.Index(
                fields=["framework", "-sent_at", "-id"],
                condition=Q(kind="help", answered_at__isnull=False),
                name="providers_helped",
            ),
        ]

    def __str__(self):
        return f"Message {self.pk}"


class DeadlineChangeQuerySet(models.QuerySet):
    def locked(self, pk) -> DeadlineChange:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> DeadlineChangeQuerySet:
        """Those of frameworks that the person may see; one that waits for its second person only for the buyer's own
        people."""
        public = Q(confirmed_at__isnull=False, framework__in=Framework.objects.visible_to(user))
        return self.filter(public | Q(framework__buyer__in=own(user))).select_related("framework__buyer", "outage")


class DeadlineChange(models.Model):
    """The deadline was moved, for all, with the reason published: later, never earlier. After it had passed only for a
    logged outage of the portal, proposed by one person and confirmed by another. In force from `confirmed_at`."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="deadline_changes")
    kind = models.CharField(max_length=10, choices=states.DeadlineReason)
    was = models.DateTimeField()
    becomes = models.DateTimeField()
    enquiries_was = models.DateTimeField(null=True)
    enquiries_become = models.DateTimeField(null=True)
    award_was = models.DateField(null=True)
    award_becomes = models.DateField(null=True)
    reason = models.TextField()
    outage = models.ForeignKey("jobs.Outage", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    objects = DeadlineChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(becomes__gt=models.F("was")), name="providers_never_shortened"),
            models.CheckConstraint(
                condition=Q(enquiries_was__isnull=True)
                | Q(enquiries_become__isnull=False, enquiries_become__gte=models.F("enquiries_was")),
                name="providers_questions_never_shortened",
            ),
            models.CheckConstraint(
                condition=~Q(kind="outage") | Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("proposed_by")),
                name="providers_outage_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(kind="outage", outage__isnull=False) | Q(kind="extension", outage__isnull=True),
                name="providers_outage_is_named",
            ),
            models.CheckConstraint(
                condition=~Q(kind="extension") | Q(confirmed_at__isnull=False), name="providers_extension_is_in_force"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(dropped_at__isnull=True),
                name="providers_confirmed_or_dropped",
            ),
            models.UniqueConstraint(
                fields=["framework"],
                condition=Q(confirmed_at__isnull=True, dropped_at__isnull=True),
                name="providers_one_change_waits",
            ),
        ]

    def __str__(self):
        return f"{self.was} to {self.becomes}"


class WithdrawalTold(models.Model):
    """That everybody who follows a framework was told of its withdrawal: once."""

    framework = models.OneToOneField(Framework, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    def __str__(self):
        return f"Withdrawal of {self.framework_id}"
