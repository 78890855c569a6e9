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
