"""States of referrals and enquiries with their moves, and the fixed words of pupils, referrals and agreements."""

from __future__ import annotations

from django.db.models import TextChoices


class Sex(TextChoices):
    """As the school census asks for it."""

    FEMALE = "F", "Female"
    MALE = "M", "Male"


class NoUpn(TextChoices):
    """Why a pupil’s unique pupil number is not written down. Nobody makes one up: it comes from a school’s system."""

    ASKED_FOR = "asked_for", "We have asked the last school for it"
    NEW_ARRIVAL = "new_arrival", "New to England, never at a school here"
    NEVER_AT_SCHOOL = "never_at_school", "Never on the roll of a state school"
    OVER_16 = "over_16", "Over 16 and without one"
    NOT_KNOWN = "not_known", "Not known yet"


class EnrolmentKind(TextChoices):
    """How a pupil stands to a school. Registered at two schools at once is dual: one main, one other."""

    MAIN = "main", "On the roll (main school)"
    OTHER = "other", "On the roll as well (dual registration)"
    NONE = "none", "On no school’s roll"


class NoSchool(TextChoices):
    """Why a pupil is on no school’s roll."""

    EXCLUDED = "excluded", "Permanently excluded"
    EOTAS = "eotas", "Educated otherwise than at school (section 61)"
    MEDICAL = "medical", "Too ill for school"
    UNPLACED = "unplaced", "Waiting for a school place"
    LEFT = "left", "Over compulsory school age and left school"


class MoveState(TextChoices):
    OFFERED = "offered", "Waits for the other side"
    ACCEPTED = "accepted", "Moved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Taken back"


MOVE_MOVES = {
    MoveState.OFFERED: {MoveState.ACCEPTED, MoveState.DECLINED, MoveState.WITHDRAWN},
    MoveState.ACCEPTED: set(),
    MoveState.DECLINED: set(),
    MoveState.WITHDRAWN: set(),
}


class Processing(TextChoices):
    """What a provider is, in the law of data protection, for the pupil data that it is given."""

    CONTROLLER = "controller", "A controller of its own"
    JOINT = "joint", "A joint controller"
    PROCESSOR = "processor", "A processor on the commissioner’s instructions"


class ReferralState(TextChoices):
    DRAFT = "draft", "Being written"
    APPROVAL = "approval", "Waits for the budget holder"
    READY = "ready", "Ready to send"
    ENQUIRING = "enquiring", "Providers have been asked"
    CHOSEN = "chosen", "Provider chosen"
    CLOSED = "closed", "Closed"


# Ready: checked, and within what may be spent. Enquiring: at least one provider was asked. Chosen: one offer was
# accepted and that provider told who the pupil is. Back to draft is a change of what was checked.
REFERRAL_MOVES = {
    ReferralState.DRAFT: {ReferralState.APPROVAL, ReferralState.READY, ReferralState.CLOSED},
    ReferralState.APPROVAL: {ReferralState.DRAFT, ReferralState.READY, ReferralState.CLOSED},
    ReferralState.READY: {ReferralState.DRAFT, ReferralState.ENQUIRING, ReferralState.CLOSED},
    ReferralState.ENQUIRING: {ReferralState.ENQUIRING, ReferralState.CHOSEN, ReferralState.CLOSED},
    ReferralState.CHOSEN: {ReferralState.ENQUIRING, ReferralState.CLOSED},
    ReferralState.CLOSED: set(),
}


class Reason(TextChoices):
    """Why provision is commissioned, as the censuses ask: the reason, never the need."""

    EXCLUDED = "excluded", "Permanent exclusion"
    SUSPENDED = "suspended", "Suspension of more than five school days"
    BEHAVIOUR = "behaviour", "To improve behaviour (off-site direction)"
    MEDICAL = "medical", "Physical or mental health"
    NOT_ATTENDING = "not_attending", "Not attending school"
    SEN = "sen", "Special educational needs"
    NO_PLACE = "no_place", "No school place"
    EARLY = "early", "Early intervention by the school"
    POST_16 = "post_16", "Learning after 16"
    OTHER = "other", "Another reason"


