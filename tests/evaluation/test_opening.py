"""The recorded opening: after the deadline, once, by two people where the rules say so, with every hash."""

from __future__ import annotations

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from evaluation.actions import opening as actions
from evaluation.models import Appointment, Assignment, Bid, BidLot, Conflict, Declaration, Evaluation, OpeningAct
from evaluation.rules import interests as rules
from evaluation.states import BidState, Source, Stage
from lots.models import Framework
from lots.rules.refusals import Refused
from outbox.models import Message
from providers.models import BidPrice, Opening
from tests.evaluation.made import DAY, preparing, round_closed
from tests.evaluation.panels import handed_in


@pytest.fixture
def made(world):
    """Ash House and Birch Farm have submitted; the deadline has passed."""
    framework = round_closed(world)
    handed_in(framework, world.ash_house, 1, lots="12")
    handed_in(framework, world.birch_farm, 2)
    return preparing(world, framework)


def refuses_all(made, world, words: str) -> None:
    """Both steps are refused to both openers, and nothing is opened."""
    for who in (world.max, world.ada):
        for act in (actions.propose, actions.open_bids):
            with pytest.raises(Refused, match=words):
                act(evaluation=made, by=who)
    assert not Bid.objects.exists()
    assert not Opening.objects.exists()


class TestTwoPeople:
    def test_one_proposes_another_opens_and_everything_is_recorded(self, world, made, sign_in):
        actions.propose(evaluation=made, by=world.max)
        assert not Bid.objects.exists()
        assert Message.objects.get(to=world.ada.email).subject == "An opening waits for a second person"

        act = actions.open_bids(evaluation=made, by=world.ada)

        made.refresh_from_db()
        assert (made.stage, made.fixed_at, len(made.seed)) == (Stage.JUDGING, act.opened_at, 64)
        assert (act.proposed_by, act.opened_by, act.submissions) == (world.max, world.ada, 2)
        bids = list(Bid.objects.filter(evaluation=made).order_by("number").select_related("submission"))
        assert [bid.number for bid in bids] == [1, 2]
        assert {(bid.provider, bid.provider_name, bid.sha256) for bid in bids} == {
            (one, one.name, bid.submission.sha256)
            for one, bid in ((bid.submission.application.provider, bid) for bid in bids)
        }
        whole = "".join(sorted(bid.sha256 for bid in bids))
        assert act.sha256 == hashlib.sha256(whole.encode()).hexdigest()
        assert BidPrice.objects.count() == 3
        told = Message.objects.filter(key__startswith="evaluation-opened:")
        assert set(told.values_list("to", flat=True)) == {f"{name}@{name}.example" for name in
                                                          ("max", "ada", "eve", "tom", "fay")}  # fmt: skip
        assert all("Ash House" not in letter.body for letter in told)
        event = Event.objects.get(action="evaluation.opening.done")
        assert event.data == {"evaluation": made.pk, "submissions": 2, "unreadable": 0}

    def test_the_parts_are_those_of_the_frozen_document(self, world, made):
        actions.propose(evaluation=made, by=world.max)
        actions.open_bids(evaluation=made, by=world.ada)

        found = BidLot.objects.order_by("bid__provider", "lot__number", "sub_lot__letter")
        assert list(found.values_list("bid__provider_name", "lot__number", "sub_lot__letter", "complete")) == [
            ("Ash House", "1", "B", True),
            ("Ash House", "1", "C", True),
            ("Ash House", "2", "A", True),
            ("Ash House", "2", "B", True),
            ("Ash House", "2", "C", True),
            ("Birch Farm", "1", "B", True),
            ("Birch Farm", "1", "C", True),
        ]

    def test_the_first_is_never_the_second_and_nobody_else_opens(self, world, made):
        with pytest.raises(Refused, match="Propose it first"):
            actions.open_bids(evaluation=made, by=world.ada)
        actions.propose(evaluation=made, by=world.max)
        with pytest.raises(Refused, match="already"):
            actions.propose(evaluation=made, by=world.ada)
        with pytest.raises(Refused, match="somebody else must confirm"):
            actions.open_bids(evaluation=made, by=world.max)
        for name in ("eve", "fay", "ines", "olu", "alice"):
            with pytest.raises(PermissionDenied):
                actions.open_bids(evaluation=made, by=world.people[name])
            with pytest.raises(PermissionDenied):
                actions.propose(evaluation=made, by=world.people[name])
        assert not Bid.objects.exists()

    def test_a_proposal_of_somebody_who_opens_no_longer_waits_for_nobody(self, world, made):
        actions.propose(evaluation=made, by=world.max)
        Appointment.objects.filter(person=world.max).update(ended_at=timezone.now())

        with pytest.raises(Refused, match="Propose it first"):
            actions.open_bids(evaluation=made, by=world.ada)
        actions.propose(evaluation=made, by=world.ada)

        assert OpeningAct.objects.get().proposed_by == world.ada

    def test_on_the_page(self, world, made, sign_in):
        address = reverse("opening", args=[made.pk])
        first, second = sign_in(world.max), sign_in(world.ada)
        assert "Only openers open" in sign_in(world.eve).get(address).text
        assert "Propose the opening" in first.get(address).text
        first.post(address, {"step": "propose"})
        assert "Another opener must confirm it" in first.get(address).text
        assert "already" in first.post(address, {"step": "propose"}, follow=True).text
        assert "Open the applications now" in second.get(address).text

        page = second.post(address, {"step": "open"}, follow=True).text

        assert "The applications are open" in page
        assert OpeningAct.objects.get().sha256 in page
        assert "declared your interests" in page
        assert "TEST-" not in page
        Declaration.objects.bulk_create(
            Declaration(evaluation=made, person=who, moment="after", has_interest=False, declared_at=timezone.now())
            for who in (world.ada,)
        )
        page = second.get(address).text
        for bid in Bid.objects.select_related("submission"):
            assert bid.sha256 in page
            assert bid.submission.reference in page
        pdf = second.get(reverse("opening_pdf", args=[made.pk]))
        assert pdf.content.startswith(b"%PDF")


