"""States of frameworks and places with their moves, and the fixed words that lots, price lines and policies use."""

from __future__ import annotations

from django.db.models import TextChoices


class FrameworkState(TextChoices):
    DRAFT = "draft", "Being set up"
    PUBLISHED = "published", "Published"
    RUNNING = "running", "Running"
    ENDED = "ended", "Ended"
    WITHDRAWN = "withdrawn", "Withdrawn"


# Published: providers may apply, policies are locked. Running: the framework was awarded, at one recorded instant,
# which is also the instant at which the generation before it ended (s.49(2)(b)).
FRAMEWORK_MOVES = {
    FrameworkState.DRAFT: {FrameworkState.PUBLISHED, FrameworkState.WITHDRAWN},
    FrameworkState.PUBLISHED: {FrameworkState.RUNNING, FrameworkState.WITHDRAWN},
    FrameworkState.RUNNING: {FrameworkState.ENDED},
    FrameworkState.ENDED: set(),
    FrameworkState.WITHDRAWN: set(),
}


class RecoveryState(TextChoices):
    BEGUN = "begun", "Waiting for a second person"
    MADE = "made", "Made, not tried yet"
    HALF_TRIED = "half_tried", "Tried by one of two"
    TRIED = "tried", "Made and tried"


# Each step is another person's than the one before it: first, second, second with the file, first.
RECOVERY_MOVES = {
    RecoveryState.BEGUN: {RecoveryState.MADE},
    RecoveryState.MADE: {RecoveryState.HALF_TRIED},
    RecoveryState.HALF_TRIED: {RecoveryState.TRIED},
    RecoveryState.TRIED: set(),
}


class PlaceState(TextChoices):
    AWARDED = "awarded", "Awarded"
    ACCEPTED = "accepted", "Accepted"
    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    ENDED = "ended", "Ended"


PLACE_MOVES = {
    PlaceState.AWARDED: {PlaceState.ACCEPTED, PlaceState.ENDED},
    PlaceState.ACCEPTED: {PlaceState.ACTIVE, PlaceState.SUSPENDED, PlaceState.ENDED},
    PlaceState.ACTIVE: {PlaceState.SUSPENDED, PlaceState.ENDED},
    PlaceState.SUSPENDED: {PlaceState.ACTIVE, PlaceState.ACCEPTED, PlaceState.ENDED},
    PlaceState.ENDED: set(),
}


class EndReason(TextChoices):
    EXPIRED = "expired", "The framework ended"
    WITHDREW = "withdrew", "The provider withdrew"
    DECLINED = "declined", "The provider did not accept"
    TERMINATED = "terminated", "Ended by the buyer"
    EXCLUDED = "excluded", "Excluded supplier"
    TRANSFERRED = "transferred", "Moved to a successor"
    LAST_PLACE_ENDED = "last_place_ended", "The provider's last other place ended"


class Cause(TextChoices):
    """Why a place is suspended. The first two reach all places of the provider with this buyer."""

    SAFEGUARDING = "safeguarding", "Safeguarding"
    EXCLUSION = "exclusion", "Exclusion ground"
    INSURANCE = "insurance", "Insurance of an activity"
    COMMERCIAL = "commercial", "Commercial"


PROVIDER_WIDE = {Cause.SAFEGUARDING, Cause.EXCLUSION}
# What buyers tell each other of a suspension in force: that it is, and one of these. A dispute about money is nobody's.
TOLD_TO_OTHERS = {Cause.SAFEGUARDING, Cause.EXCLUSION, Cause.INSURANCE}


class Route(TextChoices):
    """By reference to what a place is given (s.49(4), (5))."""

    NEW_TENDER = "new_tender", "An application made this time"
    EARLIER_TENDER = "earlier_tender", "An application made at an earlier opening"
    MEMBERSHIP = "membership", "Being on the framework already"


class TransferKind(TextChoices):
    """Why places move to another firm (Procurement Act 2023, Schedule 8, paragraph 9)."""

    RESTRUCTURE = "restructure", "The provider was restructured"
    SALE = "sale", "The provider or its business was sold"
    INSOLVENCY = "insolvency", "The provider became insolvent"


class ExclusionOutcome(TextChoices):
    """What a check for exclusion found (s.57)."""

    NONE_FOUND = "none_found", "No ground for exclusion was found"
    EXCLUDABLE_KEPT = "excludable_kept", "A discretionary ground was found, and the firm is not excluded for it"
    EXCLUDED = "excluded", "The firm is an excluded supplier"


class Phase(TextChoices):
    PRIMARY = "primary", "Primary"
    SECONDARY = "secondary", "Secondary"
    POST_16 = "post_16", "16+"


LETTERS = {"A": Phase.PRIMARY, "B": Phase.SECONDARY, "C": Phase.POST_16}


