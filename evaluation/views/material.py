"""What a bidder said and sent to one standard, for pages on which its outcome is decided."""

from __future__ import annotations

from core.crypto import SealBroken
from evaluation.queries.answers import answer_to
from evaluation.queries.clarifications import about
from evaluation.queries.documents import document_of
from evaluation.queries.evidence import shown_for


def material(bid, standard_id: int, lot_id: int | None, *, user) -> dict:
    """The answer (None where the bid cannot be read), the evidence, and the questions with their answers."""
    try:
        document = document_of(bid, user=user)
    except SealBroken:
        document = None
    asked = about(bid, standard_id, user=user)
    shown = []
    if document is not None:
        shown = shown_for(bid, standard_id, user=user, lot_id=lot_id, document=document, asked=asked)
    return {
        "answer": None if document is None else answer_to(document, standard_id, lot_id),
        "shown": shown,
        "clarifications": asked,
    }
