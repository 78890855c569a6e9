"""The agreement for one pupil as it is signed: canonical JSON and its SHA-256, and the clauses. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

PROVIDER_DUTIES = (
    "The provider teaches the pupil in the sessions and at the sites written here, and nowhere else without a change "
    "that both sides have agreed.",
    "It takes a register at the start of every session, and tells the commissioner at once when the pupil is missing.",
    "It keeps to the framework agreement and to what both sides have written down about risks. Everybody who works "
    "with the pupil has been checked as the law asks.",
    "It tells the commissioner at once of an accident, a concern about the pupil’s safety, a change of staff or site, "
    "or insurance that runs out.",
)
COMMISSIONER_DUTIES = (
    "The commissioner stays responsible for the pupil’s safety and education, puts everything in place before the "
    "first session, and reviews the placement.",
    "It tells the provider everything that the provider has to know to keep the pupil and others safe.",
)
PAYING = (
    "The contracting party pays for the sessions that took place, and for others as the charging rules of the "
    "framework say, at the price written here.",
    "Who pays which share is written here. The contracting party answers to the provider for the whole.",
)
CHANGING = (
    "Hours, days and end are changed in writing, in the portal, from a day on. What has happened stays as it was.",
    "No session runs before everything that keeps the pupil safe is in place, even though this agreement is signed.",
)
CLAUSES = (
    ("What the provider does", PROVIDER_DUTIES),
    ("What the commissioner does", COMMISSIONER_DUTIES),
    ("What is paid", PAYING),
    ("Start and changes", CHANGING),
)


def canonical(document: Mapping) -> str:
    """The same facts give the same text: keys in order, nothing between them."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    """SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def clauses() -> list[dict]:
    """The clauses as they stand in a document."""
    return [{"heading": heading, "lines": list(lines)} for heading, lines in CLAUSES]
