"""Bidders ask, officers answer everybody, and nobody learns who asked."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.states import Role
from audit.models import Event
from core import access, clock
from lots.models import Decision, Framework
from lots.states import FrameworkState
from outbox import delivery
from outbox.models import Message
from outbox.states import Queue
from providers.actions import questions as actions
from providers.models import Answer, AnswerVersion, Application, Question
from providers.queries.questions import log_of
from providers.rules import questions as rules
from providers.rules.questions import Decided, Entry, Version
from providers.rules.refusals import Refused
from providers.states import ApplicationState
from providers.steps.letters import SUBJECT
from tests.cast import make_world
from tests.frameworks import make_framework
from tests.patience import found_by, without_lock
from tests.providers.rounds import DAY, asked, colleague, followed, open_round, provider_led_by, published_answer

NOON = dt.datetime(2026, 4, 20, 11, 0, tzinfo=dt.UTC)
TICK = dt.timedelta(microseconds=1)
HOUR = dt.timedelta(hours=1)


def read(framework, *, client=None, **query) -> str:
    """The public log."""
    return (client or Client()).get(reverse("clarifications", args=[framework.pk]), query).content.decode()


def letters_to(person) -> list[Message]:
    return list(Message.objects.filter(to=person.email).order_by("id"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"at": NOON - HOUR}, None),
        ({"at": NOON - HOUR + TICK}, "Questions could be asked until 20 April 2026 at midday"),
        ({"enquiries_until": None, "at": NOON}, None),
        ({"enquiries_until": None, "at": NOON + TICK}, "Questions could be asked until"),
        ({"enquiries_until": None, "closes_at": None, "at": NOON + 999 * DAY}, None),
        ({"waiting": rules.MOST_WAITING - 1}, None),
        ({"waiting": rules.MOST_WAITING}, "20 questions that are not answered"),
        ({"state": "draft"}, "not published yet"),
        ({"state": "withdrawn"}, "was withdrawn"),
        ({"state": "running"}, "The time to apply is over"),
        ({"state": "ended"}, "The time to apply is over"),
    ],
)
def test_until_when_one_may_ask(changes, words):
    asking = {"state": "published", "closes_at": NOON, "enquiries_until": NOON - HOUR, "at": NOON - DAY, "waiting": 0}
    asking |= changes
    if "Questions" in (words or "") and asking["enquiries_until"]:
        words = words.replace("midday", "11am")

    if words is None:
        rules.check_ask(**asking)
    else:
        with pytest.raises(Refused, match=words):
            rules.check_ask(**asking)


def version(number=1, text="Yes", asked="May we?", at=NOON, why="") -> Version:
    return Version(number, asked, text, why, at)


class TestTheLogAsARule:
    """What stands in it, under which number, in which order."""

    def test_clarifications_are_numbered_as_they_were_first_public(self):
        published = NOON
        decided = [
            Decided("sides", "Never public", "", NOON - 3 * DAY, NOON - 2 * DAY),
            Decided("term", "Eight years", "", NOON - 2 * DAY, None),
            Decided("sides", "Upper side", "", NOON - 2 * DAY, NOON + DAY),
            Decided("sides", "Both sides", "The notice was corrected", NOON + DAY, None),
            Decided("withdrawn", "No money", "No money", NOON + 2 * DAY, None),
        ]

        found = rules.clarifications(decided, published_at=published)

        assert [(one.title, [(text.number, text.text, text.at) for text in one.versions]) for one in found] == [
            ("Clarification 1", [(1, "Eight years", NOON)]),
            ("Clarification 2", [(2, "Both sides", NOON + DAY), (1, "Upper side", NOON)]),
            ("Clarification 3", [(1, "No money", NOON + 2 * DAY)]),
        ]
        assert found[1].current.why_changed == "The notice was corrected"
        assert found[1].first_at == NOON

    def test_answers_have_their_newest_version_first(self):
        found = rules.answers([(1, version()), (1, version(2, "No", at=NOON + DAY, why="We erred")), (2, version())])

        assert [(one.anchor, [text.number for text in one.versions]) for one in found] == [
            ("answer-1", [2, 1]),
            ("answer-2", [1]),
        ]
        assert [text.text for text in found[0].earlier] == ["Yes"]

    ENTRIES = (
        Entry("answer", 1, (version(2, "In a barn", "Where?", NOON + 3 * DAY), version())),
        Entry("answer", 2, (version(1, "By bus", "How far?", NOON + 2 * DAY),)),
        Entry("clarification", 1, (version(1, "Upper side only", "", NOON),)),
    )

    @pytest.mark.parametrize(
        ("wanted", "titles"),
        [
            ({}, ["Answer 1", "Answer 2", "Clarification 1"]),
            ({"kind": "answer"}, ["Answer 1", "Answer 2"]),
            ({"kind": "clarification"}, ["Clarification 1"]),
            ({"words": "BARN where"}, ["Answer 1"]),
            ({"words": "answer 2"}, ["Answer 2"]),
            ({"words": "bus barn"}, []),
            ({"words": "upper", "kind": "answer"}, []),
        ],
    )
    def test_it_is_narrowed_and_what_changed_last_comes_first(self, wanted, titles):
        assert [one.title for one in rules.log(self.ENTRIES, **wanted)] == titles

    @pytest.mark.parametrize(
        ("waiting", "answered", "words"),
        [([1, 2], [1], None), ([], [], None), ([2], [1, 2, 3], "Question 1 and 3 has been answered meanwhile")],
    )
    def test_a_question_is_answered_once(self, waiting, answered, words):
        if words is None:
            rules.check_answers(waiting, answered)
        else:
            with pytest.raises(Refused, match=words):
                rules.check_answers(waiting, answered)


class TestAsking:
    """From a provider's side."""

    def test_alice_asks_and_follows_from_then_on(self, world, sign_in):
        framework, client = open_round(world), sign_in(world.alice)
        address = reverse("ask_question", args=[framework.pk])

        assert "Do not name yourself" in client.get(address).content.decode()
        answer = client.post(address, {"text": "May we teach in a barn?"}, follow=True)

        question = Question.objects.get()
        assert (question.number, question.text, question.asked_by) == (1, "May we teach in a barn?", world.alice)
        assert question.application.provider == world.ash_house
        assert question.application.state == ApplicationState.FOLLOWING
        page = answer.content.decode()
        assert "Waiting for an answer" in page
        assert "May we teach in a barn?" in page
        event = Event.objects.get(action="providers.question.asked")
        assert (event.organisation_id, event.data) == (world.ash_house.pk, {})

    def test_the_officers_are_told_that_something_was_asked_and_not_by_whom(self, world):
        asked(world, open_round(world))

        [letter] = letters_to(world.max)
        assert (letter.subject, letter.organisation_id) == (
            "A question was asked about your framework",
            world.larkshire.pk,
        )
        assert "barn" not in letter.body
        assert "Ash House" not in letter.body + letter.subject + letter.key
        assert letters_to(world.ada) == []

    def test_the_last_moment_for_questions_counts_and_the_next_does_not(self, world, monkeypatch):
        framework = open_round(world)
        monkeypatch.setattr(clock, "database_now", lambda: framework.enquiries_until)
        asked(world, framework)
        monkeypatch.setattr(clock, "database_now", lambda: framework.enquiries_until + TICK)

        with pytest.raises(Refused, match="ask for help on the page of your application"):
            asked(world, framework)
        assert Question.objects.count() == 1

    def test_after_it_the_page_says_so_and_what_to_do_and_nothing_typed_is_lost(self, world, sign_in):
        framework = open_round(world, enquiries_until=timezone.now() - DAY)
        client, address = sign_in(world.alice), reverse("ask_question", args=[framework.pk])

        assert "Questions could be asked until" in client.get(address).content.decode()
        page = client.post(address, {"text": "Typed for nothing"}).content.decode()

        assert "ask for help on the page of your application" in page
        assert "Typed for nothing" in page

    def test_nobody_writes_hundreds(self, world, monkeypatch):
        monkeypatch.setattr(rules, "MOST_WAITING", 2)
        framework = open_round(world)
        asked(world, framework)
        asked(world, framework)

        with pytest.raises(Refused, match="2 questions that are not answered"):
            asked(world, framework)
        asked(world, framework, provider=world.birch_farm, by=world.charlie)

    @pytest.mark.parametrize("who", ["bob", "charlie", "max", "olu", "nora"])
    def test_nobody_else_asks_in_its_name(self, world, who):
        with pytest.raises(access.Denied):
            asked(world, open_round(world), by=getattr(world, who))

    def test_whoever_leads_two_says_for_which(self, world, sign_in):
        Membership.objects.create(
            user=world.alice, organisation=world.birch_farm, role=Role.PROVIDER_LEAD, given_at=timezone.now()
        )
        framework, client = open_round(world), sign_in(world.alice)
        address = reverse("ask_question", args=[framework.pk])

        assert "Choose who asks" in client.post(address, {"text": "Which?"}).content.decode()
        assert "Choose who asks" in client.post(address, {"text": "Which?", "provider": "0"}).content.decode()
        client.post(address, {"text": "Which?", "provider": str(world.birch_farm.pk)})

        assert Question.objects.get().application.provider == world.birch_farm

    def test_a_provider_sees_its_own_questions_alone(self, world, sign_in):
        framework = open_round(world)
        asked(world, framework, "Ash House asks")
        asked(world, framework, "Birch Farm asks", provider=world.birch_farm, by=world.charlie)

        page = sign_in(world.charlie).get(reverse("my_questions", args=[framework.pk])).content.decode()

        assert "Birch Farm asks" in page
        assert "Ash House asks" not in page

    @pytest.mark.parametrize("rows", [1, 3])
    def test_own_questions_cost_the_same(self, world, sign_in, rows, django_assert_max_num_queries):
        framework, client = open_round(world), sign_in(world.alice)
        for _ in range(rows):
            asked(world, framework)

        with django_assert_max_num_queries(5):
            client.get(reverse("my_questions", args=[framework.pk]))


