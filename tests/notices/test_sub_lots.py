"""Parts of lots and lots that come with the others, read from sentences: what is understood, and what is left alone."""

from __future__ import annotations

import pytest

from notices.rules import prose
from tests.notices.sample import release, understood

PROSE = "tender.lotDetails.awardCriteriaDetails"


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Lot 1 - Vocational - Secondary, 16+ Lot 2 - Therapy - Primary, Secondary, 16+", {"1": "BC", "2": "ABC"}),
        (
            "Lot 1: Vocational (secondary and 16+); Lot 2: Therapy (primary, secondary and post 16)",
            {"1": "BC", "2": "ABC"},
        ),
        ("Lot 1 – Primary & Secondary\nLot 2 — Post-16 only", {"1": "AB", "2": "C"}),
        ("LOT 10 - Tuition - primary/secondary/post-sixteen", {"10": "ABC"}),
        ("Lot 01 - Tuition - 16 plus", {"1": "C"}),
        ("Lot 4 - Tuition - Secondary, 16 - 19", {"4": "BC"}),
        ("Lots 1 to 3 - Primary, Secondary. Lot 4 - Sixth form", {"1": "AB", "2": "AB", "3": "AB", "4": "C"}),
        ("Lots 1, 3 and 5: secondary or over 16s", {"1": "BC", "3": "BC", "5": "BC"}),
        ("Lots 9 to 2 - Primary", {"9": "A", "2": "A"}),
        ("Lot 1A - Primary, Lot 1B - Secondary, Lot 2 C: 16+", {"1": "AB", "2": "C"}),
        ("Lot 1 - Secondary, 16+ Lot 1 - 16+, Secondary", {"1": "BC"}),
        ("Lot 6 - Complex SEND - Primary Any provider who wins will become a member of Lot 7 - Other", {"6": "A"}),
        # Neither a list nor a phase.
        ("Lots 1 - 6 are for all. Lot 7 - Miscellaneous", {}),
        ("Lot 1 - Vocational courses for primary schools", {}),
        ("Lot 1 is for secondary pupils", {}),
        ("A pilot 1 - primary", {}),
        ("Lot 1 - Vocational. Another sentence (primary, secondary)", {}),
        ("Lot 1 - primarily online", {}),
        ("", {}),
    ],
)
def test_lists_of_lots_and_phases(text, letters):
    assert prose.parts(text).letters == letters


@pytest.mark.parametrize(
    "text",
    ["Lot 1 - Art - Primary, Secondary Lot 1 - Art - 16+", "Lot 1 - Art (primary) - Secondary, 16+"],
)
def test_two_lists_for_one_lot_are_no_list(text):
    said = prose.parts(text)

    assert said.letters == said.words == {}
    assert list(said.unclear) == ["1"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("that is Lot 1 A, B and C, and so on", {"1": "ABC"}),
        ("bids for Lot 1 A and/or B and/or C.", {"1": "ABC"}),
        ("lot 2 B/C", {"2": "BC"}),
        ("Lot 1 A and B. Lot 1 B & C", {"1": "ABC"}),
        ("Lot 1 A provider may bid", {}),
        ("Lot 1 and a provider", {}),
    ],
)
def test_letters_that_a_sentence_gives_a_lot(text, named):
    assert {number: letters for number, (letters, _) in prose.parts(text).named.items()} == named


class TestOneSentenceForAllLots:
    def test_it_counts_where_there_is_no_list(self):
        lots = understood({PROSE: "Each lot is divided into three parts: primary, secondary and 16+."}).facts.lots

        assert ["".join(part.letter for part in lot.sub_lots) for lot in lots] == [*["ABC"] * 6, ""]

    def test_a_list_counts_before_it(self):
        lots = understood({PROSE: "All lots are split into primary, secondary and 16+. Lot 1 - Art - 16+"}).facts.lots

        assert ["".join(part.letter for part in lot.sub_lots) for lot in lots] == ["C", *[""] * 6]

    def test_where_lists_contradict_each_other_it_settles_nothing(self):
        text = "All lots are split into primary and secondary. Lot 1 - Art - 16+ Lot 1 - Art - Primary"

        assert {lot.sub_lots for lot in understood({PROSE: text}).facts.lots} == {()}

    @pytest.mark.parametrize(
        "text", [None, "We will say later which ages lots are for.", 5, "The lots are divided by need."]
    )
    def test_prose_that_says_nothing_gives_no_parts(self, text):
        assert {lot.sub_lots for lot in understood({PROSE: text}).facts.lots} == {()}


@pytest.mark.parametrize(
    ("text", "lots"),
    [
        ("Anyone on any lot will automatically become a member of Lot 7.", ["7"]),
        ("Whoever wins is automatically given a place on lots 7 and 8", ["7", "8"]),
        ("A place on Lot 7 is given automatically to members of Lot 1", ["7"]),
        ("Providers accepted onto Lot 1 will automatically be added to Lot 9", ["9"]),
        ("Membership of Lot 7 is automatic", ["7"]),
        ("Providers do not need to bid for Lot 7 you will be a member if accepted", ["7"]),
        ("You are not required to apply for Lot 4.", ["4"]),
        ("Lot 7 comes without bidding for lot 7", ["7"]),
        ("You do not need to bid for Lot 1 to bid for Lot 2", []),
        ("Members will not automatically become members of Lot 7", []),
        ("There is no automatic place on lot 3", []),
        ("Providers do not need to bid for all lots", []),
        ("Prices rise automatically each year", []),
        ("A member of Lot 7 may leave", []),
    ],
)
def test_lots_that_come_with_the_others(text, lots):
    assert list(prose.auto_lots([text])) == lots


def test_a_notice_in_which_every_lot_would_come_by_itself_was_not_understood():
    text = "Providers automatically become members of lots 1 to 7"

    facts = understood({"tender.techniques.frameworkAgreement.description": text}).facts

    assert not any(lot.is_auto for lot in facts.lots)


@pytest.mark.parametrize("place", ["tender.lots[6].description", "tender.lots[0].options.description", PROSE])
def test_it_is_read_from_wherever_the_notice_says_it(place):
    silent = {
        "tender.techniques.frameworkAgreement.description": "Nothing.",
        "tender.lots[0].options.description": "None.",
        "tender.lots[6].description": "Other.",
        PROSE: "Lot 1 - Art - 16+",
    }
    sentence = "Nobody has to do a thing: one will automatically be a member of Lot 7."

    understanding = understood({**silent, place: sentence})

    assert [lot.number for lot in understanding.facts.lots if lot.is_auto] == ["7"]
    assert [lot.number for lot in understood(silent).facts.lots if lot.is_auto] == []


@pytest.mark.parametrize(
    ("lot", "plain"), [("1", "1"), ("LOT-0001", "1"), ("Lot 12a", "12"), ("A", "A"), ("", ""), ("007", "7")]
)
def test_the_number_by_which_sentences_call_a_lot(lot, plain):
    assert prose.plain_number(lot) == plain


def test_sentences_end_where_they_end():
    assert prose.sentences("One. Two; three!\n\nFour 1.5") == ["One.", "Two;", "three!", "Four 1.5"]
    assert prose.sentences(release()["language"]) == ["en"]
