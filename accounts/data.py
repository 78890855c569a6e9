"""What each field of accounts holds, and how long it is kept."""

from core.data import Keep, Kind, every

FIELDS = {
    "User": every("email name password last_login", Kind.PERSONAL, Keep.ACCOUNT)
    | every("id is_active is_operator created_at deactivated_at deactivated_by", Kind.PERSONAL, Keep.AUDIT),
    "HeldAnswers": every("id user path answers_sealed held_at expires_at", Kind.PERSONAL, Keep.HELD),
    "Organisation": every(
        "id kind name name_key parent urn laestab ukprn companies_house charity_number la_code trust_code "
        "establishment_type phase lowest_age highest_age street town postcode easting northing opened_on closed_on "
        "is_open compared_at created_at updated_at",
        Kind.PUBLIC,
        Keep.PROCUREMENT,
    )
    | every("ppon share_code no_number_reason", Kind.COMMERCIAL, Keep.PROCUREMENT),
    "Successor": every("id closed successor", Kind.PUBLIC, Keep.SYSTEM),
    "Membership": every("person_name", Kind.PERSONAL, Keep.ACCOUNT)
    | every("id user organisation role schools given_at given_by ended_at ended_by", Kind.PERSONAL, Keep.AUDIT),
    "Membership_schools": every("id membership organisation", Kind.PERSONAL, Keep.AUDIT),
    "Invitation": every("email token_hash", Kind.PERSONAL, Keep.ACCOUNT)
    | every(
        "id organisation roles schools sent_at sent_by expires_at accepted_at accepted_by revoked_at revoked_by",
        Kind.PERSONAL,
        Keep.AUDIT,
    ),
    "Invitation_schools": every("id invitation organisation", Kind.PERSONAL, Keep.AUDIT),
    "LookAlike": every(
        "id organisation resembles reason found_at decision decision_reason decided_at decided_by",
        Kind.COMMERCIAL,
        Keep.AUDIT,
    ),
    "Postcode": every("code easting northing", Kind.PUBLIC, Keep.SYSTEM),
    "TermDates": every("id organisation name starts_on ends_on", Kind.PUBLIC, Keep.PROCUREMENT),
    "Closure": every("id organisation reason starts_on ends_on", Kind.PUBLIC, Keep.PROCUREMENT),
}

# Tables of the libraries that we build on: they hold people's data too, so the record of processing names them.
THIRD_PARTY = {
    "account.EmailAddress": (Kind.PERSONAL, Keep.ACCOUNT, "addresses that a person has confirmed"),
    "account.EmailConfirmation": (Kind.PERSONAL, Keep.SESSION, "links that confirm an address"),
    "mfa.Authenticator": (Kind.PERSONAL, Keep.ACCOUNT, "second steps and passkeys, secrets encrypted"),
    "usersessions.UserSession": (Kind.PERSONAL, Keep.SESSION, "who is signed in from which address and browser"),
    "sessions.Session": (Kind.PERSONAL, Keep.SESSION, "what the browser's cookie points at"),
    "socialaccount.SocialAccount": (Kind.PERSONAL, Keep.ACCOUNT, "the council's or the DfE's own account"),
    "socialaccount.SocialApp": (Kind.PUBLIC, Keep.SYSTEM, "not used: providers stand in the configuration"),
    "socialaccount.SocialToken": (Kind.PERSONAL, Keep.SESSION, "not stored"),
}