class TestAnswering:
    """From the buyer's side."""

    def test_max_answers_in_other_words_and_everybody_is_told_once(self, world, sign_in):
        framework = open_round(world)
        question = asked(world, framework, "May we at Ash House teach in our barn?")
        followed(world, framework, provider=world.birch_farm, by=world.charlie)
        client = sign_in(world.max)

        listed = client.get(reverse("questions", args=[framework.pk])).content.decode()
        assert "May we at Ash House teach in our barn?" in listed
        answer = client.post(
            reverse("answer_question", args=[question.pk]),
            {"asked": "May one teach in a barn?", "text": "Yes, if it is safe."},
        )

        assert answer["Location"] == reverse("questions", args=[framework.pk])
        page = read(framework)
        assert 'id="answer-1"' in page
        assert "May one teach in a barn?" in page
        assert "Yes, if it is safe." in page
        assert "Ash House" not in page
        for person in (world.alice, world.charlie):
            [letter] = letters_to(person)
            assert (letter.subject, letter.body, letter.discreet) == (SUBJECT, "", True)
            assert letter.organisation_id is None
        delivery.sweep(Queue.MAIL)
        [sent] = [one for one in mail.outbox if one.to == [world.charlie.email]]
        assert f"{reverse('clarifications', args=[framework.pk])}#answer-1" in sent.body
        assert "barn" not in sent.body
        event = Event.objects.get(action="providers.answer.published")
        assert event.data == {"framework": framework.pk, "number": 1, "questions": 1}
        assert event.organisation_id == world.larkshire.pk

    def test_who_asked_is_on_no_page_of_the_officers_and_in_no_record_of_theirs(self, world, sign_in):
        framework = open_round(world)
        question = asked(world, framework)
        alias = Application.objects.get().alias
        client = sign_in(world.max)
        pages = [
            reverse(name, args=[pk])
            for name, pk in [
                ("questions", framework.pk),
                ("answer_question", question.pk),
                ("round", framework.pk),
                ("clarifications", framework.pk),
                ("framework", framework.pk),
                ("messages_of_round", framework.pk),
                ("help_queue", framework.pk),
            ]
        ]

        for address in pages:
            text = client.get(address).content.decode()
            assert not re.search(f"Ash House|Alice|{alias}", text, re.I), address
        assert not Event.objects.filter(organisation_id=world.larkshire.pk, action__contains="question").exists()

    def test_one_answer_to_several_questions(self, world, sign_in):
        framework = open_round(world)
        first, second = asked(world, framework), asked(world, framework, "And in a shed?")
        other = asked(world, framework, "How far?")
        client = sign_in(world.max)
        address = reverse("answer_question", args=[first.pk])

        assert "Question 2: And in a shed?" in client.get(address).content.decode()
        client.post(address, {"asked": "Barns and sheds?", "text": "Yes", "also": ["2"]})

        answers = {one.number: one.answer_id for one in Question.objects.all()}
        assert answers == {1: Answer.objects.get().pk, 2: Answer.objects.get().pk, 3: None}
        assert second.number == 2
        page = client.get(reverse("questions", args=[framework.pk])).content.decode()
        assert "How far?" in page
        assert "And in a shed?" not in page
        answered = client.get(reverse("questions", args=[framework.pk]), {"show": "answered"}).content.decode()
        assert "And in a shed?" in answered
        assert client.get(address)["Location"].endswith("#answer-1")
        assert other.number == 3

    def test_a_question_that_a_colleague_answered_meanwhile_is_not_answered_twice(self, world, sign_in):
        framework = open_round(world)
        question = asked(world, framework)
        published_answer(world, framework, 1)

        page = sign_in(world.max).post(
            reverse("answer_question", args=[question.pk]), {"asked": "May one?", "text": "Typed with care"}
        )

        assert "has been answered meanwhile" in page.content.decode()
        assert "Typed with care" in page.content.decode()
        assert Answer.objects.count() == 1

    def test_the_buyer_says_something_of_its_own_accord(self, world, sign_in):
        framework = open_round(world)
        client, address = sign_in(world.max), reverse("add_clarification", args=[framework.pk])

        assert "Enter what you want everybody to know" in client.post(address, {"text": ""}).content.decode()
        client.post(address, {"text": "The meeting is in room 4"})

        assert "The meeting is in room 4" in read(framework)
        assert AnswerVersion.objects.get().asked == ""
        assert (
            "The question, as everybody"
            not in client.get(reverse("edit_answer", args=[Answer.objects.get().pk])).content.decode()
        )

    @pytest.mark.parametrize("who", ["ada", "eve", "tariq", "olu", "alice"])
    def test_nobody_else_answers(self, world, who):
        framework = open_round(world)
        asked(world, framework)
        answer = published_answer(world, framework)

        with pytest.raises(access.Denied):
            published_answer(world, framework, 1, by=getattr(world, who))
        with pytest.raises(access.Denied):
            edited(world, answer, by=getattr(world, who))

    @pytest.mark.parametrize(
        ("state", "words"), [("draft", "nobody to answer"), ("withdrawn", "withdrawn on 12 January 2026")]
    )
    def test_nothing_is_answered_before_or_after(self, world, state, words):
        framework = open_round(world)
        published_at = None if state == "draft" else framework.published_at
        moment = dt.datetime(2026, 1, 12, 9, tzinfo=dt.UTC)
        Framework.objects.filter(pk=framework.pk).update(state=state, published_at=published_at, withdrawn_at=moment)

        with pytest.raises(Refused, match=words):
            published_answer(world, framework)

    def test_questions_are_answered_after_their_deadline_and_after_the_applications_closed(self, world):
        framework = open_round(world)
        asked(world, framework)
        Framework.objects.filter(pk=framework.pk).update(closes_at=timezone.now() - DAY, enquiries_until=None)

        published_answer(world, framework, 1)

        assert len(log_of(framework)) == 1

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_list_costs_the_same(self, world, sign_in, rows, django_assert_max_num_queries):
        framework, client = open_round(world), sign_in(world.max)
        for _ in range(rows):
            asked(world, framework)

        with django_assert_max_num_queries(5):
            client.get(reverse("questions", args=[framework.pk]))


