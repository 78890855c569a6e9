"""What each field of files holds, and how long it is kept."""

from core.data import Keep, Kind, every

FIELDS = {
    "File": every(
        "id organisation name kind size sha256 stored_as state received_at scan_at scan_tries scanned_at found",
        Kind.COMMERCIAL,
        Keep.PROCUREMENT,
    )
    | every("received_by", Kind.PERSONAL, Keep.AUDIT),
    "PageImage": every("id file number stored_as width height", Kind.COMMERCIAL, Keep.PROCUREMENT),
    "PageSet": every("file state why pages wanted_at try_at tries ended_at", Kind.COMMERCIAL, Keep.PROCUREMENT),
}
