from referrals.models.enquiries import Choice, Disclosure, Enquiry, Offer, OfferSession
from referrals.models.papers import PlacementPaper
from referrals.models.placements import Amendment, FunderShare, Pause, Placement, WeeklySession
from referrals.models.pupils import Enrolment, FormerName, Merge, Pupil, PupilMove
from referrals.models.quotes import Quote
from referrals.models.referrals import Approval, Referral, ReferralFile
from referrals.models.safety import (
    Assurance,
    Cover,
    DecisionDue,
    Feed,
    ProviderEvent,
    Review,
    Transport,
)
from referrals.models.signals import ThresholdSignal
from referrals.models.terms import SharingAgreement, Shortlisted, Terms

__all__ = [
    "Amendment",
    "Approval",
    "Assurance",
    "Choice",
    "Cover",
    "DecisionDue",
    "Disclosure",
    "Enquiry",
    "Enrolment",
    "Feed",
    "FormerName",
    "FunderShare",
    "Merge",
    "Offer",
    "OfferSession",
    "Pause",
    "Placement",
    "PlacementPaper",
    "ProviderEvent",
    "Pupil",
    "PupilMove",
    "Quote",
    "Referral",
    "ReferralFile",
    "Review",
    "SharingAgreement",
    "Shortlisted",
    "Terms",
    "ThresholdSignal",
    "Transport",
    "WeeklySession",
]