class Basis(TextChoices):
    """The power or duty that the provision is arranged under."""

    S19 = "s19", "Section 19: the council must arrange education"
    S29A = "s29a", "Section 29A: the school directs the pupil off site"
    S100 = "s100", "Section 100: the school arranges it from the sixth day of a suspension"
    EARLY = "early", "The school’s own early intervention"
    EOTAS = "eotas", "Section 61: education otherwise than at school"
    POST_16 = "post_16", "After 16: not alternative provision in law"


class EnquiryState(TextChoices):
    WAITING = "waiting", "Waits for an answer"
    OFFERED = "offered", "Offer made"
    DECLINED = "declined", "Declined"
    LAPSED = "lapsed", "No answer in time"
    WITHDRAWN = "withdrawn", "Taken back"
    CHOSEN = "chosen", "Chosen"
    NOT_CHOSEN = "not_chosen", "Somebody else was chosen"


# An offer may be replaced while nobody was chosen; after the last moment to answer nothing is taken any more.
ENQUIRY_MOVES = {
    EnquiryState.WAITING: {
        EnquiryState.OFFERED,
        EnquiryState.DECLINED,
        EnquiryState.LAPSED,
        EnquiryState.WITHDRAWN,
        EnquiryState.NOT_CHOSEN,
    },
    EnquiryState.OFFERED: {
        EnquiryState.OFFERED,
        EnquiryState.DECLINED,
        EnquiryState.WITHDRAWN,
        EnquiryState.CHOSEN,
        EnquiryState.NOT_CHOSEN,
    },
    EnquiryState.DECLINED: set(),
    EnquiryState.LAPSED: set(),
    EnquiryState.WITHDRAWN: set(),
    EnquiryState.CHOSEN: {EnquiryState.WITHDRAWN},
    EnquiryState.NOT_CHOSEN: set(),
}


class Decline(TextChoices):
    """Why a provider does not offer."""

    FULL = "full", "We have no room on the days asked for"
    START = "start", "We cannot start by then"
    NEED = "need", "We are not set up for this need"
    AGE = "age", "We do not teach this age"
    TRAVEL = "travel", "It is too far"
    GROUP = "group", "It would not be right for the group that we have"
    OTHER = "other", "Another reason"


class View(TextChoices):
    """Whether somebody’s view was heard."""

    HEARD = "heard", "Yes"
    NOT_SOUGHT = "not_sought", "No, and I say why"


class Consent(TextChoices):
    """Whether a parent or carer agrees, where that is asked for."""

    GIVEN = "given", "Given"
    NOT_NEEDED = "not_needed", "Not needed: the school directs, or the council arranges"
    REFUSED = "refused", "Refused"
    WAITING = "waiting", "Asked for, not answered yet"


class PlacementState(TextChoices):
    DRAFT = "draft", "Being agreed"
    ASSURANCE = "assurance", "Awaiting assurance"
    LIVE = "live", "Live"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"
    CANCELLED = "cancelled", "Cancelled before it started"


# Assurance: both sides have signed the agreement for this pupil, and no session runs before everything that keeps the
# pupil safe is in place. Live again after a pause; ended is final.
PLACEMENT_MOVES = {
    PlacementState.DRAFT: {PlacementState.ASSURANCE, PlacementState.CANCELLED},
    PlacementState.ASSURANCE: {PlacementState.LIVE, PlacementState.CANCELLED},
    PlacementState.LIVE: {PlacementState.PAUSED, PlacementState.ENDED},
    PlacementState.PAUSED: {PlacementState.LIVE, PlacementState.ENDED},
    PlacementState.ENDED: set(),
    PlacementState.CANCELLED: set(),
}
RUNNING = (PlacementState.ASSURANCE, PlacementState.LIVE, PlacementState.PAUSED)


class Route(TextChoices):
    """Under what a placement is made."""

    FRAMEWORK = "framework", "Called off from a framework"
    QUOTE = "quote", "Called off from the catch-all lot by an approved quote"
    SPOT = "spot", "Bought outside a framework"
    LEGACY = "legacy", "Began before the portal"


class Runs(TextChoices):
    """On which days a weekly session runs. Register, alarm, report and charge all follow this one."""

    SCHOOL = "school", "On the home school’s days"
    PROVIDER = "provider", "On the provider’s days"
    DATES = "dates", "On its own dates, whatever the calendars say"


