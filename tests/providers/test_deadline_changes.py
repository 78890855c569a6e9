"""A deadline moves later, for all, with a reason: before it passes by one officer, after it for an outage by two."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import threading

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from core import access, clock
from jobs.models import Outage
from lots.models import Decision, Framework
from lots.rules.timetable import Timetable
from lots.steps.deadline import move_deadline
from outbox.models import Message
from providers import tasks
from providers.actions import applications, deadlines, rounds
from providers.models import Application, DeadlineChange, Opening, WithdrawalTold
from providers.queries import rounds as queries
from providers.rules import deadline_moves as rules
from providers.rules.deadline_moves import Move
from providers.rules.refusals import Refused, TooLate
from providers.states import DeadlineReason
from providers.steps import opening
from providers.steps.letters import SUBJECT
from tests.cast import make_world
from tests.patience import be_patient, found_by
from tests.providers.rounds import (
    DAY,
    HOUR,
    MINUTE,
    ask_help,
    asked,
    colleague,
    followed,
    later,
    open_round,
    out_of_order,
    passed_round,
    proposed,
    published_answer,
)

NOON = dt.datetime(2026, 4, 20, 11, 0, tzinfo=dt.UTC)  # a Monday
TICK = dt.timedelta(microseconds=1)
STANDS = Timetable(
    enquiries_until=NOON - 6 * DAY,
    closes_at=NOON,
    award_by_on=dt.date(2026, 7, 10),
    starts_on=dt.date(2026, 9, 1),
    ends_on=dt.date(2034, 8, 31),
    scheme_ends_on=dt.date(2034, 8, 31),
)
WEEK_LATER = Move(NOON + 7 * DAY)


def extend(world, framework, move=None, *, reason="Many asked for it", by=None) -> DeadlineChange:
    return deadlines.extend_deadline(
        framework=framework, move=move or later(framework), reason=reason, by=by or world.max
    )


def confirm(change, by) -> DeadlineChange:
    return deadlines.confirm_outage_deadline(change=change, by=by)


def closes_at(framework) -> dt.datetime:
    return Framework.objects.get(pk=framework.pk).closes_at


class TestRules:
    """Tables."""

    @pytest.mark.parametrize(
        ("words", "refusal"),
        [
            ({}, None),
            ({"state": "running"}, "takes no applications"),
            ({"state": "withdrawn"}, "takes no applications"),
            ({"closes_at": None}, "has no deadline"),
            ({"opened": True}, "have been opened"),
        ],
    )
    def test_what_has_a_deadline_to_move(self, words, refusal):
        given = {"state": "published", "closes_at": NOON, "opened": False} | words

        if refusal is None:
            rules.check_taking_part(**given)
        else:
            with pytest.raises(Refused, match=refusal):
                rules.check_taking_part(**given)

    @pytest.mark.parametrize(
        ("move", "at", "field"),
        [
            (WEEK_LATER, NOON - DAY, None),
            (WEEK_LATER, NOON, None),
            (WEEK_LATER, NOON + TICK, "closes_at"),
            (Move(NOON + TICK), NOON, None),
            (Move(NOON), NOON - DAY, "closes_at"),
            (Move(NOON - TICK), NOON - DAY, "closes_at"),
            (Move(NOON + 7 * DAY, NOON + 2 * DAY), NOON, None),
            (Move(NOON + 7 * DAY, NOON - 6 * DAY), NOON, None),
            (Move(NOON + 7 * DAY, NOON - 7 * DAY), NOON, "enquiries_until"),
            (Move(NOON + 7 * DAY, NOON + 8 * DAY), NOON, "enquiries_until"),
            (Move(NOON + 7 * DAY, None, dt.date(2026, 7, 20)), NOON, None),
            (Move(NOON + 7 * DAY, None, dt.date(2026, 7, 9)), NOON, "award_by_on"),
            (Move(NOON + 100 * DAY), NOON, "award_by_on"),
            (Move(NOON + 100 * DAY, None, dt.date(2026, 8, 20)), NOON, None),
            (Move(NOON + 200 * DAY, None, dt.date(2026, 12, 1)), NOON, "starts_on"),
        ],
    )
    def test_an_extension(self, move, at, field):
        if field is None:
            rules.check_extension(STANDS, move, at=at)
        else:
            with pytest.raises(Refused) as refusal:
                rules.check_extension(STANDS, move, at=at)
            assert refusal.value.field == field

    def test_what_was_out_of_order_before_is_not_this_moves_fault(self):
        odd = dataclasses.replace(STANDS, ends_on=dt.date(2026, 1, 1))

        rules.check_extension(odd, WEEK_LATER, at=NOON)

    @pytest.mark.parametrize(
        ("began", "ended", "counts"),
        [
            (-30 * MINUTE, -10 * MINUTE, True),
            (-30 * MINUTE, 10 * MINUTE, True),
            (dt.timedelta(0), 10 * MINUTE, True),
            (TICK, 10 * MINUTE, False),
            (-5 * HOUR, -4 * HOUR + TICK, True),
            (-5 * HOUR, -4 * HOUR, False),
            (-9 * HOUR, -8 * HOUR, False),
            (-9 * HOUR, None, True),
            (TICK, None, False),
        ],
    )
    def test_which_outages_count(self, began, ended, counts):
        found = rules.counts(NOON + began, None if ended is None else NOON + ended, closes_at=NOON)

        assert found is counts

    OUT = (NOON - 40 * MINUTE, NOON + 5 * MINUTE)

    @pytest.mark.parametrize(
        ("words", "field"),
        [
            ({}, None),
            ({"at": NOON}, "closes_at"),
            ({"at": NOON + TICK}, None),
            ({"outage": None}, "outage"),
            ({"outage": (NOON + TICK, NOON + HOUR)}, "outage"),
            ({"outage": (NOON - HOUR, None)}, "outage"),
            ({"move": Move(NOON + DAY + HOUR)}, None),
            ({"move": Move(NOON + DAY + HOUR - TICK)}, "closes_at"),
            ({"move": Move(NOON + 100 * DAY)}, "award_by_on"),
        ],
    )
    def test_setting_it_again(self, words, field):
        given = {"move": WEEK_LATER, "outage": self.OUT, "at": NOON + HOUR} | words
        move = given.pop("move")

        if field is None:
            rules.check_again(STANDS, move, **given)
        else:
            with pytest.raises(Refused) as refusal:
                rules.check_again(STANDS, move, **given)
            assert refusal.value.field == field

    @pytest.mark.parametrize(
        ("words", "refusal"),
        [
            ({}, None),
            ({"by": 1}, "somebody else confirms it"),
            ({"proposed_by": None}, None),
            ({"is_waiting": False}, "confirmed or dropped already"),
            ({"stands": NOON + TICK}, "moved meanwhile"),
        ],
    )
    def test_the_second_person(self, words, refusal):
        given = {"proposed_by": 1, "by": 2, "is_waiting": True, "was": NOON, "stands": NOON} | words

        if refusal is None:
            rules.check_confirm(**given)
        else:
            with pytest.raises(Refused, match=refusal):
                rules.check_confirm(**given)

    @pytest.mark.parametrize(
        ("move", "at", "words"),
        [
            (Move(NOON + 7 * DAY, NOON), NOON - DAY, []),
            (Move(NOON + 5 * DAY, NOON), NOON - DAY, ["not on a working day"]),
            (Move(NOON + HOUR, NOON), NOON - HOUR, ["less than 24 hours", "another time of day"]),
            (WEEK_LATER, NOON - DAY, ["last moment for questions stays"]),
        ],
    )
    def test_what_to_think_about(self, move, at, words):
        found = rules.cautions(STANDS, move, at=at)

        assert len(found) == len(words)
        assert all(word in text for word, text in zip(words, found, strict=True))

    def test_the_same_time_of_day_across_the_change_of_the_clocks_is_the_same(self):
        winter = dt.datetime(2026, 10, 26, 12, 0, tzinfo=dt.UTC)  # midday on the Monday after
        summer = dt.datetime(2026, 10, 23, 11, 0, tzinfo=dt.UTC)

        assert rules.cautions(Timetable(closes_at=summer), Move(winter), at=summer - DAY) == []

    def test_what_everybody_is_told(self):
        move = Move(NOON + 7 * DAY, NOON, dt.date(2026, 7, 20))

        assert rules.told(STANDS, move, "Many asked.") == (
            "The deadline for applications was moved from 20 April 2026 at midday (UK time) to 27 April 2026 at midday "
            "(UK time). This is for everybody. Questions can be asked until 20 April 2026 at midday (UK time). The "
            "award is now expected by 20 July 2026.\n\nWhy: Many asked."
        )
        assert "Questions" not in rules.told(STANDS, Move(move.closes_at, STANDS.enquiries_until), "x")

    @pytest.mark.parametrize(
        ("began", "ended", "words"),
        [
            (NOON, NOON + 10 * MINUTE, "on 20 April 2026 from 12:00 to 12:10 (UK time)."),
            (NOON, NOON + 10 * MINUTE + TICK, "on 20 April 2026 from 12:00 to 12:11 (UK time)."),
            (NOON, NOON + DAY, "from 20 April 2026, 12:00, to 21 April 2026, 12:00 (UK time)."),
        ],
    )
    def test_how_an_outage_is_told(self, began, ended, words):
        assert rules.of_the_outage(began, ended) == f"The portal was out of order {words}"


def typed(moment: dt.datetime, **more) -> dict:
    there = timezone.localtime(moment)
    days = {"closes_at_0": there.day, "closes_at_1": there.month, "closes_at_2": there.year}
    return days | {"closes_time": f"{there:%H:%M}", "reason": "Many asked for it"} | more


class TestExtending:
    """Before it has passed."""

    def test_max_extends_it_and_everybody_reads_why(self, world, sign_in):
        framework = open_round(world)
        followed(world, framework)
        was, new = framework.closes_at, (framework.closes_at + 7 * DAY).replace(second=0, microsecond=0)
        client, address = sign_in(world.max), reverse("extend_deadline", args=[framework.pk])

        asks = client.post(address, typed(new)).content.decode()
        assert "Check what everybody will be told" in asks
        assert closes_at(framework) == was
        assert "Many asked for it" in client.post(address, typed(new, step="change")).content.decode()
        done = client.post(address, typed(new, step="confirm"))

        assert done["Location"] == reverse("round", args=[framework.pk])
        assert closes_at(framework) == new
        change = DeadlineChange.objects.get()
        assert (change.kind, change.was, change.becomes) == (DeadlineReason.EXTENSION, was, new)
        assert (change.proposed_by, change.confirmed_by) == (world.max, world.max)
        for name in ("framework", "clarifications"):
            page = Client().get(reverse(name, args=[framework.pk])).content.decode()
            assert "The deadline for applications was moved from" in page
            assert "Many asked for it" in page
        [letter] = Message.objects.filter(to=world.alice.email)
        assert (letter.subject, letter.discreet) == (SUBJECT, True)
        event = Event.objects.get(action="providers.deadline.extended")
        assert event.data["is"] == new.isoformat()

    def test_each_move_stands_for_itself(self, world):
        framework = open_round(world)
        extend(world, framework)
        framework.refresh_from_db()
        extend(world, framework, reason="Again")

        assert [one.about for one in Decision.objects.filter(replaced_at=None).order_by("id")] == [
            "deadline_moved_1",
            "deadline_moved_2",
        ]
        page = Client().get(reverse("clarifications", args=[framework.pk])).content.decode()
        assert page.index("Again") < page.index("Many asked for it")

    def test_questions_and_the_award_move_with_it_where_that_is_said(self, world):
        framework = open_round(world)
        new = framework.closes_at + 7 * DAY
        award = framework.award_by_on + 9 * DAY

        change = extend(world, framework, Move(new, new - DAY, award))

        framework.refresh_from_db()
        assert (framework.closes_at, framework.enquiries_until, framework.award_by_on) == (new, new - DAY, award)
        assert (change.enquiries_become, change.award_becomes) == (new - DAY, award)
        asked(world, framework)

    def test_the_deadline_itself_is_in_and_the_next_microsecond_is_out(self, world, monkeypatch):
        framework = open_round(world)
        monkeypatch.setattr(clock, "database_now", lambda: framework.closes_at + TICK)
        with pytest.raises(Refused, match="can no longer be extended"):
            extend(world, framework)

        monkeypatch.setattr(clock, "database_now", lambda: framework.closes_at)
        extend(world, framework)

        assert DeadlineChange.objects.count() == 1

    @pytest.mark.parametrize("reason", ["", None])
    def test_there_is_a_reason(self, world, reason):
        framework = open_round(world)

        with pytest.raises(Refused, match="Say why"):
            extend(world, framework, reason=reason)
        with pytest.raises(Refused, match="Say why"):
            deadlines.propose_outage_deadline(
                framework=framework, outage=Outage(pk=1), move=later(framework), reason=reason, by=world.max
            )

    @pytest.mark.parametrize("who", ["ada", "eve", "tariq", "olu", "alice"])
    def test_nobody_else_extends(self, world, who):
        with pytest.raises(access.Denied):
            extend(world, open_round(world), by=getattr(world, who))

    def test_it_is_never_shortened_not_by_an_action_not_by_a_step_not_by_the_database(self, world):
        framework = open_round(world)
        was = framework.closes_at
        earlier = Move(was - HOUR)

        with pytest.raises(Refused, match="never shortened"):
            extend(world, framework, earlier)
        for dates in (
            {"closes_at": earlier.closes_at, "enquiries_until": None},
            {"closes_at": was, "enquiries_until": None},
            {"closes_at": was + DAY, "enquiries_until": framework.enquiries_until - HOUR},
        ):
            with pytest.raises(Refused, match="never shortened"), transaction.atomic():
                move_deadline(
                    framework=framework, **dates, award_by_on=None, text="T", reason="R", by=world.max, at=was
                )
        row = {"framework": framework, "kind": "extension", "proposed_at": was, "confirmed_at": was, "reason": "R"}
        for wrong in (
            {"was": was, "becomes": was},
            {"was": was, "becomes": was + DAY, "enquiries_was": was, "enquiries_become": was - HOUR},
            {"was": was, "becomes": was + DAY, "enquiries_was": was, "enquiries_become": None},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                DeadlineChange.objects.create(**row | wrong)
        assert closes_at(framework) == was

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"closes_at_0": ""}, "Enter the day of the month"),
            ({f"closes_at_{part}": "" for part in range(3)}, "Enter the day of the new deadline"),
            ({"closes_time": "12"}, "Enter a time"),
            ({"closes_time": ""}, "Enter the time too"),
            ({"reason": ""}, "Say why: everybody reads it"),
            ({"closes_at_2": "2001"}, "never shortened"),
            (
                {"closes_at_0": "28", "closes_at_1": "3", "closes_at_2": "2027", "closes_time": "1:30am"},
                "clocks go forward",
            ),
            ({"enquiries_until_0": "1"}, "Enter the month"),
        ],
    )
    def test_what_is_typed_wrong_is_said(self, world, sign_in, more, words):
        framework = open_round(world)
        client, address = sign_in(world.max), reverse("extend_deadline", args=[framework.pk])

        page = client.post(address, typed(framework.closes_at + 7 * DAY, step="confirm") | more).content.decode()

        assert re.search(words, page)
        assert "error-summary" in page
        assert DeadlineChange.objects.count() == 0

    def test_after_it_has_passed_the_page_says_so(self, world, sign_in):
        client = sign_in(world.max)

        page = client.get(reverse("extend_deadline", args=[passed_round(world).pk])).content.decode()

        assert "can no longer be extended" in page

    def test_what_was_given_up_meanwhile_is_not_extended(self, world, sign_in):
        framework = open_round(world)
        Framework.objects.filter(pk=framework.pk).update(state="withdrawn", withdrawn_at=timezone.now())
        client, address = sign_in(world.max), reverse("extend_deadline", args=[framework.pk])

        assert "takes no applications" in client.get(address).content.decode()
        page = client.post(address, typed(framework.closes_at + 7 * DAY, step="confirm")).content.decode()

        assert "takes no applications" in page
        assert "Many asked for it" in page


class TestSettingItAgain:
    """After it has passed: for an outage, by two."""

    def test_max_proposes_ada_confirms_and_everybody_may_apply_again(self, world, sign_in):
        framework = passed_round(world)
        followed(world, framework)
        outage = out_of_order(framework)
        new = (timezone.now() + 3 * DAY).replace(second=0, microsecond=0)
        client, address = sign_in(world.max), reverse("propose_outage_deadline", args=[framework.pk])
        answers = typed(new, outage=str(outage.pk))

        assert "Propose to set the deadline again" in client.get(reverse("round", args=[framework.pk])).content.decode()
        assert "The portal was out of order on" in client.post(address, answers).content.decode()
        client.post(address, answers | {"step": "confirm"})

        change = DeadlineChange.objects.get()
        assert (change.confirmed_at, closes_at(framework)) == (None, framework.closes_at)
        [letter] = Message.objects.filter(to=world.ada.email)
        assert letter.subject == "A new deadline waits for your confirmation"
        assert not Message.objects.filter(to=world.max.email).exists()
        confirm_page = reverse("confirm_outage_deadline", args=[change.pk])
        assert "a colleague must confirm it" in client.get(confirm_page).content.decode()
        assert "You proposed this yourself" in client.post(confirm_page, follow=True).content.decode()

        ada = sign_in(world.ada)
        assert "Confirm the new deadline" in ada.get(confirm_page).content.decode()
        ada.post(confirm_page)

        change.refresh_from_db()
        assert (change.confirmed_by, closes_at(framework)) == (world.ada, new)
        assert "is in force" in ada.get(confirm_page).content.decode()
        page = Client().get(reverse("framework", args=[framework.pk])).content.decode()
        assert "The portal was out of order on" in page
        assert Message.objects.filter(to=world.alice.email).count() == 1
        applications.start(framework=framework, provider=world.ash_house, by=world.alice)
        assert Application.objects.get().state == "draft"

    def test_without_a_logged_outage_there_is_no_way(self, world, sign_in):
        framework = passed_round(world)
        client, address = sign_in(world.max), reverse("propose_outage_deadline", args=[framework.pk])

        assert "was not out of order" in client.get(address).content.decode()
        page = client.post(address, typed(timezone.now() + 3 * DAY, step="confirm", outage="1")).content.decode()

        assert "Choose when the portal was out of order" in page
        after = Outage.objects.create(
            what="portal", began_at=framework.closes_at + MINUTE, ended_at=framework.closes_at + HOUR
        )
        with pytest.raises(Refused, match="in the 4 hours before"):
            deadlines.propose_outage_deadline(
                framework=framework, outage=after, move=later(framework), reason="So", by=world.max
            )

    def test_before_the_deadline_it_is_extended_instead(self, world, sign_in):
        framework = open_round(world)

        page = sign_in(world.max).get(reverse("propose_outage_deadline", args=[framework.pk])).content.decode()

        assert "extend it instead" in page

    def test_a_framework_without_a_deadline_has_none_to_set(self, world, sign_in):
        framework = open_round(world, closes_at=None, enquiries_until=None)

        for name in ("propose_outage_deadline", "extend_deadline"):
            page = sign_in(world.max).get(reverse(name, args=[framework.pk])).content.decode()
            assert "has no deadline" in page

    def test_one_proposal_waits_at_a_time_and_may_be_dropped(self, world, sign_in):
        framework = passed_round(world)
        change = proposed(world, framework)
        waiting = DeadlineChange.objects.filter(confirmed_at=None, dropped_at=None)

        with pytest.raises(Refused, match="A colleague has proposed a new deadline already"):
            deadlines.propose_outage_deadline(
                framework=framework, outage=change.outage, move=later(framework), reason="Mine", by=world.max
            )
        assert list(waiting.all()) == [change]
        client = sign_in(world.max)
        client.post(reverse("drop_outage_deadline", args=[change.pk]))
        change.refresh_from_db()
        assert change.dropped_at is not None
        assert not waiting.all().exists()
        again = client.post(reverse("drop_outage_deadline", args=[change.pk]), follow=True).content.decode()
        assert "confirmed or dropped already" in again
        assert "It was dropped" in client.get(reverse("confirm_outage_deadline", args=[change.pk])).content.decode()

    def test_what_was_opened_meanwhile_stays_shut(self, world, sign_in):
        framework = passed_round(world)
        change = proposed(world, framework)
        Opening.objects.create(framework=framework, opened_at=timezone.now(), submissions=0)

        with pytest.raises(Refused, match="have been opened"):
            confirm(change, world.ada)
        with pytest.raises(Refused, match="have been opened"):
            deadlines.propose_outage_deadline(
                framework=framework, outage=change.outage, move=later(framework), reason="So", by=world.max
            )
        assert closes_at(framework) == framework.closes_at

    def test_a_proposal_that_lay_too_long_is_not_confirmed(self, world, monkeypatch):
        change = proposed(world)
        monkeypatch.setattr(clock, "database_now", lambda: change.becomes - DAY + TICK)

        with pytest.raises(Refused, match="24 hours from now at least"):
            confirm(change, world.ada)

    def test_an_outage_that_is_not_over_is_waited_for(self, world):
        change = proposed(world)
        Outage.objects.update(ended_at=None)

        with pytest.raises(Refused, match="still out of order"):
            confirm(change, world.ada)

    @pytest.mark.parametrize("who", ["eve", "fay", "tariq", "olu", "alice"])
    def test_nobody_else_is_the_second_person(self, world, who):
        change = proposed(world)

        with pytest.raises(access.Denied):
            confirm(change, getattr(world, who))
        with pytest.raises(access.Denied):
            deadlines.drop_outage_deadline(change=change, by=getattr(world, who), at=timezone.now())

    @pytest.mark.parametrize("who", ["ada", "eve", "tariq", "olu"])
    def test_nobody_else_proposes(self, world, who):
        with pytest.raises(access.Denied):
            proposed(world, by=getattr(world, who))

    def test_the_database_demands_two_people_and_an_outage(self, world):
        framework = passed_round(world)
        change = proposed(world, framework)

        with pytest.raises(IntegrityError), transaction.atomic():
            DeadlineChange.objects.filter(pk=change.pk).update(confirmed_at=NOON, confirmed_by=world.max)
        with pytest.raises(IntegrityError), transaction.atomic():
            DeadlineChange.objects.filter(pk=change.pk).update(outage=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            DeadlineChange.objects.filter(pk=change.pk).update(confirmed_at=NOON, dropped_at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            DeadlineChange.objects.filter(pk=change.pk).update(kind="extension", outage=None)

    def test_a_proposal_is_seen_by_the_buyer_alone_until_it_is_in_force(self, world):
        change = proposed(world)

        seen = {
            who: DeadlineChange.objects.visible_to(getattr(world, who)).exists()
            for who in ("max", "ada", "alice", "tariq", "olu", "nora")
        }
        assert seen == {"max": True, "ada": True, "alice": False, "tariq": False, "olu": False, "nora": False}
        confirm(change, world.ada)
        assert DeadlineChange.objects.visible_to(world.alice).exists()


class TestTheRoundInNumbers:
    """The officer's page."""

    def test_it_counts_and_names_nobody(self, world, sign_in):
        framework = open_round(world)
        asked(world, framework)
        asked(world, framework)
        published_answer(world, framework, 1)
        ask_help(world, framework)
        followed(world, framework, provider=world.birch_farm, by=world.charlie)
        applications.start(framework=framework, provider=world.birch_farm, by=world.charlie)

        found = queries.numbers_of(framework)

        assert (found.following, found.started, found.submitted, found.withdrawn) == (1, 1, 0, 0)
        assert (found.questions_open, found.questions_answered, found.help_waiting) == (1, 1, 1)
        assert (found.messages, found.late) == (1, 0)
        page = sign_in(world.max).get(reverse("round", args=[framework.pk])).content.decode()
        assert "1 to answer, 1 answered" in page
        assert "Nobody can see who applies" in page
        assert not re.search("Ash House|Birch Farm|Alice|Charlie|Bidder ", page)

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            ("open", "days left"),
            ("passed", "The deadline has passed"),
            ("outage", "Propose to set the deadline again"),
            ("opened", "have been opened"),
            ("withdrawn", "No money"),
            ("running", "In numbers"),
        ],
    )
    def test_it_says_where_the_round_stands(self, world, sign_in, state, words):
        framework = open_round(world) if state == "open" else passed_round(world)
        if state == "outage":
            out_of_order(framework)
        if state == "opened":
            Opening.objects.create(framework=framework, opened_at=timezone.now(), submissions=0)
        if state in {"withdrawn", "running"}:
            Framework.objects.filter(pk=framework.pk).update(state=state, withdrawn_at=NOON, awarded_at=NOON)
            Decision.objects.create(
                framework=framework, about="withdrawn", clarification="No money", decided_at=timezone.now()
            )

        page = sign_in(world.max).get(reverse("round", args=[framework.pk])).content.decode()

        assert words in page

    def test_ada_sees_the_numbers_and_no_way_to_change_anything(self, world, sign_in):
        page = sign_in(world.ada).get(reverse("round", args=[open_round(world).pk])).content.decode()

        assert "In numbers" in page
        assert "Extend the deadline" not in page
        assert "Requests for help</a>" not in page

    def test_what_is_being_set_up_has_no_round(self, world, sign_in):
        framework = open_round(world)
        Framework.objects.filter(pk=framework.pk).update(state="draft", published_at=None)

        answer = sign_in(world.max).get(reverse("round", args=[framework.pk]))

        assert answer["Location"] == reverse("framework", args=[framework.pk])

    @pytest.mark.parametrize("rows", [1, 3])
    def test_it_costs_the_same(self, world, sign_in, rows, django_assert_max_num_queries):
        framework, client = open_round(world), sign_in(world.max)
        for _ in range(rows):
            asked(world, framework)
            ask_help(world, framework)
            framework.refresh_from_db()
            extend(world, framework)

        with django_assert_max_num_queries(11):
            client.get(reverse("round", args=[framework.pk]))