class Unit(TextChoices):
    HOUR = "hour", "hour"
    HALF_DAY = "half_day", "half-day"
    DAY = "day", "day"
    SESSION = "session", "session"
    WEEK = "week", "week"


class Mode(TextChoices):
    ON_SITE = "on_site", "At the provider's site"
    HOME = "home", "At the pupil's home"
    COMMUNITY = "community", "In the community"
    ONLINE = "online", "Online"
    ANY = "any", "Any"


class Group(TextChoices):
    ONE = "one", "One pupil"
    TWO = "two", "Two pupils"
    SMALL = "small", "3 to 6 pupils"
    LARGE = "large", "More than 6 pupils"
    ANY = "any", "Any number"


class Gated(TextChoices):
    GATED = "gated", "Compared with other prices"
    QUOTED = "quoted", "Asked for, not compared"


class Pool(TextChoices):
    """Which prices are compared together."""

    LINE = "line", "All prices of a lot on the same price line"
    SUB_LOT = "sub_lot", "The prices of each part of a lot on the same price line"


class Counted(TextChoices):
    """Whose prices go into the average."""

    PASSED = "passed", "Bids that passed quality"
    SUBMITTED = "submitted", "All submitted bids"


class Sides(TextChoices):
    """On which side of the average the margin is a limit."""

    UPPER = "upper", "Upper side only: at most the average plus the margin"
    BOTH = "both", "Both sides: within the margin above or below the average"


class FailCosts(TextChoices):
    """What a price that fails costs its bidder."""

    LOT = "lot", "The lot"
    LINE = "line", "That price line only"
    SUB_LOT = "sub_lot", "That part of the lot"
    FRAMEWORK = "framework", "The whole bid"


class Basis(TextChoices):
    NET = "net", "Excluding VAT"
    GROSS = "gross", "Including VAT"


class QualityScope(TextChoices):
    PROVIDER = "provider", "Once for each provider: any failed theme ends the bid"
    LOT = "lot", "For each lot: a failed theme ends the bid for that lot"


class Evaluators(TextChoices):
    MIXED = "mixed", "Two for safeguarding and for every proposed fail, one with a second reader elsewhere"
    TWO = "two", "Two everywhere"


class LotLimit(TextChoices):
    LOTS = "lots", "Lots"
    SUB_LOTS = "sub_lots", "Parts of lots"


class CallOff(TextChoices):
    """Who may call off under the framework (s.45(5))."""

    BUYER = "buyer", "The buyer only"
    NAMED = "named", "The buyer and those named"


class Selection(TextChoices):
    """How a provider is chosen for a pupil (s.45(4)(b): an objective mechanism)."""

    LOWEST_COST = "lowest_cost", "Meets the need, then free by the date, then lowest total cost"
    RANKED = "ranked", "Meets the need, then free by the date, then rank by price at award"


# Grounds on which somebody else than the first may be chosen, as they stand pre-selected; one on each line.
DEPARTURES = """The pupil’s needs
The education, health and care plan
The view of the pupil or the parent
Continuity
Travel"""


class PriceReview(TextChoices):
    NONE = "none", "None until the framework is opened again"
    CPI = "cpi", "By the consumer prices index with a cap, on a date"
    ON_REQUEST = "on_request", "On request, decided by the buyer"


class KeyDateKind(TextChoices):
    ENGAGEMENT = "engagement", "Meeting for providers"
    NOTICE = "notice", "Notice planned"
    REOPENING = "reopening", "Planned re-opening"
    OTHER = "other", "Other date"


class TextKind(TextChoices):
    """Texts of a lot that may stand in another lot's words ("As Lot 1")."""

    WEIGHTING = "weighting", "How bids are compared"
    AWARD = "award", "Award criterion"
    SELECTION = "selection", "Condition of taking part"
    OPTIONS = "options", "Options"


class EvidenceKind(TextChoices):
    FILE = "file", "A file"
    CERTIFICATE = "certificate", "A certificate with a date"
    DECLARATION = "declaration", "A declaration"
    TEXT = "text", "A written answer"
    LINK = "link", "A link"


class OnExpiry(TextChoices):
    """What happens when dated evidence runs out."""

    NOTHING = "nothing", "Nothing"
    WARN = "warn", "The provider and the buyer are warned"
    HOLD = "hold", "No new pupils until it is renewed"
    SUSPEND = "suspend", "The place is suspended"


class AppliesTo(TextChoices):
    """Providers for whom a standard is asked in another way."""

    ONLINE_ONLY = "online_only", "Providers that teach online only"
    SOLE_TUTOR = "sole_tutor", "Tutors who work alone"
    REGISTERED_SCHOOL = "registered_school", "Registered schools"


class AppliesHow(TextChoices):
    NOT_ASKED = "not_asked", "Not asked"
    OTHER_EVIDENCE = "other_evidence", "Other evidence is taken instead"