# On whose days a session of the week can run; one on its own dates is no part of the week.
OF_THE_WEEK = [(one.value, one.label) for one in (Runs.SCHOOL, Runs.PROVIDER)]


class AmendmentKind(TextChoices):
    HOURS = "hours", "Sessions changed"
    EXTENSION = "extension", "Extended"
    SHORTENED = "shortened", "Ends earlier than agreed"
    PRICE = "price", "Lower price agreed"


class Ended(TextChoices):
    """Why a placement ended."""

    COMPLETED = "completed", "Ended as planned"
    REINTEGRATED = "reintegrated", "Back at school"
    MOVED = "moved", "Moved to other provision"
    BREAKDOWN = "breakdown", "It did not work for the pupil"
    UNSAFE = "unsafe", "No longer safe"
    PROVIDER = "provider", "The provider ended it"
    LEFT = "left", "The pupil left the area or school age"
    OTHER = "other", "Another reason"


class Destination(TextChoices):
    """Where the pupil goes from a placement."""

    SAME_SCHOOL = "same_school", "The home school"
    OTHER_SCHOOL = "other_school", "Another mainstream school"
    SPECIAL = "special", "A special school"
    AP_SCHOOL = "ap_school", "A pupil referral unit or AP academy"
    OTHER_AP = "other_ap", "Other alternative provision"
    COLLEGE = "college", "College or training"
    WORK = "work", "Work or an apprenticeship"
    HOME = "home", "Educated at home"
    NOT_KNOWN = "not_known", "Not known"


class Item(TextChoices):
    """What must be in place before a pupil starts. The first five are never waived, not even in an emergency."""

    STAFF = "staff", "Written confirmation of the staff checks"
    SITES = "sites", "The exact site of every session"
    RISKS = "risks", "Risks shared both ways"
    EMERGENCY = "emergency", "Emergency contact and medication"
    ABSENCE = "absence", "Who answers an absence on each day"
    VISIT = "visit", "A visit to the site"
    CONSENT = "consent", "Consent, or the notice of the off-site direction"
    TRANSPORT = "transport", "How the pupil travels"
    LINK = "link", "A named link person"
    REVIEW = "review", "The date of the first review"


NEVER_WAIVED = (Item.STAFF, Item.SITES, Item.RISKS, Item.EMERGENCY, Item.ABSENCE)


class TransportBy(TextChoices):
    SCHOOL = "school", "The school"
    COUNCIL = "council", "The council"
    FAMILY = "family", "The family"
    PROVIDER = "provider", "The provider"
    ALONE = "alone", "The pupil travels alone"


class AbsenceReason(TextChoices):
    """Why a pupil was not at a session, as a register asks for it (monitoring)."""

    ILL = "ill", "Ill"
    APPOINTMENT = "appointment", "Medical or other appointment"
    REFUSED = "refused", "Did not want to come"
    SUSPENDED = "suspended", "Suspended"
    SCHOOL = "school", "Kept at school or elsewhere by the commissioner"
    TRANSPORT = "transport", "Transport failed"
    NO_STAFF = "no_staff", "The provider had no staff"
    SHUT = "shut", "The provider was shut"
    UNKNOWN = "unknown", "Not known yet"

    @property
    def at_fault(self) -> bool:
        """Whether it is the provider’s fault. Transport that failed is not: it is outside the price, whoever arranges
        it."""
        return self in {AbsenceReason.NO_STAFF, AbsenceReason.SHUT}


class ReviewKind(TextChoices):
    DIRECTION = "direction", "Review of the off-site direction (every 30 days)"
    HALF_TERM = "half_term", "Half-termly review"
    END = "end", "Review at the end"


class ProviderEventKind(TextChoices):
    STAFF = "staff", "Staff changed"
    SITE = "site", "A site changed"
    INSURANCE = "insurance", "Insurance ran out"
    SUSPENDED = "suspended", "Suspended"
    LIFTED = "lifted", "Suspension lifted"


class Decided(TextChoices):
    """What a commissioner decides for a pupil whose provider is suspended."""

    GO_ON = "go_on", "Go on, with safeguards"
    PAUSE = "pause", "Pause the placement"
    MOVE = "move", "End it and move the pupil"
