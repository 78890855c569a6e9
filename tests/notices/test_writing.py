"""The way back: what is written where, so that the notice says what the portal says and everything else stays."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lots.rules.facts import KeyDateFacts, LotFacts, SubLotFacts, TextFacts
from notices.rules import edits, paths, tree
from notices.rules.edits import ABSENT
from notices.rules.errors import BadNotice
from notices.rules.understand import understand
from notices.rules.writing import edits_for
from tests.notices.generated import releases
from tests.notices.sample import body, with_changes

AGREEMENT = "tender.techniques.frameworkAgreement"

SECOND = dt.timedelta(seconds=1)


def written(changed: dict) -> bytes:
    """A tree as JSON."""
    return edits.spelled(changed).encode()


def edited(facts_now, changes: dict | None = None):
    """The edits as path → new value, and what the notice says after them."""
    before = written(with_changes(changes or {}))
    found = tree.read(before)
    made = edits_for(found, understand(found), facts_now)
    after = edits.apply(before, made)
    return {paths.text(edit.path): edit.new for edit in made}, understand(tree.read(after)).facts


def facts(changes: dict | None = None):
    return understand(with_changes(changes or {})).facts


@settings(deadline=None)
@given(releases)
def test_what_was_not_changed_is_not_written(body):
    try:
        found = tree.read(body)
        understanding = understand(found)
    except BadNotice:
        return

    assert edits_for(found, understanding, understanding.facts) == []


def test_a_notice_that_sets_up_no_framework_is_never_written_to():
    assert edits_for({}, understand({}), facts()) == []


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("title", "Another title", {"tender.title": "Another title"}),
        ("title", "", {"tender.title": ABSENT}),
        ("reference", "LK 1", {"tender.id": "LK 1"}),
        ("risks", "None.", {"tender.riskDetails": "None."}),
        ("net_pence", 24_200_001_00, {"tender.value.amount": Decimal(24_200_001)}),
        ("net_pence", 24_200_000_05, {"tender.value.amount": Decimal("24200000.05")}),
        ("gross_pence", None, {"tender.value.amountGross": ABSENT}),
        ("max_participants", 120, {f"{AGREEMENT}.maximumParticipants": Decimal(120)}),
        ("max_participants", None, {f"{AGREEMENT}.maximumParticipants": ABSENT}),
        ("max_lots", 5, {"tender.lotDetails.maximumLotsBidPerSupplier": Decimal(5)}),
        ("is_open", False, {f"{AGREEMENT}.isOpenFrameworkScheme": False}),
        ("above_threshold", False, {"tender.aboveThreshold": False}),
        ("light_touch", False, {"tender.specialRegime[0]": ABSENT}),
        ("with_competition", True, {f"{AGREEMENT}.method": "withReopeningCompetition"}),
        (
            "scheme_ends_on",
            dt.date(2034, 1, 31),
            {f"{AGREEMENT}.openFrameworkSchemeEndDate": "2034-01-31T23:59:59+00:00"},
        ),
        ("award_by_on", dt.date(2026, 8, 10), {"tender.awardPeriod.endDate": "2026-08-10T23:59:59+01:00"}),
        ("award_by_on", None, {"tender.awardPeriod.endDate": ABSENT}),
        (
            "closes_at",
            dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC),
            {"tender.tenderPeriod.endDate": "2026-11-26T12:00:00+00:00"},
        ),
        ("enquiries_until", None, {"tender.enquiryPeriod.endDate": ABSENT}),
    ],
)
def test_one_fact_of_the_framework(field, value, expected):
    now = replace(facts(), **{field: value})

    made, after = edited(now)

    assert made == expected
    assert after == now


@pytest.mark.parametrize(
    ("changes", "field", "value", "expected"),
    [
        (
            {f"{AGREEMENT}.maximumParticipants": Decimal("1e9999")},
            "max_participants",
            50,
            {f"{AGREEMENT}.maximumParticipants": Decimal(50)},
        ),
        ({"tender.lotDetails": None}, "max_lots", 6, {"tender.lotDetails": {"maximumLotsBidPerSupplier": Decimal(6)}}),
        ({"tender.value": None}, "net_pence", 100, {"tender.value": {"amount": Decimal(1), "currency": "GBP"}}),
        ({"tender.value": [1]}, "net_pence", 100, {"tender.value": {"amount": Decimal(1), "currency": "GBP"}}),
        (
            {"tender.value": {"amount": None}},
            "net_pence",
            100,
            {"tender.value.amount": 1, "tender.value.currency": "GBP"},
        ),
        ({"tender.specialRegime": []}, "light_touch", True, {"tender.specialRegime[0]": "lightTouch"}),
        ({"tender.specialRegime": "x"}, "light_touch", True, {"tender.specialRegime": ["lightTouch"]}),
        ({"tender.title": ["x"]}, "title", "Said at last", {"tender.title": "Said at last"}),
        (
            {f"{AGREEMENT}.method": "withReopeningCompetition"},
            "with_competition",
            False,
            {f"{AGREEMENT}.method": "withoutReopeningCompetition"},
        ),
        (
            {"tender.contractPeriod": {"startDate": "2026-09-01"}},
            "ends_on",
            dt.date(2034, 8, 31),
            {"tender.contractPeriod.endDate": "2034-08-31T23:59:59+01:00"},
        ),
        (
            {"tender.contractPeriod": {"startDate": "2026-09-01", "endDate": "2036-08-31"}},
            "starts_on",
            dt.date(2026, 12, 1),
            {"tender.contractPeriod.startDate": "2026-12-01"},
        ),
    ],
)
def test_where_the_notice_says_it_in_another_way_or_not_at_all(changes, field, value, expected):
    now = replace(facts(changes), **{field: value})

    made, after = edited(now, changes)

    assert made == expected
    assert after == now


def test_a_limit_that_the_notice_writes_as_no_maximum_stays_as_it_was():
    changes = {f"{AGREEMENT}.maximumParticipants": Decimal("1e9999")}

    made, _ = edited(replace(facts(changes), title="x"), changes)

    assert made == {"tender.title": "x"}


class TestTheTerm:
    def test_a_term_of_the_frameworks_own_is_changed_at_both_ends(self):
        changes = {"tender.contractPeriod": {"startDate": "2026-09-01"}}
        now = replace(facts(changes), starts_on=None, ends_on=dt.date(2034, 8, 31))

        made, after = edited(now, changes)

        assert set(made) == {"tender.contractPeriod.startDate", "tender.contractPeriod.endDate"}
        assert after == now

    def test_lots_that_have_the_frameworks_days_move_with_it(self):
        changes = {"tender.lots[6].contractPeriod.endDate": "2030-01-01T00:00:00Z"}

        made, after = edited(replace(facts(changes), ends_on=dt.date(2034, 8, 31)), changes)

        assert list(made) == [f"tender.lots[{index}].contractPeriod.endDate" for index in range(6)]
        assert set(made.values()) == {"2034-08-31T23:59:59+01:00"}
        assert after.ends_on == dt.date(2034, 8, 31)
        assert after.lots[6].ends_on == dt.date(2030, 1, 1)

    def test_a_lot_that_was_moved_by_itself_stays_there(self):
        was = facts()
        lots = (replace(was.lots[0], ends_on=dt.date(2033, 1, 1)), *was.lots[1:-1])

        made, after = edited(replace(was, ends_on=dt.date(2034, 8, 31), lots=lots))

        assert made["tender.lots[0].contractPeriod.endDate"] == "2033-01-01T23:59:59+00:00"
        assert made["tender.lots[6]"] is ABSENT
        assert after.ends_on == dt.date(2034, 8, 31)


class TestLots:
    def test_each_fact_of_a_lot(self):
        was = facts()
        now = replace(
            was.lots[1],
            title="Therapy",
            description="",
            net_pence=1_350_000_50,
            for_small=False,
            starts_on=dt.date(2026, 12, 1),
            ends_on=None,
        )

        made, after = edited(replace(was, lots=(was.lots[0], now, *was.lots[2:])))

        assert made == {
            "tender.lots[1].title": "Therapy",
            "tender.lots[1].description": ABSENT,
            "tender.lots[1].value.amount": Decimal("1350000.50"),
            "tender.lots[1].suitability.sme": False,
            "tender.lots[1].contractPeriod.startDate": "2026-12-01T00:00:00+00:00",
            "tender.lots[1].contractPeriod.endDate": ABSENT,
        }
        assert after.lots[1] == now

    def test_parts_and_lots_that_come_by_themselves_stand_in_prose_and_give_no_edit(self):
        was = facts()
        now = replace(was.lots[0], is_auto=True, sub_lots=(SubLotFacts("A", "primary"),))

        assert edited(replace(was, lots=(now, *was.lots[1:])))[0] == {}

    def test_regions_come_and_go_address_by_address(self):
        was = facts()
        now = replace(was.lots[0], regions=("UKI", "UKJ"))

        made, after = edited(replace(was, lots=(now, *was.lots[1:])))

        new = {"country": "GB", "countryName": "United Kingdom"}
        assert made == {
            "tender.items[0].deliveryAddresses[0]": ABSENT,
            "tender.items[0].deliveryAddresses[1]": ABSENT,
            "tender.items[0].deliveryAddresses[2]": {"region": "UKI", **new},
            "tender.items[0].deliveryAddresses[3]": {"region": "UKJ", **new},
        }
        assert after.lots[0] == now

    def test_a_region_that_stays_is_not_touched(self):
        was = facts()
        now = replace(was.lots[0], regions=("UKH21", "UKI"))

        made, after = edited(replace(was, lots=(now, *was.lots[1:])))

        assert list(made) == ["tender.items[0].deliveryAddresses[2]"]
        assert after.lots[0] == now

    @pytest.mark.parametrize("items", [None, [], [{"id": "x", "relatedLot": "2"}]])
    def test_a_lot_without_an_item_gets_one(self, items):
        changes = {"tender.items": items}
        was = facts(changes)
        now = replace(was.lots[0], regions=("UKI",))

        _, after = edited(replace(was, lots=(now, *was.lots[1:])), changes)

        assert after.lots[0] == now

    def test_an_items_lot_may_be_a_number(self):
        changes = {"tender.items[0].relatedLot": 1}
        was = facts(changes)

        made, _ = edited(replace(was, lots=(replace(was.lots[0], regions=()), *was.lots[1:])), changes)

        assert set(made) == {"tender.items[0].deliveryAddresses[0]", "tender.items[0].deliveryAddresses[1]"}

    def test_a_lot_goes_with_its_items_and_what_was_borrowed_from_it_is_written_out(self):
        was = facts()

        made, after = edited(replace(was, lots=was.lots[1:]))

        assert made["tender.lots[0]"] is ABSENT
        assert made["tender.items[0]"] is ABSENT
        assert made["tender.lots[1].awardCriteria.weightingDescription"] == was.lots[0].texts[0].published
        assert [text.resolved for text in after.lots[0].texts] == [text.resolved for text in was.lots[1].texts]
        assert [lot.number for lot in after.lots] == ["2", "3", "4", "5", "6", "7"]

    def test_a_new_lot_is_put_behind_the_others(self):
        was = facts()
        new = LotFacts(
            "8",
            "Music",
            "Music for pupils who cannot be in school.",
            10_000_00,
            12_000_00,
            for_small=True,
            starts_on=dt.date(2026, 9, 1),
            ends_on=dt.date(2036, 8, 31),
            regions=("UKH21",),
            texts=(
                TextFacts("weighting", "", "As Lot 1", was.lots[0].texts[0].resolved, "1"),
                TextFacts("award", "Quality", "All of it.", "All of it."),
                TextFacts("selection", "technical", "See Lot 1", was.lots[0].texts[3].resolved, "1"),
                TextFacts("options", "", "None.", "None."),
            ),
        )

        made, after = edited(replace(was, lots=(*was.lots, new)))

        assert list(made) == ["tender.items[7]", "tender.lots[7]"]
        assert after == replace(was, lots=(*was.lots, new))

    def test_a_text_is_written_where_it_stands_by_what_it_is_called(self):
        was = facts()
        first = was.lots[0]
        technical = replace(first.texts[3], published="Other words.", resolved="Other words.")
        now = replace(first, texts=(first.texts[0], technical, first.texts[4]))

        made, _ = edited(replace(was, lots=(now, *was.lots[1:])))

        assert made == {
            "tender.lots[0].awardCriteria.criteria[0].description": ABSENT,
            "tender.lots[0].selectionCriteria.criteria[0].description": ABSENT,
            "tender.lots[0].selectionCriteria.criteria[1].description": "Other words.",
        }


class TestKeyDates:
    LATER = dt.datetime(2028, 6, 1, 11, tzinfo=dt.UTC)

    def test_dates_are_changed_where_they_stand(self):
        was = facts()
        now = [replace(date, at=self.LATER) for date in was.key_dates]
        now[0] = replace(now[0], description="One meeting.")

        made, after = edited(replace(was, key_dates=tuple(now)))

        assert made == {
            "planning.milestones[0].description": "One meeting.",
            "planning.milestones[0].dueDate": "2028-06-01T12:00:00+01:00",
            "tender.communication.futureNoticeDate": "2028-06-01T12:00:00+01:00",
            "tender.recurrence.dates[0].startDate": "2028-06-01T12:00:00+01:00",
        }
        assert after.key_dates == tuple(now)

    def test_they_go(self):
        made, after = edited(replace(facts(), key_dates=()))

        assert made == {
            "planning.milestones[0]": ABSENT,
            "tender.communication.futureNoticeDate": ABSENT,
            "tender.recurrence.dates[0]": ABSENT,
            "tender.hasRecurrence": False,
        }
        assert after.key_dates == ()

    def test_they_come(self):
        changes = {
            "planning": None,
            "tender.communication": None,
            "tender.recurrence": None,
            "tender.hasRecurrence": False,
        }
        new = tuple(
            KeyDateFacts(kind, self.LATER, "" if kind == "notice" else words)
            for kind, words in [("engagement", "Come."), ("notice", ""), ("reopening", "Again."), ("other", "")]
        )

        made, after = edited(replace(facts(changes), key_dates=new), changes)

        assert made["tender.hasRecurrence"] is True
        assert after.key_dates == new

    def test_documents_of_a_notice_are_its_own_and_are_not_written(self):
        assert edited(replace(facts(), documents=()))[0] == {}


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)
pence = st.one_of(st.none(), st.integers(0, 10**13))
days = st.one_of(st.none(), st.dates(dt.date(2020, 1, 1), dt.date(2060, 12, 31)))
moments = st.one_of(
    st.none(),
    st.integers(0, 15_000 * 86_400).map(lambda seconds: dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + seconds * SECOND),
)
limits = st.one_of(st.none(), st.integers(1, 2**31 - 1))
changed_facts = st.fixed_dictionaries(
    {},
    optional={
        "title": words,
        "payment_terms": words,
        "net_pence": pence,
        "gross_pence": pence,
        "max_participants": limits,
        "max_lots": limits,
        "scheme_ends_on": days,
        "award_by_on": days,
        "closes_at": moments,
        "enquiries_until": moments,
        "is_open": st.booleans(),
        "light_touch": st.booleans(),
        "with_competition": st.booleans(),
    },
)
changed_lots = st.dictionaries(
    st.integers(0, 6),
    st.fixed_dictionaries(
        {}, optional={"title": words, "net_pence": pence, "gross_pence": pence, "for_voluntary": st.booleans()}
    ),
)


@settings(max_examples=150, deadline=None)
@given(changed_facts, changed_lots)
def test_after_the_edits_the_notice_says_what_the_portal_says(of_framework, of_lots):
    was = facts()
    lots = tuple(replace(lot, **of_lots.get(index, {})) for index, lot in enumerate(was.lots))
    now = replace(was, **of_framework, lots=lots)
    notice = tree.read(body())

    made = edits_for(notice, understand(notice), now)
    after = edits.apply(body(), made)

    assert understand(tree.read(after)).facts == now
    again = tree.read(after)
    assert edits_for(again, understand(again), now) == []
    assert json.loads(after)["parties"] == json.loads(body())["parties"]


def test_every_field_of_a_framework_is_written_or_said_to_stand_in_prose():
    """A new field is either written back or stands here with its reason."""
    not_written = {"ocid": "never changes", "documents": "the notice's own"}
    other = {"starts_on": dt.date(2027, 1, 1), "lots": (), "key_dates": ()}
    was = facts()
    for field in dataclasses.fields(was):
        value = getattr(was, field.name)
        if field.name in other:
            new = other[field.name]
        elif isinstance(value, bool):
            new = not value
        elif isinstance(value, str):
            new = "other"
        elif isinstance(value, int):
            new = value + 1
        else:
            new = value - dt.timedelta(days=1) if isinstance(value, dt.date) else ()
        assert bool(edited(replace(was, **{field.name: new}))[0]) is (field.name not in not_written), field.name
