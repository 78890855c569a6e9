"""What happens to pupils, referrals and enquiries, in plain words. No event names a pupil, a need or a reason."""

WORDS: dict[str, str] = {}
THINGS: dict[str, str] = {
    "referrals.approval": "Approval of what a referral may cost",
    "referrals.choice": "Choice of a provider",
    "referrals.disclosure": "Right of a provider to know a pupil",
    "referrals.enquiry": "Enquiry to a provider",
    "referrals.enrolment": "Enrolment",
    "referrals.pupil": "Pupil",
    "referrals.pupilmove": "Move of a pupil’s record",
    "referrals.referral": "Referral",
    "referrals.referralfile": "Document of a referral",
    "referrals.sharingagreement": "Agreement to share data",
    "referrals.shortlisted": "Place on a shortlist",
    "referrals.terms": "How a commissioner works",
}
