"""What the record holds and how long it is kept."""

from core.data import Keep, Kind, every

FIELDS = {
    "Event": every("id at action by_label about_type about_id organisation_id", Kind.COMMERCIAL, Keep.AUDIT)
    | every("by data", Kind.PERSONAL, Keep.AUDIT),
    "Seal": every("id at previous_hash hash events last_event_id", Kind.COMMERCIAL, Keep.AUDIT),
    "SealItem": every("id seal event digest", Kind.COMMERCIAL, Keep.AUDIT),
}
