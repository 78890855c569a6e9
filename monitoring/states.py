"""What a register, an alarm, a daily report, a visit and a concern can be."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices


class SessionState(TextChoices):
    """Whether a session of a day is to take place. One that was called off after it was written down stays."""

    EXPECTED = "expected", "Expected"
    CANCELLED = "cancelled", "Does not take place"


class Mark(TextChoices):
    """What a register says of one pupil in one session. An empty mark is a register that was not taken."""

    PRESENT = "present", "Present"
    LATE = "late", "Late"
    ABSENT = "absent", "Absent"


CAME = (Mark.PRESENT, Mark.LATE)


class AlertKind(TextChoices):
    """What a commissioner is told about one session. The last two are breaches of the 30 minutes."""

    ABSENT = "absent", "Absent"
    NOT_TAKEN = "not_taken", "Register not taken after 30 minutes"
    NOT_TOLD = "not_told", "Absent, and nobody was told within 30 minutes"


BREACHES = (AlertKind.NOT_TAKEN, AlertKind.NOT_TOLD)


class Whom(TextChoices):
    """Who is told of an alert, in the order in which they are."""

    COVER = "cover", "Who answers"
    DSL = "dsl", "Designated safeguarding lead"
    AUTHORITY = "authority", "The council, or the trust’s lead"


class ReminderKind(TextChoices):
    TODAY = "today", "Due today"
    CUT_OFF = "cut_off", "Due soon"
    OVERDUE = "overdue", "Overdue"
    ESCALATED = "escalated", "Told to the contract manager"


class Status(TextChoices):
    """What a provider says of one KPI on one day."""

    WELL = "well", "As it should be"
    EXCEPTION = "exception", "Something to tell"


class DayState(IntegerChoices):
    """How a provider's day stands with a buyer, the worst of all measures; above zero it is not plain."""

    ON_TIME = 0, "On time"
    LATE = 1, "Late"
    MISSING = 2, "Missing"
    NOTHING = 3, "Nothing is asked any more"


class Grade(TextChoices):
    """How well a KPI was met over a period: the scale of the Procurement Regulations 2024, reg 39(5)."""

    GOOD = "good", "Good"
    APPROACHING = "approaching", "Approaching target"
    IMPROVE = "improve", "Requires improvement"
    INADEQUATE = "inadequate", "Inadequate"
    OTHER = "other", "Other"


class VisitKind(TextChoices):
    FACE = "face", "Weekly face-to-face visit"
    UNANNOUNCED = "unannounced", "Half-termly unannounced visit"
    QUALITY = "quality", "Quality visit"


class VisitState(TextChoices):
    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


VISIT_MOVES = {
    VisitState.PLANNED: {VisitState.HELD, VisitState.CANCELLED},
    VisitState.HELD: set(),
    VisitState.CANCELLED: set(),
}


class Every(TextChoices):
    WEEK = "week", "Every week"
    HALF_TERM = "half_term", "Every half-term"


class Found(TextChoices):
    """What a visit found of a standard."""

    MET = "met", "Met"
    PARTLY = "partly", "Partly met"
    NOT_MET = "not_met", "Not met"
    NOT_SEEN = "not_seen", "Not seen"


class Owner(TextChoices):
    """Whose an action after a visit is."""

    PROVIDER = "provider", "The provider’s"
    VISITOR = "visitor", "The visitor’s organisation’s"


class ConcernKind(TextChoices):
    CHILD = "child", "About a child"
    ADULT = "adult", "About an adult who works or volunteers there"


class ConcernState(TextChoices):
    RAISED = "raised", "Raised"
    RECEIVED = "received", "Received"
    HANDED = "handed", "Handed over"
    CLOSED = "closed", "Closed"


CONCERN_MOVES = {
    ConcernState.RAISED: {ConcernState.RECEIVED},
    ConcernState.RECEIVED: {ConcernState.HANDED},
    ConcernState.HANDED: {ConcernState.CLOSED},
    ConcernState.CLOSED: set(),
}


class Outcome(TextChoices):
    """What came of a concern, in as few words as may stay when its detail is gone."""

    NO_ACTION = "no_action", "No further action"
    SUPPORT = "support", "Support at school or at the provider"
    EARLY_HELP = "early_help", "Early help"
    SOCIAL_CARE = "social_care", "Referred to children’s social care"
    POLICE = "police", "Referred to the police"
    LADO = "lado", "Handled under the procedures for allegations against adults"
    OTHER = "other", "Another outcome"


class IncidentKind(TextChoices):
    ACCIDENT = "accident", "Accident or injury"
    NEAR_MISS = "near_miss", "Near miss"
    ILLNESS = "illness", "Illness"
    BEHAVIOUR = "behaviour", "Behaviour"
    FORCE = "force", "Reasonable force or restraint"
    LEFT = "left", "A pupil left without leave"
    DAMAGE = "damage", "Damage or fire"
    OTHER = "other", "Other"


class Effect(TextChoices):
    """What a document that ran out proposes, by the framework's standards."""

    HOLD = "hold", "No new pupils until it is renewed"
    SUSPEND = "suspend", "Suspend the place"


class Answered(TextChoices):
    """What a person decided of a proposal."""

    YES = "yes", "Agreed"
    NO = "no", "Not agreed"
