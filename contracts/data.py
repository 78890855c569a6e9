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
    "Kpi": every("id contract number title days from_on until_on written_at ended_at", Kind.PUBLIC, Keep.PROCUREMENT)
    | every("written_by ended_by", Kind.PERSONAL, Keep.AUDIT),
    "KpiLine": every("id kpi position text kind fed asked side", Kind.PUBLIC, Keep.PROCUREMENT),
    "QuestionAnswer": every("id line yes words answered_on answered_at", Kind.COMMERCIAL, Keep.PROCUREMENT)
    | every("answered_by", Kind.PERSONAL, Keep.AUDIT),
}
