"""Messages between the buyer and one bidder, and requests for help: recorded to the second, seen by the two sides."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from core import access, clock
from lots.models import Framework
from outbox.models import Message
from providers.actions import messages as actions
from providers.models import Application, BidMessage, Opening, Submission
from providers.queries import messages as queries
from providers.rules import messages as rules
from providers.rules.refusals import Refused
from providers.states import ApplicationState, MessageKind
from providers.steps.letters import SUBJECT
from tests.providers.rounds import DAY, HOUR, MINUTE, ask_help, colleague, followed, open_round

NOON = dt.datetime(2026, 4, 20, 11, 0, tzinfo=dt.UTC)
SECOND, TICK = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "closes_at", "words", "last_hour"),
    [
        (NOON, None, "", False),
        (NOON, NOON, "less than a second before the deadline", True),
        (NOON - TICK, NOON, "less than a second before the deadline", True),
        (NOON - 9 * MINUTE - 5 * SECOND, NOON, "9 minutes 5 seconds before the deadline", True),
        (NOON - HOUR, NOON, "1 hour before the deadline", True),
        (NOON - HOUR - TICK, NOON, "1 hour before the deadline", False),
        (NOON - 5 * DAY, NOON, "5 days before the deadline", False),
        (NOON + TICK, NOON, "less than a second after the deadline", False),
        (NOON + 3 * SECOND, NOON, "3 seconds after the deadline", False),
    ],
)
def test_how_a_request_lies_to_the_deadline(at, closes_at, words, last_hour):
    assert (rules.seen_from_deadline(at, closes_at), rules.is_last_hour(at, closes_at)) == (words, last_hour)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"state": "published"}, None),
        ({"state": "running"}, None),
        ({"state": "published", "sent_today": rules.MOST_A_DAY - 1}, None),
        ({"state": "published", "sent_today": rules.MOST_A_DAY}, "50 messages in the last 24 hours"),
        ({"state": "withdrawn"}, "framework is over"),
        ({"state": "ended"}, "framework is over"),
    ],
)
def test_when_a_message_may_be_sent(words, refusal):
    if refusal is None:
        rules.check_message(**words)
    else:
        with pytest.raises(Refused, match=refusal):
            rules.check_message(**words)


def code_of(application) -> str:
    return application.alias.removeprefix("Bidder ")


def thread(world, framework, code) -> str:
    return reverse("bidder_messages", args=[framework.pk, code])


class TestBetweenTheTwoSides:
    """A thread for each bidder."""

    def test_alice_writes_max_answers_and_each_is_told(self, world, sign_in):
        framework = open_round(world)
        application = followed(world, framework)
        alice, officer = sign_in(world.alice), sign_in(world.max)
        address = reverse("bid_messages", args=[application.pk])

        alice.post(address, {"text": "Our kitchen is not ready"})
        inbox = officer.get(reverse("messages_of_round", args=[framework.pk])).content.decode()
        officer.post(thread(world, framework, code_of(application)), {"text": "Say when it is"})

        assert application.alias in inbox
        page = alice.get(address).content.decode()
        assert page.index("Say when it is") < page.index("Our kitchen is not ready")
        assert "From Larkshire Council" in page
        [to_max] = Message.objects.filter(to=world.max.email)
        assert (to_max.subject, "kitchen" in to_max.body) == ("A bidder has written to you", False)
        assert not re.search("Ash House|Alice", to_max.body + to_max.key)
        [to_alice] = Message.objects.filter(to=world.alice.email)
        assert (to_alice.subject, to_alice.discreet, to_alice.body) == (SUBJECT, True, "")
        assert Event.objects.get(action="providers.bid_message.sent").organisation_id == world.ash_house.pk
        assert Event.objects.get(action="providers.bid_message.replied").organisation_id == world.larkshire.pk

    def test_officers_see_an_alias_and_no_name(self, world, sign_in):
        framework = open_round(world)
        message = ask_help(world, framework, "The page does not load")
        client = sign_in(world.max)
        addresses = [
            reverse("messages_of_round", args=[framework.pk]),
            reverse("help_queue", args=[framework.pk]),
            reverse("answer_help", args=[message.pk]),
            thread(world, framework, code_of(message.application)),
        ]

        for address in addresses:
            page = client.get(address).content.decode()
            assert message.application.alias in page
            assert not re.search("Ash House|Alice", page), address

    def test_after_the_opening_whoever_had_submitted_has_a_name_and_nobody_else(self, world, sign_in):
        framework = open_round(world)
        application = ask_help(world, framework).application
        other = followed(world, framework, provider=world.birch_farm, by=world.charlie)
        actions.send_message(application=other, text="Only following", by=world.charlie)
        submission = Submission.objects.create(
            application=application, number=1, reference="R", sealed=b"x", revision=1, sha256="0" * 64,
            content_key="0" * 64, key="k", submitted_at=timezone.now(),
        )  # fmt: skip
        Application.objects.filter(pk=application.pk).update(state=ApplicationState.SUBMITTED, standing=submission)
        client, address = sign_in(world.max), reverse("messages_of_round", args=[framework.pk])
        assert "Ash House" not in client.get(address).content.decode()
        assert queries.bidder_known_as(framework, code_of(application), user=world.max).label == application.alias

        Opening.objects.create(framework=framework, opened_at=timezone.now(), submissions=1)

        page = client.get(address).content.decode()
        assert "Ash House" in page
        assert "Birch Farm" not in page
        assert other.alias in page
        assert queries.bidder_known_as(framework, code_of(application), user=world.max).label == "Ash House"
        assert queries.bidder_known_as(framework, code_of(other), user=world.max).label == other.alias

    def test_a_bidder_who_never_wrote_is_not_there(self, world, sign_in):
        framework = open_round(world)
        application = followed(world, framework)
        client = sign_in(world.max)

        assert client.get(thread(world, framework, code_of(application))).status_code == 404
        assert client.get(thread(world, framework, "AAAAA")).status_code == 404
        assert client.get(thread(world, framework, "22222")).status_code == 404
        assert client.get(thread(world, framework, "x" * 300)).status_code == 404

    def test_another_buyer_and_another_bidder_see_nothing(self, world, sign_in):
        framework = open_round(world)
        message = ask_help(world, framework)

        assert queries.bidder_known_as(framework, code_of(message.application), user=world.tariq) is None
        assert list(queries.inbox(framework, user=world.tariq)) == []
        assert list(queries.own_thread(message.application, user=world.charlie)) == []
        assert sign_in(world.charlie).get(reverse("bid_messages", args=[message.application_id])).status_code == 404
        assert list(BidMessage.objects.visible_to(world.olu)) == []

    @pytest.mark.parametrize("who", ["bob", "charlie", "max", "olu"])
    def test_nobody_else_writes_for_the_bidder(self, world, who):
        application = followed(world, open_round(world))

        with pytest.raises(access.Denied):
            actions.send_message(application=application, text="Hello", by=getattr(world, who))
        with pytest.raises(access.Denied):
            actions.ask_for_help(application=application, text="Help", reach="", by=getattr(world, who))

    @pytest.mark.parametrize("who", ["ada", "alice", "tariq", "olu"])
    def test_nobody_else_writes_for_the_buyer(self, world, who):
        framework = open_round(world)
        message = ask_help(world, framework)

        with pytest.raises(access.Denied):
            actions.write_to_bidder(
                application=message.application_id, text="Hello", by=getattr(world, who),
                at=timezone.now(),
            )  # fmt: skip

    def test_when_the_framework_is_over_the_thread_stays_readable(self, world, sign_in):
        framework = open_round(world)
        application = ask_help(world, framework).application
        Framework.objects.filter(pk=framework.pk).update(state="withdrawn", withdrawn_at=timezone.now())
        alice, officer = sign_in(world.alice), sign_in(world.max)
        address = reverse("bid_messages", args=[application.pk])

        page = alice.get(address).content.decode()
        refused = alice.post(address, {"text": "Typed for nothing"}).content.decode()

        assert ("The page does not load" in page, "<textarea" in page) == (True, False)
        assert "framework is over" in refused
        assert "Typed for nothing" in refused
        assert "framework is over" in alice.get(reverse("ask_for_help", args=[application.pk])).content.decode()
        assert "framework is over" in officer.get(thread(world, framework, code_of(application))).content.decode()

    def test_nobody_writes_without_end(self, world, monkeypatch):
        monkeypatch.setattr(rules, "MOST_A_DAY", 1)
        application = ask_help(world, open_round(world)).application

        with pytest.raises(Refused, match="in the last 24 hours"):
            actions.send_message(application=application, text="Again", by=world.alice)
        BidMessage.objects.update(sent_at=timezone.now() - DAY - MINUTE)
        actions.send_message(application=application, text="Again", by=world.alice)

    @pytest.mark.parametrize("rows", [1, 3])
    @pytest.mark.parametrize(
        ("name", "who", "queries"),
        [
            ("messages_of_round", "max", 6),
            ("help_queue", "max", 6),
            ("bidder_messages", "max", 8),
            ("bid_messages", "alice", 5),
        ],
    )
    def test_each_page_costs_the_same(self, world, sign_in, rows, name, who, queries, django_assert_max_num_queries):
        framework = open_round(world)
        for _ in range(rows):
            application = ask_help(world, framework).application
        args = {"bidder_messages": [framework.pk, code_of(application)], "bid_messages": [application.pk]}
        client = sign_in(getattr(world, who))

        with django_assert_max_num_queries(queries):
            assert client.get(reverse(name, args=args.get(name, [framework.pk]))).status_code == 200


class TestHelp:
    """A request for help has the database's own time."""

    def test_it_is_noted_to_the_microsecond_and_shown_to_the_second(self, world, sign_in, monkeypatch):
        framework = open_round(world)
        application = followed(world, framework)
        at = framework.closes_at - 9 * MINUTE - 5 * SECOND - TICK
        monkeypatch.setattr(clock, "database_now", lambda: at)

        sign_in(world.alice).post(
            reverse("ask_for_help", args=[application.pk]),
            {"text": "The file does not go up", "reach": "01632 960 001"},
        )

        message = BidMessage.objects.get()
        assert (message.sent_at, message.kind, message.reach) == (at, MessageKind.HELP, "01632 960 001")
        page = sign_in(world.max).get(reverse("help_queue", args=[framework.pk])).content.decode()
        assert "9 minutes 5 seconds before the deadline" in page
        assert "In the last hour" in page
        assert "01632 960 001" in page
        assert timezone.localtime(at).strftime("%H:%M:%S") in page

    def test_help_can_be_asked_for_after_the_deadline(self, world):
        framework = open_round(world, closes_in=-MINUTE)

        message = ask_help(world, framework)

        assert rules.seen_from_deadline(message.sent_at, framework.closes_at).endswith("after the deadline")

    def test_whoever_waited_longest_is_first_and_an_answer_ends_the_wait(self, world, sign_in):
        framework = open_round(world)
        first = ask_help(world, framework, "First of all")
        second = ask_help(world, framework, "Second of all")
        client, queue = sign_in(world.max), reverse("help_queue", args=[framework.pk])
        page = client.get(queue).content.decode()
        assert page.index("First of all") < page.index("Second of all")

        answer = client.post(reverse("answer_help", args=[first.pk]), {"text": "Try another browser"})

        assert answer["Location"] == queue
        assert "First of all" not in client.get(queue).content.decode()
        assert "First of all" in client.get(queue, {"show": "answered"}).content.decode()
        first.refresh_from_db()
        assert first.answered_at is not None
        reply = BidMessage.objects.get(from_buyer=True)
        assert (reply.answers_id, reply.application_id) == (first.pk, second.application_id)
        assert Event.objects.get(action="providers.help.answered").data == {"framework": framework.pk}
        thread_page = sign_in(world.alice).get(reverse("bid_messages", args=[first.application_id])).content.decode()
        assert "Try another browser" in thread_page

    def test_two_officers_answer_once_and_nothing_typed_is_lost(self, world, sign_in):
        framework = open_round(world)
        message = ask_help(world, framework)
        colleague(world)
        client, address = sign_in(world.max), reverse("answer_help", args=[message.pk])
        client.post(address, {"text": "The first answer"})

        page = client.post(address, {"text": "The second answer"}).content.decode()

        assert "answered meanwhile" in page
        assert "The second answer" in page
        assert BidMessage.objects.filter(from_buyer=True).count() == 1

    def test_only_a_request_for_help_is_answered_there(self, world, sign_in):
        framework = open_round(world)
        application = followed(world, framework)
        message = actions.send_message(application=application, text="No hurry", by=world.alice)

        assert sign_in(world.max).get(reverse("answer_help", args=[message.pk])).status_code == 404

    def test_the_database_keeps_a_buyer_from_asking_for_help(self, world):
        application = followed(world, open_round(world))

        for wrong in ({"kind": "help", "from_buyer": True}, {"kind": "message", "from_buyer": False, "reach": "x"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                BidMessage.objects.create(
                    framework=application.framework,
                    application=application,
                    text="?",
                    sent_at=timezone.now(),
                    **wrong,
                )
