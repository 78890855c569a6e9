"""What in a notice contradicts itself, the law or the calendar, or is left open: found where it is, and only there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from lots.rules.policies import WHO_WINS
from lots.rules.policy_list import POLICY
from notices.rules import paths, tree
from notices.rules.findings import find
from notices.rules.understand import understand
from tests.notices.sample import GONE, REAL, TODAY, findings, release
from tests.notices.test_understand import uk5

AGREEMENT = "tender.techniques.frameworkAgreement"
PROSE = "tender.lotDetails.awardCriteriaDetails"
# What the issue asks for, by the code of the finding.
ALL = {
    "sides": "choose",
    "margin_percent": "choose",
    "pool": "choose",
    "counted": "choose",
    "fail_costs": "choose",
    "basis": "choose",
    "quality": "choose",
    "lot_1_parts": "choose",
    "term_over_eight_years": "reason",
    "cap_against_staying_on": "reason",
    "nobody_may_use_it": "reason",
    "school_age_beside_16": "note",
    "lot_values_net": "note",
    "lot_values_gross": "note",
    "open_and_closed": "note",
    "fee_0": "note",
    "region_twice_0_1": "note",
    "dates_in_the_past": "note",
}
# A notice in order: nothing in it contradicts anything.
IN_ORDER = {
    "tender.value.amount": 17_800_000,
    "tender.value.amountGross": 21_360_000,
    f"{AGREEMENT}.type": "open",
    f"{AGREEMENT}.maximumParticipants": Decimal("1e9999"),
    f"{AGREEMENT}.buyerCategories": "Schools and academy trusts in Larkshire",
    f"{AGREEMENT}.openFrameworkSchemeEndDate": "2034-08-31T23:59:59+01:00",
    "tender.participationFees": GONE,
    "tender.items[0].deliveryAddresses": [{"region": "UKH21"}],
    "planning.milestones": [],
    "tender.communication": GONE,
    **{f"tender.lots[{index}].contractPeriod.endDate": "2034-08-31T23:59:59+01:00" for index in range(7)},
    **{f"tender.lots[{index}].description": "For pupils of all ages." for index in range(1, 6)},
    PROSE: "Lot 1 - Art - 16+ "
    + " ".join(f"Lot {number} - Art - Primary, 16+" for number in range(2, 7))
    + " Lot 7 - Miscellaneous",
}


def texts_of(finding) -> list[tuple[str, str]]:
    return [(side.path, side.text) for side in finding.sides]


def test_the_sample_has_every_contradiction_of_the_real_notice():
    assert {code: finding.effect for code, finding in findings().items()} == ALL


@pytest.mark.skipif(not REAL.exists(), reason="the published notice lies beside the project only where it is built")
def test_the_real_notice_has_them_too():
    real = tree.read((REAL / "framework-release.json").read_bytes())

    found = find(real, understand(real), today=TODAY)

    assert {finding.code: finding.effect for finding in found} == ALL


def test_a_notice_in_order_leaves_nothing_but_what_is_always_to_be_chosen():
    assert set(findings(IN_ORDER)) == set(WHO_WINS)


@pytest.mark.parametrize("code", ALL)
def test_every_finding_names_two_sides_with_places_that_are_in_the_notice_and_what_it_is_about(code):
    finding = findings()[code]

    assert finding.title
    assert finding.explanation
    assert finding.sides
    for side in finding.sides:
        assert side.text
        written = side.path.replace("[*]", "[0]")
        assert side.text == "not said" or paths.get(release(), paths.parse(written)) is not None
    if finding.effect == "choose":
        assert finding.chosen in [option.value for option in finding.options]
        assert all(option.label and option.clarification for option in finding.options)


def test_every_policy_that_decides_who_wins_is_chosen_by_the_officer():
    found = {code: finding for code, finding in findings().items() if finding.policy in WHO_WINS}

    assert set(found) == set(WHO_WINS)
    for code, finding in found.items():
        assert finding.chosen == str(POLICY[code].default)
        allowed = dict(POLICY[code].options)
        assert {option.value for option in finding.options} <= set(allowed or [finding.chosen])
    assert list(findings())[: len(found)] == list(found)


class TestValues:
    def test_both_figures_are_told_with_their_places(self):
        assert texts_of(findings()["lot_values_net"]) == [
            ("tender.value.amount", "£24,200,000"),
            ("tender.lots[*].value.amount", "£17,800,000 in 7 lots"),
        ]
        assert "£7,680,000 less" in findings()["lot_values_gross"].explanation

    @pytest.mark.parametrize(
        ("changes", "codes"),
        [
            ({"tender.value.amount": 17_800_000}, {"lot_values_gross"}),
            ({"tender.value.amount": 17_800_000, "tender.value.amountGross": 21_360_000}, set()),
            (
                {"tender.value.amount": 17_800_000, "tender.value.amountGross": Decimal("21359999.99")},
                {"lot_values_gross"},
            ),
            ({"tender.value": None}, set()),
            ({"tender.lots[2].value": None}, set()),
        ],
    )
    def test_sums_that_differ_by_a_penny_and_sums_that_cannot_be_made(self, changes, codes):
        assert {code for code in findings(changes) if code.startswith("lot_values")} == codes

    def test_more_is_told_as_more(self):
        assert "£1 more" in findings({"tender.value.amount": 17_799_999})["lot_values_net"].explanation

    def test_with_vat_is_no_less_than_without(self):
        found = findings({"tender.lots[1].value.amountGross": 1_349_999, "tender.value.amountGross": 1})

        assert texts_of(found["vat_lots_2"]) == [
            ("tender.lots[1].value.amount", "Value without VAT: £1,350,000"),
            ("tender.lots[1].value.amountGross", "Value with VAT: £1,349,999"),
        ]
        assert "vat_framework" in found
        assert not [
            code for code in findings({"tender.lots[1].value.amountGross": 1_350_000}) if code.startswith("vat")
        ]


class TestThePriceRule:
    CRITERIA, WEIGHTING = f"{AGREEMENT}.description", "tender.lots[0].awardCriteria.weightingDescription"

    def found(self, *sentences: str) -> dict:
        """What is found where the notice says this of prices and nothing else."""
        changes = {
            self.CRITERIA: sentences[0],
            self.WEIGHTING: sentences[1] if len(sentences) > 1 else "Quality first.",
        }
        for index in range(2):
            changes[f"tender.lots[0].selectionCriteria.criteria[{index}].description"] = "Attach the PDF."
        return findings(changes)

    @pytest.mark.parametrize(
        "upper",
        [
            "A price above the average price plus 20% fails.",
            "20% of the average price is added to the average.",
            "We add 20% to the average of the lot.",
            "No price may be more than 20 per cent above the average.",
            "A price must not exceed the mean by more than 20 percent.",
            "The limit is the average + 20%.",
            "The limit is the average plus a margin of 20%.",
        ],
    )
    @pytest.mark.parametrize(
        "both",
        [
            "Prices must be within 20% of the average cost.",
            "Prices within a range of 20% of the mean pass.",
            "A price may lie 20% either side of the average.",
            "Prices may differ from the average, but not by more than 20%.",
            "The average, plus or minus 20%.",
            "The average +/- 20%.",
        ],
    )
    def test_two_wordings_that_do_not_mean_the_same(self, upper, both):
        finding = self.found(upper, both)["sides"]

        assert finding.title == "The price rule stands in two wordings that do not mean the same"
        assert texts_of(finding) == [(self.CRITERIA, upper), (self.WEIGHTING, both)]
        assert (finding.effect, finding.policy, finding.chosen) == ("choose", "sides", "upper")
        assert [option.value for option in finding.options] == ["upper", "both"]

    @pytest.mark.parametrize(
        ("sentence", "title", "chosen"),
        [
            ("The limit is the average plus 15%.", "The price rule is an upper limit", "upper"),
            ("Prices within 15% of the average pass.", "The price rule can be read in two ways", "both"),
            (
                "Prices count for 40% of the marks.",
                "The notice does not say on which side of the average a price may lie",
                "upper",
            ),
            ("The average age is 15.", "The notice does not say on which side of the average a price may lie", "upper"),
        ],
    )
    def test_one_wording_or_none(self, sentence, title, chosen):
        finding = self.found(sentence)["sides"]

        assert (finding.title, finding.chosen) == (title, chosen)

    @pytest.mark.parametrize(
        ("sentences", "percents"),
        [
            (["The average plus 20%.", "Within 20% of the average."], ["20"]),
            (["The average plus 15%."], ["15"]),
            (["The average plus 15%.", "Within 10% of the average."], ["15", "10"]),
            (["The average plus 150%."], ["20"]),
            (["Nothing of the kind."], ["20"]),
        ],
    )
    def test_the_margin_is_the_notices_own(self, sentences, percents):
        finding = self.found(*sentences)["margin_percent"]

        assert [option.value for option in finding.options] == percents
        assert finding.chosen == percents[0]
        assert all(f"{option.value}%" in option.clarification for option in finding.options)

    @pytest.mark.parametrize(
        ("sentences", "title"),
        [
            (["The average plus 15%.", "Within 10% of the average."], "The notice names more than one margin"),
            (["The average plus 15%."], "The margin on the average price is 15%"),
            (["None."], "The notice does not say how far a price may lie from the average"),
            (["The average plus 150%."], "The notice does not say how far a price may lie from the average"),
        ],
    )
    def test_and_it_is_said_what_is_wrong_with_it(self, sentences, title):
        assert self.found(*sentences)["margin_percent"].title == title

    @pytest.mark.parametrize(
        ("code", "sentences", "is_stated"),
        [
            ("sides", ["The average plus 20%."], True),
            ("sides", ["Within 20% of the average."], False),
            ("sides", ["The average plus 20%.", "Within 20% of the average."], False),
            ("sides", ["Nothing of the kind."], False),
            ("margin_percent", ["The average plus 15%."], True),
            ("margin_percent", ["The average plus 15%.", "Within 10% of the average."], False),
            ("margin_percent", ["The average plus 150%."], False),
            ("quality", ["Failing any theme keeps a bidder off the framework."], True),
            ("quality", ["Each theme is passed or failed."], False),
        ],
    )
    def test_why_is_filled_in_where_the_notice_itself_states_it(self, code, sentences, is_stated):
        assert self.found(*sentences)[code].reason == (f"The notice says so ({self.CRITERIA})." if is_stated else "")

    @pytest.mark.parametrize(
        ("policy", "sentence", "stands", "chosen"),
        [
            ("pool", "We take the average price for each sub-lot.", "The notice says", "sub_lot"),
            ("pool", "We take the average price for the lot.", "The notice leaves open", "line"),
            ("pool", "Prices are judged.", "The notice does not say", "line"),
            ("counted", "The average of all bids is taken.", "The notice says", "submitted"),
            ("counted", "The average is of those who passed on quality.", "The notice says", "passed"),
            ("counted", "The average is taken.", "The notice leaves open", "passed"),
            ("fail_costs", "A price that fails is rejected for that lot.", "The notice says", "lot"),
            ("fail_costs", "A bidder whose price is too high is disqualified.", "The notice leaves open", "lot"),
            ("fail_costs", "Prices are judged.", "The notice does not say", "lot"),
            ("basis", "Prices are compared excluding VAT.", "The notice says", "net"),
            ("basis", "Prices include VAT, inclusive.", "The notice says", "gross"),
            ("basis", "VAT is a matter for bidders.", "The notice leaves open", "net"),
            ("basis", "Prices are judged.", "The notice does not say", "net"),
            ("quality", "Failing any theme keeps a bidder off the framework.", "The notice says", "provider"),
            ("quality", "Failing any theme ends the bid for that lot.", "The notice says", "lot"),
            ("quality", "Each theme is passed or failed.", "The notice leaves open", "provider"),
            ("quality", "Prices are judged.", "The notice does not say", "provider"),
        ],
    )
    def test_a_policy_that_decides_who_wins(self, policy, sentence, stands, chosen):
        finding = self.found(sentence)[policy]

        assert finding.title.startswith(stands)
        assert finding.chosen == chosen
        expected = (self.CRITERIA, "not said" if stands == "The notice does not say" else sentence)
        assert texts_of(finding) == [expected] or (policy, stands) == ("quality", "The notice does not say")


class TestParts:
    def test_a_letter_that_is_named_and_not_listed_is_offered_or_not(self):
        finding = findings()["lot_1_parts"]

        assert [option.value for option in finding.options] == ["BC", "ABC"]
        assert (finding.policy, finding.chosen) == ("lot_1_parts", "BC")
        assert texts_of(finding) == [(PROSE, "Lot 1 A, B and C"), (PROSE, "Lot 1 - Vocational - Secondary, 16+")]
        assert "Part A (primary) is not offered" in finding.options[0].clarification

    @pytest.mark.parametrize(
        ("prose", "codes"),
        [
            ("So there are Lot 2 A and B. Lot 2 - Art - 16+", {"lot_2_parts": ["C", "ABC"]}),
            ("So there are Lot 2 A and B. Lot 2 - Art - Primary, Secondary", {}),
            ("So there are Lot 2 A and B. Lot 2 - Art - Primary, Secondary, 16+", {}),
        ],
    )
    def test_whatever_the_lot_and_the_letters(self, prose, codes):
        others = " ".join(f"Lot {number} - Art - 16+" for number in (1, 3, 4, 5, 6))

        found = findings({PROSE: f"{prose} {others} Lot 7 - Other"})

        parts = {code: finding for code, finding in found.items() if code.endswith("_parts")}
        assert {code: [option.value for option in finding.options] for code, finding in parts.items()} == codes

    def test_parts_that_cannot_be_read_are_asked_for(self):
        found = findings({PROSE: "Lot 1 - Art - 16+ Lot 1 - Art - Primary Lot 2 - Art - Primary"})

        unread = {code: finding for code, finding in found.items() if code.endswith("_parts_unread")}
        assert list(unread) == [f"lot_{number}_parts_unread" for number in (1, 3, 4, 5, 6)]
        assert "two places" in unread["lot_1_parts_unread"].explanation
        assert unread["lot_3_parts_unread"].sides[0].text == "not said"

    def test_a_notice_without_that_prose_asks_for_all(self):
        assert len([code for code in findings({"tender.lotDetails": None}) if code.endswith("_parts_unread")]) == 6


class TestTheLaw:
    SCHEME = f"{AGREEMENT}.openFrameworkSchemeEndDate"

    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            ({}, True),
            ({SCHEME: "2034-09-01T23:59:59+01:00"}, True),
            ({SCHEME: "2034-08-31T23:59:59+01:00"}, False),
            ({SCHEME: None}, False),
            ({SCHEME: None, "tender.lots[1].contractPeriod.endDate": "2034-09-01"}, True),
            ({"tender.awardPeriod.endDate": "2028-08-31", SCHEME: "2036-08-30"}, False),
            ({"tender.awardPeriod.endDate": "2028-08-31", SCHEME: "2036-08-31"}, True),
            ({"tender.awardPeriod": None, "tender.contractPeriod": {"endDate": "2040-01-01"}}, False),
        ],
    )
    def test_eight_years_from_the_first_award(self, changes, found):
        eight_years = (
            {f"tender.lots[{index}].contractPeriod.endDate": "2034-08-31" for index in range(7)} if changes else {}
        )

        assert ("term_over_eight_years" in findings({**eight_years, **changes})) is found

    @pytest.mark.parametrize(
        ("light", "end", "found"),
        [(False, "2030-09-01", True), (False, "2030-08-31", False), (True, "2036-08-31", False)],
    )
    def test_four_years_for_a_framework_that_is_neither_open_nor_light_touch(self, light, end, found):
        changes = {f"tender.lots[{index}].contractPeriod.endDate": end for index in range(7)}
        changes |= {f"{AGREEMENT}.isOpenFrameworkScheme": False, self.SCHEME: None}
        changes |= {} if light else {"tender.specialRegime": []}

        assert ("term_over_four_years" in findings(changes)) is found
        assert "term_over_eight_years" not in findings(changes)

    def test_the_days_are_told_with_their_places(self):
        assert texts_of(findings()["term_over_eight_years"]) == [
            (self.SCHEME, "Open framework ends for good: 31 August 2036"),
            ("tender.lots[0].contractPeriod.endDate", "Framework ends: 31 August 2036"),
            ("tender.lots[0].contractPeriod.startDate", "Framework starts: 1 September 2026"),
            ("tender.awardPeriod.endDate", "Decisions by: 10 July 2026"),
        ]

    def test_without_any_dates_there_is_no_term(self):
        changes = {f"tender.lots[{index}].contractPeriod": None for index in range(7)}

        assert "term_over_eight_years" not in findings({**changes, "tender.awardPeriod": None})
        assert "term_over_eight_years" not in findings({**changes, self.SCHEME: None})

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({f"{AGREEMENT}.maximumParticipants": 40}, "40 providers at most"),
            ({f"{AGREEMENT}.maximumParticipants": 1}, "1 provider at most"),
            ({f"{AGREEMENT}.maximumParticipants": Decimal("1e9999")}, None),
            ({f"{AGREEMENT}.maximumParticipants": GONE}, None),
            ({f"{AGREEMENT}.isOpenFrameworkScheme": False}, None),
        ],
    )
    def test_a_limit_on_providers_against_staying_on(self, changes, words):
        finding = findings(changes).get("cap_against_staying_on")

        assert (finding is None) is (words is None)
        assert finding is None or words in finding.explanation

    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            ({}, True),
            ({f"{AGREEMENT}.buyerCategories": "Schools"}, False),
            ({f"{AGREEMENT}.buyerLocationRestrictions": [{"region": "UKH21"}]}, False),
            ({f"{AGREEMENT}.buyerCategories": ""}, True),
        ],
    )
    def test_nobody_is_named_who_may_use_it(self, changes, found):
        assert ("nobody_may_use_it" in findings(changes)) is found

    def test_it_is_no_matter_where_no_school_is_spoken_of(self):
        changes = {"tender.description": "Therapy."}
        changes |= {f"tender.lots[{index}].description": "Therapy." for index in range(7)}

        assert "nobody_may_use_it" not in findings(changes)

    @pytest.mark.parametrize(
        ("description", "found"),
        [
            ("For pupils of compulsory school age.", True),
            ("For compulsory school-aged pupils.", True),
            ("For pupils of statutory school age.", True),
            ("School is compulsory.", False),
        ],
    )
    def test_school_age_beside_16(self, description, found):
        changes = {f"tender.lots[{index}].description": "For all." for index in range(7)}

        assert ("school_age_beside_16" in findings({**changes, "tender.lots[1].description": description})) is found

    def test_school_age_without_16_is_fine(self):
        prose = " ".join(f"Lot {number} - Art - Primary, Secondary" for number in range(1, 7))

        assert "school_age_beside_16" not in findings({PROSE: prose})


class TestFields:
    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            ({f"{AGREEMENT}.type": "open"}, False),
            ({f"{AGREEMENT}.type": GONE}, False),
            ({f"{AGREEMENT}.isOpenFrameworkScheme": False}, False),
            ({f"{AGREEMENT}.maximumParticipants": 5}, True),
        ],
    )
    def test_open_beside_closed(self, changes, found):
        assert ("open_and_closed" in findings(changes)) is found

    @pytest.mark.parametrize(
        ("fee", "found"),
        [
            ({"type": ["win"], "description": "N/A"}, True),
            ({"type": ["document", "win"], "description": " not applicable. "}, True),
            ({"type": ["win"], "description": "None"}, True),
            ({"type": ["win"], "description": "No fee"}, True),
            ({"type": ["win"], "description": "-"}, True),
            ({"type": ["win"], "description": "2% of what is bought"}, False),
            ({"type": ["win"]}, False),
            ({"type": ["document"], "description": "N/A"}, False),
            ({"type": "win", "description": "N/A"}, False),
            ("N/A", False),
        ],
    )
    def test_a_fee_that_is_none(self, fee, found):
        assert ("fee_0" in findings({"tender.participationFees": [fee]})) is found

    @pytest.mark.parametrize(
        ("addresses", "codes"),
        [
            ([{"region": "UKH21"}, {"region": "UKI"}, {"region": "UKH21"}], {"region_twice_2_2"}),
            ([{"region": "UKH21"}, {"region": "UKH21", "locality": "Larkford"}], set()),
            ([{"region": "UKH21"}] * 3, {"region_twice_2_1", "region_twice_2_2"}),
            ([{"country": "GB"}, {"country": "GB"}], set()),
            ("UKH21", set()),
        ],
    )
    def test_a_region_named_twice(self, addresses, codes):
        found = findings({"tender.items[2].deliveryAddresses": addresses})

        assert {code for code in found if code.startswith("region_twice_2")} == codes


class TestTime:
    @pytest.mark.parametrize(
        ("today", "number"),
        [
            (dt.date(2026, 2, 10), 0),
            (dt.date(2026, 2, 11), 1),
            (TODAY, 2),
            (dt.date(2026, 4, 20), 3),
            (dt.date(2026, 4, 21), 4),
        ],
    )
    def test_dates_that_have_passed(self, today, number):
        finding = findings(today=today).get("dates_in_the_past")

        assert len(finding.sides if finding else ()) == number

    def test_a_date_passes_in_england(self):
        late = {"tender.tenderPeriod.endDate": "2026-04-30T23:30:00Z", "tender.enquiryPeriod": None, "planning": None}
        late |= {"tender.communication": None}

        assert "dates_in_the_past" not in findings(late, today=dt.date(2026, 5, 1))
        assert texts_of(findings(late, today=dt.date(2026, 5, 2))["dates_in_the_past"]) == [
            ("tender.tenderPeriod.endDate", "The deadline for applications: 1 May 2026 at 12:30am (UK time)")
        ]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"tender.enquiryPeriod.endDate": "2026-04-20T12:00:01+01:00"}, "order_enquiries_until_closes_at"),
            ({"tender.awardPeriod.endDate": "2026-04-19"}, "order_closes_at_award_by_on"),
            ({"tender.awardPeriod.endDate": "2026-09-02"}, "order_award_by_on_starts_on"),
            ({f"{AGREEMENT}.openFrameworkSchemeEndDate": "2036-08-30"}, "order_ends_on_scheme_ends_on"),
            (
                {"tender.awardPeriod": None, "tender.tenderPeriod.endDate": "2026-09-02T00:00:00Z"},
                "order_closes_at_starts_on",
            ),
            ({"planning.milestones[0].dueDate": "2026-04-20T12:00:01+01:00"}, "order_meeting_0"),
            ({"tender.recurrence.dates[0].startDate": "2026-08-31T00:00:00Z"}, "order_reopening_2_start"),
            ({"tender.recurrence.dates[0].startDate": "2036-09-01T00:00:00Z"}, "order_reopening_2_end"),
        ],
    )
    def test_dates_in_the_wrong_order(self, changes, code):
        found = {name: finding for name, finding in findings(changes).items() if name.startswith("order")}

        assert list(found) == [code]
        assert len(found[code].sides) == 2

    @pytest.mark.parametrize(
        "changes",
        [
            {"tender.enquiryPeriod.endDate": "2026-04-20T12:00:00+01:00"},
            {"tender.awardPeriod.endDate": "2026-04-20"},
            {"tender.awardPeriod.endDate": "2026-09-01"},
            {
                f"{AGREEMENT}.openFrameworkSchemeEndDate": None,
                "tender.recurrence.dates[0].startDate": "2036-08-31T00:00:00Z",
            },
            {"tender.tenderPeriod": None, "planning.milestones[0].dueDate": "2040-01-01T00:00:00Z"},
        ],
    )
    def test_the_same_day_is_in_order(self, changes):
        assert [code for code in findings(changes) if code.startswith("order")] == []


class TestMeasures:
    """Five measures of a direct award, each with one day between reports."""

    def test_daily_reports_are_found_in_a_notice_that_sets_up_no_framework(self):
        award = uk5()

        (finding,) = find(award, understand(award), today=TODAY)

        assert (finding.code, finding.effect) == ("daily_measures", "note")
        assert finding.title == "5 measures are to be reported on every day"
        assert finding.sides[0].path == "awards[0].agreedMetrics[0].observations[0].period.durationInDays"
        assert [side.text for side in finding.sides][:2] == ["Safeguarding: 1 day", "Health and safety: 1 day"]

    @pytest.mark.parametrize(
        ("days", "found"), [(Decimal(1), 1), (Decimal("1.0"), 1), (Decimal(30), 0), ("1", 0), (None, 0), (True, 0)]
    )
    def test_one_day_and_no_other(self, days, found):
        metric = {"observations": [{"period": {"durationInDays": days}}, "x"]}
        notice = {"contracts": [{"agreedMetrics": [metric, 5]}, {"agreedMetrics": "x"}, 5]}

        assert len(find(notice, understand(notice), today=TODAY)) == found
        assert find({"awards": 5}, understand({"awards": 5}), today=TODAY) == ()


def test_no_more_prose_is_read_than_there_is_time_for():
    sentence = "A price above the average plus 15% fails."
    changes = {f"tender.lots[{index}].description": "x " * 10_000 for index in range(7)}
    more = [{"id": str(number), "description": "x " * 10_000} for number in range(8, 28)]
    changes |= {f"tender.lots[{7 + index}]": lot for index, lot in enumerate(more)}
    lots = {**changes, "tender.lots[27]": {"id": "28", "description": sentence}}

    assert "15" not in [option.value for option in findings(lots)["margin_percent"].options]
    assert "15" in [
        option.value for option in findings({"tender.lots[0].description": sentence})["margin_percent"].options
    ]


def test_what_could_not_be_read_is_told_up_to_fifty_times():
    documents = [{"title": ["x"]}] * 60

    found = findings({"tender.documents": documents})

    assert "unread_0" in found
    assert "unread_49" in found
    assert "unread_50" not in found
    assert found["unread_more"].title == "10 more could not be understood"
    assert found["unread_0"].sides[0].path == "tender.documents[0].title"


def test_codes_are_never_the_same_and_fit_where_decisions_keep_them():
    changed = {
        "tender.documents": [{"title": 5.0}],
        PROSE: "x",
        "tender.participationFees": [{"type": ["win"], "description": "-"}] * 2,
    }

    notice = find(release(), understand(release()), today=TODAY)
    codes = [finding.code for finding in notice]

    assert len(codes) == len(set(codes))
    assert max(map(len, [*codes, *findings(changed)])) <= 60
