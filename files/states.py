"""What an uploaded file is, what the scan for viruses said of it, and whether its pages were drawn."""

from __future__ import annotations

from django.db.models import TextChoices


class FileState(TextChoices):
    PENDING = "pending", "Being checked for viruses"
    CLEAN = "clean", "Checked"
    INFECTED = "infected", "Refused: it contains a virus"


FILE_MOVES = {
    FileState.PENDING: {FileState.CLEAN, FileState.INFECTED},
    FileState.CLEAN: {FileState.INFECTED},
    FileState.INFECTED: set(),
}


class FileKind(TextChoices):
    """What a file is by its content, whatever its name says."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word document"
    XLSX = "xlsx", "Excel workbook"
    PPTX = "pptx", "PowerPoint presentation"
    ODT = "odt", "OpenDocument text"
    PNG = "png", "PNG picture"
    JPEG = "jpeg", "JPEG picture"


class PagesState(TextChoices):
    WAITING = "waiting", "Pages are being made ready"
    MADE = "made", "Pages can be looked at"
    NOT_POSSIBLE = "not_possible", "Pages cannot be shown"


class WhyNoPages(TextChoices):
    """Why a file's pages cannot be shown beside a standard. The file itself can be downloaded all the same."""

    BROKEN = "broken", "None of its pages could be drawn"
    CHANGED = "changed", "What is kept is not what was uploaded"
    GONE = "gone", "It could not be fetched from where files are kept"
