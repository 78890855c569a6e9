"""A bidder is asked once, answers once and in time; nobody learns more than they may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import Event
from core import clock
from core.access import Denied, System
from evaluation import tasks
from evaluation.actions import clarifying as actions
from evaluation.models import Appointment, Bid, Clarification, Conflict, Judgement
from evaluation.queries import clarifications as queries
from evaluation.rules import clarifying as rules
from evaluation.states import BidState, Cure, Duty, Outcome
from files.models import File, PageSet
from files.states import FileState
from lots.models import Lot, Standard
from lots.rules.refusals import Refused
from outbox.models import Message
from tests.accounts.mail import body as body_of
from tests.evaluation import clarify
from tests.evaluation.clarify import asked, judgement_of, judging
from tests.providers.bids import held, newer

TICK = dt.timedelta(microseconds=1)
TELL = System("evaluation.tell_of_questions")


def letters(key: str) -> list[Message]:
    return list(Message.objects.filter(key__startswith=f"{key}:").order_by("pk"))


def answer(world, clarification, text="On page 2.", version=None, by=None) -> Clarification:
    return actions.answer_clarification(
        clarification=clarification, text=text, version=version.pk if version else None, by=by or world.alice
    )


@pytest.fixture
def at(monkeypatch):
    """Sets the database's clock."""
    return lambda moment: monkeypatch.setattr(clock, "database_now", lambda: moment)


# --- Asking ----------------------------------------------------------------------------------------------------------


def test_a_question_goes_to_the_bidder_alone_and_the_judgement_waits(world):
    made = judging(world)
    now = timezone.now()

    one = asked(world, made, at=now)

    judgement = Judgement.objects.get(pk=one.judgement_id)
    assert (judgement.outcome, judgement.saved_at, judgement.revision) == (Outcome.CLARIFY, now, 1)
    assert (one.cure, one.due_at, one.lot_id) == (Cure.REPLACE, rules.due_at(now, made.clarify_days), None)
    [letter] = letters("clarification")
    assert (letter.to, letter.discreet, letter.body) == (world.alice.email, True, "")
    assert f"/bid-questions/{one.pk}/" in body_of(letter)
    assert clarify.QUESTION not in body_of(letter)
    assert "Eve" not in body_of(letter)
    event = Event.objects.get(action="evaluation.clarification.asked")
    assert (event.data, event.organisation_id) == ({"evaluation": made.pk}, made.framework.buyer_id)


def test_a_colleague_who_judges_blind_does_not_learn_that_somebody_asked(world):
    one = asked(world)

    who = {name for name, person in world.people.items() if Clarification.objects.visible_to(person).exists()}
    assert who == {"alice", "eve", "ada"}

    answer(world, one)
    who = {name for name, person in world.people.items() if Clarification.objects.visible_to(person).exists()}
    assert who == {"alice", "max", "ada", "eve", "tom", "fay"}


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda made: Bid.objects.update(state=BidState.WITHDRAWN, state_at=timezone.now()), "withdrawn"),
        (lambda made: Judgement.objects.update(locked_at=timezone.now(), outcome="pass", reason="Yes"), "locked"),
        (lambda made: clarify.cures(made, Cure.NOTHING), "Nothing may be sent"),
    ],
    ids=["withdrawn", "locked", "nothing may be sent"],
)
def test_who_cannot_be_asked_hears_nothing(world, spoil, why):
    made = judging(world)
    judgement, evidence = judgement_of(world, made), clarify.evidence_of(made)
    spoil(made)

    with pytest.raises(Refused, match=why):
        actions.ask_bidder(judgement=judgement, evidence_id=evidence.pk, text="?", by=world.eve, at=timezone.now())

    assert (Clarification.objects.count(), letters("clarification")) == (0, [])


def test_nobody_asks_about_what_the_standard_does_not_ask_for(world):
    made = judging(world)
    other = judgement_of(world, made, who="tom")

    with pytest.raises(Refused, match="Choose what the question is about"):
        actions.ask_bidder(judgement=other, evidence_id=10**9, text="?", by=world.tom, at=timezone.now())
    with pytest.raises(Denied):
        actions.ask_bidder(judgement=other, evidence_id=None, text="?", by=world.eve, at=timezone.now())


