"""What a bidder's leads and officers open: the page of an application's evaluation, the list of letters, one letter."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from contracts.models import Contract
from core import pdf
from evaluation.actions import letters as actions
from evaluation.models import Bid, Clarification, Conflict, Letter, LowEnquiry
from evaluation.permissions import letters as permissions
from evaluation.queries.bidder import followed
from evaluation.states import BidState, Cure, LetterKind, SetState, Stage
from evaluation.steps import letters as steps
from jobs import running
from lots.actions.places import end_place
from lots.models import Place, Standard
from providers.models import Application, BidPrice
from tests.evaluation.further import proposed
from tests.evaluation.letters import awarded, bytes_of, of, sent
from tests.evaluation.made import bids_of, evaluation
from tests.pages import read
from tests.providers import bids

SUMMARY, AWARD, NOT_AWARDED = LetterKind.SUMMARY, LetterKind.AWARD, LetterKind.NOT_AWARDED
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Papers that cost nothing: what stands in them is asked elsewhere."""
    monkeypatch.setattr(pdf, "render", lambda template, context, **_: f"%PDF {template}".encode())


@pytest.fixture
def made(world):
    return evaluation(world, count=2, read=False)


def application_of(bid: Bid) -> Application:
    return Application.objects.get(pk=bid.submission.application_id)


