"""What each field of notices holds, and how long it is kept. A published notice may name a council's contact person:
that is why bodies count as personal."""

from core.data import Keep, Kind, every

FIELDS = {
    "NoticeFile": every("name envelope problem received_by", Kind.PERSONAL, Keep.PROCUREMENT)
    | every(
        "id organisation size sha256 stored_as kind state releases_count problem_path job received_at",
        Kind.COMMERCIAL,
        Keep.PROCUREMENT,
    ),
    "Release": every("body confirmed_by", Kind.PERSONAL, Keep.PROCUREMENT)
    | every(
        "id file organisation position starts_at sha256 release_id ocid date tags notice_type title buyer_name "
        "is_framework framework is_source confirmed_at",
        Kind.PUBLIC,
        Keep.PROCUREMENT,
    ),
}
