"""What each field of referrals holds, and how long it is kept. What is about a pupil is personal, and where it tells of
health, need or care, special category (UK GDPR, article 9)."""

from core.data import Keep, Kind, every

_PUPIL, _AUDIT, _PROCUREMENT = Keep.PUPIL, Keep.AUDIT, Keep.PROCUREMENT

FIELDS = {
    "Pupil": every(
        "id commissioner first_names last_name known_as name_key born_on upn_key uln_key no_upn_reason revision "
        "added_at changed_at merged_into merged_at kept_since kept_reason purged_at",
        Kind.PERSONAL,
        _PUPIL,
    )
    | every("has_ehcp looked_after private", Kind.SPECIAL, _PUPIL)
    | every("added_by kept_by", Kind.PERSONAL, _AUDIT),
    "FormerName": every("id pupil first_names last_name until_on", Kind.PERSONAL, _PUPIL)
    | every("written_by", Kind.PERSONAL, _AUDIT),
    "Enrolment": every("id pupil school kind why_none from_on until_on", Kind.PERSONAL, _PUPIL),
    "PupilMove": every("id pupil giver taker state reason offered_at answered_at", Kind.PERSONAL, _PUPIL)
    | every("offered_by answered_by", Kind.PERSONAL, _AUDIT),
    "Merge": every("id kept gone reason moved merged_at", Kind.PERSONAL, _PUPIL)
    | every("merged_by", Kind.PERSONAL, _AUDIT),
    "SharingAgreement": every(
        "id commissioner provider reference processing purposes signed_on starts_on ends_on file written_at ended_at "
        "end_reason",
        Kind.COMMERCIAL,
        _PROCUREMENT,
    )
    | every("contact_name contact_email", Kind.PERSONAL, _PROCUREMENT)
    | every("written_by ended_by", Kind.PERSONAL, _AUDIT),
    "Terms": every("id commissioner approve_above_pence answer_days changed_at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("changed_by", Kind.PERSONAL, _AUDIT),
    "Shortlisted": every("id organisation place reason added_at removed_at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("added_by", Kind.PERSONAL, _AUDIT),
    "Referral": every(
        "id pupil commissioner state trigger_on sixth_on school framework lot sub_lot phase mode minutes starts_on "
        "ends_on budget_pence approved_pence revision started_at changed_at checked_at closed_at close_reason",
        Kind.PERSONAL,
        _PUPIL,
    )
    | every("reason basis content", Kind.SPECIAL, _PUPIL)
    | every("started_by checked_by", Kind.PERSONAL, _AUDIT),
    "Approval": every("id referral pence why asked_at approved up_to_pence answered_at answer", Kind.COMMERCIAL, _PUPIL)
    | every("asked_by answered_by", Kind.PERSONAL, _AUDIT),
    "ReferralFile": every("id referral title file added_at removed_at", Kind.SPECIAL, _PUPIL)
    | every("added_by", Kind.PERSONAL, _AUDIT),
    "Enquiry": every(
        "id referral place provider state sent_at lapses_at reminded_at answered_at decline_reason decline_note "
        "ended_at",
        Kind.COMMERCIAL,
        _PUPIL,
    )
    | every("need", Kind.SPECIAL, _PUPIL)
    | every("sent_by answered_by", Kind.PERSONAL, _AUDIT),
    "Offer": every(
        "id enquiry number line pence awarded_pence starts_on ends_on units total_pence note made_at replaced_at",
        Kind.COMMERCIAL,
        _PUPIL,
    )
    | every("made_by", Kind.PERSONAL, _AUDIT),
    "OfferSession": every("id offer weekday starts ends site", Kind.COMMERCIAL, _PUPIL),
    "Choice": every(
        "id referral offer selection ranking ground reason chosen_at undone_at undone_reason", Kind.COMMERCIAL, _PUPIL
    )
    | every("chosen_by undone_by", Kind.PERSONAL, _AUDIT),
    "Disclosure": every("id referral provider agreement given_at ended_at", Kind.PERSONAL, _PUPIL)
    | every("given_by", Kind.PERSONAL, _AUDIT),
}