def test_two_who_judge_blind_ask_each_for_themselves_and_each_once(world):
    made = judging(world)
    asked(world, made)
    toms = judgement_of(world, made, who="tom")

    about_all = actions.ask_bidder(judgement=toms, evidence_id=None, text="Who?", by=world.tom, at=timezone.now())

    assert about_all.cure == Cure.EXPLAIN
    with pytest.raises(Refused, match="can still answer"):
        actions.ask_bidder(judgement=toms, evidence_id=None, text="Who?", by=world.tom, at=timezone.now())
    with pytest.raises(Refused, match="Nobody is asked twice"):
        actions.ask_bidder(judgement=toms, evidence_id=None, text="Who?", by=world.tom, at=about_all.due_at + TICK)


def test_a_moderator_asks_without_a_judgement(world):
    made = judging(world)
    bid, lot = Bid.objects.visible_to(world.ada).first(), Lot.objects.get(framework=made.framework, number="1")
    standard = Standard.objects.get(number="1.1", theme__version__framework=made.framework)
    words = {"bid": bid, "standard_id": standard.pk, "evidence_id": None, "text": "Who?", "at": timezone.now()}

    one = actions.ask_in_moderation(**words, lot_id=None, by=world.ada)
    of_lot = actions.ask_in_moderation(**words, lot_id=lot.pk, by=world.ada)

    assert (one.judgement, one.lot, of_lot.lot) == (None, None, lot)
    assert not Judgement.objects.filter(outcome=Outcome.CLARIFY).exists()
    with pytest.raises(Refused, match="can still answer"):
        actions.ask_in_moderation(**words, lot_id=None, by=world.ada)
    with pytest.raises(Refused, match="not judged against this standard"):
        actions.ask_in_moderation(**words, lot_id=10**9, by=world.ada)
    with pytest.raises(Refused, match="not judged against this standard"):
        actions.ask_in_moderation(**words | {"standard_id": 10**9}, lot_id=None, by=world.ada)
    with pytest.raises(Denied):
        actions.ask_in_moderation(**words, lot_id=None, by=world.eve)


def test_what_can_be_asked_about_says_what_may_be_sent(world):
    made = judging(world)
    standard = clarify.evidence_of(made).standard_id

    whole, policy = queries.choices(made, standard)

    assert (whole.evidence, whole.cure, policy.title, policy.cure) == (
        None,
        "explain",
        "Safeguarding policy",
        "explain",
    )
    assert policy.may_send == rules.MAY_SEND[Cure.EXPLAIN]


# --- Answering -------------------------------------------------------------------------------------------------------


def test_the_answer_comes_once_with_a_document_and_leaves_what_was_frozen(world):
    one = asked(world)
    paper = held(world.ash_house, "Safeguarding policy, signed")
    frozen = [*one.bid.submission.versions.values_list("version", flat=True)]

    done = answer(world, one, version=paper)

    assert (done.answer, done.version, done.answered_by) == ("On page 2.", paper, world.alice)
    assert [*one.bid.submission.versions.values_list("version", flat=True)] == frozen
    assert PageSet.objects.get().file == paper.file
    [letter] = letters("clarification-answered")
    assert (letter.to, letter.discreet) == (world.eve.email, True)
    assert f"/bidder-questions/{one.pk}/" in body_of(letter)
    assert "Ash House" not in body_of(letter)
    event = Event.objects.get(action="evaluation.clarification.answered")
    assert (event.by, event.organisation_id, event.data) == (world.alice, world.ash_house.pk, {})

    assert answer(world, one, version=paper) == done
    with pytest.raises(Refused, match="An answer is final"):
        answer(world, one, "On page 3.")
    assert Clarification.objects.get().answer == "On page 2."
    assert len(letters("clarification-answered")) == 1


def test_the_last_moment_is_in_and_the_next_is_out(world, at):
    one = asked(world)

    at(one.due_at + TICK)
    with pytest.raises(rules.TooLate) as late:
        answer(world, one)
    assert (late.value.at, late.value.due_at) == (one.due_at + TICK, one.due_at)
    actions.note_late_answer(clarification=one, by=world.alice, at=late.value.at)
    noted = Event.objects.get(action="evaluation.clarification.late")
    assert (noted.at, noted.by, noted.about_id) == (one.due_at + TICK, world.alice, one.pk)

    at(one.due_at)
    assert answer(world, one).answered_at == one.due_at