def edited(world, answer, **words) -> AnswerVersion:
    given = {"version": 1, "asked": "May one teach in a barn?", "text": "No, never.", "why_changed": "We were wrong"}
    return actions.edit_answer(answer=answer, **{**given, "by": world.max, "at": timezone.now(), **words})


class TestEditing:
    """An answer is changed by a further version."""

    def test_the_change_says_why_and_what_stood_there_stays_readable(self, world, sign_in):
        framework = open_round(world)
        asked(world, framework)
        answer = published_answer(world, framework, 1)
        client, address = sign_in(world.max), reverse("edit_answer", args=[answer.pk])
        typed = {"version": "1", "asked": "May one teach in a barn?", "text": "No, never."}

        assert "Say what you changed and why" in client.post(address, typed).content.decode()
        done = client.post(address, typed | {"why_changed": "The fire officer said no"})

        assert done["Location"].endswith("#answer-1")
        page = read(framework)
        assert page.index("No, never.") < page.index("Yes, if it is safe.")
        assert "The fire officer said no" in page
        assert "What stood here before (1)" in page
        assert len(letters_to(world.alice)) == 2
        assert Event.objects.get(action="providers.answer.changed").data["version"] == 2

    @pytest.mark.parametrize(
        ("words", "refusal"),
        [
            ({"version": 2}, "Somebody changed this answer"),
            ({"text": "Yes, if it is safe."}, "Nothing is changed"),
            ({"why_changed": ""}, "Say what you changed and why"),
        ],
    )
    def test_what_is_refused(self, world, words, refusal):
        answer = published_answer(world, open_round(world))

        with pytest.raises(Refused, match=refusal):
            edited(world, answer, **words)
        assert AnswerVersion.objects.count() == 1

    def test_two_officers_do_not_write_over_each_other(self, world, sign_in):
        answer = published_answer(world, open_round(world))
        edited(world, answer, text="Ask the fire officer")

        page = sign_in(world.max).post(
            reverse("edit_answer", args=[answer.pk]),
            {"version": "1", "asked": "May one teach in a barn?", "text": "Mine", "why_changed": "So"},
        ).content.decode()  # fmt: skip

        assert "Somebody changed this answer" in page
        assert "Ask the fire officer" in page
        assert "Mine" in page

    def test_the_database_demands_why(self, world):
        answer = published_answer(world, open_round(world))

        with pytest.raises(IntegrityError), transaction.atomic():
            AnswerVersion.objects.create(answer=answer, number=2, text="Silently", published_at=timezone.now())


