"""Papers of a placement, made whenever they are asked for: they name the pupil, so none is kept as a file."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from core import pdf
from referrals.models import Placement, PlacementPaper
from referrals.queries import papers as queries


def agreement(paper: PlacementPaper) -> bytes:
    """The agreement for a pupil as a PDF, with whoever has signed it: the same record gives the same bytes."""
    at = paper.party_signed_at or paper.provider_signed_at or paper.made_at
    context = {"paper": paper, "agreed": queries.document_of(paper)}
    return pdf.render("pdf/placement_agreement.html", context, at=at)


def parent_letter(placement: Placement, *, at: dt.datetime) -> bytes:
    """The letter to a parent or carer: what, where, when, and whom to ring."""
    context = {"placement": placement, "letter": queries.parent_letter(placement, today=timezone.localdate(at))}
    return pdf.render("pdf/parent_letter.html", context, at=at)
