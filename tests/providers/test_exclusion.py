"""What a bidder says of exclusion, of connected persons, of conflicts, and what it declares: the rules as tables."""

from __future__ import annotations

import datetime as dt

import pytest

from providers.rules import conflicts, connected, declarations, exclusion, typed
from providers.rules.grounds import DISCRETIONARY, GROUNDS, MANDATORY
from providers.rules.reading import Bidder, Context
from tests.providers.offers import offer

CONTEXT = Context(offer=offer(), bidder=Bidder(1, "Ash House"), library={}, today=dt.date(2026, 4, 1))
ALL_NO = {ground.code: "no" for ground in GROUNDS} | {"debarred": "no"}
PROFESSIONAL = {
    "professional": "yes",
    "professional_who": ["us", "nobody that we know"],
    "professional_what": "A teacher was struck off.",
    "professional_when": "May 2024",
    "professional_since": "She left the same day.",
    "professional_likely": "over",
}


def told(reading) -> list[tuple[str, str]]:
    return [(problem.field, problem.text) for problem in reading.problems]


@pytest.mark.parametrize(
    ("value", "one", "many", "keys", "answer"),
    [
        ("", "", [], [], ""),
        (" yes ", "yes", ["yes"], [], "yes"),
        (["", "no"], "no", ["no"], [], "no"),
        ([], "", [], [], ""),
        (["7", "7", "8"], "7", ["7", "8"], [7, 8], ""),
        (["٣", "-1", "1e3", "9" * 19, "9" * 18], "٣", ["٣", "-1", "1e3", "9" * 19, "9" * 18], [int("9" * 18)], ""),
        ("a\r\nb", "a\nb", ["a\r\nb"], [], ""),
    ],
)
def test_whatever_a_browser_sends_is_read(value, one, many, keys, answer):
    answers = {"field": value}

    assert typed.text(answers, "field") == one
    assert typed.texts(answers, "field") == many
    assert typed.keys(answers, "field") == keys
    assert typed.yes_or_no(answers, "field") == answer
    assert typed.ticked(answers, "field") is (one == "yes")
    assert typed.begun(answers) is bool(many)


@pytest.mark.parametrize(
    ("words", "inside"),
    [("Fire drill", "fire drill"), ("DBS policy", "DBS policy"), ("A report", "a report"), ("X", "X"), ("", "")],
)
def test_words_inside_a_sentence_keep_their_abbreviations(words, inside):
    assert typed.lower_first(words) == inside


def test_every_ground_names_its_paragraph_once():
    sources = {ground.code: ground.source for ground in GROUNDS}

    assert len(sources) == len(GROUNDS) == 20
    assert {ground.schedule for ground in MANDATORY} == {6}
    assert {ground.schedule for ground in DISCRETIONARY} == {7}
    assert len(set(sources.values())) == len(GROUNDS)
    assert sources["manslaughter"] == "Schedule 6, paragraph 2"
    assert sources["fraud"] == "Schedule 6, paragraphs 4 to 17"
    assert sources["organised_crime"] == "Schedule 6, paragraphs 27 and 28"


def test_exclusion_that_nobody_has_begun_is_one_thing_to_do():
    reading = exclusion.read({}, CONTEXT)

    assert told(reading) == [("manslaughter", "Answer the questions about exclusion")]
    assert (reading.begun, reading.done, reading.values) == (False, False, {})


def test_no_to_everything_is_done():
    reading = exclusion.read(ALL_NO, CONTEXT)

    assert reading.done
    assert reading.values["grounds"][0] == {
        "ground": "manslaughter",
        "title": "Corporate manslaughter or homicide",
        "source": "Schedule 6, paragraph 2",
        "answer": "no",
    }


def test_a_yes_that_is_explained_is_done_and_stops_nothing():
    reading = exclusion.read(ALL_NO | PROFESSIONAL, CONTEXT)

    assert reading.done
    said = next(one for one in reading.values["grounds"] if one["answer"] == "yes")
    assert said == {
        "ground": "professional",
        "title": "Professional misconduct",
        "source": "Schedule 7, paragraph 11",
        "answer": "yes",
        "who": ["us"],
        "who_names": ["Our own organisation"],
        "what": "A teacher was struck off.",
        "when": "May 2024",
        "since": "She left the same day.",
        "likely": "over",
        "likely_name": "No, it is over and unlikely to happen again",
    }


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("professional_who", "say whom it concerns"),
        ("professional_what", "say what happened"),
        ("professional_when", "say when"),
        ("professional_since", "say what was done since"),
        ("professional_likely", "say whether it is likely to happen again"),
    ],
)
@pytest.mark.parametrize("value", ["", "   "])
def test_a_yes_asks_for_all_of_its_story(left_out, words, value):
    reading = exclusion.read(ALL_NO | PROFESSIONAL | {left_out: value}, CONTEXT)

    assert told(reading) == [(left_out, f"You answered yes about professional misconduct: {words}")]
    assert not any(problem.stops for problem in reading.problems)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"fraud": ""}, [("fraud", "Answer yes or no: theft, fraud, bribery and money laundering")]),
        ({"fraud": "perhaps"}, [("fraud", "Answer yes or no: theft, fraud, bribery and money laundering")]),
        ({"debarred": ""}, [("debarred", "Answer yes or no: the debarment list")]),
        ({"debarred": "yes"}, [("debarred_details", "Say who is on the debarment list, and for what")]),
        ({"debarred": "yes", "debarred_details": "A parent firm, for a cartel"}, []),
    ],
)
def test_each_question_is_answered(answers, expected):
    assert told(exclusion.read(ALL_NO | answers, CONTEXT)) == expected


