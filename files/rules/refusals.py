"""Why a file is not taken, in words for whoever sent it. Each says what to send instead."""

from __future__ import annotations

MEGABYTE = 1024**2


class Refused(ValueError):
    """The file is not taken. The message says why, and what to send instead, to whoever sent it."""


EMPTY = "The file is empty. Check that it opens on your computer, then choose it again"
KINDS = "Send a PDF, a Word, Excel, PowerPoint or OpenDocument text file, or a PNG or JPEG picture"
UNKNOWN = f"This is not a kind of file that we can take. {KINDS}"
BROKEN = "The file is damaged and cannot be opened. Save it again, or save it as a PDF, and send that"
LOCKED = "The file is protected by a password, so nobody else could read it. Save it without a password and send that"
OLD_OFFICE = "This is a file of an old version of Word, Excel or PowerPoint. Save it as .docx, .xlsx, .pptx or PDF"
MACROS = "The file contains macros, which can do harm on other computers. Save it as .docx, .xlsx, .pptx or PDF"
PACKED = "This is a packed folder (zip). Unpack it and send each document by itself"
FILE_INSIDE = "Another file is packed inside this one. Send each of them by itself"
SCRIPT = "The PDF contains a script or starts a program. Print it to a new PDF and send that"
BOMB = "The file becomes far too large when it is opened. Save it as a PDF and send that"
LARGE_PICTURE = "The picture has too many pixels. Save it smaller, 8,000 pixels on its longer side at most"
SLOW = "The file takes too long to read. Print it to a new PDF and send that"
OTHER_PICTURE = "This is a picture of a kind that not everybody can open. Save it as PNG or JPEG"
RICH_TEXT = "This is a rich text file. Save it as .docx or PDF"
NO_ROOM = "The file could not be kept just now. Nothing was changed. Try again in a few minutes"
NO_CERTIFICATES = (
    "We do not keep DBS certificates: they show a person’s private details. Send an extract of your single central "
    "record instead, with the number and date of each certificate, who saw it and when, and everything else hidden"
)
CERTIFICATE = f"This looks like a DBS certificate. {NO_CERTIFICATES}"


def too_large(most: int) -> str:
    """Why a file of more than `most` bytes is refused."""
    return (
        f"The file is larger than {most // MEGABYTE} MB. Save it smaller, for example with smaller pictures, "
        "or send it in parts"
    )
