"""Policies that decide who wins, where the notice contradicts itself, is silent, or says something that the officer has
to confirm: each is a choice with a reason and a text to all bidders (Procurement Act 2023, s.12 and s.19)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lots.rules.policy_list import POLICY
from notices.rules import paths, where
from notices.rules.findings import price_rule
from notices.rules.findings.law import texts
from notices.rules.findings.price_rule import Said
from notices.rules.findings.shape import CHOOSE, Finding, Notice, Option, Side, side
from notices.rules.paths import Path

_SILENT = "The notice does not say"


@dataclass(frozen=True)
class _Question:
    """A policy on which notices are usually silent. `evidence` finds a sentence that has to do with it; `stated` is
    (pattern, value) where the notice says it in so many words."""

    policy: str
    title: str
    why: str
    clarifications: tuple[tuple[str, str], ...]
    evidence: str
    stated: tuple[tuple[str, str], ...] = ()


QUESTIONS = (
    _Question(
        "pool",
        "which prices are compared together",
        "The average of the prices that are compared together sets the limit, so it decides who passes. A lot with "
        "several parts or price lines can have one average or several.",
        (
            (
                "line",
                "In each lot, all prices on the same price line are compared together, whatever the part of the lot.",
            ),
            ("sub_lot", "Prices are compared together for each part of a lot and each price line, not across the lot."),
        ),
        r"\b(?:average|mean)\b",
        ((r"\b(?:average|mean)\b[^.;]{0,60}\b(?:each|every|per|that|the|respective)\s+sub-?\s?lots?\b", "sub_lot"),),
    ),
    _Question(
        "counted",
        "whose prices count towards the average",
        "One very high price from a bid that failed on quality can lift the average and let others through; leaving it "
        "out can do the opposite.",
        (
            ("passed", "Only prices of bids that passed the quality standards count towards the average."),
            ("submitted", "Prices of all bids that were submitted and not withdrawn count towards the average."),
        ),
        r"\b(?:average|mean)\b",
        (
            (
                r"\b(?:average|mean)\b[^.;]{0,60}\ball\s+(?:the\s+)?(?:bids|tenders|submissions|submitted|prices\s+submitted)",
                "submitted",
            ),
            (r"\b(?:average|mean)\b[^.;]{0,80}\b(?:have\s+|has\s+)?pass(?:ed|ing)\b[^.;]{0,30}\bquality\b", "passed"),
        ),
    ),
    _Question(
        "fail_costs",
        "what a price above the limit costs its bidder",
        "A bidder whose price fails in one lot can lose that price line, that part, that lot, or the whole bid. Words "
        "like “not accepted onto the framework” can be read as any of them.",
        (
            ("lot", "A price that fails costs the bidder that lot. Its bids for other lots stand."),
            ("line", "A price that fails costs the bidder that price line only."),
            ("sub_lot", "A price that fails costs the bidder that part of the lot. Its bids for other parts stand."),
            ("framework", "A price that fails anywhere ends the whole bid, for all lots."),
        ),
        r"\b(?:price|prices|pricing|cost)\b[^.;]{0,200}\b(?:not\s+(?:be\s+)?(?:accepted|admitted|awarded)|disqualif|reject|exclud|fail)",
        (
            (
                r"\b(?:price|pricing|cost)\b[^.;]{0,200}\b(?:fail|reject|not\s+(?:be\s+)?accepted)\w*\b[^.;]{0,200}\bfor\s+(?:that|the\s+relevant)\s+lot\b",
                "lot",
            ),
        ),
    ),
    _Question(
        "basis",
        "whether prices are compared with or without VAT",
        "Some education is exempt from VAT and some is not. With VAT in the comparison a registered provider looks a "
        "fifth dearer than it is to a council that recovers VAT.",
        (
            (
                "net",
                "Prices are given and compared without VAT. Each bidder says for each price whether VAT is charged.",
            ),
            ("gross", "Prices are given and compared with VAT, where VAT is charged."),
        ),
        r"\bVAT\b",
        (
            (r"\b(?:exclud\w+|ex|excl\.?|net\s+of|without|before)\s+VAT\b|\bVAT\s+exclusive\b", "net"),
            (r"\b(?:includ\w+|incl?\.?|with|after)\s+VAT\b|\bVAT\s+inclusive\b", "gross"),
        ),
    ),
    _Question(
        "quality",
        "what a failed quality theme costs",
        "A bidder that fails one theme can be out altogether, or out of the lots for which the theme failed.",
        (
            ("provider", "Quality is judged once for each bidder. A fail in any theme ends the whole bid."),
            ("lot", "Quality is judged for each lot. A fail in a theme ends the bid for that lot only."),
        ),
        r"\btheme|\bfail\w*\b[^.;]{0,200}\bquality\b|\bquality\b[^.;]{0,200}\b(?:fail|pass|meet)",
        (
            (r"\b(?:any|each|every|one)\s+theme\b[^.;]{0,200}\b(?:framework|altogether)\b", "provider"),
            (
                r"\b(?:any|each|every|one)\s+theme\b[^.;]{0,200}\b(?:that|the\s+relevant|the\s+respective)\s+lot\b",
                "lot",
            ),
        ),
    ),
)


def find(notice: Notice) -> Iterator[Finding]:
    """The price rule with its margin, then the policies on which the notice is silent."""
    read = list(texts(notice))
    rules = price_rule.read(read)
    yield _sides(notice, rules)
    yield _margin(notice, rules)
    for question in QUESTIONS:
        yield _asked(question, read)


def _unsaid() -> Side:
    return Side(paths.text(where.TEXTS["criteria"]), "not said")


def _quotes(rules: list[Said]) -> tuple[Side, ...]:
    return tuple(side(rule.path, rule.sentence) for rule in rules)


def _sides(notice: Notice, rules: tuple[Said, ...]) -> Finding:
    upper, both = [rule for rule in rules if rule.sides == "upper"], [rule for rule in rules if rule.sides == "both"]
    if upper and both:
        title = "The price rule stands in two wordings that do not mean the same"
        why = (
            "One makes the average plus a margin an upper limit. The other, “within” a margin of the average, can also "
            "be read to shut out prices that are too low. A bidder with a low price would win under one and lose under "
            "the other."
        )
    elif both:
        title = "The price rule can be read in two ways"
        why = "“Within” a margin of the average can be read as an upper limit, or as a limit on both sides."
    elif upper:
        title = "The price rule is an upper limit"
        why = "The notice adds a margin to the average, and says nothing of low prices. Confirm it."
    else:
        title = "The notice does not say on which side of the average a price may lie"
        why = "No sentence was found that says how far a price may lie from the average."
    percent = _percents(rules)[0]
    return _finding(
        "sides",
        title,
        why,
        _quotes(upper[:2] + both[:2]) or (_unsaid(),),
        (
            (
                "upper",
                f"The price rule is an upper limit only: a price passes if it is at most the average plus {percent}%. "
                "A price below the average passes, however low; a very low one may be asked about (s.19).",
            ),
            (
                "both",
                f"The price rule has two sides: a price passes if it is at most {percent}% above and at most "
                f"{percent}% below the average.",
            ),
        ),
        "both" if both and not upper else "upper",
        _stated(upper[0].path) if upper and not both else "",
    )


def _percents(rules: tuple[Said, ...]) -> list[int]:
    """The margins that the notice names, in its order; the usual one where it names none. Above 100 is no margin."""
    named = list(dict.fromkeys(rule.percent for rule in rules if rule.percent <= 100))
    return named or [int(str(POLICY["margin_percent"].default))]


def _margin(notice: Notice, rules: tuple[Said, ...]) -> Finding:
    percents = _percents(rules)
    firsts = [next((rule for rule in rules if rule.percent == percent), None) for percent in percents]
    if len(percents) > 1:
        title, why = "The notice names more than one margin", "Which of them holds decides who passes on price."
    elif firsts[0]:
        title = f"The margin on the average price is {percents[0]}%"
        why = "The notice names it, and it decides who passes on price. Confirm it."
    else:
        title = f"{_SILENT} how far a price may lie from the average"
        why = "No percentage was found in the notice. The usual one stands pre-selected."
    sides = tuple(side(rule.path, rule.sentence) for rule in firsts if rule)
    return Finding(
        "margin_percent",
        title,
        why,
        sides[:4] or (_unsaid(),),
        CHOOSE,
        "margin_percent",
        tuple(
            Option(str(percent), f"{percent}%", f"The margin on the average price is {percent}%.")
            for percent in percents
        ),
        str(percents[0]),
        _stated(firsts[0].path) if firsts[0] and len(percents) == 1 else "",
    )


def _asked(question: _Question, read: list) -> Finding:
    """A stated policy is confirmed with the sentence that states it; else the pre-selected value is put to choice."""
    for pattern, value in question.stated:
        if found := price_rule.first(read, re.compile(pattern, re.I)):
            title, why = f"The notice says {question.title}", f"{question.why} Confirm what the notice says."
            reason = _stated(found[0])
            return _finding(question.policy, title, why, (side(*found),), question.clarifications, value, reason)
    found = price_rule.first(read, re.compile(question.evidence, re.I))
    sides = (side(*found),) if found else (_unsaid(),)
    default = str(POLICY[question.policy].default)
    begins = "The notice leaves open" if found else _SILENT
    return _finding(
        question.policy, f"{begins} {question.title}", question.why, sides, question.clarifications, default
    )


def _stated(path: Path) -> str:
    return f"The notice says so ({paths.text(path)})."


def _finding(
    policy: str, title: str, why: str, sides: tuple[Side, ...], clarifications, chosen: str, reason: str = ""
) -> Finding:
    labels = dict(POLICY[policy].options)
    options = tuple(Option(value, labels[value], text) for value, text in clarifications)
    return Finding(policy, title, why, sides, CHOOSE, policy, options, chosen, reason)
