"""What a register may say and until when, and the codes that follow: tables without a database."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext

import pytest

from lots.rules.refusals import Refused
from monitoring.rules import codes
from monitoring.rules import registers as rules
from monitoring.rules.codes import Placing, Taken
from monitoring.rules.registers import Entry
from referrals.states import AbsenceReason

DAY = dt.date(2026, 10, 5)
STARTS = dt.datetime(2026, 10, 5, 8, 30, tzinfo=dt.UTC)  # 09:30 in England
ENDS = STARTS + dt.timedelta(hours=5)  # 14:30
MINUTE = dt.timedelta(minutes=1)
PLACING = Placing(activity="Cooking")
NO_L = " (L is only for coming late to your own school). Activity: Cooking"


def taken(mark: str = "present", *, starts=(9, 30), ends=(14, 30), **fields) -> Taken:
    return Taken(dt.time(*starts), dt.time(*ends), fields.pop("state", "expected"), mark, **fields)


class TestWhenARegisterIsOpen:
    @pytest.mark.parametrize(
        ("state", "at", "today", "words"),
        [
            ("expected", STARTS - 61 * MINUTE, DAY, "from 08:30 on 5 October"),
            ("expected", STARTS - 60 * MINUTE, DAY, ""),
            ("expected", STARTS, DAY + dt.timedelta(days=14), ""),
            ("expected", STARTS, DAY + dt.timedelta(days=15), "for 14 days"),
            ("cancelled", STARTS, DAY, "does not take place"),
        ],
    )
    def test_from_an_hour_before_until_a_fortnight_after(self, state, at, today, words):
        assert rules.is_open(state, STARTS, DAY, at, today) == (not words)
        if words:
            with pytest.raises(Refused, match=words):
                rules.check_open(state, STARTS, DAY, at, today)
        else:
            rules.check_open(state, STARTS, DAY, at, today)

    def test_the_hour_is_englands_in_winter_too(self):
        winter = dt.datetime(2026, 11, 2, 9, 30, tzinfo=dt.UTC)

        with pytest.raises(Refused, match="from 08:30 on 2 November"):
            rules.check_open("expected", winter, winter.date(), winter - 61 * MINUTE, winter.date())


class TestWhatStands:
    @pytest.mark.parametrize(
        ("stands", "mark", "told", "after"),
        [
            (Entry(), "present", {}, Entry("present")),
            (Entry(), "absent", {}, Entry("absent", reason="unknown")),
            (Entry(), "absent", {"reason": ""}, Entry("absent", reason="unknown")),
            (Entry("absent", "ill", note="Rang"), "absent", {}, Entry("absent", "ill", note="Rang")),
            (Entry("absent", "ill"), "absent", {"reason": "shut"}, Entry("absent", "shut")),
            (Entry("absent", "ill", note="Rang"), "present", {"reason": "ill"}, Entry("present")),
            (Entry("late", arrived=dt.time(10)), "present", {"arrived": dt.time(10)}, Entry("present")),
            (Entry("present", left=dt.time(11)), "late", {}, Entry("late")),
            (Entry("present"), "", {"note": "Wrong pupil"}, Entry()),
        ],
    )
    def test_what_belongs_to_a_mark_stays_with_it(self, stands, mark, told, after):
        assert rules.whole(stands, mark, told) == after

    @pytest.mark.parametrize(
        ("entry", "minutes", "arrived"),
        [
            (Entry("late"), 11, dt.time(9, 41)),
            (Entry("late"), 0, dt.time(9, 30)),
            (Entry("late"), 300, dt.time(14, 30)),
            (Entry("late"), 301, None),
            (Entry("late"), -1, None),
            (Entry("late", arrived=dt.time(10)), 11, dt.time(10)),
            (Entry("present"), 11, None),
        ],
    )
    def test_a_tap_while_the_session_runs_is_the_minute_of_arrival(self, entry, minutes, arrived):
        assert rules.with_arrival(entry, STARTS, ENDS, STARTS + minutes * MINUTE).arrived == arrived

    @pytest.mark.parametrize(
        ("entry", "minutes", "words"),
        [
            (Entry("late"), -1, "starts at 09:30"),
            (Entry("late"), 0, ""),
            (Entry("late", arrived=dt.time(9, 29)), 60, "from 09:30 to 14:30"),
            (Entry("late", arrived=dt.time(14, 31)), 400, "from 09:30 to 14:30"),
            (Entry("late", arrived=dt.time(10, 31)), 60, "It is 10:30"),
            (Entry("late", arrived=dt.time(10)), 60, ""),
            (Entry("late", arrived=dt.time(10), left=dt.time(10)), 400, "after 10:00"),
            (Entry("present", left=dt.time(9, 30)), 400, "after 09:30"),
            (Entry("present", left=dt.time(14, 30)), 400, "before 14:30"),
            (Entry("present", left=dt.time(12)), 60, "It is 10:30"),
            (Entry("present", left=dt.time(12)), 400, ""),
            (Entry("absent", "ill"), -60, ""),
            (Entry(), 5, ""),
        ],
    )
    def test_times_are_inside_the_session_and_have_come(self, entry, minutes, words):
        with pytest.raises(Refused, match=words) if words else nullcontext():
            rules.check_entry(entry, STARTS, ENDS, STARTS + minutes * MINUTE)

    def test_on_the_day_of_the_clock_change_times_are_englands(self):
        """On 25 October 2026 the clocks go back at two in the morning; a session at noon is at noon."""
        starts = dt.datetime(2026, 10, 25, 12, tzinfo=dt.UTC)

        found = rules.with_arrival(Entry("late"), starts, starts + 60 * MINUTE, starts + 5 * MINUTE)

        assert found.arrived == dt.time(12, 5)

    def test_a_mark_is_taken_back_for_two_minutes(self):
        rules.check_undo(Entry("absent"), STARTS, STARTS + 2 * MINUTE)
        with pytest.raises(Refused, match="for two minutes"):
            rules.check_undo(Entry("absent"), STARTS, STARTS + 3 * MINUTE)
        with pytest.raises(Refused, match="no mark"):
            rules.check_undo(Entry(), None, STARTS)

    def test_a_tap_that_waited_replaces_nothing_newer_of_a_colleagues(self):
        rules.check_newer(STARTS, None, by_another=True)
        rules.check_newer(STARTS, STARTS + MINUTE, by_another=False)
        rules.check_newer(STARTS, STARTS, by_another=True)
        with pytest.raises(Refused, match="A colleague"):
            rules.check_newer(STARTS, STARTS + MINUTE, by_another=True)

    def test_what_comes_again_changed_is_refused(self):
        rules.check_same(True)
        with pytest.raises(Refused, match="page is old"):
            rules.check_same(False)


class TestCodes:
    @pytest.mark.parametrize(
        ("starts", "ends", "halves"),
        [
            ((9, 30), (12, 0), ("AM",)),
            ((12, 0), (15, 0), ("PM",)),
            ((9, 30), (14, 30), ("AM", "PM")),
            ((10, 30), (12, 15), ("AM", "PM")),
        ],
    )
    def test_a_session_across_noon_counts_for_both(self, starts, ends, halves):
        assert codes.halves_of(dt.time(*starts), dt.time(*ends)) == halves

    @pytest.mark.parametrize(
        ("placing", "code", "why"),
        [
            (PLACING, "B", "Attended. Activity: Cooking"),
            (Placing(), "B", "Attended"),
            (Placing(activity="Cooking", by_council=True), "K", "Attended. The council arranged it"),
            (
                Placing(activity="Cooking", is_dual=True, by_council=True),
                "D",
                "Attended. The pupil is registered at that school too",
            ),
            (
                Placing(has_school=False),
                "",
                "The pupil is on no school’s roll, so there is no attendance register to code.",
            ),
        ],
    )  # fmt: skip
    def test_attended(self, placing, code, why):
        found = codes.suggest("AM", [taken()], placing)

        assert (found.code, found.why) == (code, why)

    def test_b_asks_for_the_activity_where_nobody_wrote_it_down(self):
        assert (
            codes.suggest("AM", [taken()], Placing()).decide == "Write down what the pupil did: B needs the activity."
        )

    @pytest.mark.parametrize(
        ("reason", "code"),
        [
            ("ill", "I"),
            ("appointment", "M"),
            ("refused", "O"),
            ("suspended", "E"),
            ("school", ""),
            ("transport", "O"),
            ("no_staff", ""),
            ("shut", ""),
            ("unknown", "N"),
            ("", "N"),
        ],
    )
    def test_expected_and_not_there_is_an_absence_by_its_reason(self, reason, code):
        assert codes.suggest("PM", [taken("absent", reason=reason)], PLACING).code == code

    def test_every_reason_of_a_register_has_its_line(self):
        assert {*codes.ABSENCES, "transport"} == set(AbsenceReason.values)

    @pytest.mark.parametrize("reason", ["shut", "no_staff", "school", "suspended", "unknown", "appointment"])
    def test_what_the_portal_cannot_know_the_school_decides(self, reason):
        assert codes.suggest("AM", [taken("absent", reason=reason)], PLACING).decide

    def test_transport_that_school_or_council_arranges_is_another_code(self):
        placing = Placing(activity="Cooking", transport_by_us=True)

        assert codes.suggest("AM", [taken("absent", reason="transport")], placing).code == "Y1"

    def test_an_absence_is_never_the_code_of_attendance(self):
        for reason in AbsenceReason.values:
            for placing in (PLACING, Placing(is_dual=True), Placing(by_council=True)):
                assert codes.suggest("AM", [taken("absent", reason=reason)], placing).code not in {"B", "D", "K"}

    @pytest.mark.parametrize(
        ("half", "sessions", "code", "why"),
        [
            ("PM", [taken(ends=(12, 0))], "", "No session"),
            ("AM", [], "", "No session"),
            ("AM", [taken(state="cancelled")], "", "The session did not take place"),
            ("AM", [taken("")], "", "The register was not taken"),
            ("AM", [taken("", ends=(10, 30)), taken(starts=(11, 0))], "B", "Attended. Activity: Cooking"),
            ("AM", [taken("absent", reason="ill", ends=(10, 30)), taken("", starts=(11, 0))], "I", "Ill"),
            ("AM", [taken("late", arrived=dt.time(9, 50))], "B", "Arrived at 09:50" + NO_L),
            ("AM", [taken("late", arrived=dt.time(12, 40))], "N", "Not there in the morning: arrived at 12:40"),
            ("PM", [taken("late", arrived=dt.time(12, 40))], "B", "Arrived at 12:40" + NO_L),
            ("PM", [taken(left=dt.time(11, 50))], "N", "Not there in the afternoon: attended, left at 11:50"),
            (
                "AM",
                [taken("late")],
                "N",
                "Not there in the morning: came late, at a time that nobody wrote down",
            ),
            (
                "AM",
                [taken("late", ends=(11, 0))],
                "B",
                "Came late, at a time that nobody wrote down" + NO_L,
            ),
        ],
    )
    def test_each_half_day_by_itself(self, half, sessions, code, why):
        found = codes.suggest(half, sessions, PLACING)

        assert (found.code, found.why) == (code, why)

    @pytest.mark.parametrize(
        ("one", "words"),
        [
            (taken(state="cancelled"), "did not take place"),
            (taken(""), "register not taken"),
            (taken("absent", reason="ill"), "absent"),
        ],
    )
    def test_the_facts_in_words(self, one, words):
        assert codes.said(one) == words
