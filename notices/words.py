"""What happens in notices, in plain words."""

WORDS: dict[str, str] = {
    "notices.file.read": "Notice file read",
    "notices.file.received": "Notice file received",
    "notices.file.refused": "Notice file could not be used",
    "notices.noticefile.read": "Copy of a notice file taken",
    "notices.release.confirmed": "Framework made from a notice",
    "notices.release.read": "Copy of a notice taken",
    "notices.release.taken": "Framework brought up to a notice",
}
THINGS = {"notices.noticefile": "Notice file", "notices.release": "Release"}