class TestAWithdrawnFramework:
    """Whoever follows it is told, once."""

    def withdrawn(self, world) -> Framework:
        framework = open_round(world)
        followed(world, framework)
        Framework.objects.filter(pk=framework.pk).update(state="withdrawn", withdrawn_at=timezone.now())
        return framework

    def test_everybody_is_told_once(self, world):
        framework = self.withdrawn(world)
        open_round(world)

        tasks.tell_of_withdrawals()
        tasks.tell_of_withdrawals()

        assert [letter.key for letter in Message.objects.filter(to=world.alice.email)] == [
            f"framework-withdrawn:{framework.pk}:{world.alice.pk}"
        ]
        assert Event.objects.get(action="providers.withdrawal.told").data == {"letters": 1}

    def test_a_second_messenger_finds_it_done(self, world):
        framework = self.withdrawn(world)
        by = access.System("providers.tell_of_withdrawals")
        told = [rounds.tell_of_withdrawal(framework=framework, by=by, at=timezone.now()) for _ in range(2)]

        assert told == [1, 0]
        assert rounds.tell_of_withdrawal(framework=open_round(world), by=by, at=timezone.now()) == 0
        assert WithdrawalTold.objects.count() == 1

    def test_nobody_does_it_by_hand(self, world):
        with pytest.raises(access.Denied):
            rounds.tell_of_withdrawal(framework=self.withdrawn(world), by=world.max, at=timezone.now())

    def test_why_is_published(self, world):
        framework = self.withdrawn(world)
        framework.refresh_from_db()

        assert queries.why_withdrawn(framework) == ""
        Decision.objects.create(
            framework=framework, about="withdrawn", clarification="No money", decided_at=timezone.now()
        )
        assert queries.why_withdrawn(framework) == "No money"
        assert queries.why_withdrawn(open_round(world)) == ""


