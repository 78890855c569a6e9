"""What a KPI may say, and from when until when: tables, without a database."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from contracts.rules import kpis as rules
from contracts.rules.five_kpis import FIVE
from contracts.rules.kpis import Held, KpiText, LineText
from contracts.states import Asked, ContractState, Fed, LineKind, Side
from lots.rules.dfe_parts import KPI_THEMES
from lots.rules.refusals import Refused

MONDAY = dt.date(2026, 10, 5)
FIRST, LAST = dt.date(2026, 9, 1), dt.date(2030, 8, 31)
DAY = rules.DAY
SAID = LineText("The gate is locked")


def refused(act, *args, **kwargs) -> str:
    """Which field it is about, and the first words."""
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return f"{refusal.value.field}: {refusal.value}"


class TestTheUsualFive:
    def test_they_have_the_lines_that_buyers_publish(self):
        lines = [line for kpi in FIVE for line in kpi.lines]
        distinct = set(lines)

        assert tuple(kpi.title for kpi in FIVE) == KPI_THEMES
        assert [len(kpi.lines) for kpi in FIVE] == [9, 7, 6, 7, 3]
        assert (len(lines), len(distinct)) == (32, 29)
        assert Counter(line.kind for line in distinct) == {LineKind.STANDARD: 27, LineKind.QUESTION: 2}
        assert FIVE[4].lines == FIVE[3].lines[-3:]

    def test_records_answer_what_they_can_and_the_rest_is_asked_each_term(self):
        distinct = {line for kpi in FIVE for line in kpi.lines if line.kind == LineKind.STANDARD}

        assert {line.fed for line in distinct} == set(Fed)
        assert {line.asked for line in distinct if line.fed == Fed.SAID} == {Asked.TERM}
        assert {line.asked for line in distinct if line.fed != Fed.SAID} == {Asked.DAILY}

    def test_each_side_has_a_question(self):
        assert [line.side for line in FIVE[0].lines if line.side] == [Side.BUYER, Side.SUPPLIER]

    @pytest.mark.parametrize("kpi", FIVE, ids=lambda kpi: kpi.title)
    def test_each_is_one_that_a_buyer_could_write(self, kpi):
        rules.check_text(kpi)
        assert all(len(line.text) <= 1000 for line in kpi.lines)


class TestText:
    @pytest.mark.parametrize(
        ("lines", "says"),
        [
            ([], "text_1: Write at least one line"),
            ([SAID] * 2, "text_2: The same line"),
            ([SAID, LineText("THE GATE IS LOCKED")], "text_2: The same line"),
            ([LineText(str(n)) for n in range(21)], ": A measure has 20 lines at most"),
            ([LineText("Is it?", LineKind.QUESTION, side=Side.BUYER)], ": A question is answered once"),
            ([SAID, LineText("Is it?", LineKind.QUESTION)], "how_2: Choose how"),
            ([LineText("So it is", side=Side.BUYER)], "how_1: Choose how"),
            ([LineText("So it is", fed=Fed.DRILLS, asked=Asked.TERM)], "how_1: Choose how"),
            ([LineText("Is it?", LineKind.QUESTION, asked=Asked.TERM, side=Side.BUYER)], "how_1: Choose how"),
        ],
    )
    def test_what_is_not_one(self, lines, says):
        assert refused(rules.check_text, KpiText("Gates", tuple(lines))).startswith(says)

    def test_what_is_one(self):
        asks = LineText("Is it?", LineKind.QUESTION, side=Side.SUPPLIER)
        rules.check_text(KpiText("Gates", (SAID, asks, LineText("So it is", asked=Asked.TERM))))

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            (SAID, "The provider says so: with every report"),
            (LineText("a", asked=Asked.TERM), "The provider says so: each term, and when something changes"),
            (LineText("a", fed=Fed.DRILLS), "From records: fire drills"),
            (LineText("a", LineKind.QUESTION, side=Side.BUYER), "The buyer answers"),
        ],
    )
    def test_how_it_is_answered_in_words(self, line, says):
        assert rules.answered_in_words(line) == says

    def test_how_often_in_words(self):
        assert rules.days_in_words(1) == "every day on which the provider teaches"
        assert rules.days_in_words(5) == "every 5 days on which the provider teaches"


class TestDays:
    @pytest.mark.parametrize("days", [1, 366])
    def test_from_one_to_a_year(self, days):
        rules.check_days(days)

    @pytest.mark.parametrize("days", [0, -1, 367])
    def test_and_no_other(self, days):
        assert refused(rules.check_days, days).startswith("days: ")

    @pytest.mark.parametrize("day", [FIRST, MONDAY, LAST])
    def test_from_a_day_of_the_agreement(self, day):
        rules.check_from(day, first=FIRST, last=LAST)
        rules.check_from(day, first=None, last=None)

    @pytest.mark.parametrize(
        ("day", "says"), [(FIRST - DAY, "starts on 1 September 2026"), (LAST + DAY, "ends on 31 August 2030")]
    )
    def test_and_from_no_other(self, day, says):
        assert says in refused(rules.check_from, day, first=FIRST, last=LAST)

    @pytest.mark.parametrize("state", [one for one in ContractState if one != ContractState.IN_FORCE])
    def test_only_on_what_both_have_signed(self, state):
        rules.check_agreement(ContractState.IN_FORCE)
        assert state.label in refused(rules.check_agreement, state)


class TestOnes:
    """`Held(1, …)` has ended on Monday, `Held(2, …)` goes on."""

    HELD = (Held(1, "Gates", FIRST, MONDAY), Held(2, "Bikes", FIRST))

    @pytest.mark.parametrize(
        ("title", "day", "free"),
        [
            ("Gates", MONDAY, False),
            ("gates", MONDAY, False),
            ("Gates", MONDAY + DAY, True),
            ("Bikes", LAST, False),
            ("Boats", FIRST, True),
        ],
    )
    def test_a_title_is_used_once_at_a_time(self, title, day, free):
        if free:
            rules.check_title(title, self.HELD, day)
        else:
            assert refused(rules.check_title, title, self.HELD, day).startswith("title: ")

    def test_a_set_is_for_an_agreement_without_any(self):
        rules.check_none(self.HELD[:1], MONDAY + DAY)
        assert refused(rules.check_none, self.HELD[:1], MONDAY)

    def test_a_number_is_never_used_for_another(self):
        assert rules.next_number([]) == 1
        assert rules.next_number([Held(7, "Gates", FIRST, FIRST)]) == 8

    def test_there_are_twenty_at_most(self):
        held = [Held(n, str(n), FIRST) for n in range(1, 21)]
        assert "20 measures at most" in refused(rules.next_number, held)
        assert rules.next_number([*held[:-1], Held(20, "20", FIRST, MONDAY)]) == 21

    @pytest.mark.parametrize(
        ("begins", "day", "taken_back"),
        [(FIRST, MONDAY + DAY, False), (MONDAY + DAY, MONDAY + DAY, True), (LAST, MONDAY + DAY, True)],
    )
    def test_a_change_holds_from_tomorrow(self, begins, day, taken_back):
        assert rules.check_change(Held(1, "Gates", begins), day, today=MONDAY) == taken_back
        assert "enter 6 October 2026" in refused(rules.check_change, Held(1, "Gates", begins), MONDAY, today=MONDAY)

    @pytest.mark.parametrize(
        ("begins", "day", "taken_back"), [(FIRST, MONDAY, False), (LAST, LAST, False), (LAST, MONDAY, True)]
    )
    def test_the_last_day_is_today_or_later(self, begins, day, taken_back):
        held = Held(1, "Gates", begins)
        assert rules.check_end(held, day, today=MONDAY, last=LAST) == taken_back
        assert rules.check_end(held, day, today=MONDAY, last=None) == taken_back
        assert "until_on" in refused(rules.check_end, held, MONDAY - DAY, today=MONDAY, last=LAST)
        assert "31 August 2030" in refused(rules.check_end, held, LAST + DAY, today=MONDAY, last=LAST)

    def test_an_answer_is_of_today_and_a_no_says_why(self):
        rules.check_answer("", yes=True, answered_on=MONDAY, today=MONDAY)
        rules.check_answer("No bus", yes=False, answered_on=FIRST, today=MONDAY)
        assert "answered_on" in refused(rules.check_answer, "", yes=True, answered_on=MONDAY + DAY, today=MONDAY)
        assert "words" in refused(rules.check_answer, "", yes=False, answered_on=MONDAY, today=MONDAY)