def page(client, bid: Bid) -> str:
    answer = client.get(reverse("bidder_evaluation", args=[bid.submission.application_id]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def asked(world, bid: Bid, **fields) -> Clarification:
    standard = Standard.objects.filter(theme__version__framework=bid.evaluation.framework_id).first()
    at = timezone.now()
    given = {"asked_at": at, "due_at": at + HOUR, "cure": Cure.EXPLAIN, "text": "Which year?", "asked_by": world.eve}
    return Clarification.objects.create(bid=bid, standard=standard, **given | fields)


def asked_about_price(world, bid: Bid) -> LowEnquiry:
    at = timezone.now()
    price = BidPrice.objects.filter(submission=bid.submission).first()
    return LowEnquiry.objects.create(
        bid=bid, price=price, text="How?", asked_at=at, asked_by=world.max, due_at=at + HOUR
    )


class TestBetweenTheDecisionAndTheLetters:
    def test_places_and_agreement_are_there_once_the_letters_are_sent_and_not_before(self, world, made, sign_in):
        awarded(world, made)
        [contract] = Contract.objects.filter(supplier=world.ash_house)
        mine = Place.objects.filter(provider=world.ash_house)
        pages = [reverse(name, args=[contract.pk]) for name in ("contract", "sign_contract")]
        pages += [reverse("place", args=[place.pk]) for place in mine]
        told = {"provider_places": pages[-1], "agreements": contract.reference}
        client = sign_in(world.alice)

        def seen() -> tuple[set[int], list[bool]]:
            lists = {name: client.get(reverse(name, args=[world.ash_house.pk])) for name in told}
            there = [told[name].encode() in answer.content for name, answer in lists.items()]
            return {client.get(address).status_code for address in pages}, there

        assert seen() == ({404}, [False, False])
        assert client.get(reverse("contract_file", args=[contract.pk])).status_code == 404

        running.sweep()

        assert not mine.filter(told=False).exists()
        assert seen() == ({200}, [True, True])


class TestBeforeTheDecision:
    def test_nothing_is_told_early_whatever_stage_it_is_at(self, world, made, sign_in):
        [bid, _] = bids_of(made)
        client = sign_in(world.alice)
        first = page(client, bid)

        for stage in (Stage.FROZEN, Stage.PRICES, Stage.CHECKED, Stage.AWARDED):
            made.stage = stage
            made.save()
            assert page(client, bid) == first
        assert "Your application is being assessed." in first
        assert "nothing for you to do" in first

    def test_an_award_that_was_approved_is_not_told_before_its_letters_are_sent(self, world, made, sign_in):
        [bid, _] = bids_of(made)
        client = sign_in(world.alice)
        first = page(client, bid)

        awarded(world, made)

        assert page(client, bid) == first

    def test_an_exclusion_is_told_by_letter_and_a_withdrawal_is_its_own(self, world, made, sign_in):
        [bid, _] = bids_of(made)
        client = sign_in(world.alice)
        first = page(client, bid)
        bid.state, bid.state_at = BidState.EXCLUDED, timezone.now()
        bid.save()
        assert page(client, bid) == first

        bid.state = BidState.WITHDRAWN
        bid.save()

        assert "You withdrew your application" in page(client, bid)

    def test_questions_stand_there_with_their_deadline(self, world, made, sign_in):
        [bid, other] = bids_of(made)
        at = timezone.now()
        question, price = asked(world, bid), asked_about_price(world, bid)
        asked(world, bid, asked_at=at - 2 * HOUR, due_at=at - HOUR)
        asked(world, bid, answered_at=at - HOUR, answered_by=world.alice, answer="2025")
        asked(world, other, text="Of the other")

        text = page(sign_in(world.alice), bid)

        assert "There is a question for you to answer." in text
        assert text.count("To answer") == 2
        assert (text.count("Time is over"), text.count(">Answered<")) == (1, 1)
        found = followed(application_of(bid), user=world.alice).asked
        assert [one.key for one in found if one.is_open(at)] == [question.pk, price.pk]
        assert len(found) == 4

    def test_an_unopened_round_and_one_without_a_bid_of_ours(self, world, made, sign_in):
        unopened = bids.applied(world)
        client = sign_in(world.alice)
        answer = client.get(reverse("bidder_evaluation", args=[unopened.pk]))
        assert "have not been opened yet" in answer.content.decode()

        mine = bids_of(made)[0]
        Letter.objects.all().delete()
        none = followed(application_of(mine), user=world.charlie)
        assert (none.is_opened, none.bid) == (False, None)

    def test_whoever_has_no_application_that_counts_is_told_so(self, world, made, sign_in):
        framework, provider = made.framework, world.ash_house
        Application.objects.filter(framework=framework, provider=provider).update(provider=world.oak_trust)
        draft = Application.objects.create(
            framework=framework, provider=provider, alias="Bidder 9999", state="draft", began_at=timezone.now()
        )

        answer = sign_in(world.alice).get(reverse("bidder_evaluation", args=[draft.pk]))

        assert "You had none that counts" in answer.content.decode()


class TestAfterTheDecision:
    def test_letters_agreement_and_places_are_there(self, world, made, sign_in):
        award_set = sent(world, made)
        [bid, _] = bids_of(made)

        text = page(sign_in(world.alice), bid)

        assert "has decided" in text
        assert reverse("letter_file", args=[of(award_set, 1, SUMMARY).pk]) in text
        assert reverse("letter_file", args=[of(award_set, 1, AWARD).pk]) in text
        assert "waits for you to sign. By signing you accept 2 places." in text
        assert "It has not been published yet." in text
        assert reverse("provider_places", args=[world.ash_house.pk]) in text

    def test_who_was_not_awarded_is_offered_nothing(self, world, made, sign_in):
        sent(world, made, fails={(2, "1.1")})
        [_, bid] = bids_of(made)

        text = page(sign_in(world.charlie), bid)

        assert "Not-awarded letter" in text
        assert "Your agreement" not in text

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"standstill": False}, "There is none for this award."),
            (
                {"published_on": dt.date(2026, 7, 1), "waits_until": dt.datetime(2026, 7, 13, tzinfo=dt.UTC)},
                "The waiting period ended at",
            ),
            (
                {"published_on": dt.date(2090, 7, 3), "waits_until": dt.datetime(2090, 7, 13, tzinfo=dt.UTC)},
                "The waiting period ends at",
            ),
        ],
    )
    def test_the_waiting_period_in_words(self, world, made, sign_in, fields, words):
        award_set = sent(world, made)
        for name, value in fields.items():
            setattr(award_set, name, value)
        award_set.save()

        text = page(sign_in(world.alice), bids_of(made)[0])

        assert words in " ".join(text.replace("<time", " <time").split())

    def test_a_letter_that_is_opened_for_the_first_time_is_noted_in_the_bidders_own_record(self, world, made, sign_in):
        letter = of(sent(world, made), 1, SUMMARY)
        address = reverse("letter_file", args=[letter.pk])

        assert read(sign_in(world.max).get(address)).status_code == 200
        letter.refresh_from_db()
        assert letter.read_at is None
        answer = sign_in(world.alice).get(address)
        assert b"".join(answer.streaming_content) == bytes_of(letter)
        letter.refresh_from_db()
        first = letter.read_at
        read(sign_in(world.alice).get(address))
        letter.refresh_from_db()

        assert first is not None
        assert letter.read_at == first
        [event] = Event.objects.filter(action="evaluation.letter.opened")
        assert (event.by, event.organisation_id) == (world.alice, world.ash_house.pk)

    def test_nobody_reads_a_letter_of_somebody_else_or_one_that_was_not_sent(self, world, made, sign_in):
        letter = of(sent(world, made), 1, SUMMARY)
        address = reverse("letter_file", args=[letter.pk])
        for name in ("charlie", "bob", "sana", "ines", "olu"):
            assert sign_in(world.people[name]).get(address).status_code == 404

        Letter.objects.update(sent_at=None)

        assert sign_in(world.alice).get(address).status_code == 404

    def test_the_application_leads_there(self, world, sign_in):
        made = evaluation(world, count=1)
        [bid] = bids_of(made)

        answer = sign_in(world.alice).get(reverse("application", args=[bid.submission.application_id]))

        assert reverse("bidder_evaluation", args=[bid.submission.application_id]) in answer.content.decode()


