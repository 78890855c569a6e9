"""What each field of providers holds, and how long it is kept."""

from core.data import Keep, Kind, every

_PROCUREMENT = Keep.PROCUREMENT

FIELDS = {
    "Profile": every(
        "id provider description website phases needs lowest_age highest_age sole_tutor registration school_urn "
        "why_not_registered ofsted_outcome ofsted_on ofsted_url",
        Kind.PUBLIC,
        _PROCUREMENT,
    )
    | every("places updated_at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("lead_name lead_email lead_phone lead_trained_on", Kind.PERSONAL, _PROCUREMENT)
    | every("updated_by", Kind.PERSONAL, Keep.AUDIT),
    "Site": every("id provider name kind town phases", Kind.PUBLIC, _PROCUREMENT)
    | every(
        "street postcode uprn easting northing show_address", Kind.PERSONAL, _PROCUREMENT
    )  # a sole tutor's own home, it may be
    | every("places added_at closed_at", Kind.COMMERCIAL, _PROCUREMENT),
    "Seats": every("id provider site lot sub_lot weekday half free confirmed_at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("confirmed_by", Kind.PERSONAL, Keep.AUDIT),
    "Insurance": every(
        "id provider kind insurer policy_number cover_pence activities starts_on ends_on item removed_at",
        Kind.COMMERCIAL,
        _PROCUREMENT,
    ),
    "Accreditation": every("id provider by what given_on ends_on", Kind.PUBLIC, _PROCUREMENT),
    "Item": every("id provider kind current added_at removed_at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("title", Kind.PERSONAL, _PROCUREMENT),  # a training record bears somebody's name
    "ItemVersion": every("id item number file issued_on expires_on added_at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("added_by", Kind.PERSONAL, Keep.AUDIT),
    "ExpiryNotice": every(
        "id version insurance provider days ends_on told_on told_at run", Kind.COMMERCIAL, _PROCUREMENT
    ),
    "Application": every(
        "id framework provider alias state draft_sealed revision saved_at began_at started_at standing",
        Kind.COMMERCIAL,
        _PROCUREMENT,
    ),
    "Submission": every(
        "id application number reference sealed revision sha256 content_key key submitted_at withdrawn_at",
        Kind.COMMERCIAL,
        _PROCUREMENT,
    )
    | every("submitted_by withdrawn_by", Kind.PERSONAL, Keep.AUDIT),
    "SubmittedVersion": every("id submission version evidence", Kind.COMMERCIAL, _PROCUREMENT),
    "LateAttempt": every("id application what at", Kind.COMMERCIAL, _PROCUREMENT)
    | every("by", Kind.PERSONAL, Keep.AUDIT),
    "Opening": every("id framework opened_at submissions", Kind.COMMERCIAL, _PROCUREMENT)
    | every("opened_by", Kind.PERSONAL, Keep.AUDIT),
    "BidPrice": every("id submission lot sub_lot line pence vat", Kind.COMMERCIAL, _PROCUREMENT),
    "Question": every("id framework application number text asked_at answer", Kind.COMMERCIAL, _PROCUREMENT)
    | every("asked_by", Kind.PERSONAL, Keep.AUDIT),
    "Answer": every("id framework number published_at changed_at", Kind.PUBLIC, _PROCUREMENT),
    "AnswerVersion": every("id answer number asked text why_changed published_at", Kind.PUBLIC, _PROCUREMENT)
    | every("published_by", Kind.PERSONAL, Keep.AUDIT),
    "BidMessage": every(
        "id framework application kind from_buyer text sent_at answers answered_at", Kind.COMMERCIAL, _PROCUREMENT
    )
    | every("reach", Kind.PERSONAL, _PROCUREMENT)
    | every("sent_by", Kind.PERSONAL, Keep.AUDIT),
    "DeadlineChange": every(
        "id framework kind was becomes enquiries_was enquiries_become award_was award_becomes reason outage "
        "proposed_at confirmed_at dropped_at",
        Kind.PUBLIC,
        _PROCUREMENT,
    )
    | every("proposed_by confirmed_by", Kind.PERSONAL, Keep.AUDIT),
    "WithdrawalTold": every("id framework told_at", Kind.PUBLIC, _PROCUREMENT),
}
