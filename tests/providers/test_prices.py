"""Lots, prices and the bidder's own part as tables: what is typed, what it means, what is said of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.money import Money
from providers.rules import lots, organisation, prices
from providers.rules.countdown import left_in_words
from providers.rules.draft import Part
from providers.rules.offer import Line, OfferedLot
from providers.rules.offer import Part as LotPart
from providers.rules.progress import Progress, progress, together
from providers.rules.reading import Bidder, Context, Held, Problem, Reading
from tests.providers.offers import offer

TODAY = dt.date(2026, 4, 1)


def line(pk, unit="half_day", *, required=True, gated=True, title="Half-day session"):
    return Line(pk, title, unit, unit.replace("_", "-"), "At the provider's site", "Small group", "", gated, required)


def lot(pk, number, *, parts="", lines=(), is_auto=False):
    phases = {"A": "Primary", "B": "Secondary", "C": "16+"}
    offered = tuple(LotPart(pk * 10 + place, letter, letter, phases[letter]) for place, letter in enumerate(parts, 1))
    return OfferedLot(pk, number, f"Lot of {number}", "", is_auto, offered, tuple(lines))


LOTS = (
    lot(1, "1", parts="BC", lines=[line(11), line(12, "day", required=False, title="Whole day")]),
    lot(2, "2", parts="ABC", lines=[line(21)]),
    lot(3, "3", lines=[line(31, "hour", title="Hour")]),
    lot(7, "7", lines=[line(71)], is_auto=True),
)


def context(chosen=None, library=(), numbers=None, **fields) -> Context:
    return Context(
        offer(**{"lots": LOTS} | fields),
        Bidder(1, "Ash House", numbers or {}),
        {one.version: one for one in library},
        TODAY,
        chosen or {},
    )


class TestLots:
    """Which lots an application is for."""

    @pytest.mark.parametrize(
        ("answers", "chosen"),
        [
            ({}, []),
            ({"lot_1": ["11"]}, [{"lot": 1, "parts": [11]}]),
            ({"lot_1": ["12", "11"]}, [{"lot": 1, "parts": [11, 12]}]),  # in the order of the framework
            ({"lot_1": "11"}, [{"lot": 1, "parts": [11]}]),
            ({"lot_2": ["21"], "lot_1": ["11"]}, [{"lot": 1, "parts": [11]}, {"lot": 2, "parts": [21]}]),
            ({"lot_3": ["whole"]}, [{"lot": 3, "parts": []}]),
            ({"lot_3": ["31"]}, []),
            ({"lot_1": ["21"]}, []),  # a part of another lot
            ({"lot_1": ["whole"]}, []),  # its parts are chosen one by one
            ({"lot_7": ["whole"]}, []),  # nobody applies for it
            ({"lot_99": ["1"], "other": "x"}, []),
        ],
    )
    def test_what_was_ticked(self, answers, chosen):
        reading = lots.read(answers, context())

        assert reading.values == {"lots": chosen}
        assert reading.begun == bool(chosen)

    @pytest.mark.parametrize(
        ("limit", "counts_parts", "answers", "texts"),
        [
            (None, False, {}, ["Choose at least one lot that you apply for"]),
            (None, False, {"lot_1": ["11"], "lot_2": ["21"]}, []),
            (2, False, {"lot_1": ["11", "12"], "lot_2": ["21", "22"]}, []),
            (1, False, {"lot_1": ["11"], "lot_2": ["21"]},
             ["You can apply for 1 lot at most, and have chosen 2. Take away 1"]),
            (2, True, {"lot_1": ["11", "12"]}, []),
            (2, True, {"lot_1": ["11", "12"], "lot_3": ["whole"]},
             ["You can apply for 2 parts at most, and have chosen 3. Take away 1"]),
        ],
    )  # fmt: skip
    def test_the_limit(self, limit, counts_parts, answers, texts):
        reading = lots.read(answers, context(max_lots=limit, limit_counts_parts=counts_parts))

        assert [problem.text for problem in reading.problems] == texts
        assert all(problem.stops and problem.field == "lot_1" for problem in reading.problems)

    def test_a_framework_that_offers_nothing(self):
        assert lots.read({}, context(lots=())).problems[0].field == ""

    def test_the_way_back(self):
        answers = {"lot_1": ["11", "12"], "lot_3": ["whole"]}
        gone = [{"lot": 99, "parts": []}, {"lot": 7, "parts": []}]
        values = lots.read(answers, context()).values["lots"]

        assert lots.write({"lots": [*values, *gone]}, context()) == answers
        assert lots.write({}, context()) == {}


ONE = {1: (11, 12)}


class TestPrices:
    """One price for each pool."""

    def test_a_price_for_each_line_of_a_chosen_lot(self):
        found = prices.pools(context({1: (11,), 3: ()}))

        assert [(pool.key, pool.name) for pool in found] == [
            ("11_0", "lot 1, “Half-day session”"),
            ("12_0", "lot 1, “Whole day”"),
            ("31_0", "lot 3, “Hour”"),
        ]

    def test_or_for_each_line_of_each_chosen_part(self):
        found = prices.pools(context({1: (12,), 2: (21, 23), 3: ()}, price_per_part=True))

        assert [(pool.key, pool.name) for pool in found] == [
            ("11_12", "lot 1C, “Half-day session”"),
            ("12_12", "lot 1C, “Whole day”"),
            ("21_21", "lot 2A, “Half-day session”"),
            ("21_23", "lot 2C, “Half-day session”"),
            ("31_0", "lot 3, “Hour”"),
        ]

    @pytest.mark.parametrize(
        ("typed", "pence"),
        [("45", 4500), (" £1,234.50 ", 123_450), ("0.01", 1), ("45.5", 4550), ("£ 45", 4500)],
    )
    def test_a_price_as_people_type_it(self, typed, pence):
        reading = prices.read({"price_21_0": typed, "vat_all": "exempt"}, context({2: (21,)}))

        assert reading.problems == ()
        assert reading.values["prices"] == [
            {"lot": 2, "part": None, "line": 21, "pence": pence, "vat": "exempt", "hours": None}
        ]

    @pytest.mark.parametrize(
        "typed",
        [
            "1e3",
            "1_000",
            "٣٣",
            "-0",
            "-1",
            "+1",
            "NaN",
            "inf",
            "1.234",
            "1.",
            "1,23",
            "forty",
            "£",
            "0x10",
            "４５",
            "1 000",
        ],
    )
    def test_what_could_mean_two_things_is_told_and_is_no_price(self, typed):
        reading = prices.read({"price_21_0": typed, "vat_all": "exempt"}, context({2: (21,)}))

        assert reading.values == {"prices": []}
        [problem] = reading.problems
        assert problem.text.startswith("Your price for lot 2, “Half-day session”: enter an amount")
        assert (problem.field, problem.lot, problem.stops) == ("price_21_0", 2, False)

    @pytest.mark.parametrize("typed", ["0", "0.00", "£0"])
    def test_nothing_is_no_price(self, typed):
        [problem] = prices.read({"price_21_0": typed, "vat_all": "exempt"}, context({2: (21,)})).problems

        assert "above £0.00" in problem.text

    def test_a_required_price_is_missed_and_an_optional_one_is_not(self):
        reading = prices.read({"vat_all": "exempt"}, context(ONE))

        assert reading.problems == (Problem("Enter your price for lot 1, “Half-day session”", "price_11_0", 1),)

    @pytest.mark.parametrize(
        ("answers", "vat"),
        [
            ({"vat_all": "exempt"}, "exempt"),
            ({"vat_all": "exempt", "vat_21_0": "standard"}, "standard"),
            ({"vat_21_0": "not_reg"}, "not_reg"),
        ],
    )
    def test_vat_is_said_for_all_or_beside_a_price(self, answers, vat):
        reading = prices.read(answers | {"price_21_0": "45"}, context({2: (21,)}))

        assert reading.values["prices"][0]["vat"] == vat

    @pytest.mark.parametrize(
        ("answers", "field", "lot"),
        [
            ({}, "vat_all", None),
            ({"vat_all": "some"}, "vat_21_0", 2),
            ({"vat_all": "exempt", "vat_21_0": "x"}, "vat_21_0", 2),
        ],
    )
    def test_a_price_without_vat_is_none_yet(self, answers, field, lot):
        reading = prices.read(answers | {"price_21_0": "45"}, context({2: (21,)}))

        assert reading.values == {"prices": []}
        assert [(problem.field, problem.lot) for problem in reading.problems] == [(field, lot)]

    def test_vat_that_one_lot_lacks_keeps_no_other_back(self):
        answers = {"price_11_0": "45", "vat_11_0": "exempt", "price_21_0": "45"}

        [problem] = prices.read(answers, context({1: (11,), 2: (21,)})).problems

        assert problem == Problem("Say how VAT is charged on your prices for lot 2", "vat_all", 2)

    @pytest.mark.parametrize(
        ("first", "second", "asked"),
        [("45", "450", False), ("45", "450.01", True), ("450.01", "45", True), ("45", "45", False)],
    )
    def test_ten_times_another_of_ones_own_is_asked_about_and_stands(self, first, second, asked):
        answers = {"price_11_0": first, "price_21_0": second, "vat_all": "exempt"}

        reading = prices.read(answers, context({1: (11,), 2: (21,)}))

        assert len(reading.values["prices"]) == 2
        assert reading.problems == ()
        assert len(reading.notices) == asked
        assert all("are both what you meant?" in notice.text for notice in reading.notices)

    def test_prices_of_different_units_are_not_compared(self):
        answers = {"price_21_0": "450.01", "price_31_0": "45", "vat_all": "exempt"}

        assert prices.read(answers, context({2: (21,), 3: ()})).notices == ()

    def test_a_price_beyond_belief_is_asked_about(self):
        answers = {"price_21_0": "10000", "vat_all": "exempt"}

        [notice] = prices.read(answers, context({2: (21,)})).notices

        assert notice.text.startswith("£10,000.00 for one half-day")

    @pytest.mark.parametrize(("other", "told"), [("standard", True), ("exempt", False)])
    def test_who_is_not_registered_charges_no_vat(self, other, told):
        answers = {"price_11_0": "45", "vat_11_0": "not_reg", "price_21_0": "45", "vat_21_0": other}

        notices = prices.read(answers, context({1: (11,), 2: (21,)})).notices

        assert any("not registered for it" in notice.text for notice in notices) == told

    @pytest.mark.parametrize(
        ("typed", "unit", "hours"),
        [
            ("3", "half_day", "3"), ("2.5", "half_day", "2.5"), ("2.50", "half_day", "2.5"), ("03", "half_day", "3"),
            ("0.25", "half_day", "0.25"), ("12", "half_day", "12"), ("12.01", "half_day", None), ("24", "day", "24"),
            ("168", "week", "168"), ("168.5", "week", None), ("0", "day", None), ("0.00", "day", None),
            ("-1", "day", None), ("1e1", "day", None), ("٣", "day", None), ("1", "hour", None), ("x", "day", None),
            ("1.234", "day", None), ("3.0", "day", "3"),
        ],
    )  # fmt: skip
    def test_hours_as_people_type_them(self, typed, unit, hours):
        assert prices.read_hours(typed, unit) == hours

    @pytest.mark.parametrize(
        ("pence", "hours", "hour"),
        [(4500, "2.5", 1800), (4500, "3", 1500), (1000, "3", 333), (2000, "3", 667), (1, "2", 1), (1, "3", 0)],
    )
    def test_what_an_hour_comes_to(self, pence, hours, hour):
        assert prices.hourly(pence, hours) == Money(hour)

    def test_hours_that_cannot_be_leave_the_price_as_it_is(self):
        answers = {"price_21_0": "45", "hours_21_0": "300", "vat_all": "exempt"}

        reading = prices.read(answers, context({2: (21,)}))

        assert reading.values["prices"][0]["hours"] is None
        assert reading.problems == ()
        assert [notice.field for notice in reading.notices] == ["hours_21_0"]

    def test_where_nothing_is_priced_nothing_is_missing(self):
        bare = (replace(LOTS[2], lines=()),)

        assert prices.read({}, context({3: ()}, lots=bare)).done
        assert not prices.read({}, context({}, lots=bare)).begun

    def test_the_way_back(self):
        answers = {"price_11_12": "1,234.50", "vat_11_12": "exempt", "hours_11_12": "2.5"}
        read_from = context({1: (12,)}, price_per_part=True)

        values = prices.read(answers, read_from).values

        assert prices.write(values, read_from) == answers
        assert prices.write({"prices": [values["prices"][0] | {"hours": None}]}, read_from) == {
            "price_11_12": "1,234.50",
            "vat_11_12": "exempt",
        }
        assert prices.write({}, read_from) == {}


CDP = Held(5, 1, 1, "Supplier information", "cdp", "cdp.pdf", "ab" * 32, dt.date(2026, 3, 1), None, True, True)
WHOLE = {
    "share_code": "6BcD7fGh",
    "evidence_cdp": "5",
    "cdp_on_0": "2",
    "cdp_on_1": "3",
    "cdp_on_2": "2026",
    "contact_name": "Alice",
    "contact_email": "alice@ash-house.example",
    "size": "small",
    "vcse": "no",
    "since": "2019",
    "history": "We have taught twelve pupils.",
}


class TestOrganisation:
    """The part about the bidder."""

    def test_nothing_is_missing_where_all_is_said(self):
        reading = organisation.read(WHOLE, context(library=[CDP]))

        assert reading.done
        assert reading.values == {
            "share_code": "6BcD7fGh",
            "cdp": {"version": 5, "sha256": "ab" * 32},
            "cdp_on": "2026-03-02",
            "contact": {"name": "Alice", "email": "alice@ash-house.example", "phone": ""},
            "size": "small",
            "sme": True,
            "vcse": False,
            "since": 2019,
            "history": "We have taught twelve pupils.",
        }

    def test_nothing_typed_is_asked_for_in_words(self):
        reading = organisation.read({}, context())

        assert not reading.begun
        assert [problem.field for problem in reading.problems] == [
            *("share_code", "evidence_cdp", "cdp_on", "contact_name", "contact_email", "size", "vcse", "since"),
            "history",
        ]

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"share_code": "6BcD7fG"}, "share_code"),
            ({"share_code": "6BcD7fGA"}, "share_code"),
            ({"evidence_cdp": "6"}, "evidence_cdp"),
            ({"evidence_cdp": "five"}, "evidence_cdp"),
            ({"cdp_on_0": "31", "cdp_on_1": "2"}, "cdp_on"),
            ({"cdp_on_0": "x"}, "cdp_on"),
            ({"cdp_on_0": ""}, "cdp_on"),
            ({"cdp_on_0": "2", "cdp_on_1": "4"}, "cdp_on"),  # tomorrow
            ({"contact_name": " "}, "contact_name"),
            ({"contact_email": "alice"}, "contact_email"),
            ({"contact_email": "alice@ash house.example"}, "contact_email"),
            ({"contact_email": f"{'a' * 250}@b.example"}, "contact_email"),
            ({"contact_phone": "12"}, "contact_phone"),
            ({"contact_phone": "call me on 01632 960001"}, "contact_phone"),
            ({"size": "huge"}, "size"),
            ({"vcse": "perhaps"}, "vcse"),
            ({"since": "19"}, "since"),
            ({"since": "2027"}, "since"),
            ({"since": "1799"}, "since"),
            ({"history": "x" * 2001}, "history"),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field(self, changed, field):
        reading = organisation.read(WHOLE | changed, context(library=[CDP]))

        assert [problem.field for problem in reading.problems] == [field]

    @pytest.mark.parametrize("phone", ["", "01632 960001", "+44 (0)1632 960-001"])
    def test_a_telephone_number_may_be_left_out(self, phone):
        assert organisation.read(WHOLE | {"contact_phone": phone}, context(library=[CDP])).done

    @pytest.mark.parametrize(("size", "sme"), [("micro", True), ("medium", True), ("large", False)])
    def test_fewer_than_250_people_are_a_small_or_medium_sized_firm(self, size, sme):
        assert organisation.read(WHOLE | {"size": size}, context(library=[CDP])).values["sme"] is sme

    def test_the_share_code_of_the_registration_stands_where_none_is_typed(self):
        registered = context(library=[CDP], numbers={"share_code": "7GhJ8kLm"})

        assert organisation.read(WHOLE | {"share_code": ""}, registered).values["share_code"] == "7GhJ8kLm"
        assert organisation.read(WHOLE, registered).values["share_code"] == "6BcD7fGh"

    def test_the_day_on_the_document_stands_where_none_is_typed(self):
        answers = {name: value for name, value in WHOLE.items() if not name.startswith("cdp_on")}

        assert organisation.read(answers, context(library=[CDP])).values["cdp_on"] == "2026-03-01"

    @pytest.mark.parametrize(("day", "told"), [("29", True), ("1", False)])
    def test_old_supplier_information_is_asked_about(self, day, told):
        month = "9" if told else "10"
        answers = WHOLE | {"cdp_on_0": day, "cdp_on_1": month, "cdp_on_2": "2025"}

        reading = organisation.read(answers, context(library=[CDP]))

        assert reading.done
        assert len(reading.notices) == told

    def test_a_document_that_harms_is_named(self):
        reading = organisation.read(WHOLE, context(library=[replace(CDP, usable=False)]))

        assert reading.values["cdp"] is None
        assert "something harmful" in reading.problems[0].text

    def test_the_way_back_asks_for_supplier_information_anew(self):
        values = organisation.read(WHOLE | {"contact_phone": "01632 960001"}, context(library=[CDP])).values

        answers = organisation.write(values, context())

        kept = {name: value for name, value in WHOLE.items() if not name.startswith(("cdp", "evidence", "share"))}
        assert answers == kept | {"contact_phone": "01632 960001"}
        assert organisation.write(values | {"vcse": True}, context())["vcse"] == "yes"
        assert organisation.write({}, context()) == {}


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (dt.timedelta(days=12, hours=5), "12 days"),
        (dt.timedelta(days=3), "3 days"),
        (dt.timedelta(days=2, hours=23, minutes=59), "2 days 23 hours"),
        (dt.timedelta(days=1), "1 day"),
        (dt.timedelta(hours=3, minutes=12, seconds=59), "3 hours 12 minutes"),
        (dt.timedelta(hours=1), "1 hour"),
        (dt.timedelta(minutes=59, seconds=59), "59 minutes"),
        (dt.timedelta(minutes=10), "10 minutes"),
        (dt.timedelta(minutes=9, seconds=5), "9 minutes 5 seconds"),
        (dt.timedelta(minutes=1, seconds=1), "1 minute 1 second"),
        (dt.timedelta(seconds=59, microseconds=999_999), "59 seconds"),
        (dt.timedelta(0), "0 seconds"),
        (dt.timedelta(microseconds=-1), ""),
    ],
)
def test_time_left_is_never_more_than_there_is(left, words):
    at = dt.datetime(2026, 4, 20, 8, 0, tzinfo=dt.UTC)

    assert left_in_words(at + left, at) == words


MISSING = Problem("Enter it", "a")


@pytest.mark.parametrize(
    ("part", "reading", "found"),
    [
        (Part(), Reading({}), Progress.NOT_STARTED),
        (Part({"b": "x"}), Reading({}, (MISSING,), True), Progress.IN_PROGRESS),
        (Part({"a": "x"}), Reading({}, (MISSING,), True), Progress.ATTENTION),
        (Part({"a_1": "x"}), Reading({}, (MISSING,), True), Progress.ATTENTION),
        (Part({"a": "x"}), Reading({}, (Problem("Something"),), True), Progress.IN_PROGRESS),
        (Part({"a": "x"}), Reading({}, (), True), Progress.COMPLETED),
        (Part({"a": "x"}, carried=True), Reading({}, (), True), Progress.CARRIED),
        (Part({"a": "x"}, carried=True), Reading({"not_asked": "online_only"}, (), True), Progress.COMPLETED),
    ],
)
def test_how_far_a_part_is(part, reading, found):
    assert progress(part, reading) == found


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([], Progress.NOT_STARTED),
        ([Progress.NOT_STARTED] * 2, Progress.NOT_STARTED),
        ([Progress.COMPLETED] * 2, Progress.COMPLETED),
        ([Progress.COMPLETED, Progress.NOT_STARTED], Progress.IN_PROGRESS),
        ([Progress.CARRIED, Progress.COMPLETED], Progress.CARRIED),
        ([Progress.CARRIED, Progress.ATTENTION], Progress.ATTENTION),
    ],
)
def test_several_parts_as_one(parts, found):
    assert together(parts) == found


def test_a_tag_has_its_words_and_its_colour():
    assert (Progress.CARRIED.words, Progress.CARRIED.colour) == ("Carried over: check", "yellow")
