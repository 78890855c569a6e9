"""A release as facts: a framework notice in full, other notices in one sentence, and what cannot be read."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lots.rules.facts import DocumentFacts, KeyDateFacts
from notices.rules import amounts, dates, kinds, paths, tree
from notices.rules.errors import BadNotice
from notices.rules.findings import find
from notices.rules.understand import BuyerFacts, understand
from tests.notices.generated import releases
from tests.notices.sample import GONE, TODAY, numbers, release, understood, with_changes

LOT = "tender.lots[0]"


def the(lots, number):
    return next(lot for lot in lots if lot.number == number)


def unread(understanding) -> list[tuple[str, str]]:
    return [(paths.text(one.path), one.why) for one in understanding.unread]


class TestTheSample:
    """Everything that a Find a Tender notice says of an open framework."""

    def test_the_framework(self):
        facts = understood().facts

        assert facts.ocid == "ocds-h6vhtk-ffa001"
        assert facts.reference == "DN804684"
        assert (facts.is_open, facts.light_touch, facts.above_threshold, facts.with_competition) == (
            True,
            True,
            True,
            False,
        )
        assert (facts.net_pence, facts.gross_pence) == (24_200_000_00, 29_040_000_00)
        assert (facts.max_participants, facts.max_lots) == (100, 6)
        assert (facts.starts_on, facts.ends_on) == (dt.date(2026, 9, 1), dt.date(2036, 8, 31))
        assert facts.scheme_ends_on == dt.date(2036, 8, 31)
        assert facts.enquiries_until == dt.datetime(2026, 4, 14, 11, 0, tzinfo=dt.UTC)
        assert facts.closes_at == dt.datetime(2026, 4, 20, 11, 0, tzinfo=dt.UTC)
        assert facts.award_by_on == dt.date(2026, 7, 10)
        for text in (facts.title, facts.description, facts.criteria, facts.lots_explained):
            assert text
        for text in (facts.payment_terms, facts.risks, facts.how_to_apply):
            assert text

    def test_the_lots_with_their_values_and_seventeen_parts(self):
        lots = understood().facts.lots

        assert [(lot.number, lot.net_pence, lot.gross_pence) for lot in lots] == [
            ("1", 3_000_000_00, 3_600_000_00),
            ("2", 1_350_000_00, 1_620_000_00),
            ("3", 2_000_000_00, 2_400_000_00),
            ("4", 9_000_000_00, 10_800_000_00),
            ("5", 1_600_000_00, 1_920_000_00),
            ("6", 750_000_00, 900_000_00),
            ("7", 100_000_00, 120_000_00),
        ]
        assert ["".join(part.letter for part in lot.sub_lots) for lot in lots] == ["BC", *["ABC"] * 5, ""]
        assert sum(len(lot.sub_lots) for lot in lots) == 17
        assert [part.phase for part in lots[1].sub_lots] == ["primary", "secondary", "post_16"]
        assert [lot.number for lot in lots if lot.is_auto] == ["7"]
        assert {lot.regions for lot in lots} == {("UKH21",)}
        assert all(lot.for_small and lot.for_voluntary for lot in lots)

    def test_borrowed_texts_are_kept_and_resolved(self):
        first, second = understood().facts.lots[:2]

        weighting = second.texts[0]
        assert (weighting.kind, weighting.published, weighting.same_as) == ("weighting", "As Lot 1", "1")
        assert weighting.resolved == first.texts[0].published
        technical = second.texts[3]
        assert (technical.kind, technical.name, technical.published) == ("selection", "technical", "As Lot 1")
        assert technical.resolved == first.texts[3].published != first.texts[2].published

    def test_the_dates_and_documents(self):
        facts = understood().facts

        assert [(date.kind, date.at) for date in facts.key_dates] == [
            ("engagement", dt.datetime(2026, 2, 10, 23, 59, 59, tzinfo=dt.UTC)),
            ("notice", dt.datetime(2026, 2, 23, 23, 59, 59, tzinfo=dt.UTC)),
            ("reopening", dt.datetime(2028, 3, 1, 23, 59, 59, tzinfo=dt.UTC)),
        ]
        assert [(document.notice_type, document.title) for document in facts.documents] == [
            ("UK2", "Notice of talks before the tender, on Find a Tender"),
            ("", "Conflicts assessment: Not published"),
            ("UK4", "Tender notice, on Find a Tender"),
        ]
        assert facts.documents[2].published_at == dt.datetime(2026, 3, 18, 8, 28, 8, tzinfo=dt.UTC)

    def test_the_buyer_and_what_the_notice_is(self):
        understanding = understood()

        assert understanding.buyer == BuyerFacts(
            "Larkshire Council", "GB-PPON", "PAAA-0101-LARK", ("parties", 0, "identifier")
        )
        assert understanding.what == "Tender notice (UK4): an open framework with 7 lots"
        assert understanding.unread == ()

    def test_each_fact_knows_where_it_stands(self):
        sources = {key: paths.text(path) for key, path in understood().sources.items()}

        assert sources["title"] == "tender.title"
        assert sources["closes_at"] == "tender.tenderPeriod.endDate"
        assert sources["starts_on"] == "tender.lots[0].contractPeriod.startDate"
        assert sources["lots.1.net_pence"] == "tender.lots[0].value.amount"
        assert sources["lots.1.sub_lots"] == "tender.lotDetails.awardCriteriaDetails"
        assert sources["lots.3.texts.0"] == "tender.lots[2].awardCriteria.weightingDescription"
        assert sources["key_dates.2"] == "tender.recurrence.dates[0].startDate"
        every = [paths.get(release(), path) for path in understood().sources.values()]
        assert None not in every


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({f"{LOT}.id": GONE}, "tender.lots[0].id", "must have an id"),
        ({f"{LOT}.id": None}, "tender.lots[0].id", "must have an id"),
        ({f"{LOT}.id": "  "}, "tender.lots[0].id", "must have an id"),
        ({f"{LOT}.id": ["1"]}, "tender.lots[0].id", "must have an id"),
        ({f"{LOT}.id": "1" * 21}, "tender.lots[0].id", "20 characters"),
        ({f"{LOT}.id": "1\x00"}, "tender.lots[0].id", "20 characters"),
        ({f"{LOT}.id": "2"}, "tender.lots[1].id", "Two lots have the id 2"),
        ({"tender.lots[3]": "4"}, "tender.lots[3]", "must be an object"),
        ({"tender.lots": [{"id": str(number)} for number in range(1001)]}, "tender.lots", "1,000 of these at most"),
        ({"tender.documents": [{}] * 1001}, "tender.documents", "1,000 of these"),
        ({f"{LOT}.awardCriteria.criteria": [{}] * 101}, "tender.lots[0].awardCriteria.criteria", "100 of these"),
        ({f"{LOT}.value.amount": "3000000"}, "tender.lots[0].value.amount", "must be a number"),
        ({f"{LOT}.value.amount": True}, "tender.lots[0].value.amount", "must be a number"),
        ({f"{LOT}.value.amount": -1}, "tender.lots[0].value.amount", "negative"),
        ({f"{LOT}.value.amount": Decimal("1e400")}, "tender.lots[0].value.amount", "under £100 billion"),
        ({f"{LOT}.value.amount": Decimal("1e999999999999999999")}, "tender.lots[0].value.amount", "under £100 billion"),
        ({f"{LOT}.value.amount": Decimal("1e-999999999")}, "tender.lots[0].value.amount", "two decimal places"),
        ({f"{LOT}.value.amountGross": Decimal("0.001")}, "tender.lots[0].value.amountGross", "two decimal places"),
        ({"tender.value.currency": "AED"}, "tender.value.currency", "AED"),
        ({f"{LOT}.value.currency": 5}, "tender.lots[0].value.currency", "pounds"),
        (
            {f"{LOT}.contractPeriod.startDate": "2026-02-30T00:00:00Z"},
            "tender.lots[0].contractPeriod.startDate",
            "no such",
        ),
        ({"tender.tenderPeriod.endDate": "2026-04-20T25:00:00Z"}, "tender.tenderPeriod.endDate", "no such date"),
        ({"tender.tenderPeriod.endDate": "2026-04-20T12:00:00+99:00"}, "tender.tenderPeriod.endDate", "no such date"),
        ({"tender.awardPeriod.endDate": "0001-01-01T00:00:00Z"}, "tender.awardPeriod.endDate", "no such date"),
        ({"tender.lotDetails.maximumLotsBidPerSupplier": "6"}, "tender.lotDetails.maximumLotsBidPerSupplier", "number"),
        (
            {"tender.lotDetails.maximumLotsBidPerSupplier": 0},
            "tender.lotDetails.maximumLotsBidPerSupplier",
            "1 or more",
        ),
        (
            {"tender.lotDetails.maximumLotsBidPerSupplier": Decimal("1.5")},
            "tender.lotDetails.maximumLotsBidPerSupplier",
            "whole",
        ),
        (
            {"tender.techniques.frameworkAgreement.maximumParticipants": Decimal("0e9999")},
            "tender.techniques.frameworkAgreement.maximumParticipants",
            "1 or more",
        ),
        (
            {"tender.techniques.frameworkAgreement.maximumParticipants": Decimal("-1e9999")},
            "tender.techniques.frameworkAgreement.maximumParticipants",
            "1 or more",
        ),
        (
            {"tender.techniques.frameworkAgreement.maximumParticipants": 2**31},
            "tender.techniques.frameworkAgreement.maximumParticipants",
            "too large",
        ),
    ],
)
def test_what_no_framework_can_have_is_refused_with_its_place(changes, path, words):
    with pytest.raises(BadNotice) as refused:
        understood(changes)

    assert refused.value.path == path
    assert words in refused.value.message


def test_what_is_no_object_is_no_release():
    with pytest.raises(BadNotice):
        understand(["a", "list"])


@pytest.mark.parametrize(
    ("changes", "key", "expected", "path"),
    [
        ({"tender.title": ["a"]}, "title", "", "tender.title"),
        ({"tender.title": "x" * 501}, "title", "", "tender.title"),
        ({"tender.title": "a\x00b\ud800"}, "title", "a\ufffdb\ufffd", "tender.title"),
        ({"tender.techniques.frameworkAgreement.isOpenFrameworkScheme": "yes"}, "is_open", False, None),
        ({"tender.value": 5}, "net_pence", None, "tender.value"),
        ({"tender.value.currency": None}, "net_pence", None, "tender.value"),
        ({"tender.tenderPeriod.endDate": "2026-04-20T12:00:00"}, "closes_at", None, "tender.tenderPeriod.endDate"),
        ({"tender.tenderPeriod.endDate": "2026-04-20"}, "closes_at", None, "tender.tenderPeriod.endDate"),
        ({"tender.tenderPeriod.endDate": "20/04/2026"}, "closes_at", None, "tender.tenderPeriod.endDate"),
        ({"tender.tenderPeriod.endDate": 5}, "closes_at", None, "tender.tenderPeriod.endDate"),
        ({"tender.specialRegime": "lightTouch"}, "light_touch", False, "tender.specialRegime"),
    ],
)
def test_what_is_not_understood_is_not_said_and_its_place_is_told(changes, key, expected, path):
    understanding = understood(changes)

    assert getattr(understanding.facts, key) == expected
    assert path is None or path in [place for place, _ in unread(understanding)]


@pytest.mark.parametrize(
    ("changes", "key", "expected"),
    [
        ({"tender.title": None}, "title", ""),
        ({"tender.id": 804684}, "reference", "804684"),
        ({"tender.techniques.frameworkAgreement.isOpenFrameworkScheme": False}, "is_open", False),
        ({"tender.techniques.frameworkAgreement.isOpenFrameworkScheme": GONE}, "is_open", False),
        ({"tender.aboveThreshold": GONE}, "above_threshold", True),
        ({"tender.specialRegime": GONE}, "light_touch", False),
        ({"tender.techniques.frameworkAgreement.method": "withReopeningCompetition"}, "with_competition", True),
        (
            {"tender.techniques.frameworkAgreement.method": "withAndWithoutReopeningCompetition"},
            "with_competition",
            True,
        ),
        ({"tender.value": None}, "gross_pence", None),
        ({"tender.value.amount": Decimal("0e99")}, "net_pence", 0),
        ({"tender.value.amount": Decimal("54393.6")}, "net_pence", 54_393_60),
        ({"tender.value.amount": Decimal("1e2")}, "net_pence", 100_00),
        ({"tender.value.amount": Decimal("12.3400000000000000000000000000000000000000")}, "net_pence", 12_34),
        ({"tender.value.amount": Decimal("1e11")}, "net_pence", 10**13),
        ({"tender.techniques.frameworkAgreement.maximumParticipants": Decimal("1e9999")}, "max_participants", None),
        ({"tender.techniques.frameworkAgreement.maximumParticipants": None}, "max_participants", None),
        ({"tender.techniques.frameworkAgreement.maximumParticipants": Decimal("40.0")}, "max_participants", 40),
        ({"tender.awardPeriod.endDate": "2026-07-10"}, "award_by_on", dt.date(2026, 7, 10)),
        ({"tender.awardPeriod.endDate": "2026-07-10T23:59:59"}, "award_by_on", dt.date(2026, 7, 10)),
        ({"tender.awardPeriod.endDate": "2026-07-10T23:30:00Z"}, "award_by_on", dt.date(2026, 7, 11)),
        ({"tender.awardPeriod.endDate": "2026-07-11T00:30+02:00"}, "award_by_on", dt.date(2026, 7, 10)),
        ({"tender.awardPeriod": None}, "award_by_on", None),
        (
            {"tender.tenderPeriod.endDate": "2026-04-20T07:00:00.5-05:00"},
            "closes_at",
            dt.datetime(2026, 4, 20, 12, 0, 0, 500_000, tzinfo=dt.UTC),
        ),
    ],
)
def test_other_ways_of_writing_say_the_same(changes, key, expected):
    understanding = understood(changes)

    assert getattr(understanding.facts, key) == expected
    assert understanding.unread == ()


class TestTheTerm:
    def test_a_period_of_the_framework_itself_counts_before_those_of_its_lots(self):
        period = {"startDate": "2026-10-01", "endDate": "2030-09-30"}

        facts = understood({"tender.techniques.frameworkAgreement.period": period}).facts

        assert (facts.starts_on, facts.ends_on) == (dt.date(2026, 10, 1), dt.date(2030, 9, 30))

    def test_else_it_goes_from_the_first_lots_start_to_the_last_lots_end(self):
        understanding = understood(
            {
                "tender.lots[3].contractPeriod.startDate": "2026-08-01T00:00:00+01:00",
                "tender.lots[4].contractPeriod.endDate": "2037-01-01T00:00:00+00:00",
            }
        )

        assert (understanding.facts.starts_on, understanding.facts.ends_on) == (
            dt.date(2026, 8, 1),
            dt.date(2037, 1, 1),
        )
        assert paths.text(understanding.sources["ends_on"]) == "tender.lots[4].contractPeriod.endDate"

    def test_a_period_that_ends_before_it_starts_is_not_said(self):
        backwards = {"startDate": "2030-01-01", "endDate": "2029-12-31"}

        whole = understood({"tender.contractPeriod": backwards})
        one = understood({f"{LOT}.contractPeriod": backwards})

        assert (whole.facts.starts_on, whole.facts.ends_on) == (None, None)
        assert unread(whole) == [("tender.contractPeriod.endDate", "It would end before it starts.")]
        assert whole.unread[0].also == ((("tender", "contractPeriod", "startDate"), "2030-01-01"),)
        assert (one.facts.lots[0].starts_on, one.facts.lots[0].ends_on) == (None, None)
        assert one.facts.ends_on == dt.date(2036, 8, 31)

    def test_without_any_there_is_none(self):
        changes = {f"tender.lots[{index}].contractPeriod": None for index in range(7)}

        facts = understood(changes).facts

        assert (facts.starts_on, facts.ends_on) == (None, None)


class TestBorrowedTexts:
    WEIGHTING = "tender.lots[{}].awardCriteria.weightingDescription"

    def weighting(self, words: dict[int, str], lot: int):
        understanding = understood({self.WEIGHTING.format(index): text for index, text in words.items()})
        return understanding.facts.lots[lot].texts[0], understanding

    @pytest.mark.parametrize(
        "words",
        [
            "As Lot 1",
            "See lot 1",
            "see Lot 1.",
            "  As Lot 1  ",
            "Same as Lot 1",
            "The same as lot 01",
            "As for lot 1",
            "As per Lot 1",
            "As above Lot 1",
            "Refer to Lot 1 above",
            "Please see Lot 1",
        ],
    )
    def test_they_may_be_put_in_several_ways(self, words):
        text, _ = self.weighting({1: words}, 1)

        assert (text.published, text.same_as) == (words, "1")
        assert text.resolved.startswith("Quality is passed or failed.")

    @pytest.mark.parametrize("words", ["As Lot 1, and quality is weighted", "Lot 1", "As many as Lot 1 has", "A" * 300])
    def test_other_words_stand_for_themselves(self, words):
        text, understanding = self.weighting({1: words}, 1)

        assert (text.resolved, text.same_as) == (words, "")
        assert understanding.unread == ()

    def test_a_chain_is_followed_to_its_end(self):
        text, _ = self.weighting({3: "See Lot 3", 2: "As Lot 2", 1: "As Lot 1"}, 3)

        assert (text.published, text.same_as) == ("See Lot 3", "1")
        assert text.resolved.startswith("Quality is passed or failed.")

    @pytest.mark.parametrize("words", [{1: "As Lot 2"}, {1: "As Lot 3", 2: "As Lot 2"}])
    def test_a_circle_says_nothing(self, words):
        text, understanding = self.weighting(words, 1)

        assert (text.resolved, text.same_as) == (words[1], "")
        assert ("tender.lots[1].awardCriteria.weightingDescription", "circle") in [
            (path, "circle") for path, why in unread(understanding) if "circle" in why
        ]

    @pytest.mark.parametrize("words", ["As Lot 12", "See Lot X"])
    def test_an_unknown_lot_says_nothing(self, words):
        text, understanding = self.weighting({1: words}, 1)

        assert (text.resolved, text.same_as) == (words, "")
        assert "not in the notice" in understanding.unread[0].why

    def test_a_text_that_the_other_lot_does_not_have_says_nothing(self):
        text, understanding = self.weighting({1: "As Lot 7", 6: ""}, 1)

        assert text.resolved == "As Lot 7"
        assert [path for path, _ in unread(understanding)] == ["tender.lots[1].awardCriteria.weightingDescription"]

    def test_of_two_criteria_of_one_name_the_second_borrows_the_second(self):
        criteria = [{"type": "technical", "description": "First"}, {"type": "technical", "description": "Second"}]
        borrowed = [{"type": "technical", "description": "As Lot 1"}, {"type": "technical", "description": "As Lot 1"}]

        lots = understood(
            {f"{LOT}.selectionCriteria.criteria": criteria, "tender.lots[1].selectionCriteria.criteria": borrowed}
        ).facts.lots

        assert [text.resolved for text in lots[1].texts if text.kind == "selection"] == ["First", "Second"]

    def test_lots_may_be_called_by_another_spelling_of_their_number(self):
        changes = {f"tender.lots[{index}].id": f"LOT-000{index + 1}" for index in range(7)}

        lots = understood(changes).facts.lots

        assert [lot.number for lot in lots][:2] == ["LOT-0001", "LOT-0002"]
        assert lots[1].texts[0].same_as == "LOT-0001"
        assert "".join(part.letter for part in lots[0].sub_lots) == "BC"
        assert lots[6].is_auto


@pytest.mark.parametrize(
    ("numbers_said", "name"),
    [
        ([{"number": 40, "weight": "percentageExact"}], "Price (40%)"),
        ([{"number": Decimal("12.50"), "weight": "percentageExact"}], "Price (12.5%)"),
        ([{"number": 3, "weight": "order"}], "Price (3)"),
        ([{"number": Decimal("33.33333333333333333333333333"), "weight": "percentageExact"}], "Price"),
        ([{"number": Decimal("1e50"), "weight": "percentageExact"}], "Price"),
        ([{"number": "40", "weight": "percentageExact"}], "Price"),
        ("40%", "Price"),
    ],
)
def test_a_criterion_is_named_with_its_weight(numbers_said, name):
    criterion = {"type": "price", "name": "Price", "numbers": numbers_said}

    lot = understood({f"{LOT}.awardCriteria.criteria": [criterion]}).facts.lots[0]

    assert [text.name for text in lot.texts if text.kind == "award"] == [name]


class TestRegions:
    def test_an_item_without_a_lot_is_about_all_of_them(self):
        item = {"id": "8", "deliveryAddresses": [{"region": "UKI"}]}

        lots = understood({"tender.items[7]": item}).facts.lots

        assert {lot.regions for lot in lots} == {("UKH21", "UKI")}

    def test_a_country_stands_where_there_is_no_region(self):
        addresses = [{"country": "GB"}, {"region": 5.0}, "UK", {"locality": "Larkford"}]

        understanding = understood({"tender.items[0].deliveryAddresses": addresses})

        assert understanding.facts.lots[0].regions == ("GB",)
        assert "tender.items[0].deliveryAddresses[2]" in [path for path, _ in unread(understanding)]

    def test_an_item_for_an_unknown_lot_is_told(self):
        understanding = understood({"tender.items[0].relatedLot": "99"})

        assert understanding.facts.lots[0].regions == ()
        assert unread(understanding) == [("tender.items[0].relatedLot", "There is no lot with this id.")]

    def test_ids_may_be_numbers_on_both_sides(self):
        facts = understood({f"{LOT}.id": 1, "tender.items[0].relatedLot": 1}).facts

        assert facts.lots[0].number == "1"
        assert facts.lots[0].regions == ("UKH21",)


def test_a_web_address_is_one_that_a_page_may_link_to():
    understanding = understood({"tender.documents[1].url": "javascript:alert(1)"})

    assert understanding.facts.documents[2].url == ""
    assert [path for path, _ in unread(understanding)] == ["tender.documents[1].url"]


def test_a_document_is_called_by_what_is_known_of_it():
    documents = [{"title": "Specification"}, {"documentType": "technicalSpecifications"}, {}]

    facts = understood({"tender.documents": documents, "planning": None}).facts

    assert facts.documents == (
        DocumentFacts("Specification"),
        DocumentFacts("technicalSpecifications", kind="technicalSpecifications"),
        DocumentFacts("Document"),
    )


def test_what_a_document_is_called_fits_where_it_is_kept():
    document = {"documentType": "conflictOfInterest", "description": "x" * 470}

    facts = understood({"tender.documents[0]": document}).facts

    assert len(facts.documents[1].title) <= 500
    assert facts.documents[1].title.startswith("Conflicts assessment: x")


def test_an_award_notice_may_have_any_number_of_parties():
    assert understand({"parties": [{"name": "A"}] * 2000 + [{"name": "B", "roles": ["buyer"]}]}).buyer.name == "B"


def test_a_milestone_of_the_tender_is_another_date():
    milestone = {"dueDate": "2026-04-01T10:00:00+01:00", "description": "Site visits"}

    facts = understood({"tender.milestones": [milestone, {"description": "No date"}]}).facts

    assert facts.key_dates[-1] == KeyDateFacts("other", dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC), "Site visits")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"buyer": GONE}, BuyerFacts("Larkshire Council", "GB-PPON", "PAAA-0101-LARK", ("parties", 0, "identifier"))),
        ({"parties": []}, BuyerFacts("Larkshire Council", "", "", ("buyer", "name"))),
        ({"parties[0].identifier": None}, BuyerFacts("Larkshire Council", "", "", ("parties", 0, "name"))),
        ({"buyer": GONE, "parties": None}, BuyerFacts()),
        ({"buyer": GONE, "parties[0].roles": "buyer"}, BuyerFacts()),
    ],
)
def test_the_buyer_is_the_party_that_the_notice_points_to(changes, expected):
    assert understood(changes).buyer == expected


def uk5() -> dict:
    """A direct award with five measures that are reported on every day."""
    measures = [
        {
            "id": str(number),
            "title": title,
            "description": "What is expected.",
            "observations": [{"id": "1", "period": {"durationInDays": 1}}],
        }
        for number, title in enumerate(["Safeguarding", "Health and safety", "Admissions", "Quality", "Outcomes"], 1)
    ]
    notice = {"id": "900001-2026", "documentType": "awardNotice", "noticeType": "UK5"}
    return numbers(
        {
            "ocid": "ocds-h6vhtk-ffa005",
            "id": "900001-2026",
            "tag": ["award", "contract"],
            "tender": {"id": "1", "title": "Places at a centre", "procurementMethod": "direct", "lots": [{"id": "1"}]},
            "awards": [
                {"id": "1", "suppliers": [{"name": "Ash House Ltd"}], "documents": [notice], "agreedMetrics": measures}
            ],
        }
    )


def of_type(code: str, stage: str = "tender", **more) -> dict:
    """A release whose one document is a notice of that type."""
    documents = [{"noticeType": code}]
    if stage in ("awards", "contracts"):
        return numbers({stage: [{"documents": documents, **more}]})
    return numbers({stage: {"documents": documents, **more}})


class TestOtherNotices:
    """They set up no framework; each is told in one sentence."""

    @pytest.mark.parametrize(
        ("other", "what"),
        [
            (uk5(), "Transparency notice (UK5): a direct award to Ash House Ltd"),
            (
                of_type("UK6", "awards", suppliers=[{"name": "Ash House Ltd"}, {"name": "Birch Farm"}]),
                "Contract award notice (UK6): awarded to Ash House Ltd and Birch Farm",
            ),
            (
                of_type("UK6", "awards", suppliers=[{"name": name} for name in "ABCDE"]),
                "Contract award notice (UK6): awarded to A, B, C and 2 more",
            ),
            (of_type("UK6", "awards", suppliers=["x", {"name": 5}]), "Contract award notice (UK6)"),
            (of_type("UK7", "contracts"), "Contract details notice (UK7)"),
            (
                {
                    "awards": [{"suppliers": [{"name": "A"}]}],
                    "contracts": [{"implementation": {"documents": [{"noticeType": "UK9"}]}}],
                },
                "Contract performance notice (UK9): how they perform: A",
            ),
            (
                of_type("UK2", "planning"),
                "Preliminary market engagement notice (UK2): a talk with providers before the tender",
            ),
            (of_type("UK4", title="A bus"), "Tender notice (UK4): not a framework: A bus"),
            (
                of_type("UK4", techniques={"hasFrameworkAgreement": True}),
                "Tender notice (UK4): a change to a framework, without its lots",
            ),
            (
                of_type("UK12", title="A bus", status="withdrawn"),
                "Procurement termination notice (UK12): a procurement that was ended without an award: A bus",
            ),
            (of_type("F02", title="A bus"), "F02: A bus"),
            (
                {"tender": {"legalBasis": {"scheme": "CELEX", "id": "32014L0024"}, "title": "A bus"}},
                "Notice under the rules before the Procurement Act 2023: A bus",
            ),
            ({}, "Notice of no stated type"),
            ({"tender": "x", "planning": [], "awards": {"a": 1}, "tag": "award"}, "Notice of no stated type"),
        ],
    )
    def test_in_a_sentence(self, other, what):
        understanding = understand(other)

        assert understanding.facts is None
        assert understanding.what == what

    @pytest.mark.parametrize(
        "changes",
        [
            {"tag": ["award", "contract"]},
            {"tag": ["planning"]},
            {"tender.status": "planned"},
            {"tender.status": "withdrawn"},
            {"tender.legalBasis.scheme": "CELEX"},
            {"tender.lots": []},
            {"tender.lots": None},
            {"tender.techniques": None},
            {"tender.techniques": {"hasFrameworkAgreement": False}},
        ],
    )
    def test_a_framework_is_set_up_by_its_tender_notice_alone(self, changes):
        assert understood(changes).facts is None

    @pytest.mark.parametrize("changes", [{"tag": GONE}, {"tag": ["tender"]}, {"tag": ["tenderUpdate"]}])
    def test_whatever_stage_of_it_is_in_the_file(self, changes):
        assert understood(changes).facts is not None

    def test_a_closed_framework_with_one_lot_is_one_too(self):
        changes = {"tender.techniques.frameworkAgreement.isOpenFrameworkScheme": GONE}
        changes["tender.lots"] = [{"id": "1"}]

        assert understood(changes).what == "Tender notice (UK4): a framework with 1 lot"

    def test_the_type_is_that_of_the_releases_own_document(self):
        tree_of_it = with_changes({"id": "907265-2026"})

        assert kinds.notice_type(tree_of_it) == "UK2"
        assert kinds.notice_type(release()) == "UK4"


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5).map(Decimal),
    st.sampled_from([Decimal("1e9999"), Decimal("-1e-9999"), Decimal("1.005"), Decimal("1e999999999999999999")]),
    st.sampled_from(
        ["", "As Lot 1", "1", "2026-02-30", "2026-01-01", "GBP", "\x00\ud800", "x" * 1000, "lot 1 - primary"]
    ),
    st.sampled_from([[], {}, [[]], [None], {"id": "1"}, [{"id": "1"}, 5], {"amount": Decimal(1)}]),
)


def every_path(value, path=()):
    yield path
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for step, inner in steps:
        yield from every_path(inner, (*path, step))


PATHS = [path for path in every_path(release()) if path]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), JUNK), min_size=1, max_size=4))
def test_whatever_stands_anywhere_it_is_understood_or_refused(changes):
    changed = release()
    for path, junk in changes:
        holder = paths.get(changed, path[:-1])
        if (
            isinstance(holder, dict if isinstance(path[-1], str) else list)
            and paths.get(changed, path, junk) is not junk
        ):
            holder[path[-1]] = junk

    try:
        understanding = understand(changed)
    except BadNotice as refused:
        told = [refused.message, refused.path]
    else:
        found = find(changed, understanding, today=TODAY)
        told = [text for one in found for text in (one.title, one.explanation, *(side.text for side in one.sides))]
    assert all(text and text.encode() for text in told)


@settings(max_examples=100, deadline=None)
@given(releases)
def test_whatever_release_is_generated_it_is_understood_or_refused(body):
    try:
        found = tree.read(body)
        understanding = understand(found)
    except BadNotice:
        return
    find(found, understanding, today=TODAY)


def test_a_long_hostile_text_takes_no_time():
    texts = ["lot 1 - primary, " * 60_000, "average plus " * 80_000, "automatically a place on lot 1 " * 40_000]
    texts += [
        "price " * 100_000,
        "any theme " * 90_000,
        "20% " * 250_000,
        "lots 1, " * 100_000,
        "(" * 1_000_000,
        "within 20% of " * 70_000,
        "As Lot " + "1" * 10**6,
    ]
    begun = time.process_time()

    for text in texts:
        changed = with_changes(
            {
                "tender.lotDetails.awardCriteriaDetails": text,
                "tender.description": text,
                "tender.techniques.frameworkAgreement.description": text,
                "tender.lots[0].awardCriteria.weightingDescription": text,
            }
        )
        find(changed, understand(changed), today=TODAY)

    assert time.process_time() - begun < 20


class TestAmountsAndDates:
    @pytest.mark.parametrize(
        ("pence", "pounds"), [(100, "1"), (12345, "123.45"), (5, "0.05"), (24_200_000_00, "24200000")]
    )
    def test_pence_are_written_as_pounds(self, pence, pounds):
        assert str(amounts.pounds(pence)) == pounds
        assert amounts.pence(amounts.pounds(pence), ()) == pence

    @settings(deadline=None)
    @given(st.integers(0, 10**13))
    def test_there_and_back(self, pence):
        assert amounts.pence(amounts.pounds(pence), ()) == pence

    @pytest.mark.parametrize(
        ("day", "like", "expected"),
        [
            (dt.date(2036, 12, 31), "2036-08-31T23:59:59+01:00", "2036-12-31T23:59:59+00:00"),
            (dt.date(2036, 6, 30), "2036-12-31T23:59:59+00:00", "2036-06-30T23:59:59+01:00"),
            (dt.date(2036, 6, 30), "2036-12-31T23:59:59Z", "2036-06-30T22:59:59Z"),
            (dt.date(2036, 6, 30), "2036-12-31", "2036-06-30"),
            (dt.date(2036, 6, 30), "2036-12-31T17:00:00", "2036-06-30T17:00:00"),
            (dt.date(2036, 6, 30), "2036-12-31T22:59:59-01:00", "2036-06-30T23:59:59+01:00"),
            (dt.date(2036, 6, 30), None, "2036-06-30T23:59:59+01:00"),
            (dt.date(2036, 6, 30), "next summer", "2036-06-30T23:59:59+01:00"),
            (dt.date(2036, 6, 30), "2036-02-30", "2036-06-30T23:59:59+01:00"),
        ],
    )
    def test_a_last_day_is_spelled_as_the_notice_spelled_it(self, day, like, expected):
        assert dates.spell_day(day, like, otherwise=dates.DAY_ENDS) == expected
        assert dates.written(expected).in_england.date() == day

    @pytest.mark.parametrize(
        ("like", "expected"),
        [
            ("2026-04-20T12:00:00+01:00", "2026-12-01T12:00:00+00:00"),
            ("2026-04-20T11:00:00Z", "2026-12-01T12:00:00Z"),
            (None, "2026-12-01T12:00:00+00:00"),
        ],
    )
    def test_a_moment_too(self, like, expected):
        assert dates.spell_moment(dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC), like) == expected