class TestOnePerson:
    def test_where_one_is_enough_one_opens_and_proposes_nothing(self, world, made):
        Evaluation.objects.filter(pk=made.pk).update(two_open=False)
        with pytest.raises(Refused, match="One person is enough"):
            actions.propose(evaluation=made, by=world.max)

        act = actions.open_bids(evaluation=made, by=world.max)

        assert act.proposed_by == act.opened_by == world.max


class TestNotYet:
    def test_before_the_deadline_nobody_proposes_and_nobody_opens(self, world, made, sign_in):
        Framework.objects.filter(pk=made.framework_id).update(closes_at=timezone.now() + DAY)

        refuses_all(made, world, "The deadline has not passed")
        page = sign_in(world.max).get(reverse("opening", args=[made.pk])).text
        assert ("The deadline has not passed" in page, "Propose the opening" in page) == (True, False)
        assert sign_in(world.max).get(reverse("opening_pdf", args=[made.pk])).status_code == 404
        assert "before the applications are opened" in sign_in(world.max).get(reverse("bids", args=[made.pk])).text

    def test_with_one_evaluator_for_a_standard_nothing_is_opened(self, world, made):
        actions.propose(evaluation=made, by=world.max)
        Assignment.objects.filter(person=world.tom).first().delete()

        with pytest.raises(Refused, match=r"standard 1\.1"):
            actions.open_bids(evaluation=made, by=world.ada)
        assert not Opening.objects.exists()

    def test_with_an_evaluator_who_has_not_declared_nothing_is_opened(self, world, made):
        actions.propose(evaluation=made, by=world.max)
        Declaration.objects.filter(person=world.tom).delete()

        with pytest.raises(Refused, match=r"standards 1\.1 and 1\.2"):
            actions.open_bids(evaluation=made, by=world.ada)

    def test_twice_is_refused(self, world, made):
        Evaluation.objects.filter(pk=made.pk).update(two_open=False)
        actions.open_bids(evaluation=made, by=world.max)

        for act in (actions.propose, actions.open_bids):
            with pytest.raises(Refused, match="opened already"):
                act(evaluation=made, by=world.ada)


class TestWhatIsFound:
    def opened(self, world, made):
        Evaluation.objects.filter(pk=made.pk).update(two_open=False)
        return actions.open_bids(evaluation=made, by=world.max)

    def test_a_broken_seal_stops_nothing_else_and_is_named(self, world, sign_in):
        framework = round_closed(world)
        handed_in(framework, world.ash_house, 1, broken=True)
        handed_in(framework, world.birch_farm, 2)
        made = preparing(world, framework)

        act = self.opened(world, made)

        ash = Bid.objects.get(provider=world.ash_house)
        assert (act.submissions, ash.state, ash.lots.count()) == (2, BidState.UNREADABLE, 0)
        assert "nothing of it can be read" in ash.state_reason
        assert Bid.objects.get(provider=world.birch_farm).state == BidState.IN
        Declaration.objects.create(
            evaluation=made, person=world.max, moment="after", has_interest=False, declared_at=timezone.now()
        )
        assert "cannot be read" in sign_in(world.max).get(reverse("bid", args=[ash.pk])).text

    def test_somebody_whom_a_bidder_names_is_kept_away(self, world):
        User.objects.filter(pk=world.fay.pk).update(name="Fay Moor")
        framework = round_closed(world)
        said = {"conflicts": {"questions": [{"answer": "yes", "question": "?", "details": "Fay Moor is my aunt."}]}}
        handed_in(framework, world.ash_house, 1, **said)

        self.opened(world, preparing(world, framework))

        row = Conflict.objects.get()
        assert (row.person, row.provider, row.source, row.text) == (
            world.fay, world.ash_house, Source.FOUND, rules.NAMED_BY_BIDDER,
        )  # fmt: skip

    def test_an_opening_of_nothing_is_an_opening(self, world):
        act = self.opened(world, preparing(world))

        assert (act.submissions, act.sha256) == (0, hashlib.sha256(b"").hexdigest())

    def test_nobody_sees_anything_of_it_before_they_declare(self, world, made):
        self.opened(world, made)

        assert all(not Bid.objects.visible_to(person).exists() for person in world.people.values())
