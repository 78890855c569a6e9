"""A framework's offer for tables of rules: made of facts alone, without a database."""

from __future__ import annotations

from providers.rules.offer import Offer


def offer(**fields) -> Offer:
    """A framework that asks for nothing."""
    plain = {
        "framework_id": 1,
        "title": "Alternative provision",
        "buyer": "Larkshire Council",
        "reference": "",
        "previous_id": None,
        "closes_at": None,
        "enquiries_until": None,
        "max_lots": None,
        "limit_counts_parts": False,
        "price_per_part": False,
        "net": True,
        "quality_per_lot": False,
        "margin_percent": 20,
    }
    return Offer(**plain | fields)