def test_only_whoever_leads_the_bidder_answers(world):
    one = asked(world)

    for name in ("bob", "charlie", "eve", "ada"):
        with pytest.raises(Denied):
            answer(world, one, by=world.people[name])


@pytest.mark.parametrize("what", ["another's", "an earlier one", "removed", "infected"])
def test_only_a_document_that_is_in_the_bidders_library_can_be_sent(world, what):
    one = asked(world)
    paper = held(world.birch_farm if what == "another's" else world.ash_house)
    if what == "an earlier one":
        newer(paper.item)
    if what == "removed":
        paper.item.removed_at = timezone.now()
        paper.item.save()
    if what == "infected":
        File.objects.filter(pk=paper.file_id).update(state=FileState.INFECTED)

    with pytest.raises(Refused, match="in your library"):
        answer(world, one, version=paper)


def test_a_document_is_sent_only_where_that_was_set_before(world):
    one = asked(world, cure=Cure.EXPLAIN)

    with pytest.raises(Refused, match="No document can be sent"):
        answer(world, one, version=held(world.ash_house))


def test_a_bid_that_is_out_need_not_answer(world):
    one = asked(world)
    Bid.objects.update(state=BidState.WITHDRAWN, state_at=timezone.now())

    with pytest.raises(Refused, match="no longer in this evaluation"):
        answer(world, one)
    assert actions.tell_of_questions(by=TELL, at=one.due_at + TICK) == 0


# --- Who is told -----------------------------------------------------------------------------------------------------


def test_the_bidder_is_reminded_once_and_the_asker_told_once_that_nothing_came(world):
    made = judging(world)
    made.clarify_days = 3
    made.save()
    one = asked(world, made)
    soon = rules.reminder_at(one.asked_at, one.due_at)

    counts = [
        actions.tell_of_questions(by=TELL, at=moment)
        for moment in (soon - TICK, soon, soon, one.due_at, one.due_at + TICK, one.due_at + rules.TOLD_FOR)
    ]

    assert counts == [0, 1, 0, 0, 1, 0]
    assert [letter.to for letter in letters("clarification-soon")] == [world.alice.email]
    assert [letter.to for letter in letters("clarification-lapsed")] == [world.eve.email]
    told = Event.objects.filter(action="evaluation.clarification.told").order_by("pk")
    assert [event.data for event in told] == [{"reminders": 1, "lapsed": 0}, {"reminders": 0, "lapsed": 1}]


def test_nobody_is_reminded_of_what_was_answered_or_asked_a_moment_ago(world):
    made = judging(world)
    made.clarify_days = 1
    made.save()
    one = asked(world, made)
    assert actions.tell_of_questions(by=TELL, at=one.due_at) == 0

    answer(world, one)

    tasks.tell_of_questions()
    assert actions.tell_of_questions(by=TELL, at=one.due_at + TICK) == 0


def test_an_answer_goes_to_whoever_judges_by_then(world):
    """Eve left; Tom has an interest in the bidder; Ada has taken the judgement over."""
    made = judging(world)
    one, later = asked(world, made), timezone.now()
    Appointment.objects.filter(person=world.eve).update(ended_at=later)
    assert queries.to_be_told(one) == []

    Judgement.objects.filter(pk=one.judgement_id).update(ended_at=later)
    mine = Judgement.objects.create(
        bid=one.bid, standard=one.standard, person=world.ada, number=1, slot="blind", position=1
    )
    assert queries.to_be_told(one) == [(world.ada.pk, world.ada.email)]

    Judgement.objects.filter(person=world.tom).update(ended_at=later)
    Judgement.objects.filter(pk=mine.pk).update(person=world.tom)
    assert queries.to_be_told(one) == [(world.tom.pk, world.tom.email)]
    Conflict.objects.create(
        evaluation=made, person=world.tom, provider=world.ash_house, text="A friend", noted_at=later
    )
    assert queries.to_be_told(one) == []
    Appointment.objects.create(evaluation=made, person=world.fay, duty=Duty.MODERATOR, appointed_at=later)
    assert queries.to_be_told(Clarification(bid=one.bid, asked_by=world.fay)) == [(world.fay.pk, world.fay.email)]


def test_nobody_does_by_hand_what_the_calendar_does(world):
    for act in (actions.tell_of_questions, actions.want_pages):
        with pytest.raises(Denied):
            act(by=world.max, at=timezone.now())
