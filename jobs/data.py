"""What each field of jobs holds, and how long it is kept."""

from core.data import Keep, Kind, every

FIELDS = {
    "Job": every("asked_by", Kind.PERSONAL, Keep.AUDIT)
    | every(
        "id kind title organisation about_id asked_at state token attempts try_at cancel_asked_at done total "
        "progress result problem started_at ended_at",
        Kind.COMMERCIAL,
        Keep.PROCUREMENT,
    ),
    "Pulse": every("what seen_at", Kind.PUBLIC, Keep.SYSTEM),
    "Outage": every("id began_at ended_at what", Kind.PUBLIC, Keep.PROCUREMENT),
}
