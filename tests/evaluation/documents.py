"""The document of a submission for tests, in the shape of `providers.rules.bid.Bid.document`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from lots.models import Framework, Standard


def standards_of(framework: Framework) -> list[Standard]:
    """In their order."""
    rows = Standard.objects.filter(theme__version__framework=framework)
    return list(rows.order_by("theme__position", "theme_id", "position", "id"))


def document(framework: Framework, provider, number: int, lots, pence: int | Mapping[str, int], paper) -> dict:
    """What such a submission holds, with this price on every line, or one for each lot by its number."""
    given = [{"title": "Safeguarding policy", "version": paper.pk, "document": "Safeguarding policy"}]
    return {
        "schema": 1,
        "nonce": f"{number:032}",
        "reference": f"TEST-{framework.pk}-{number}",
        "framework": {
            "framework": framework.pk,
            "title": framework.title,
            "buyer": framework.buyer.name,
            "reference": "",
        },
        "provider": {
            "provider": provider.pk,
            "name": provider.name,
            "numbers": {},
            "online_only": False,
            "sole_tutor": False,
            "registered_school": False,
        },
        "organisation": {"share_code": "6BcD7fGh", "size": "small", "vcse": "yes", "contact": {"name": "Lead"}},
        "exclusion": {},
        "connected": {"persons": []},
        "conflicts": {},
        "declarations": {},
        "lots": [
            {
                "lot": lot.pk,
                "number": lot.number,
                "title": lot.title,
                "parts": [{"part": one.pk, "letter": one.letter, "phase": one.phase} for one in lot.sub_lots.all()],
            }
            for lot in lots
        ],
        "prices": [
            {
                "lot": lot.pk,
                "part": None,
                "line": line.pk,
                "pence": pence if isinstance(pence, int) else pence[lot.number],
                "vat": "exempt",
                "lot_number": lot.number,
                "letter": "",
                "title": line.title,
                "unit": line.unit,
                "unit_name": "half-day",
            }
            for lot in lots
            for line in lot.price_lines.all()
        ],
        "standards": [
            {
                "standard": standard.pk,
                "number": standard.number,
                "title": standard.title,
                "answer": f"We meet standard {standard.number}.",
                "evidence": given if standard.evidence.exists() else [],
            }
            for standard in standards_of(framework)
        ],
        "evidence": [
            {
                "version": paper.pk,
                "item": paper.item_id,
                "number": 1,
                "title": "Safeguarding policy",
                "kind": "policy",
                "name": paper.file.name,
                "sha256": paper.file.sha256,
                "issued_on": None,
                "expires_on": None,
            }
        ],
        "read": {
            "on": timezone.localdate().isoformat(),
            "missing": [],
            "lots": [{"lot": lot.pk, "complete": True, "missing": []} for lot in lots],
        },
    }