class TestOfficers:
    def test_somebody_with_an_interest_meets_no_letter_of_that_bidder(self, world, made, sign_in):
        letter = of(sent(world, made), 2, SUMMARY)
        Conflict.objects.create(
            evaluation=made, person=world.max, provider=world.birch_farm, text="Brother", noted_at=timezone.now()
        )
        client = sign_in(world.max)

        text = client.get(reverse("letters", args=[made.pk])).content.decode()

        assert "Birch Farm" not in text
        assert "Ash House" in text
        assert client.get(reverse("letter_file", args=[letter.pk])).status_code == 404
        assert client.get(reverse("letters_beside", args=[letter.pk])).status_code == 404

    def test_how_far_they_are_and_what_is_left(self, world, made, sign_in):
        award_set = awarded(world, made)
        client, address = sign_in(world.max), reverse("letters", args=[made.pk])
        before = client.get(address).content.decode()

        client.post(address)  # the work that is under way is not asked for again
        sent_now = sent_after(award_set)
        after = client.get(address).content.decode()
        said = client.post(address, follow=True).content.decode()

        assert "Make what is left" in before
        assert "waiting to start" in before
        assert sent_now == 4
        assert "Make what is left" not in after
        assert "made and sent already" in said

    def test_a_letter_that_is_not_made_yet_leads_back_to_the_list(self, world, made, sign_in):
        letter = of(awarded(world, made), 1, SUMMARY)
        client = sign_in(world.max)

        for name in ("letter_file", "letters_beside"):
            answer = client.get(reverse(name, args=[letter.pk]))
            assert (answer.status_code, answer.url) == (302, reverse("letters", args=[made.pk]))

    def test_from_a_letter_its_bidder_comes_to_its_own_page(self, world, made, sign_in):
        letter = of(sent(world, made), 1, SUMMARY)

        answer = sign_in(world.alice).get(reverse("letters_beside", args=[letter.pk]))

        assert answer.url == reverse("bidder_evaluation", args=[letter.bid.submission.application_id])

    def test_who_sees_letters(self, world, made):
        """Whoever judges does not while prices are not theirs to see; whoever looks after it does, also when quality
        is judged again."""
        sent(world, made)
        seen = {
            stage: {n for n in ("max", "ada", "eve", "fay", "alice") if _sees(world, made, n, stage)}
            for stage in (Stage.AWARDED, Stage.JUDGING)
        }

        assert seen == {Stage.AWARDED: {"max", "ada", "eve", "fay"}, Stage.JUDGING: {"max"}}

    def test_a_second_reading_before_it_was_sent_notes_nothing(self, world, made):
        letter = of(awarded(world, made), 1, SUMMARY)

        assert actions.read_letter(letter=letter, by=world.alice, at=timezone.now()).read_at is None

    def test_search_and_kind_narrow_the_list(self, world, made, sign_in):
        sent(world, made)
        address = reverse("letters", args=[made.pk])

        text = sign_in(world.max).get(address, {"words": "birch", "kind": "summary"}).content.decode()

        assert ("Birch Farm" in text, "Ash House" in text) == (True, False)

    @pytest.mark.parametrize("count", [1, 3])
    def test_lists_cost_the_same_with_one_bidder_and_with_three(self, world, sign_in, count):
        made = evaluation(world, count=count, prices=[4000], read=False)
        sent(world, made)
        bid = bids_of(made)[0]
        for _ in range(count):
            asked(world, bid)
        costs = {}
        for name, who, key in (
            ("letters", "max", made.pk),
            ("bidder_evaluation", "alice", bid.submission.application_id),
            ("agreements", "max", world.larkshire.pk),
            ("agreements", "alice", world.ash_house.pk),
            ("contract", "alice", followed(application_of(bid), user=world.alice).agreement.pk),
        ):
            client = sign_in(world.people[who])
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(name, args=[key])).status_code == 200
            costs[name, who] = len([one for one in queries if "clock_timestamp" not in one["sql"]])

        assert costs == {
            ("letters", "max"): 7,
            ("bidder_evaluation", "alice"): 12,
            ("agreements", "max"): 5,
            ("agreements", "alice"): 5,
            ("contract", "alice"): 6,
        }


def _sees(world, made, name: str, stage: Stage) -> bool:
    made.stage = stage
    person = world.people[name]
    person.__dict__.pop("_duties", None)
    return permissions.can_see_letters(person, made)


def sent_after(award_set) -> int:
    running.sweep()
    return award_set.letters.filter(sent_at__isnull=False).count()


def test_nothing_is_sent_twice_where_a_set_has_no_letters(world, made):
    award_set = proposed(made, world, state=SetState.APPROVED)
    with transaction.atomic():
        assert steps.send(award_set=award_set, by=world.max, at=timezone.now()) == 0


def test_places_given_up_before_signing_leave_nothing_to_accept(world, made):
    sent(world, made)
    [bid, _] = bids_of(made)
    place = Place.objects.filter(provider=world.ash_house, lot__is_auto=False).first()
    end_place(place=place, also_others=True, by=world.alice, at=timezone.now())

    assert followed(application_of(bid), user=world.alice).to_accept == 0
