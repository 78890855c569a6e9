"""What is missing before a framework can be published, what is to think about, and the list of tasks made from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from lots.rules import outline, readiness
from lots.rules.outline import LotDraft
from lots.rules.price_lines import USUAL, Priced
from lots.rules.readiness import Before, Setup, Value
from lots.rules.refusals import Refused
from lots.rules.timetable import Timetable

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
D = dt.date
DATES = Timetable(
    enquiries_until=dt.datetime(2026, 4, 14, 11, tzinfo=dt.UTC),
    closes_at=dt.datetime(2026, 4, 20, 11, tzinfo=dt.UTC),
    award_by_on=D(2026, 7, 10),
    starts_on=D(2026, 9, 1),
    ends_on=D(2030, 8, 31),
    scheme_ends_on=D(2034, 8, 31),
)
LOT = Priced(number="1", title="Vocational", is_auto=False, parts=2, lines=(USUAL["half_day"],))
AUTO = Priced(number="7", title="Other", is_auto=True, parts=0, lines=())
READY = Setup(
    description="For children who cannot be in school.",
    is_open=True,
    light_touch=True,
    value=Value(300, 360),
    max_participants=None,
    over_limit_rule="",
    pool="line",
    call_off="buyer",
    permitted_users=0,
    has_standards=True,
    timetable=DATES,
    decided=frozenset({"call_off", "sides"}),
    lots=(LOT, AUTO),
    values=(Value(200, 240), Value(100, 120)),
    recovery="tried",
)


def dates(**changes) -> Setup:
    return replace(READY, timetable=replace(DATES, **changes))


LONGER = dates(scheme_ends_on=D(2036, 8, 31))


@pytest.mark.parametrize(
    ("setup", "blocks", "warns"),
    [
        (READY, [], []),
        (replace(READY, description=" \n"), ["description"], []),
        (replace(READY, value=Value(None, 360)), ["value"], []),
        (replace(READY, value=Value(300, None)), [], ["gross_value"]),
        (replace(READY, max_participants=100), [], ["over_limit"]),
        (replace(READY, max_participants=100, over_limit_rule="By lot"), [], []),
        (replace(READY, lots=(), values=()), ["lots"], []),
        (replace(READY, lots=(AUTO,), values=(Value(None, None),)), ["lots"], []),
        (replace(READY, values=(Value(200, 240), Value(101, 120))), [], ["net_pence_apart"]),
        (replace(READY, values=(Value(200, 240), Value(100, 121))), [], ["gross_pence_apart"]),
        (replace(READY, values=(Value(200, 240), Value(None, None))), [], []),
        (replace(READY, lots=(replace(LOT, lines=()), AUTO)), ["no_lines"], []),
        (replace(READY, pool="sub_lot"), [], ["split_by_part"]),
        (replace(READY, has_standards=False), ["standards"], []),
        (replace(READY, undecided=("Margin", "Whose prices count")), ["policy", "policy"], []),
        (replace(READY, decided=frozenset({"call_off"})), [], ["policies_untouched"]),
        (dates(closes_at=None, enquiries_until=None), ["closes_at"], ["enquiries_until"]),
        (dates(starts_on=None), ["starts_on"], []),
        (dates(ends_on=None), ["ends_on"], []),
        (dates(scheme_ends_on=None), ["scheme_ends_on"], []),
        (replace(dates(scheme_ends_on=None), is_open=False), [], []),
        (dates(award_by_on=None), [], ["award_by_on"]),
        (dates(ends_on=D(2026, 8, 31)), ["ends_on_order"], []),
        (dates(closes_at=dt.datetime(2026, 2, 27, 12, tzinfo=dt.UTC), enquiries_until=None), [],
         ["enquiries_until", "closes_at_caution"]),
        (LONGER, ["term_over_eight_years"], []),
        (replace(LONGER, decided=READY.decided | {"term_over_eight_years"}), [], ["term_over_eight_years"]),
        (replace(READY, is_open=False, light_touch=False), [], []),
        (
            replace(dates(ends_on=D(2030, 9, 1)), is_open=False, light_touch=False),
            [],
            ["term_over_four_years"],
        ),
        (replace(dates(ends_on=None), is_open=False, light_touch=False), ["ends_on"], []),
        (replace(READY, call_off="named"), ["nobody_named"], []),
        (replace(READY, call_off="named", permitted_users=1), [], []),
        (replace(READY, decided=frozenset({"sides"})), ["callers"], []),
        (replace(READY, decided=frozenset({"sides", "nobody_may_use_it"})), [], []),
        (replace(READY, decided=frozenset({"sides"}), permitted_users=1, call_off="named"), [], []),
        (replace(READY, recovery=""), ["recovery"], []),
        (replace(READY, recovery="begun"), ["recovery"], []),
        (replace(READY, recovery="made"), ["recovery"], []),
        (replace(READY, recovery="half_tried"), ["recovery"], []),
        (replace(READY, before=Before("running", D(2034, 8, 31))), [], []),
        (replace(READY, before=Before("running", None)), [], []),
        (replace(READY, before=Before("ended", D(2034, 8, 31))), ["before_not_running"], []),
        (replace(READY, before=Before("running", D(2030, 8, 30))), ["after_scheme"], []),
        (replace(dates(ends_on=None), before=Before("running", D(2030, 8, 30))), ["ends_on"], []),
    ],
)  # fmt: skip
def test_what_is_missing_and_what_to_think_about(setup, blocks, warns):
    gaps = readiness.check(setup, now=NOW)

    assert [gap.code for gap in readiness.blocking(gaps)] == blocks
    assert [gap.code for gap in gaps if gap.severity == readiness.WARNS] == warns
    assert {gap.url_name for gap in gaps} <= set(readiness.TASKS)


EMPTY = replace(
    READY, description="", value=Value(None, None), lots=(), values=(), has_standards=False, timetable=Timetable(),
    decided=frozenset(), recovery="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("setup", "states"),
    [
        (
            EMPTY,
            "In progress, Not started, Not started, Not started, Not started, Not started, Not started, Not started",
        ),
        (READY, "Done, Done, Done, Done, Done, Done, Done, Done"),
        (
            replace(
                READY,
                undecided=("Margin",),
                call_off="named",
                lots=(LOT, replace(LOT, number="2", lines=())),
                recovery="begun",
            ),
            "Done, Done, In progress, Done, In progress, Done, In progress, In progress",
        ),
        (
            replace(dates(closes_at=None), lots=(replace(AUTO, lines=LOT.lines),), decided=frozenset({"call_off"})),
            "Done, In progress, Done, Done, Not started, In progress, Done, Done",
        ),
    ],
)
def test_a_task_is_as_far_as_what_is_missing_says(setup, states):
    tasks = readiness.tasks(setup, readiness.check(setup, now=NOW))

    assert ", ".join(task.state for task in tasks) == states
    assert [task.url_name for task in tasks] == list(readiness.TASKS)[:-1]


@pytest.mark.parametrize(
    ("draft", "numbers", "field"),
    [
        (LotDraft("1", "Vocational", ("A", "C")), ["2"], None),
        (LotDraft("2A", "Vocational"), [], None),
        (LotDraft("1", "Vocational"), ["1"], "number"),
        (LotDraft("1a", "Vocational"), ["1A"], "number"),
        (LotDraft("", "Vocational"), [], "number"),
        (LotDraft("1/2", "Vocational"), [], "number"),
        (LotDraft("x" * 21, "Vocational"), [], "number"),
        (LotDraft("7", "Other", is_auto=True), ["1"], None),
        (LotDraft("7", "Other", ("A",), is_auto=True), ["1"], "letters"),
        (LotDraft("1", "Vocational", net_pence=100, gross_pence=100), [], None),
        (LotDraft("1", "Vocational", net_pence=100, gross_pence=99), [], "gross_pence"),
        (LotDraft("1", "Vocational", net_pence=None, gross_pence=99), [], None),
    ],
)
def test_which_lots_can_stand(draft, numbers, field):
    if field is None:
        assert outline.check_lot(draft, numbers) is None
        return
    with pytest.raises(Refused) as refusal:
        outline.check_lot(draft, numbers)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("state", "words"),
    [("draft", None), ("published", "is published"), ("running", "is published"), ("withdrawn", "was withdrawn")],
)
def test_only_a_draft_is_changed(state, words):
    if words is None:
        assert outline.check_draft(state) is None
        return
    with pytest.raises(Refused, match=words):
        outline.check_draft(state)


@pytest.mark.parametrize(
    ("numbers", "proposed"), [([], "1"), (["1", "2"], "3"), (["7", "2A"], "8"), (["A"], "1"), (["99999"], "1")]
)
def test_the_next_number_is_proposed(numbers, proposed):
    assert outline.next_number(numbers) == proposed


@pytest.mark.parametrize(
    ("pk", "up", "order"),
    [(2, True, [2, 1, 3]), (2, False, [1, 3, 2]), (1, True, [1, 2, 3]), (3, False, [1, 2, 3])],
)
def test_a_lot_changes_places_with_its_neighbour(pk, up, order):
    assert outline.moved([1, 2, 3], pk, up=up) == order


@pytest.mark.parametrize(
    ("headline", "lots", "apart"),
    [(10, [4, 6], None), (10, [4, 5], 9), (None, [4], None), (10, [], None), (10, [4, None], None), (0, [0], None)],
)
def test_values_of_lots_against_the_headline(headline, lots, apart):
    assert outline.values_apart(headline, lots) == apart


def test_there_is_an_end_to_lots():
    assert outline.check_count(99, 1) is None
    with pytest.raises(Refused, match="100 lots at most"):
        outline.check_count(99, 2)
