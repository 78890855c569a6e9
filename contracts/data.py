"""What each field of contracts holds, and how long it is kept."""

from core.data import Keep, Kind, every

FIELDS = {
    "Contract": every(
        "id buyer supplier kind framework reference title state starts_on ends_on document sha256 file offered_at "
        "not_before signed_at countersigned_at ended_at end_reason",
        Kind.COMMERCIAL,
        Keep.PROCUREMENT,
    )
    | every("offered_by signed_by signed_name signed_position countersigned_by", Kind.PERSONAL, Keep.PROCUREMENT),
}
