"""Buyers' times for daily reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from accounts.models import Organisation
from monitoring.models import ReportTerms
from monitoring.rules.terms import USUAL, Terms

NAMES = [field.name for field in fields(Terms)]


def terms_of(buyers: Iterable[Organisation | int]) -> dict[int, Terms]:
    """The times of each of these buyers, by its key, in one query: what it wrote down, or the usual ones."""
    keys = {getattr(buyer, "pk", buyer) for buyer in buyers}
    rows = ReportTerms.objects.filter(buyer__in=keys).values_list("buyer", *NAMES)
    return dict.fromkeys(keys, USUAL) | {buyer: Terms(*values) for buyer, *values in rows}


def kept_by(buyer: Organisation) -> ReportTerms | None:
    """Who wrote a buyer's times down and when, or None where the usual ones hold."""
    return ReportTerms.objects.filter(buyer=buyer).select_related("changed_by").first()
