"""A placement is paused, goes on, ends early or as planned, and what the calendar does by itself. It is Monday 5
October 2026, 08:00 UTC; the placement is Mondays and Wednesdays until 18 December."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import Event
from core import clock
from core.access import Denied, System
from lots.models import Policies
from lots.rules.refusals import Refused
from outbox.models import Message
from providers.models import Seats
from referrals import running, tasks
from referrals.actions import ending, pausing
from referrals.actions.ending import Outcome
from referrals.models import Disclosure, Pause, Placement
from referrals.permissions.life import KEEP_UP
from referrals.queries import life, sealed
from referrals.rules import amending
from referrals.steps import enquiry_letters
from tests.patience import found_by, meet, without_lock  # noqa: F401
from tests.providers.seats import made_seats
from tests.referrals.made import CANARIES
from tests.referrals.placed import made_placement, placed_story

DAY = dt.date
AT = dt.datetime(2026, 10, 5, 8, 0, tzinfo=dt.UTC)
TODAY = AT.date()
SAYS_WHY = "Broken saxophone phobia"  # a canary: it stands in no letter and no record


@pytest.fixture
def that_day(monkeypatch):
    def move(moment: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    move(AT)
    return move


def at(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 8, tzinfo=dt.UTC)


def fresh(placement) -> Placement:
    return Placement.objects.get(pk=placement.pk)


def end(world, placement, last_on=TODAY, **fields):
    fields = {
        "seen": placement.revision, "notice_on": TODAY, "reason": "breakdown", "outcome": Outcome(), "by": world.sana,
        "at": AT, "today": TODAY,
    } | fields  # fmt: skip
    return ending.end_placement(placement=placement, last_on=last_on, **fields)


def pause(world, placement, from_on=TODAY, until_on=None, **fields):
    fields = {"seen": placement.revision, "reason": SAYS_WHY, "by": world.sana, "at": AT, "today": TODAY} | fields
    return pausing.pause_placement(placement=placement, from_on=from_on, until_on=until_on, **fields)


def resume(world, placement, on=TODAY, **fields):
    fields = {"seen": placement.revision, "by": world.sana, "at": AT, "today": TODAY} | fields
    return pausing.resume_placement(placement=placement, on=on, **fields)


def keep_up(placement, today: dt.date) -> Placement:
    ending.keep_up(placement=placement, by=System(KEEP_UP), at=at(today), today=today)
    return fresh(placement)


def letters() -> list[Message]:
    return list(Message.objects.filter(key__startswith="placement-"))


def actions_of(placement) -> list[str]:
    rows = Event.objects.filter(action__startswith="referrals.placement.").order_by("id")
    return [row.action.removeprefix("referrals.placement.") for row in rows]


def nothing_leaks() -> None:
    said = [f"{one.subject}{one.body}" for one in letters()] + [str(row.data) for row in Event.objects.all()]
    assert not any(canary in text for canary in (*CANARIES, SAYS_WHY) for text in said)


class TestPausing:
    def test_a_pause_from_today_holds_at_once_and_is_told(self, world):
        placement = made_placement(world, home_school=world.elm_grove)

        made = pause(world, placement)

        assert (fresh(placement).state, made.from_on, made.until_on, made.written_by) == (
            "paused", TODAY, None, world.sana,
        )  # fmt: skip
        assert [one.to for one in letters()] == [world.bob.email]
        assert actions_of(placement) == ["paused"]
        nothing_leaks()

    def test_what_is_not_taught_for_a_known_time_is_not_drawn(self, world):
        placement = made_placement(world)
        _, total = life.worth_of(placement)

        pause(world, placement, DAY(2026, 10, 12), DAY(2026, 10, 16))

        now = fresh(placement)
        assert (now.state, total - now.total_pence) == ("live", 2 * 5 * 45_00)
        assert actions_of(placement) == ["pause_planned"]

    def test_it_goes_on_from_a_day_and_the_calendar_sees_to_it(self, world):
        placement = made_placement(world)
        pause(world, placement)

        resume(world, fresh(placement), DAY(2026, 10, 19))

        assert (fresh(placement).state, placement.pauses.get().until_on) == ("paused", DAY(2026, 10, 18))
        assert keep_up(placement, DAY(2026, 10, 18)).state == "paused"
        assert keep_up(placement, DAY(2026, 10, 19)).state == "live"
        assert actions_of(placement) == ["paused", "resume_planned", "resumed"]

    def test_a_pause_that_held_no_day_goes(self, world):
        placement = made_placement(world)
        pause(world, placement)

        resume(world, fresh(placement))

        assert (fresh(placement).state, Pause.objects.count()) == ("live", 0)

    def test_a_planned_pause_begins_and_ends_by_itself(self, world):
        placement = made_placement(world)
        pause(world, placement, DAY(2026, 10, 12), DAY(2026, 10, 16))

        assert keep_up(placement, DAY(2026, 10, 11)).state == "live"
        assert keep_up(placement, DAY(2026, 10, 12)).state == "paused"
        assert keep_up(placement, DAY(2026, 10, 17)).state == "live"

    @pytest.mark.parametrize("state", ["assurance", "ended", "draft"])
    def test_only_what_has_started_and_is_not_over(self, world, state):
        placement = made_placement(world, state=state)

        for act in (pause, resume):
            with pytest.raises(Refused, match="moved on"):
                act(world, placement)

    def test_not_twice_not_stale_and_by_nobody_else(self, world):
        placement = made_placement(world)
        with pytest.raises(Refused, match="not paused"):
            resume(world, placement)
        pause(world, placement)

        with pytest.raises(Refused, match="Somebody has changed"):
            resume(world, placement)
        with pytest.raises(Refused, match="There is a pause"):
            pause(world, fresh(placement), DAY(2026, 11, 2))
        for act in (pause, resume):
            for person in (world.bob, world.tom, world.nora):
                with pytest.raises(Denied):
                    act(world, fresh(placement), by=person)


class TestEnding:
    def test_an_end_is_written_down_and_comes_on_its_day(self, world):
        placement = made_placement(world)
        made_seats(placement.place, placement.sessions.first().site, halves=[(0, "am"), (0, "pm"), (2, "am")])
        _, total = life.worth_of(placement)

        end(world, placement, DAY(2026, 10, 14), outcome=Outcome("other_ap", 1, 3, SAYS_WHY))

        now = fresh(placement)
        assert (now.state, now.ended_on, now.last_charged_on, now.notice_on, now.end_reason) == (
            "live", DAY(2026, 10, 14), DAY(2026, 10, 14), TODAY, "breakdown",
        )  # fmt: skip
        assert (now.destination, now.targets_met, now.targets_set, sealed.text_of(now, "end_note")) == (
            "other_ap", 1, 3, SAYS_WHY,
        )  # fmt: skip
        assert now.total_pence < total
        made = now.amendments.get()
        assert (made.kind, made.before["ends_on"], made.after["ends_on"]) == ("shortened", "2026-12-18", "2026-10-14")
        assert {row.free for row in Seats.objects.all()} == {1}
        assert keep_up(placement, DAY(2026, 10, 14)).state == "live"

        assert keep_up(placement, DAY(2026, 10, 15)).state == "ended"
        assert {row.free for row in Seats.objects.all()} == {2}
        assert actions_of(placement) == ["amended", "ending", "ended"]
        assert [one.to for one in letters()] == [world.bob.email]  # what came of it is known, so nobody is asked
        nothing_leaks()

    def test_what_is_unsafe_ends_at_once_and_owes_no_notice(self, world):
        placement = made_placement(world)
        Policies.objects.filter(framework=placement.framework_id).update(notice_hours=720)

        end(world, placement, reason="unsafe")

        now = fresh(placement)
        assert (now.state, now.ended_on, now.last_charged_on) == ("ended", TODAY, TODAY)
        assert "placement-outcome" in {one.key.partition(":")[0] for one in letters()}

    def test_notice_decides_until_when_it_is_charged(self, world):
        placement = made_placement(world)
        Policies.objects.filter(framework=placement.framework_id).update(notice_hours=49)
        asked = {"last_on": TODAY, "reason": "moved", "at": AT}

        # On Monday 09:00 in England, 49 hours reach to Wednesday 10:00: the session of 09:30 is late.
        assert life.last_charged(placement, notice_on=TODAY, **asked)[0] == DAY(2026, 10, 7)
        # Notice of Saturday counts from its end: 49 hours reach to Tuesday.
        assert life.last_charged(placement, notice_on=DAY(2026, 10, 3), **asked)[0] == TODAY
        pause(world, placement, DAY(2026, 10, 6))
        assert life.last_charged(fresh(placement), notice_on=TODAY, **asked)[0] == TODAY
        Policies.objects.filter(framework=placement.framework_id).update(charge_cancelled=0)
        assert "charges nothing" in life.last_charged(placement, notice_on=TODAY, **asked)[1]

    def test_what_was_paused_until_the_end_is_not_drawn(self, world):
        placement = made_placement(world)
        pause(world, placement, DAY(2026, 10, 12))  # until nobody knows when: it stays drawn
        drawn = fresh(placement).total_pence

        end(world, fresh(placement), DAY(2026, 10, 30))

        # Two Mondays and two Wednesdays were taught before the pause.
        assert (drawn > 0, fresh(placement).total_pence) == (True, 2 * 2 * 5 * 45_00)

    def test_before_its_first_day_no_session_takes_place(self, world):
        placement = made_placement(world)
        before = dt.datetime(2026, 9, 25, 8, tzinfo=dt.UTC)

        end(world, placement, DAY(2026, 9, 27), at=before, today=before.date(), notice_on=before.date())

        assert fresh(placement).total_pence == 0

    def test_an_end_is_written_again_until_it_is_over(self, world):
        placement = made_placement(world)
        end(world, placement, DAY(2026, 10, 14))

        end(world, fresh(placement), DAY(2026, 10, 28), reason="moved")

        now = fresh(placement)
        assert (now.ended_on, now.end_reason, now.amendments.count()) == (DAY(2026, 10, 28), "moved", 2)

    @pytest.mark.parametrize(
        ("last_on", "fields", "says"),
        [
            (DAY(2026, 12, 19), {}, "extend it"),
            (DAY(2026, 9, 20), {}, "or a later day"),
            (TODAY, {"notice_on": DAY(2026, 10, 6)}, "today or earlier"),
            (TODAY, {"outcome": Outcome("college", 3, 1)}, "No more than 1"),
            (TODAY, {"reason": "reintegrated", "outcome": Outcome("work")}, "kind of school"),
            (TODAY, {"seen": 4}, "Somebody has changed"),
        ],
    )
    def test_an_end_that_cannot_be(self, world, last_on, fields, says):
        with pytest.raises(Refused, match=says):
            end(world, made_placement(world), last_on, **fields)

    def test_only_what_has_started_and_by_whoever_commissions(self, world):
        placement = made_placement(world)
        with pytest.raises(Denied):
            end(world, placement, by=world.bob)
        for state in ("assurance", "ended"):
            Placement.objects.filter(pk=placement.pk).update(state=state, ended_on=TODAY)
            with pytest.raises(Refused, match="moved on"):
                end(world, placement)


class TestTheCalendar:
    def test_what_comes_to_its_end_is_ended_and_its_outcome_asked_for_once(self, world, that_day):
        placement = placed_story(world)
        that_day(at(DAY(2026, 12, 18)))
        assert running.keep_up_placements() == 0

        that_day(at(DAY(2026, 12, 19)))
        tasks.keep_up_placements()
        assert running.keep_up_placements() == 0

        now = fresh(placement)
        assert (now.state, now.ended_on, now.last_charged_on, now.end_reason) == (
            "ended", DAY(2026, 12, 18), DAY(2026, 12, 18), "completed",
        )  # fmt: skip
        assert {one.key.split(":")[0]: one.to for one in letters()}["placement-outcome"] == world.sana.email
        nothing_leaks()

    def test_thirty_days_later_the_provider_reads_it_no_more(self, world, monkeypatch):
        monkeypatch.setattr(
            enquiry_letters, "access_ended", lambda rows, *, at: None
        )  # it leads to a page of another part
        placement = placed_story(world)
        keep_up(placement, DAY(2026, 12, 19))
        assert keep_up(placement, DAY(2027, 1, 17)).hidden_at is None
        assert Placement.objects.visible_to(world.bob).exists()

        now = keep_up(placement, DAY(2027, 1, 18))

        assert now.hidden_at == at(DAY(2027, 1, 18))
        assert not Placement.objects.visible_to(world.bob).exists()
        assert not Disclosure.objects.in_force().filter(referral=placement.referral).exists()
        assert keep_up(placement, DAY(2027, 1, 19)).hidden_at == now.hidden_at

    def test_a_referral_that_leads_on_keeps_its_right_to_know(self, world):
        placement = placed_story(world)
        keep_up(placement, DAY(2026, 12, 19))
        made_placement(
            world, place=placement.place, pupil=placement.pupil, referral=placement.referral, ends_on=DAY(2027, 3, 26)
        )

        keep_up(placement, DAY(2027, 1, 18))

        assert Disclosure.objects.in_force().filter(referral=placement.referral).exists()

    def test_all_that_is_due_is_found(self, world):
        placement = made_placement(world)
        share = {"place": placement.place, "pupil": placement.pupil, "site": placement.sessions.first().site}
        others = [made_placement(world, **share, **fields) for fields in (
            {"state": "paused"}, {"ended_on": DAY(2026, 10, 4)}, {"state": "ended", "ended_on": DAY(2026, 9, 4)},
            {"state": "ended", "ended_on": DAY(2026, 9, 30)}, {"state": "draft"},
        )]  # fmt: skip
        Pause.objects.create(placement=placement, from_on=TODAY, reason="x", written_at=AT)

        assert life.all_due(TODAY) == [placement, *others[:3]]

    def test_one_that_fails_stops_no_other(self, world, that_day, monkeypatch):
        placement = made_placement(world, ended_on=DAY(2026, 10, 4))
        share = {"place": placement.place, "pupil": placement.pupil, "site": placement.sessions.first().site}
        other = made_placement(world, ended_on=DAY(2026, 10, 4), **share)
        end = ending.steps.end

        def sometimes(*, placement, **given):
            if placement.pk < other.pk:
                raise ValueError("broken")
            end(placement=placement, **given)

        monkeypatch.setattr(ending.steps, "end", sometimes)

        with pytest.raises(ValueError, match="broken"):
            running.keep_up_placements()
        assert [fresh(one).state for one in (placement, other)] == ["live", "ended"]

    def test_nobody_but_the_portal_keeps_up(self, world):
        with pytest.raises(Denied):
            ending.keep_up(placement=made_placement(world), by=world.sana, at=AT, today=TODAY)


class TestOutcome:
    def test_what_came_of_it_is_written_when_it_is_over(self, world):
        placement = made_placement(world, state="ended")

        ending.write_outcome(
            placement=placement, seen=0, outcome=Outcome("same_school", 2, 2, SAYS_WHY), by=world.sana, at=AT
        )

        now = fresh(placement)
        assert (now.destination, now.targets_met, sealed.text_of(now, "end_note")) == ("same_school", 2, SAYS_WHY)
        nothing_leaks()
        with pytest.raises(Denied):
            ending.write_outcome(placement=placement, seen=1, outcome=Outcome(), by=world.bob, at=AT)
        Placement.objects.filter(pk=placement.pk).update(state="live")
        with pytest.raises(Refused, match="moved on"):
            ending.write_outcome(placement=placement, seen=1, outcome=Outcome(), by=world.sana, at=AT)


def day(name: str, when: dt.date) -> dict:
    return {f"{name}_0": when.day, f"{name}_1": when.month, f"{name}_2": when.year}


@pytest.mark.once
class TestPages:
    """What Sana types."""

    def test_pause_and_resume(self, world, sign_in, that_day):
        placement = made_placement(world)
        page = sign_in(world.sana)
        paused, on = (reverse(name, args=[placement.pk]) for name in ("pause_placement", "resume_placement"))

        wrong = page.post(
            paused, {"revision": 0, **day("from_on", DAY(2026, 10, 1)), "reason": "Kept"}
        ).content.decode()
        page.post(paused, {"revision": 0, **day("from_on", TODAY), "reason": "Ill"})
        shown = page.get(on).content.decode()
        history = page.get(reverse("placement_history", args=[placement.pk])).content.decode()
        stale = page.post(on, {"revision": 0, **day("on", TODAY)}).content.decode()
        page.post(on, {"revision": fresh(placement).revision, **day("on", TODAY)})

        assert "Enter 5 October 2026 or a later day" in wrong
        assert "Kept" in wrong
        assert "until somebody says that it goes on" in shown
        assert "Let it go on" in history
        assert "Somebody has changed" in stale
        assert fresh(placement).state == "live"
        assert "not paused" in page.get(on).content.decode()

    def test_the_end_is_shown_with_what_is_charged_before_it_is_written(self, world, sign_in, that_day):
        placement = made_placement(world)
        Policies.objects.filter(framework=placement.framework_id).update(notice_hours=72)
        page, url = sign_in(world.sana), reverse("end_placement", args=[placement.pk])
        typed = {"revision": 0, **day("last_on", TODAY), **day("notice_on", TODAY), "reason": "moved", "note": SAYS_WHY}

        wrong = page.post(url, typed | day("last_on", DAY(2027, 1, 1))).content.decode()
        first = page.post(url, typed).content.decode()
        assert fresh(placement).ended_on is None
        other = page.post(url, typed | {"charged": "2026-10-05"}).content.decode()
        assert fresh(placement).ended_on is None
        answer = page.post(url, typed | {"charged": "2026-10-07"})

        assert "To go on for longer, extend it" in wrong
        assert '<time class="portal-date" datetime="2026-10-07">' in first
        assert "less than 72 hours after notice" in first
        assert 'value="2026-10-07"' in other
        assert answer["Location"] == reverse("placement_history", args=[placement.pk])
        now = fresh(placement)
        assert (now.ended_on, now.last_charged_on) == (TODAY, DAY(2026, 10, 7))
        history = page.get(answer["Location"]).content.decode()
        assert "Change its end" in history
        assert "7 October 2026" in history

    def test_what_came_of_it(self, world, sign_in, that_day):
        placement = made_placement(world, state="ended")
        page, url = sign_in(world.sana), reverse("end_placement", args=[placement.pk])

        empty = page.post(url, {"revision": 0, "targets_set": "3"}).content.decode()
        page.post(
            url,
            {"revision": 0, "destination": "same_school", "targets_set": "3", "targets_met": "2", "note": "Settled"},
        )

        assert "Select where the pupil goes" in empty
        assert fresh(placement).destination == "same_school"
        history = page.get(reverse("placement_history", args=[placement.pk])).content.decode()
        assert "2 of 3" in history
        assert "Settled" in history
        theirs = sign_in(world.bob).get(reverse("placement_history", args=[placement.pk])).content.decode()
        assert "2 of 3" not in theirs
        assert "Settled" not in theirs


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestAnUnsafeEndAgainstAPause:
    """Sana ends it because it is not safe, and at that moment somebody pauses it."""

    def race(self, world, meet):  # noqa: F811
        placement = made_placement(world)
        meet(amending, "check_running")
        return placement, found_by(lambda: end(world, placement, reason="unsafe"), lambda: pause(world, placement))

    def test_without_the_lock_what_ended_may_run_again_or_both_win(self, world, meet, monkeypatch):  # noqa: F811
        from lots.models import Framework, Place
        from referrals.models import Pupil

        without_lock(monkeypatch, Placement, Pupil, Framework, Place)
        _, found = self.race(world, meet)

        assert not any(isinstance(one, Exception) for one in found)

    def test_one_wins_and_the_other_is_told(self, world, meet):  # noqa: F811
        placement, found = self.race(world, meet)

        lost = [one for one in found if isinstance(one, Exception)]
        assert [type(one) for one in lost] == [Refused]
        now = fresh(placement)
        assert now.state == ("ended" if isinstance(found[1], Exception) else "paused")
        assert Pause.objects.count() == (0 if isinstance(found[1], Exception) else 1)
