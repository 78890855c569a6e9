"""What kind of data a message is, and how long it is kept."""

from core.data import Keep, Kind, every

FIELDS = {
    "Message": every("to subject body sealed_body", Kind.PERSONAL, Keep.MESSAGE)
    | every("id key channel queue mode organisation_id created_at state due_at", Kind.COMMERCIAL, Keep.PROCUREMENT)
    | every("discreet try_at attempts token over_at blanked_at last_error", Kind.COMMERCIAL, Keep.PROCUREMENT)
}
