"""Documents that ran out: what is proposed, what holds new pupils meanwhile, and what a person decides."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.states import Role
from audit.models import Event
from core.access import Denied, System
from lots.models import Place, Suspension
from lots.rules.refusals import Refused
from monitoring import running
from monitoring.actions import effects as actions
from monitoring.models import Proposal
from monitoring.queries import effects as queries
from monitoring.rules import effects as rules
from monitoring.rules.effects import RanOut
from outbox.models import Message
from providers.rules.frozen import given_for, heaviest
from referrals.queries.shortlist import is_offered
from tests.monitoring.effects import (
    TODAY,
    YESTERDAY,
    made_asked,
    made_cover,
    made_given,
    made_item,
    made_proposal,
    renewed,
    watch,
)
from tests.monitoring.made import NINE, made_member
from tests.referrals.made import made_place

NEXT_YEAR = TODAY + dt.timedelta(days=365)


def answer(proposal, by, answer="yes", reason="Renewal promised for Friday"):
    return actions.answer_proposal(proposal=proposal, answer=answer, reason=reason, by=by, at=NINE)


def one(effect="hold", **fields) -> RanOut:
    return RanOut(**{"framework": 1, "provider": 2, "effect": effect, "what": "x", "ended_on": TODAY} | fields)


@pytest.mark.parametrize(("last", "out"), [(None, False), (TODAY, False), (YESTERDAY, True), (NEXT_YEAR, False)])
def test_a_last_day_still_counts(last, out):
    assert rules.has_run_out(last, TODAY) is out


def test_one_cause_has_its_heaviest_effect():
    light, heavy, other = one(version=1), one("suspend", version=1), one(insurance=1)

    assert rules.heaviest([light, heavy, other]) == rules.heaviest([heavy, light, other]) == [heavy, other]
    assert (rules.of_insurance(asked_for=True), rules.of_insurance(asked_for=False)) == ("suspend", "hold")
    assert (rules.cause_of(insurance=True), rules.cause_of(insurance=False)) == ("insurance", "commercial")


@pytest.mark.parametrize(
    ("effect", "answered", "lapsed", "answer", "can"),
    [
        ("hold", "", False, "yes", True),
        ("suspend", "", False, "no", True),
        ("hold", "", True, "yes", False),
        ("hold", "yes", False, "no", True),
        ("hold", "yes", False, "yes", False),
        ("hold", "no", False, "yes", False),
        ("suspend", "yes", False, "no", False),
    ],
)
def test_when_a_proposal_can_be_answered(effect, answered, lapsed, answer, can):
    assert rules.is_open(effect=effect, answered=answered, lapsed=lapsed, answer=answer) is can


@pytest.mark.parametrize(
    ("values", "words"),
    [({"is_open": False}, "decided this already"), ({"answer": "x"}, "Choose what"), ({"reason": "  "}, "Write why")],
)
def test_what_an_answer_needs(values, words):
    right = {"is_open": True, "answer": "yes", "reason": "Because"}

    rules.check_answer(**right)
    with pytest.raises(Refused, match=words):
        rules.check_answer(**right | values)


def test_what_a_version_was_given_for_is_read_from_the_submission():
    document = {
        "standards": [
            {"evidence": [{"asked": 1, "version": 10}, {"asked": None, "version": 11}]},
            {"for_lots": {"3": {"evidence": [{"asked": 2, "version": 10}]}}},
        ]
    }

    assert given_for(document) == {10: {1, 2}}
    assert heaviest({1, 2, 9}, {1: "hold", 2: "suspend"}) == 2
    assert heaviest({1, 2}, {1: "hold", 2: "hold"}) == 1
    assert heaviest((), {}) is None


class TestProposing:
    """What is proposed, once, and lapses."""

    def test_insurance_that_ran_out_holds_new_pupils_tells_both_sides_and_lapses_when_renewed(self, world):
        place = made_place(world)
        made_member(world, "kim", world.larkshire, Role.CONTRACTS)
        cover = made_cover(world.ash_house)
        in_force = made_cover(world.ash_house, kind="employers", ends_on=TODAY)
        made_cover(world.birch_farm)

        assert watch() == 1
        assert watch() == 0

        proposal = Proposal.objects.get()
        assert (proposal.insurance, proposal.effect, proposal.ended_on) == (cover, "hold", YESTERDAY)
        place.refresh_from_db()
        assert place.held_at == NINE
        letters = Message.objects.filter(key__startswith="ran-out")
        assert {one.to for one in letters} == {world.kim.email, world.alice.email}
        assert "insurance" not in letters.get(to=world.kim.email).body
        made_cover(world.ash_house, ends_on=NEXT_YEAR)
        assert in_force.ends_on == TODAY
        assert watch() == 0
        proposal.refresh_from_db()
        place.refresh_from_db()
        assert (proposal.lapsed_at, place.held_at) == (NINE, None)
        assert watch(NEXT_YEAR + dt.timedelta(days=1)) == 2
        assert Proposal.objects.filter(lapsed_at=None).count() == 2

    def test_a_framework_that_asks_for_insurance_proposes_a_suspension_and_suspends_nothing_by_itself(self, world):
        place = made_place(world)
        made_asked(place.framework, "suspend", title="Public liability insurance")
        made_cover(world.ash_house)

        watch()

        assert Proposal.objects.get().effect == "suspend"
        place.refresh_from_db()
        assert (place.state, place.held_at) == ("active", NINE)
        assert not Suspension.objects.exists()

    @pytest.mark.parametrize(
        ("on_expiry", "months", "days", "found"),
        [
            ("hold", None, {"expires_on": YESTERDAY}, ["hold"]),
            ("suspend", None, {"expires_on": YESTERDAY}, ["suspend"]),
            ("warn", None, {"expires_on": YESTERDAY}, []),
            ("hold", None, {"expires_on": TODAY}, []),
            ("hold", None, {}, []),
            ("hold", 12, {"issued_on": dt.date(2025, 10, 4)}, ["hold"]),
            ("hold", 12, {"issued_on": dt.date(2025, 10, 5)}, []),
            ("hold", 12, {"issued_on": dt.date(2020, 1, 1), "expires_on": NEXT_YEAR}, []),
        ],
    )
    def test_documents_by_what_the_standards_say(self, world, on_expiry, months, days, found):
        place = made_place(world)
        version = made_item(world.ash_house, **days)
        made_given(place.framework, version, made_asked(place.framework, on_expiry, months=months))

        assert [one.effect for one in queries.ran_out(TODAY)] == found

    def test_a_document_by_its_newest_version_and_an_insurance_by_its_policy(self, world):
        place = made_place(world)
        asked = made_asked(place.framework, "suspend")
        version = made_item(world.ash_house, expires_on=YESTERDAY)
        certificate = made_item(world.ash_house, kind="insurance", expires_on=YESTERDAY)
        made_given(place.framework, version, asked)
        made_given(place.framework, certificate, asked)
        made_cover(world.ash_house, ends_on=NEXT_YEAR, item=certificate.item)

        assert [one.version for one in queries.ran_out(TODAY)] == [version.pk]
        renewed(version.item, expires_on=NEXT_YEAR)
        assert queries.ran_out(TODAY) == []

    def test_it_costs_the_same_for_one_provider_and_for_two(self, world, django_assert_num_queries):
        place = made_place(world)
        made_given(
            place.framework, made_item(world.ash_house, expires_on=YESTERDAY), made_asked(place.framework, "hold")
        )
        made_cover(world.ash_house)
        with django_assert_num_queries(6):
            assert len(queries.ran_out(TODAY)) == 2
        other = Place.objects.get(pk=place.pk)
        other.pk, other.provider = None, world.birch_farm
        other.save()
        made_cover(world.birch_farm)
        with django_assert_num_queries(6):
            assert len(queries.ran_out(TODAY)) == 3

    def test_what_is_held_is_offered_to_nobody(self, world):
        place = made_place(world)
        made_cover(world.ash_house, ends_on=NEXT_YEAR)
        assert is_offered(place, at=NINE)
        made_cover(world.ash_house, kind="employers")

        watch()

        assert not is_offered(Place.objects.get(pk=place.pk), at=NINE)
        proposal = Proposal.objects.get()
        answer(proposal, world.eve, "no")
        assert is_offered(Place.objects.get(pk=place.pk), at=NINE)
        watch()
        assert is_offered(Place.objects.get(pk=place.pk), at=NINE)


class TestAnswering:
    """What a person decides."""

    def test_a_hold_is_agreed_and_ended_later_with_a_reason(self, world):
        proposal = made_proposal(world)
        watch()

        answer(proposal, world.eve)
        assert Place.objects.filter(held_at=NINE).exists()
        with pytest.raises(Refused, match="already"):
            answer(proposal, world.eve)
        answer(proposal, world.eve, "no", "The broker confirmed it")

        proposal.refresh_from_db()
        assert (proposal.answered, proposal.reason) == ("no", "The broker confirmed it")
        assert not Place.objects.filter(held_at__isnull=False).exists()
        assert Event.objects.filter(action="monitoring.proposal.answered").count() == 2

    def test_a_suspension_reaches_each_place_on_the_framework_by_itself(self, world):
        proposal = made_proposal(world, effect="suspend")
        made_member(world, "kim", world.larkshire, Role.CONTRACTS)
        with pytest.raises(Denied):
            answer(proposal, world.eve)

        answer(proposal, world.kim)

        places = Place.objects.filter(framework=proposal.framework, provider=world.ash_house)
        assert {one.state for one in places} == {"suspended"}
        made = proposal.suspensions.all()
        assert {(one.cause, one.place_id) for one in made} == {("insurance", one.pk) for one in places}
        assert Message.objects.filter(key__startswith="place-suspended").count() == 1
        assert not places.filter(held_at__isnull=False).exists()
        assert queries.in_force(proposal) == len(places)

    def test_what_was_renewed_cannot_be_answered(self, world):
        proposal = made_proposal(world, effect="suspend", lapsed_at=NINE)

        with pytest.raises(Refused, match="renewed"):
            answer(proposal, world.tom)
        with pytest.raises(Denied):
            actions.propose_effects(by=System("other"), at=NINE, today=TODAY)


class TestPages:
    """What a contract manager meets."""

    def test_the_list_has_what_is_to_be_decided_and_what_is_renewed(self, world, sign_in):
        place = made_place(world)
        for kind in ("public", "employers", "motor"):
            made_proposal(world, place=place, insurance=made_cover(world.ash_house, kind=kind), what=f"Cover {kind}")
        client = sign_in(world.eve)
        url = reverse("proposals", args=[world.larkshire.pk])
        assert client.get(url).content.decode().count("Decide</strong>") == 3
        Proposal.objects.update(lapsed_at=NINE)
        assert "Nothing that your frameworks ask for" in client.get(url).content.decode()
        assert "Renewed" in client.get(url, {"show": "all"}).content.decode()

    def test_it_is_decided_on_its_page_and_nothing_typed_is_lost(self, world, sign_in):
        proposal = made_proposal(world)
        url = reverse("answer_proposal", args=[proposal.pk])
        client = sign_in(world.eve)

        wrong = client.post(url, {"reason": "The broker is slow"}).content.decode()
        right = client.post(url, {"answer": "yes", "reason": "The broker is slow"}, follow=True).content.decode()
        again = client.get(url).content.decode()

        assert "Choose what happens" in wrong
        assert "The broker is slow" in wrong
        assert "The decision is saved" in right
        assert "No new pupils" in right
        assert "Place new pupils again" in again
        assert "Place no new pupils until it is renewed" not in again

    def test_who_may_not_decide_reads_and_is_told_who_does(self, world, sign_in):
        proposal = made_proposal(world, effect="suspend")

        page = sign_in(world.eve).get(reverse("answer_proposal", args=[proposal.pk])).content.decode()

        assert "Whoever may suspend a place decides this" in page
        assert "<form" not in page.split("<main")[1]


def test_the_watch_runs_by_itself(world):
    made_place(world)
    made_cover(world.ash_house, ends_on=dt.date(2020, 1, 1))

    assert running.watch_documents() == 1
