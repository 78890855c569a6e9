"""Stages of an evaluation and states of what it makes, with their moves, and its fixed words."""

from __future__ import annotations

from django.db.models import TextChoices


class Stage(TextChoices):
    PREPARING = "preparing", "Being prepared"
    JUDGING = "judging", "Quality being judged"
    FROZEN = "frozen", "Quality frozen"
    PRICES = "prices", "Prices opened"
    CHECKED = "checked", "Price check signed"
    AWARDED = "awarded", "Award approved"


# Forward one step at a time. Back to judging only by an unfreezing, with a reason and a second person, which voids what
# came after; from a signed price check back to prices when a new run replaces it. An award that was approved stands.
STAGE_MOVES = {
    Stage.PREPARING: {Stage.JUDGING},
    Stage.JUDGING: {Stage.FROZEN},
    Stage.FROZEN: {Stage.PRICES, Stage.JUDGING},
    Stage.PRICES: {Stage.CHECKED, Stage.JUDGING},
    Stage.CHECKED: {Stage.AWARDED, Stage.PRICES, Stage.JUDGING},
    Stage.AWARDED: {Stage.PRICES, Stage.JUDGING},
}


class Duty(TextChoices):
    """What somebody is appointed to do in one evaluation."""

    EVALUATOR = "evaluator", "Evaluator"
    MODERATOR = "moderator", "Moderator"
    OPENER = "opener", "Opener"
    APPROVER = "approver", "Approver"


class When(TextChoices):
    """When somebody declared their interests."""

    BEFORE = "before", "Before the names were known"
    AFTER = "after", "After the names were known"


class Source(TextChoices):
    """How a conflict came to be known."""

    DECLARED = "declared", "Declared by the person"
    REPORTED = "reported", "Reported by somebody else"
    FOUND = "found", "Found by the portal"


class BidState(TextChoices):
    IN = "in", "In the evaluation"
    UNREADABLE = "unreadable", "Could not be read"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXCLUDED = "excluded", "Excluded"


# Withdrawn by the bidder after the opening; excluded by a recorded decision of the buyer (Procurement Act 2023, s.26).
BID_MOVES = {
    BidState.IN: {BidState.WITHDRAWN, BidState.EXCLUDED},
    BidState.UNREADABLE: {BidState.EXCLUDED, BidState.WITHDRAWN},
    BidState.WITHDRAWN: set(),
    BidState.EXCLUDED: {BidState.IN},
}


class Outcome(TextChoices):
    """What a judgement says of one standard."""

    PASS = "pass", "Pass"
    FAIL = "fail", "Fail"
    CLARIFY = "clarify", "Ask the bidder"
    NOT_APPLICABLE = "na", "Does not apply"


# A judgement can be locked with one of these; the third waits for the bidder's answer.
FINAL = {Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE}
# Whoever judges alone cannot end a bid and cannot wave a standard away: a second person judges it blind.
NEEDS_A_SECOND = {Outcome.FAIL, Outcome.NOT_APPLICABLE}


class Slot(TextChoices):
    """How one judgement stands to the other one of the same standard. The second person is asked once the first has
    decided; only then is it known which of the other two they are, and until then nothing is in their queue."""

    BLIND = "blind", "One of two who do not see each other’s decision"
    FIRST = "first", "The first of two"
    READER = "reader", "The second reader, who sees the first decision"
    LATER = "later", "The second of two, asked when the first has decided"


class Settlement(TextChoices):
    """How the outcome of one standard came to stand."""

    AGREED = "agreed", "Both people who judged agreed"
    MODERATED = "moderated", "Decided in moderation"
    NOT_ASKED = "not_asked", "Not asked of this provider"
    APPEAL = "appeal", "Changed after an appeal"


class Cure(TextChoices):
    """What a bidder may send when they are asked about one kind of evidence."""

    NOTHING = "nothing", "Nothing: it counts as it was submitted"
    EXPLAIN = "explain", "An explanation in words"
    REPLACE = "replace", "An explanation, and the document again or a newer one"


class AppealState(TextChoices):
    RECEIVED = "received", "Received"
    DISMISSED = "dismissed", "Dismissed"
    UPHELD = "upheld", "Upheld"


APPEAL_MOVES = {
    AppealState.RECEIVED: {AppealState.DISMISSED, AppealState.UPHELD},
    AppealState.DISMISSED: set(),
    AppealState.UPHELD: set(),
}


class LowDecision(TextChoices):
    """What was decided about an unusually low price, after the bidder was asked (Procurement Act 2023, s.19)."""

    KEEP = "keep", "The price counts"
    DISREGARD = "disregard", "The bid is disregarded for this lot"


class RunState(TextChoices):
    RUNNING = "running", "Being worked out"
    DONE = "done", "Worked out"
    SIGNED = "signed", "Signed"
    VOID = "void", "No longer counts"


RUN_MOVES = {
    RunState.RUNNING: {RunState.DONE, RunState.VOID},
    RunState.DONE: {RunState.SIGNED, RunState.VOID},
    RunState.SIGNED: {RunState.VOID},
    RunState.VOID: set(),
}


class SetState(TextChoices):
    PROPOSED = "proposed", "Waits for approval"
    APPROVED = "approved", "Approved"
    SENT_BACK = "sent_back", "Sent back"
    VOID = "void", "No longer counts"


SET_MOVES = {
    SetState.PROPOSED: {SetState.APPROVED, SetState.SENT_BACK, SetState.VOID},
    SetState.APPROVED: set(),
    SetState.SENT_BACK: set(),
    SetState.VOID: set(),
}


class Cause(TextChoices):
    """Why a bid was not awarded a place on a lot or a part of it."""

    QUALITY = "quality", "A theme of the quality standards was failed"
    PRICE = "price", "The price was above the limit"
    LOW_PRICE = "low_price", "The price was disregarded as abnormally low"
    INCOMPLETE = "incomplete", "The application for this lot was not complete"
    EXCLUDED = "excluded", "The bidder was excluded"
    WITHDRAWN = "withdrawn", "The bidder withdrew"
    UNREADABLE = "unreadable", "The application could not be read"
    LIMIT = "limit", "More passed than there are places, and the published rule was applied"
    LAPSED = "lapsed", "An insurance that is required has run out"
    TAKEN_BACK = "taken_back", "An award was made and taken back"


class LetterKind(TextChoices):
    SUMMARY = "summary", "Assessment summary"
    AWARD = "award", "Award letter"
    NOT_AWARDED = "not_awarded", "Not-awarded letter"
