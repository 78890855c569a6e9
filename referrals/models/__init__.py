from referrals.models.enquiries import Choice, Disclosure, Enquiry, Offer, OfferSession
from referrals.models.pupils import Enrolment, FormerName, Merge, Pupil, PupilMove
from referrals.models.referrals import Approval, Referral, ReferralFile
from referrals.models.terms import SharingAgreement, Shortlisted, Terms

__all__ = [
    "Approval",
    "Choice",
    "Disclosure",
    "Enquiry",
    "Enrolment",
    "FormerName",
    "Merge",
    "Offer",
    "OfferSession",
    "Pupil",
    "PupilMove",
    "Referral",
    "ReferralFile",
    "SharingAgreement",
    "Shortlisted",
    "Terms",
]
