"""A quality standard as it is answered: documents, dates, links, for whom it is asked otherwise, lot by lot."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from providers.rules import evidence, self_check, standards
from providers.rules.offer import AskedEvidence, AskedOtherwise, AskedStandard, AskedTheme, OfferedLot
from providers.rules.reading import Bidder, Context, Held
from tests.providers.offers import offer

TODAY = dt.date(2026, 4, 1)
STARTS = dt.date(2026, 9, 1)
DRILL = AskedEvidence(11, "certificate", "Record of the last fire drill", 12, True)
PLAN = AskedEvidence(12, "file", "Plan for leaving the building", None, True)
READ = AskedEvidence(13, "link", "Where it can be read", None, False)
SAID = AskedEvidence(14, "declaration", "A drill takes place at least once a year", None, True)
WHO = AskedEvidence(15, "text", "Who leads the drill", None, True)
FIRE = AskedStandard(5, "2.5", "Everybody gets out when it burns", "", False, (DRILL, PLAN, READ, SAID, WHO))
ONLINE = AskedOtherwise("online_only", "not_asked", "")
ALONE = AskedOtherwise("sole_tutor", "other_evidence", "One page on how you leave a home")
SCHOOL = AskedOtherwise("registered_school", "other_evidence", "The latest inspection report")


def held(version, **fields) -> Held:
    plain = {
        "item": version * 10,
        "number": 1,
        "title": f"Paper {version}",
        "kind": "policy",
        "name": f"paper-{version}.pdf",
        "sha256": f"{version:064d}",
        "issued_on": None,
        "expires_on": None,
        "is_current": True,
        "usable": True,
    }
    return Held(version=version, **plain | fields)


LIBRARY = {
    one.version: one
    for one in [
        held(1, issued_on=dt.date(2026, 3, 1)),  # a drill that counts until 1 March 2027
        held(2),  # no dates
        held(3, expires_on=dt.date(2026, 3, 31)),  # ran out yesterday
        held(4, expires_on=TODAY),  # counts today, and not when the framework starts
        held(5, usable=False),
        held(6, is_current=False, number=2, expires_on=dt.date(2027, 1, 1)),
        held(7, issued_on=dt.date(2025, 3, 31)),  # ran out by its months
    ]
}
CONTEXT = Context(offer(starts_on=STARTS), Bidder(1, "Ash House"), LIBRARY, TODAY)
WHOLE = {
    "answer": "Alarms are tested weekly.",
    "evidence_11": ["1"],
    "evidence_12": ["2"],
    "said_14": "yes",
    "text_15": "The head",
}


def told(reading) -> list[tuple[str, str]]:
    return [(problem.field, problem.text) for problem in reading.problems]


def read(answers, context=CONTEXT, standard=FIRE):
    return standards.read_standard(answers, context, standard)


def test_a_whole_answer_is_done_and_names_each_document_by_its_hash():
    reading = read(WHOLE | {"link_13": "https://ash-house.example/fire"})

    assert reading.done
    assert reading.notices == ()
    assert reading.values == {
        "standard": 5,
        "number": "2.5",
        "title": "Everybody gets out when it burns",
        "answer": "Alarms are tested weekly.",
        "not_applicable": "",
        "evidence": [
            {
                "asked": 11,
                "title": DRILL.title,
                "version": 1,
                "item": 10,
                "sha256": "1".zfill(64),
                "document": "Paper 1",
            },
            {
                "asked": 12,
                "title": PLAN.title,
                "version": 2,
                "item": 20,
                "sha256": "2".zfill(64),
                "document": "Paper 2",
            },
        ],
        "links": [{"asked": 13, "title": READ.title, "url": "https://ash-house.example/fire"}],
        "texts": [{"asked": 15, "title": WHO.title, "text": "The head"}],
        "declared": [{"asked": 14, "title": SAID.title}],
        "for_lots": {},
    }


def test_everything_that_is_missing_says_what_to_do():
    reading = read({})

    assert told(reading) == [
        ("answer", "Say how you meet this standard"),
        ("evidence_11", "Upload your record of the last fire drill, or choose it from your library"),
        ("evidence_12", "Upload your plan for leaving the building, or choose it from your library"),
        ("said_14", "Tick: A drill takes place at least once a year"),
        ("text_15", "Answer: who leads the drill"),
    ]
    assert not reading.begun


def test_a_link_that_must_be_there_is_asked_for():
    asked = replace(FIRE, evidence=(replace(READ, required=True),))

    assert told(read({"answer": "Yes"}, standard=asked)) == [("link_13", "Enter the link: where it can be read")]


@pytest.mark.parametrize(
    ("version", "problem", "notice"),
    [
        ("1", None, None),
        ("2", "“Paper 2” bears no date: upload it to your library again, and say when it was issued or runs out", None),
        ("3", "“Paper 3” ran out on 31 March 2026: replace it in your library, or untick it", None),
        (
            "4",
            None,
            "“Paper 4” runs out on 1 April 2026, before the framework starts on 1 September 2026: plan to renew it",
        ),
        ("5", "“Paper 5” did not pass the check for viruses: upload a clean copy", None),
        (
            "6",
            None,
            "You chose version 2 of “Paper 6”, and it has been replaced or removed since. "
            "It still counts as you chose it",
        ),
        ("7", "“Paper 7” ran out on 31 March 2026: replace it in your library, or untick it", None),
        ("99", "A document that you chose here is no longer in your library: choose another", None),
    ],
)
def test_a_certificate_is_looked_at_for_its_days(version, problem, notice):
    reading = read(WHOLE | {"evidence_11": [version]})

    assert told(reading) == ([("evidence_11", problem)] if problem else [])
    assert [(one.field, one.text) for one in reading.notices] == ([("evidence_11", notice)] if notice else [])


def test_a_certificate_that_never_runs_out_needs_no_date():
    asked = replace(FIRE, evidence=(replace(DRILL, months=None),))

    assert read({"answer": "Yes", "evidence_11": "2"}, standard=asked).done


def test_without_a_day_on_which_the_framework_starts_nothing_is_said_of_it():
    context = replace(CONTEXT, offer=offer())

    assert read(WHOLE | {"evidence_11": ["4"]}, context).notices == ()


def test_what_is_not_ones_own_is_never_frozen():
    values = read(WHOLE | {"evidence_11": ["5", "99", "1", "<script>"]}).values

    assert [one["version"] for one in values["evidence"]] == [1, 2]


def test_more_documents_than_anybody_reads_are_too_many():
    library = {version: held(version) for version in range(1, 13)}
    reading = read(
        WHOLE | {"evidence_11": [str(v) for v in range(1, 12)]},
        replace(CONTEXT, library=library),
        replace(FIRE, evidence=(replace(DRILL, months=None),)),
    )

    assert told(reading) == [("evidence_11", "Choose 10 documents or fewer: only the first 10 count")]
    assert len(reading.values["evidence"]) == 10


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (8_000, []),
        (8_001, [("answer", "Your answer has 8,001 characters and may have 8,000: shorten it")]),
    ],
)
def test_an_answer_has_its_length(length, expected):
    assert told(read(WHOLE | {"answer": "a" * length})) == expected


@pytest.mark.parametrize(
    ("typed", "is_link"),
    [
        ("https://ash-house.example", True),
        ("https://ash-house.example:8443/a?b=c#d", True),
        ("http://ash-house.example", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://localhost/a", False),
        ("https://user@ash-house.example", False),
        ("https://ash-house.example/a b", False),
        ("https://ash-house.example:port/", False),
        ("https://[::1/", False),
        ("//ash-house.example", False),
        ("https://ash-house.example/" + "a" * 500, False),
        ("", False),
    ],
)
def test_a_link_is_one_that_a_browser_may_open(typed, is_link):
    assert bool(evidence.link(typed)) is is_link
    reading = read(WHOLE | {"link_13": typed})
    wrong = [("link_13", "Enter a link that begins with https:// for “Where it can be read”")]
    assert told(reading) == ([] if is_link or not typed else wrong)
    assert len(reading.values["links"]) == is_link


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 3, 1), 12, dt.date(2027, 3, 1)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2026, 12, 31), 2, dt.date(2027, 2, 28)),
        (dt.date(2026, 1, 31), 36, dt.date(2029, 1, 31)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_end_of_the_month(day, months, expected):
    assert evidence.months_later(day, months) == expected


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Fire risk assessment", "your fire risk assessment"),
        ("Your own enhanced certificate", "your own enhanced certificate"),
        ("A report without names", "a report without names"),
        ("DSL training", "your DSL training"),
        ("How you track progress", "how you track progress"),
    ],
)
def test_a_document_is_named_as_ones_own(title, words):
    assert evidence.yours(title) == words


@pytest.mark.parametrize(
    ("answers", "expected", "reason"),
    [
        ({"na": "yes"}, [("na_reason", "Say why this standard does not apply to you")], ""),
        ({"na": ["yes"], "na_reason": "We teach outdoors only"}, [], "We teach outdoors only"),
        (WHOLE | {"na_reason": "Left over"}, [], ""),
    ],
)
def test_what_does_not_apply_is_said_with_its_reason(answers, expected, reason):
    reading = read(answers)

    assert told(reading) == expected
    assert reading.values["not_applicable"] == reason


@pytest.mark.parametrize(
    ("bidder", "expected"),
    [
        ({}, standards.Asked()),
        ({"online_only": True}, standards.Asked(not_asked="online_only")),
        ({"online_only": True, "sole_tutor": True}, standards.Asked(not_asked="online_only")),
        ({"sole_tutor": True}, standards.Asked(instead=(ALONE.instead,))),
        ({"sole_tutor": True, "registered_school": True}, standards.Asked(instead=(ALONE.instead, SCHOOL.instead))),
    ],
)
def test_a_standard_is_asked_as_its_rules_say(bidder, expected):
    standard = replace(FIRE, otherwise=(ALONE, ONLINE, SCHOOL))

    assert standards.asked_of(standard, Bidder(1, "Ash House", **bidder)) == expected


def test_a_standard_that_is_not_asked_is_done_by_itself():
    context = replace(CONTEXT, bidder=Bidder(1, "Ash House", online_only=True))
    reading = read({}, context, replace(FIRE, otherwise=(ONLINE,)))

    assert reading.done
    assert reading.values["not_asked"] == "online_only"


def test_a_registered_school_may_show_its_inspection_instead():
    context = replace(CONTEXT, bidder=Bidder(1, "Ash House", registered_school=True))
    standard = replace(FIRE, otherwise=(SCHOOL,))

    alone = read({"answer": "See the report"}, context, standard)
    shown = read({"answer": "See the report", "evidence_instead": "2"}, context, standard)
    infected = read({"answer": "See the report", "evidence_instead": "5"}, context, standard)

    assert len(alone.problems) == 4
    assert shown.done
    assert shown.values["evidence"] == [
        {
            "asked": None,
            "title": "The latest inspection report",
            "version": 2,
            "item": 20,
            "sha256": "2".zfill(64),
            "document": "Paper 2",
        }
    ]
    assert "“Paper 5” did not pass the check for viruses: upload a clean copy" in [
        one.text for one in infected.problems
    ]
    assert standards.in_short(standards.asked_of(standard, context.bidder)) == "the latest inspection report"


LOT_BY_LOT = replace(
    CONTEXT,
    offer=offer(
        quality_per_lot=True,
        starts_on=STARTS,
        lots=(OfferedLot(21, "1", "Vocational", "", False), OfferedLot(22, "2", "Therapeutic", "", False)),
    ),
    chosen={21: (), 22: ()},
)


def test_a_file_that_is_missing_in_one_lot_is_that_lots_problem_alone():
    answers = WHOLE | {
        "differs_lot22": "yes",
        "evidence_11_lot22": ["3"],
        "answer_lot22": "The barn has its own alarm.",
    }
    reading = read(answers, LOT_BY_LOT)

    assert [(one.lot, one.field) for one in reading.problems] == [(22, "evidence_11_lot22")]
    assert list(reading.values["for_lots"]) == ["22"]
    assert reading.values["for_lots"]["22"]["answer"] == "The barn has its own alarm."
    assert [one["version"] for one in reading.values["for_lots"]["22"]["evidence"]] == [3, 2]


def test_a_lot_with_its_own_file_does_not_wait_for_the_general_one():
    answers = {name: value for name, value in WHOLE.items() if name != "evidence_11"}
    reading = read(answers | {"differs_lot22": "yes", "evidence_11_lot22": "1", "text_15_lot22": " "}, LOT_BY_LOT)

    assert [(one.lot, one.field) for one in reading.problems] == [(21, "evidence_11")]


def test_what_all_lots_lack_is_told_once_and_lots_matter_only_where_quality_is_judged_by_lot():
    answers = {"answer": "", "differs_lot22": "yes", "answer_lot22": "The barn"}

    by_lot = read(WHOLE | {"said_14": ""}, LOT_BY_LOT)
    once = read(WHOLE | answers, replace(LOT_BY_LOT, offer=replace(LOT_BY_LOT.offer, quality_per_lot=False)))
    unchosen = read(WHOLE | answers, replace(LOT_BY_LOT, chosen={}))

    assert [(one.lot, one.field) for one in by_lot.problems] == [(None, "said_14")]
    assert [(one.lot, one.field) for one in once.problems] == [(None, "answer")]
    assert [(one.lot, one.field) for one in unchosen.problems] == [(None, "answer")]
    assert once.values["for_lots"] == unchosen.values["for_lots"] == {}


def test_an_earlier_answer_comes_back_with_the_documents_as_they_are_now():
    before = read(WHOLE | {"link_13": "https://ash-house.example/fire", "evidence_12": ["2", "6"]}).values
    now = replace(
        CONTEXT,
        library={31: held(31, item=10, number=2), 2: held(2, is_current=False), 6: held(6, is_current=False)},
    )
    asked = replace(FIRE, pk=55, evidence=(replace(DRILL, pk=91), replace(READ, pk=93), replace(WHO, pk=95)))

    assert standards.write_standard(before, now, asked) == {
        "answer": "Alarms are tested weekly.",
        "evidence_91": ["31"],
        "link_93": "https://ash-house.example/fire",
        "text_95": "The head",
    }


def test_an_earlier_answer_is_left_out_where_something_else_is_asked_now():
    given = {"asked": None, "title": "An inspection report", "version": 2, "item": 20}
    before = read(WHOLE | {"link_13": "https://ash-house.example/fire"}).values
    before = before | {"answer": "", "evidence": [*before["evidence"], given]}
    asked = replace(FIRE, evidence=(replace(DRILL, kind="text"), replace(WHO, kind="link")))

    assert standards.write_standard(before, CONTEXT, asked) == {"evidence_instead": ["2"]}
    assert standards.write_standard({"not_asked": "online_only"}, CONTEXT, FIRE) == {}


OFFER = offer(
    themes=(AskedTheme(1, "2", "Health and safety", (replace(FIRE, otherwise=(ONLINE,)),)),),
    lots=(OfferedLot(21, "1", "Vocational", "", False), OfferedLot(27, "7", "Others", "", True)),
)
ALL_YES = {question.name: "met" for question in self_check.questions(OFFER)}


def names(questions) -> list[str]:
    return [question.name for question in questions]


@pytest.mark.parametrize(
    ("answers", "kinds", "where", "words"),
    [
        ({}, [], {"open": 5}, "You answered nothing yet, so there is nothing to say"),
        (ALL_YES, [], {"ready": 5}, "From what you say, you have what this framework asks for"),
        (
            ALL_YES,
            ["online_only"],
            {"ready": 4, "spared": 1},
            "From what you say, you have what this framework asks for",
        ),
        (
            ALL_YES | {"standard_5": "not_yet"},
            [],
            {"ready": 4, "to_do": 1},
            "You have 1 thing to get ready or to find out before you apply",
        ),
        (
            ALL_YES | {"public": "not_sure", "standard_5": "maybe"},
            [],
            {"ready": 3, "unsure": 1, "open": 1},
            "You have 2 things to get ready or to find out before you apply",
        ),
        (
            ALL_YES | {"employers": "not_us"},
            [],
            {"ready": 4, "not_us": 1},
            "From what you say, you have what this framework asks for",
        ),
        (
            ALL_YES | {"exclusion": "not_us"},
            [],
            {"ready": 4, "open": 1},
            "You have 1 thing to get ready or to find out before you apply",
        ),
    ],
)
def test_a_self_check_says_what_to_get_ready(answers, kinds, where, words):
    found = self_check.result(OFFER, answers, kinds=kinds, lots=[])

    assert {
        name: len(getattr(found, name))
        for name in ("ready", "to_do", "unsure", "not_us", "spared", "open")
        if getattr(found, name)
    } == where
    assert found.in_words == words
    assert not found.something_happened


def test_something_that_happened_is_no_end():
    found = self_check.result(OFFER, ALL_YES | {"exclusion": "not_yet"}, kinds=[], lots=["21", "27", "x"])

    assert found.something_happened
    assert found.to_do == ()
    assert [lot.number for lot in found.lots] == ["1"]


def test_the_self_check_names_what_to_upload_once():
    found = self_check.result(OFFER, ALL_YES | {"public": "not_us"}, kinds=[], lots=[])

    assert found.uploads == (
        "Your employers’ liability insurance certificate",
        "Your professional indemnity insurance certificate",
        "Your record of the last fire drill",
        "Your plan for leaving the building",
    )