class TestThePublicLog:
    """Anybody reads it."""

    def test_what_the_set_up_clarified_stands_beside_the_answers(self, world):
        framework = open_round(world)
        Decision.objects.create(
            framework=framework, about="sides", clarification="Upper side only", decided_at=timezone.now() - 9 * DAY
        )
        Decision.objects.create(framework=framework, about="margin", reason="Silent", decided_at=timezone.now())
        published_answer(world, framework)

        page = read(framework)

        assert "Clarification 1" in page
        assert page.index("Answer 1") < page.index("Upper side only")
        assert "Silent" not in page
        assert "2</strong> entries" in page
        assert "1</strong> entry" in read(framework, kind="clarification")
        assert "Nothing matches" in read(framework, words="submarine")

    @pytest.mark.parametrize(
        "query", [{"kind": "x"}, {"words": "\x00"}, {"words": "a" * 300}, {"page": "²"}, {"page": "99"}]
    )
    def test_a_filter_that_makes_no_sense_filters_nothing(self, world, query):
        framework = open_round(world)
        published_answer(world, framework)

        assert "Yes, if it is safe." in read(framework, **query)

    def test_fifty_entries_stand_on_a_page(self, world):
        framework = open_round(world)
        at = timezone.now()
        made = Answer.objects.bulk_create(
            Answer(framework=framework, number=number, published_at=at, changed_at=at + number * HOUR)
            for number in range(1, 53)
        )
        AnswerVersion.objects.bulk_create(
            [AnswerVersion(answer=one, number=1, text="Text", published_at=at + one.number * HOUR) for one in made]
        )

        first, second = read(framework), read(framework, page="2")

        assert (first.count('class="portal-clarification"'), second.count('class="portal-clarification"')) == (50, 2)
        assert "?page=2" in first
        assert "?page=1" in second

    @pytest.mark.parametrize("wanted", [{}, {"kind": "answer"}, {"kind": "clarification"}, {"words": "text"}])
    @pytest.mark.parametrize("places", [[0, 0, 0], [48, 49, 50, 51], [99, 100, 101, 102], [0, 60, 103], []])
    def test_the_pages_together_are_the_whole_log_in_its_order(self, world, wanted, places):
        framework = open_round(world)
        at = framework.published_at
        made = Answer.objects.bulk_create(
            Answer(framework=framework, number=number, published_at=at, changed_at=at + number * HOUR)
            for number in range(1, 104)
        )
        AnswerVersion.objects.bulk_create(
            AnswerVersion(answer=one, number=1, text="Text", published_at=one.changed_at) for one in made
        )
        for number, place in enumerate(places):  # so many answers are older
            decided_at = at + (place + 0.5) * HOUR
            Decision.objects.create(
                framework=framework, about=f"policy{number}", clarification="Text", reason="", decided_at=decided_at
            )
        whole = rules.log(log_of(framework), **wanted)

        pages = [read(framework, page=str(number), **wanted) for number in range(1, 1 + max(1, -(-len(whole) // 50)))]

        titles = [title for page in pages for title in re.findall(r'-title">([A-Z][a-z]+ [0-9]+)</h2>', page)]
        assert titles == [one.title for one in whole]
        assert [f"page={number + 1}" in page for number, page in enumerate(pages, 1)][-1] is False

    def test_beyond_the_end_is_the_first_page(self, world):
        framework = open_round(world)
        published_answer(world, framework)

        assert "Yes, if it is safe." in read(framework, page="9999")

    def test_a_changed_answer_comes_first(self, world):
        framework = open_round(world)
        first = published_answer(world, framework, text="The first of all")
        published_answer(world, framework, text="The second of all")
        edited(world, first)

        page = read(framework)

        assert page.index("Answer 1") < page.index("Answer 2")

    def test_what_is_being_set_up_shows_nothing_of_it(self, world, sign_in):
        framework = make_framework(world)
        Decision.objects.create(
            framework=framework, about="sides", clarification="Not yet public", decided_at=timezone.now()
        )

        assert Client().get(reverse("clarifications", args=[framework.pk])).status_code == 404
        page = read(framework, client=sign_in(world.max))
        assert "Not yet public" not in page
        assert "not published yet" in page

    def test_a_withdrawn_framework_stays_readable(self, world):
        framework = open_round(world)
        published_answer(world, framework)
        Framework.objects.filter(pk=framework.pk).update(state=FrameworkState.WITHDRAWN, withdrawn_at=timezone.now())

        page = read(framework)

        assert "Yes, if it is safe." in page
        assert "answers no more questions" in page

    @pytest.mark.parametrize("rows", [1, 3])
    def test_it_costs_the_same(self, world, sign_in, rows, django_assert_max_num_queries):
        framework, client = open_round(world), sign_in(world.alice)
        for _ in range(rows):
            published_answer(world, framework)

        with django_assert_max_num_queries(6):
            read(framework, client=client)

    def test_markup_is_shown_as_it_was_typed(self, world):
        framework = open_round(world)
        published_answer(world, framework, asked="<script>alert(9)</script>", text="<b>bold</b> \u202e")

        page = read(framework)

        assert "<script>alert(9)" not in page
        assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_whoever_leads_two_providers_gets_one_letter(world):
    framework = open_round(world)
    organisation, lead = provider_led_by("lina")
    Membership.objects.create(
        user=lead, organisation=world.birch_farm, role=Role.PROVIDER_LEAD, given_at=timezone.now()
    )
    followed(world, framework, provider=organisation, by=lead)
    followed(world, framework, provider=world.birch_farm, by=world.charlie)

    published_answer(world, framework)

    assert (len(letters_to(lead)), len(letters_to(world.charlie)), len(letters_to(world.alice))) == (1, 1, 0)


@pytest.mark.parametrize("providers", [1, 4])
def test_telling_everybody_costs_the_same_for_one_and_for_four(world, providers, django_assert_num_queries):
    framework = open_round(world)
    for number in range(providers):
        organisation, lead = provider_led_by(f"lead{'abcd'[number]}")
        followed(world, framework, provider=organisation, by=lead)
    answer = published_answer(world, framework)

    with django_assert_num_queries(13):
        edited(world, answer)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Two bidders ask, or two officers answer, in the same moment."""

    def ask_twice(self):
        world = make_world()
        framework = open_round(world)
        return found_by(
            lambda: asked(world, framework, by=again(world.alice)),
            lambda: asked(world, framework, provider=world.birch_farm, by=again(world.charlie)),
        )

    def test_without_the_lock_two_questions_want_one_number(self, monkeypatch, meet):
        without_lock(monkeypatch, Framework)
        meet(rules, "check_ask")

        assert sum(isinstance(one, IntegrityError) for one in self.ask_twice()) == 1

    @pytest.mark.parametrize("turn", range(3))
    def test_each_has_a_number_of_its_own(self, meet, turn):
        meet(rules, "check_ask")

        assert sorted(one.number for one in self.ask_twice()) == [1, 2]

    def answer_twice(self):
        world = make_world()
        framework, other = open_round(world), colleague(world)
        asked(world, framework)
        return found_by(
            *[lambda who=who: published_answer(world, framework, 1, by=again(who)) for who in (world.max, other)]
        )

    def test_without_the_lock_one_question_is_answered_twice_or_breaks(self, monkeypatch, meet):
        without_lock(monkeypatch, Framework)
        meet(rules, "check_answers")

        assert not any(isinstance(one, Refused) for one in self.answer_twice())

    @pytest.mark.parametrize("turn", range(3))
    def test_one_of_two_officers_answers(self, meet, turn):
        meet(rules, "check_answers")

        assert sorted(type(one).__name__ for one in self.answer_twice()) == ["Answer", "Refused"]
        assert AnswerVersion.objects.count() == 1


def again(user) -> User:
    return User.objects.get(pk=user.pk)
