"""What the national standards are written with: themes of the daily measures, evidence, who is asked otherwise."""

from __future__ import annotations

from lots.rules.standards import AppliesText, EvidenceText

KPI_THEMES = (
    "Safeguarding",
    "Health and safety",
    "Admissions, guidance and support",
    "Quality of education",
    "Outcomes",
)

SAFE, HEALTH, ADMIT, TEACH, OUTCOME = KPI_THEMES
ONLINE = AppliesText("online_only", "not_asked")
INSPECTED = AppliesText("registered_school", "other_evidence", "The latest inspection report, where it covers this")


def file(title: str, *, required: bool = True) -> EvidenceText:
    """A file."""
    return EvidenceText("file", title, required=required)


def dated(title: str, months: int | None, on_expiry: str = "warn", *, required: bool = True) -> EvidenceText:
    """A certificate that counts for so many months, and what happens when it runs out."""
    return EvidenceText("certificate", title, months=months, on_expiry=on_expiry, required=required)


def said(title: str) -> EvidenceText:
    """A declaration."""
    return EvidenceText("declaration", title)


def text(title: str) -> EvidenceText:
    """A written answer."""
    return EvidenceText("text", title)


def link(title: str) -> EvidenceText:
    """A link, where there is one."""
    return EvidenceText("link", title, required=False)


def online(instead: str) -> AppliesText:
    """Other evidence from providers that teach online only."""
    return AppliesText("online_only", "other_evidence", instead)


def alone(instead: str) -> AppliesText:
    """Other evidence from tutors who work alone."""
    return AppliesText("sole_tutor", "other_evidence", instead)