@pytest.mark.parametrize(
    ("answers", "expected", "persons"),
    [
        (
            {},
            [("name_1", "Name everybody who owns, controls or runs your organisation, or say that nobody does")],
            [],
        ),
        ({"nobody": "yes"}, [], []),
        ({"name_3": "Alex Ash", "kind_3": "director", "role_3": "Head"}, [], ["Alex Ash"]),
        ({"name_1": "Alex Ash"}, [("kind_1", "Say how Alex Ash is connected")], ["Alex Ash"]),
        ({"name_1": "Alex Ash", "kind_1": "<b>"}, [("kind_1", "Say how Alex Ash is connected")], ["Alex Ash"]),
        ({"kind_2": "director"}, [("name_2", "Enter the name of person or firm 2")], [""]),
        (
            {"role_2": "Chair"},
            [
                ("name_2", "Enter the name of person or firm 2"),
                ("kind_2", "Say how person or firm 2 is connected"),
            ],
            [""],
        ),
        (
            {"nobody": "yes", "name_1": "Alex Ash", "kind_1": "director"},
            [("nobody", "You named somebody and also said that there is nobody: keep one of the two")],
            ["Alex Ash"],
        ),
    ],
)
def test_connected_persons_are_named_or_there_is_nobody(answers, expected, persons):
    reading = connected.read(answers, CONTEXT)

    assert told(reading) == expected
    assert [one["name"] for one in reading.values["persons"]] == persons
    assert reading.begun is bool(answers)


def test_connected_persons_are_carried_to_the_next_application_and_nobody_is_asked_anew():
    typed_before = {
        "name_2": "Alex Ash",
        "kind_2": "director",
        "role_2": "Head",
        "name_5": "Ash Holdings",
        "kind_5": "group",
    }
    values = connected.read(typed_before, CONTEXT).values

    carried = connected.write(values, CONTEXT)

    assert carried == {
        "name_1": "Alex Ash",
        "kind_1": "director",
        "role_1": "Head",
        "name_2": "Ash Holdings",
        "kind_2": "group",
    }
    assert connected.read(carried, CONTEXT).values == values
    assert connected.write(connected.read({"nobody": "yes"}, CONTEXT).values, CONTEXT) == {}


NO_CONFLICT = {asked.code: "no" for asked in conflicts.QUESTIONS}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, [("worked", "Answer the questions about conflicts of interest")]),
        (NO_CONFLICT, []),
        (NO_CONFLICT | {"interest": ""}, [("interest", "Answer yes or no: money and interests")]),
        (
            NO_CONFLICT | {"worked": "yes"},
            [
                (
                    "worked_details",
                    "You answered yes about people who work or worked for the buyer: say who, when and what",
                )
            ],
        ),
        (NO_CONFLICT | {"worked": "yes", "worked_details": "Our deputy was a SENCO there until July"}, []),
    ],
)
def test_conflicts_are_said_or_denied(answers, expected):
    assert told(conflicts.read(answers, CONTEXT)) == expected


def test_a_question_about_conflicts_names_the_buyer_and_keeps_what_could_be_done():
    answers = NO_CONFLICT | {"close": "yes", "close_details": "A sister", "close_steps": "She reads no bids"}
    values = conflicts.read(answers, CONTEXT).values

    assert values["questions"][1]["question"].startswith("Is anybody of yours family, a partner or a close friend")
    assert "Larkshire Council" in values["questions"][1]["question"]
    assert values["questions"][1]["details"] == "A sister"
    assert values["questions"][1]["steps"] == "She reads no bids"


ALL = [one.code for one in declarations.DECLARATIONS]
DECLARED = {"declared": ALL, "name": "Alice Ash", "position": "Director"}


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({}, ["declared"]),
        (DECLARED, []),
        (DECLARED | {"declared": ALL[1:]}, ["declared"]),
        (DECLARED | {"declared": [*ALL[2:], "something"]}, ["declared", "declared"]),
        (DECLARED | {"name": " "}, ["name"]),
        (DECLARED | {"position": ""}, ["position"]),
    ],
)
def test_nothing_is_submitted_before_everything_is_declared(answers, fields):
    reading = declarations.read(answers, CONTEXT)

    assert [problem.field for problem in reading.problems] == fields
    assert all(problem.stops for problem in reading.problems)
    if reading.begun:
        assert reading.values["made"] is (not fields)


@pytest.mark.parametrize(
    ("award_by_on", "words"),
    [
        (
            dt.date(2026, 7, 10),
            "Our prices can be accepted until 10 July 2026, and hold after that as the framework says.",
        ),
        (None, "Our prices can be accepted until the framework is awarded, and hold after that as the framework says."),
    ],
)
def test_a_declaration_is_kept_in_the_words_that_were_read(award_by_on, words):
    context = Context(offer(award_by_on=award_by_on), CONTEXT.bidder, {}, CONTEXT.today)
    values = declarations.read(DECLARED, context).values

    assert [one["text"] for one in values["declared"] if one["code"] == "prices"] == [words]
    assert (values["name"], values["position"], values["made"]) == ("Alice Ash", "Director", True)
