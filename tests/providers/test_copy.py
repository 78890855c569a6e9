"""A frozen document in words: one reading for the page before submission and the copy after it."""

from __future__ import annotations

import pytest

from providers.rules import copy

EMPTY = {
    "provider": {"name": "Ash House"},
    "organisation": {},
    "exclusion": {},
    "connected": {},
    "conflicts": {},
    "declarations": {},
    "lots": [],
    "prices": [],
    "standards": [],
    "evidence": [],
}
POLICY = {"version": 5, "title": "Safeguarding policy", "name": "policy.pdf", "number": 2}
LOT = {"lot": 3, "number": "1", "title": "Vocational", "parts": [{"letter": "B"}, {"letter": "C"}]}
STANDARD = {"standard": 7, "number": "1.2", "title": "Staff are checked"}
SAYS = {"kind_name": "A director", "role": ""}


def rows(part: str, values, **more) -> dict:
    [section] = [one for one in copy.sections(EMPTY | {part: values} | more) if one.code.startswith(part.rstrip("s"))]
    return dict(section.rows)


def test_every_part_is_there_and_says_that_nothing_was_said():
    found = copy.sections(EMPTY | {"standards": [STANDARD | {"answer": "", "not_applicable": ""}]})

    assert [one.title for one in found] == [
        "Your organisation",
        "Exclusion grounds",
        "Connected persons",
        "Conflicts of interest",
        "Lots",
        "Prices",
        "Standard 1.2: Staff are checked",
        "Declarations",
    ]
    assert all(one.rows == (("Answer", "Not answered"),) for one in found[1:])
    assert set(dict(found[0].rows).values()) == {"Ash House", "Not answered"}


def test_the_organisation():
    said = {
        "share_code": "6BcD7fGh",
        "cdp": {"version": 5},
        "cdp_on": "2026-01-12",
        "contact": {"name": "Alice", "email": "alice@ash.example", "phone": ""},
        "size": "small",
        "vcse": False,
        "since": 2019,
        "history": "Twelve pupils",
    }

    found = rows("organisation", said, evidence=[POLICY])

    assert found["Supplier information"] == "Safeguarding policy (policy.pdf, version 2)"
    assert found["Made on"] == "12 January 2026"
    assert found["Contact"] == "Alice\nalice@ash.example"
    assert found["People who work for you"] == "10 to 49 people"
    assert found["Voluntary, community or social enterprise"] == "No"
    assert found["Since"] == "2019"


@pytest.mark.parametrize(
    ("part", "values", "said"),
    [
        (
            "exclusion",
            {
                "grounds": [
                    {"title": "Tax", "answer": "no"},
                    {"title": "Fraud", "answer": "yes", "what": "A fine", "when": "2020", "since": ""},
                ],
                "debarred": "yes",
                "debarred_details": "A director",
            },
            {"Fraud": "Yes\nA fine\n2020", "Debarment list": "Yes\nA director", "Answered with no": "Tax"},
        ),
        (
            "exclusion",
            {"grounds": [{"title": "Tax", "answer": ""}], "debarred": "no", "debarred_details": ""},
            {"Tax": "Not answered", "Answered with no": "Debarment list"},
        ),
        (
            "exclusion",
            {"grounds": [{"title": "Tax", "answer": ""}], "debarred": "", "debarred_details": ""},
            {"Tax": "Not answered", "Debarment list": "Not answered"},
        ),
        ("connected", {"nobody": True, "persons": []}, {"Connected persons": "Nobody"}),
        (
            "connected",
            {"nobody": False, "persons": [SAYS | {"name": "Alice"}, SAYS | {"name": ""}]},
            {"Alice": "A director", "No name": "A director"},
        ),
        (
            "conflicts",
            {
                "questions": [
                    {"question": "Work there?", "answer": "yes", "details": "As a governor", "steps": ""},
                    {"question": "Money?", "answer": ""},
                ]
            },
            {"Work there?": "Yes\nAs a governor", "Money?": "Not answered"},
        ),
        ("conflicts", {"questions": [{"question": "Money?", "answer": ""}]}, {"Answer": "Not answered"}),
        (
            "declarations",
            {"declared": [{"text": "It is true"}], "name": "Alice", "position": ""},
            {"Declared": "It is true", "Declared by": "Alice"},
        ),
        ("lots", [LOT], {"Lot 1": "Vocational (parts B, C)"}),
        (
            "prices",
            [
                {"lot_number": "1", "letter": "B", "title": "Half-day", "pence": 123450, "unit_name": "Half-day"}
                | {"vat": "exempt", "hours": "2.5"},
                {"lot_number": "2", "letter": "", "title": "Day", "pence": 1, "unit_name": "Day", "vat": "not_reg"},
            ],
            {
                "Lot 1B: Half-day": "£1,234.50 for each half-day\nExempt from VAT\n2.5 hours",
                "Lot 2: Day": "£0.01 for each day\nWe are not registered for VAT",
            },
        ),
    ],
)
def test_a_part_in_words(part, values, said):
    assert rows(part, values) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"not_asked": "online_only"}, {"Answer": "Not asked of you"}),
        ({"not_applicable": "We have no premises"}, {"Does not apply": "We have no premises"}),
        (
            {
                "answer": "We do",
                "evidence": [
                    {"title": "Policy", "version": 5, "document": "Safeguarding policy"},
                    {"title": "Drill", "version": 6, "document": "Fire drill"},
                ],
                "links": [{"title": "Website", "url": "https://ash.example"}],
                "texts": [{"title": "Ratio", "text": "1 to 4"}],
                "declared": [{"title": "We read it"}],
                "for_lots": {"3": {"answer": "Otherwise"}},
            },
            {
                "Answer": "We do",
                "Policy": "Safeguarding policy (policy.pdf, version 2)",
                "Drill": "Fire drill",
                "Website": "https://ash.example",
                "Ratio": "1 to 4",
                "We read it": "Declared",
                "Lot 1: answer": "Otherwise",
            },
        ),
    ],
)
def test_a_standard_in_words(values, said):
    assert rows("standards", [STANDARD | values], lots=[LOT], evidence=[POLICY]) == said


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "Lot 1: Vocational"),
        ([{"letter": "B"}], "Lot 1: Vocational (part B)"),
        ([{"letter": "B"}, {"letter": "C"}], "Lot 1: Vocational (parts B, C)"),
    ],
)
def test_a_lot_in_words(parts, words):
    assert copy.lot_in_words(LOT | {"parts": parts}) == words
