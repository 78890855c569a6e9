"""What happens to pupils, referrals and enquiries, in plain words. No event names a pupil, a need or a reason."""

WORDS: dict[str, str] = {
    "referrals.choice.made": "Provider chosen",
    "referrals.choice.undone": "Choice of a provider undone",
    "referrals.disclosure.ended": "Provider may no longer know the pupil",
    "referrals.disclosure.given": "Provider may know the pupil",
    "referrals.enquiry.chosen": "Offer accepted",
    "referrals.enquiry.declined": "Enquiry declined",
    "referrals.enquiry.lapsed": "Enquiry not answered in time",
    "referrals.enquiry.not_chosen": "Another provider chosen",
    "referrals.enquiry.offered": "Offer made",
    "referrals.enquiry.reminded": "Reminder of an enquiry sent",
    "referrals.enquiry.sent": "Provider asked",
    "referrals.enquiry.withdrawn": "Enquiry taken back",
}
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