def again(user) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Each race is first shown to happen without its lock."""

    @pytest.fixture
    def world(self, transactional_db):
        return make_world()

    @pytest.fixture
    def without_lock(self, monkeypatch):
        """Nobody holds the round, and rows are read without holding them."""
        be_patient(monkeypatch)
        monkeypatch.setattr("providers.steps.rounds._take", lambda function, framework_id: None)
        for model in (Framework, DeadlineChange):
            for kind in (type(model.objects.all()), type(model.objects)):
                monkeypatch.setattr(kind, "locked", lambda self, pk: self.get(pk=pk))

    def confirm_twice(self, world):
        framework = passed_round(world)
        change, other = proposed(world, framework), colleague(world)
        found = found_by(lambda: confirm(change, again(world.ada)), lambda: confirm(change, again(other)))
        return framework, found

    def test_without_the_lock_two_people_confirm_it_twice(self, world, meet, without_lock):
        meet(rules, "check_confirm")

        _, found = self.confirm_twice(world)

        assert Event.objects.filter(action="providers.deadline.confirmed").count() == 2 or any(
            isinstance(one, IntegrityError) for one in found
        )

    @pytest.mark.parametrize("turn", range(3))
    def test_one_of_two_confirms_it(self, world, meet, turn):
        meet(rules, "check_confirm")

        framework, found = self.confirm_twice(world)

        assert sorted(type(one).__name__ for one in found) == ["DeadlineChange", "Refused"]
        assert Event.objects.filter(action="providers.deadline.confirmed").count() == 1
        assert Decision.objects.filter(framework=framework).count() == 1

    def extend_against_another(self, world):
        framework = open_round(world)
        other = colleague(world)
        near, far = later(framework, 3), later(framework, 9)
        found = found_by(
            lambda: extend(world, framework, far, by=again(world.max)),
            lambda: extend(world, framework, near, by=again(other)),
        )
        return framework, far, found

    def test_without_the_lock_a_later_deadline_may_be_shortened(self, world, meet, without_lock):
        """Both judge the same old deadline; whoever writes last wins, or falls over the other's row."""
        meet(rules, "check_extension")

        _, _, found = self.extend_against_another(world)

        assert not any(isinstance(one, Refused) for one in found)

    @pytest.mark.parametrize("turn", range(3))
    def test_of_two_extensions_the_later_deadline_stands(self, world, meet, turn):
        meet(rules, "check_extension")

        framework, far, _ = self.extend_against_another(world)

        assert closes_at(framework) == far.closes_at

    def start_at_the_deadline(self, world, monkeypatch, meet):
        """Alice begins an application just after the deadline, while Max, who asked in time, extends it."""
        framework = open_round(world)
        asked_at = {"extend": framework.closes_at, "start": framework.closes_at + TICK}
        which = threading.local()
        monkeypatch.setattr(clock, "database_now", lambda: asked_at[which.name])

        def extending():
            which.name = "extend"
            return extend(world, framework, by=again(world.max))

        def starting():
            which.name = "start"
            return applications.start(framework=framework, provider=world.ash_house, by=again(world.alice))

        return framework, found_by(extending, starting)

    @pytest.mark.parametrize("turn", range(3))
    def test_whoever_comes_just_too_late_is_in_exactly_when_the_extension_came_first(
        self, world, meet, monkeypatch, turn
    ):
        framework, (extended, started) = self.start_at_the_deadline(world, monkeypatch, meet)

        assert isinstance(extended, DeadlineChange)
        assert isinstance(started, (Application, TooLate))
        assert Application.objects.count() == (1 if isinstance(started, Application) else 0)
        assert closes_at(framework) == extended.becomes

    def against_the_opening(self, world, meet, act, monkeypatch, *, passes: dict[str, dt.datetime]):
        """One side moves the deadline while the other opens the applications; each has read its own clock."""
        which, barrier = threading.local(), threading.Barrier(2)
        monkeypatch.setattr(clock, "database_now", lambda: passes[which.name])
        meet(rules, "check_taking_part", barrier)
        meet(opening, "_read", barrier)

        def moving():
            which.name = "moves"
            return act()

        def opens(framework):
            which.name = "opens"
            with transaction.atomic():
                return opening.open_round(framework=framework, by=again(world.max))

        framework = Framework.objects.get()
        return found_by(moving, lambda: opens(framework))

    def confirm_against_the_opening(self, world, meet, monkeypatch):
        change, now = proposed(world), timezone.now()
        return self.against_the_opening(
            world, meet, lambda: confirm(change, again(world.ada)), monkeypatch, passes={"moves": now, "opens": now}
        )

    def extend_against_the_opening(self, world, meet, monkeypatch):
        framework = open_round(world)
        at = framework.closes_at
        return self.against_the_opening(
            world, meet, lambda: extend(world, framework, by=again(world.max)), monkeypatch,
            passes={"moves": at, "opens": at + TICK},
        )  # fmt: skip

    @pytest.mark.parametrize("race", ["confirm_against_the_opening", "extend_against_the_opening"])
    def test_without_the_lock_what_is_opened_is_open_for_applications_again(
        self, world, meet, monkeypatch, without_lock, race
    ):
        found = getattr(self, race)(world, meet, monkeypatch)

        assert [type(one).__name__ for one in found] == ["DeadlineChange", "Opened"]

    @pytest.mark.parametrize("turn", range(3))
    @pytest.mark.parametrize("race", ["confirm_against_the_opening", "extend_against_the_opening"])
    def test_it_is_opened_or_moved_and_never_both(self, world, meet, monkeypatch, race, turn):
        found = getattr(self, race)(world, meet, monkeypatch)

        assert sorted(isinstance(one, Refused) for one in found) == [False, True]
        assert Opening.objects.count() + DeadlineChange.objects.filter(confirmed_at__isnull=False).count() == 1
