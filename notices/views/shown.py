"""What was understood of a notice, as the pages show it."""

from __future__ import annotations

from lots.rules import telling
from lots.rules.differences import LABELS
from lots.rules.facts import FrameworkFacts
from lots.rules.milestones import Milestone
from lots.states import KeyDateKind

LONG = {"description", "criteria", "lots_explained", "payment_terms", "risks", "how_to_apply"}
APART = {"title", "key_dates", "documents"} | LONG


def of_facts(facts: FrameworkFacts) -> dict:
    """Rows of facts (`key`, `value`), texts, dates, and how many parts there are."""
    rows = [
        {"key": label, "value": telling.told(getattr(facts, name), field=name)}
        for name, label in LABELS.items()
        if name not in APART
    ]
    texts = [(LABELS[name], getattr(facts, name)) for name in LABELS if name in LONG and getattr(facts, name)]
    parts = sum(len(lot.sub_lots) for lot in facts.lots)
    dates = [(Milestone(KeyDateKind(date.kind).label, date.at), date.description) for date in facts.key_dates]
    return {"facts": facts, "rows": rows, "texts": texts, "parts": parts, "dates": dates}


def sentence(refusal: Exception) -> str:
    """What was refused, with the place in the notice where there is one."""
    path = getattr(refusal, "path", "")
    return f"{refusal} ({path})" if path else str(refusal)
