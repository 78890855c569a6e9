"""A framework agreement from its offer to both signatures, and to its end."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from django.db import transaction
from django.utils import timezone

from contracts import permissions, queries, work
from contracts.actions import signing as actions
from contracts.models import Contract
from contracts.rules import agreements as rules
from contracts.states import CONTRACT_MOVES, ContractState
from contracts.steps import agreements
from contracts.tasks import settle_agreements
from core import access
from core.access import Denied
from files import store
from files.models import File
from jobs import running
from lots.actions.places import end_place
from lots.models import Framework, PermittedUser, Place
from lots.rules.refusals import Refused
from lots.states import CallOff, FrameworkState, PlaceState
from tests.contracts.made import offered
from tests.core.test_pdf import inside, text_of
from tests.lots.places import AT, accept, provider, published

LATER = AT + dt.timedelta(days=1)
NAMED = {"name": "Alice Ash", "position": "Director"}


def now(contract: Contract) -> Contract:
    return Contract.objects.select_related("buyer", "supplier", "framework").get(pk=contract.pk)


def sign(world, contract, *, by=None, at=LATER, **words):
    return actions.sign_contract(contract=contract, by=by or world.alice, at=at, **NAMED | words)


def places(contract, world) -> dict[str, str]:
    """State by label, of those that have not ended."""
    return {place.label: place.state for place in queries.places_of(contract, user=world.max)}


class TestWhatIsOffered:
    def test_the_document_says_everything_and_its_hash_is_over_its_bytes(self, world):
        contract = offered(world)
        agreed = json.loads(contract.document)

        assert contract.sha256 == hashlib.sha256(contract.document.encode()).hexdigest()
        assert contract.document == json.dumps(agreed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert (agreed["buyer"]["name"], agreed["supplier"]["name"]) == ("Larkshire Council", "Ash House")
        assert [
            (one["label"], one["comes_along"], [p["pence"] for p in one["prices"]]) for one in agreed["places"]
        ] == [
            ("Lot 1, part B", False, [4500]),
            ("Lot 2, part A", False, [4500]),
            ("Lot 7", True, []),
        ]
        assert [one["heading"] for one in agreed["clauses"]][:3] == [
            "What this is",
            "How long it lasts",
            "What the provider is on the framework for",
        ]
        assert contract.reference == f"FA-{contract.framework_id}-{world.ash_house.pk}"

    def test_an_offer_that_was_not_signed_by_both_is_replaced_and_one_in_force_is_kept(self, world):
        framework = published(world)
        first = offered(world, "1B", framework=framework)
        sign(world, first)
        second = offered(world, "2A", framework=framework)

        assert (now(first).state, now(first).end_reason) == ("withdrawn", rules.REPLACED)
        assert second.reference == f"{first.reference}-2"
        assert set(places(second, world)) == {"Lot 1, part B", "Lot 2, part A", "Lot 7"}
        sign(world, second)
        actions.countersign_contract(contract=second, by=world.max)
        given = framework.give(world, framework.award(world.ash_house, "2B"))
        with transaction.atomic():
            again = agreements.offer(
                framework=framework.framework,
                suppliers={world.ash_house.pk: given},
                not_before=None,
                by=world.max,
                at=LATER,
            )

        assert again == []
        assert now(second).state == "in_force"

    def test_who_else_may_use_it_stands_in_it_where_the_policy_names_others(self, world):
        framework = published(world)
        framework.framework.policies.call_off = CallOff.NAMED
        framework.framework.policies.save()
        PermittedUser.objects.create(framework=framework.framework, organisation=world.elm_grove)
        PermittedUser.objects.create(framework=framework.framework, description="Schools in Larkshire")

        contract = offered(world, framework=framework)

        assert "So may: Elm Grove School; Schools in Larkshire." in contract.document


BASE = {
    "buyer": {"name": "Larkshire Council"},
    "supplier": {"name": "Ash House"},
    "users": [],
    "framework": {"title": "AP", "is_open": True, "starts_on": None, "ends_on": None, "payment_terms": ""},
    "rules": {
        "selection": "lowest_cost",
        "departures": ["Travel", "EHCP"],
        "in_flight": True,
        "price_review": "none",
        "review_cap_percent": None,
        "review_on": None,
        "notice_hours": 24,
        "payment_days": 30,
        **dict.fromkeys(
            ("charge_attended", "charge_absent_told", "charge_absent_not_told", "charge_closed", "charge_cancelled"), 50
        ),
    },
}


def clause(heading: str, **changes) -> list[str]:
    facts = {name: value | changes.get(name, {}) if isinstance(value, dict) else value for name, value in BASE.items()}
    return next(one["lines"] for one in rules.clauses(facts) if one["heading"] == heading)


@pytest.mark.parametrize(
    ("heading", "changes", "line"),
    [
        ("How long it lasts", {}, "It begins when both have signed."),
        (
            "How long it lasts",
            {"framework": {"starts_on": "2026-09-01", "ends_on": "2034-08-31"}},
            "It begins on 1 September 2026 and ends on 31 August 2034.",
        ),
        (
            "How long it lasts",
            {"framework": {"is_open": False}, "rules": {"in_flight": False}},
            "An agreement for a pupil that is still being made when it ends is not made under it any more.",
        ),
        (
            "How a provider is chosen for a pupil",
            {},
            "Somebody else may be chosen on one of these grounds, which is recorded: travel; EHCP.",
        ),
        ("Prices", {}, "Price review: none until the framework is opened again."),
        (
            "Prices",
            {"rules": {"price_review": "cpi", "review_cap_percent": 3, "review_on": "2028-04-01"}},
            "Price review: by the consumer prices index with a cap, on a date. First on 1 April 2028, then each "
            "1 April; a rise of at most 3% each time.",
        ),
        ("Which sessions are paid for", {}, "The provider was closed: 50% of the price."),
        ("When invoices are paid", {"framework": {"payment_terms": "By BACS."}}, "By BACS."),
        ("Who may use it", {}, "Larkshire Council may make agreements for pupils under it (section 45(5))."),
    ],
)
def test_clauses_say_what_the_policies_say(heading, changes, line):
    assert line in clause(heading, **changes)


def test_no_grounds_to_depart_say_nothing():
    assert len(clause("How a provider is chosen for a pupil", rules={"departures": []})) == 1


class TestSigning:
    def test_the_provider_signs_and_accepts_everything_that_it_was_awarded(self, world):
        contract = offered(world)

        sign(world, contract)

        contract = now(contract)
        assert (contract.state, contract.signed_name, contract.signed_position) == ("signed", "Alice Ash", "Director")
        assert (contract.signed_by, contract.signed_at) == (world.alice, LATER)
        assert set(places(contract, world).values()) == {PlaceState.ACCEPTED}

    def test_what_was_declined_before_stays_declined(self, world):
        contract = offered(world)
        end_place(place=queries.places_of(contract, user=world.max)[0], by=world.alice, at=LATER)

        sign(world, contract)

        assert places(contract, world) == {"Lot 2, part A": "accepted", "Lot 7": "accepted"}

    def test_places_accepted_on_their_own_page_are_signed_for_all_the_same(self, world):
        contract = offered(world)
        accept(world, *[place for place in queries.places_of(contract, user=world.max) if not place.lot.is_auto])

        assert sign(world, contract).state == "signed"

    @pytest.mark.parametrize("name", ["bob", "charlie", "max", "olu"])
    def test_nobody_but_its_lead_signs_for_the_provider(self, world, name):
        with pytest.raises(Denied):
            sign(world, offered(world), by=world.people[name])

    def test_nothing_is_signed_twice_without_a_place_or_on_a_framework_that_is_over(self, world):
        contract = offered(world)
        sign(world, contract)
        with pytest.raises(Refused, match="Look at it again"):
            sign(world, contract)

        other = offered(world, framework=published(world, title="Other"))
        end_place(place=queries.places_of(other, user=world.max)[0], also_others=True, by=world.alice, at=LATER)
        with pytest.raises(Refused, match="nothing to sign"):
            sign(world, other)

        third = offered(world, framework=published(world, title="Third"))
        Framework.objects.filter(pk=third.framework_id).update(state=FrameworkState.WITHDRAWN, withdrawn_at=AT)
        with pytest.raises(Refused, match="ended or was withdrawn"):
            sign(world, third)


class TestTheBuyerSigns:
    @pytest.mark.parametrize(
        ("before", "place", "when", "refused"),
        [
            (None, {}, LATER, ""),
            (None, {"waits_for_notice": True}, LATER, "has not been published"),
            (LATER, {}, LATER - dt.timedelta(microseconds=1), "has not ended"),
            (LATER, {}, LATER, ""),
            (None, {"waits_until": LATER}, LATER - dt.timedelta(microseconds=1), "has not ended"),
            (AT, {"waits_until": LATER}, LATER, ""),
        ],
    )
    def test_not_before_the_notice_and_the_waiting_period(self, before, place, when, refused):
        check = {
            "waits_for_notice": place.get("waits_for_notice", False),
            "signs_from": rules.signs_from([before, place.get("waits_until")]),
            "at": when,
        }
        if not refused:
            rules.check_waited(**check)
        else:
            with pytest.raises(Refused, match=refused):
                rules.check_waited(**check)

    def test_it_is_in_force_by_the_databases_clock_and_its_signed_copy_is_kept(self, world):
        contract = offered(world)
        sign(world, contract)

        actions.countersign_contract(contract=contract, by=world.max)
        running.sweep()

        contract = now(contract)
        assert (contract.state, contract.countersigned_by) == ("in_force", world.max)
        with store.opened(contract.file.stored_as) as content:
            body = content.read()
        assert b"pdfuaid:part" in inside(body)
        assert body == work.rendered(contract)
        text = " ".join(text_of(body).split())
        assert "Alice Ash Director" in text
        assert "Larkshire Council Max For the buyer" in text
        assert contract.sha256 in text.replace(" ", "")

    def test_while_a_place_waits_for_the_notice_nothing_is_signed(self, world):
        contract = offered(world)
        sign(world, contract)
        Place.objects.filter(provider=world.ash_house, lot__number="2").update(waits_for_notice=True)

        with pytest.raises(Refused, match="has not been published"):
            actions.countersign_contract(contract=contract, by=world.max)

        assert now(contract).state == "signed"

    @pytest.mark.parametrize("name", ["alice", "eve", "ines", "olu"])
    def test_whoever_does_not_look_after_places_does_not_sign(self, world, name):
        contract = offered(world)
        sign(world, contract)

        with pytest.raises(Denied):
            actions.countersign_contract(contract=contract, by=world.people[name])

    def test_never_before_the_provider_nor_on_a_framework_that_is_over(self, world):
        contract = offered(world)
        with pytest.raises(Refused, match="Look at it again"):
            actions.countersign_contract(contract=contract, by=world.max)
        sign(world, contract)
        Framework.objects.filter(pk=contract.framework_id).update(state=FrameworkState.WITHDRAWN, withdrawn_at=AT)

        with pytest.raises(Refused, match="ended or was withdrawn"):
            actions.countersign_contract(contract=contract, by=world.max)

    def test_the_end_of_the_waiting_period_reaches_open_agreements(self, world):
        contract = offered(world)
        until = timezone.now() + dt.timedelta(hours=1)
        with transaction.atomic():
            agreements.waits_until(
                framework=contract.framework, suppliers=[world.ash_house.pk], until=until, by=world.max, at=AT
            )
        sign(world, contract, at=AT)

        with pytest.raises(Refused, match="has not ended"):
            actions.countersign_contract(contract=contract, by=world.max)


class TestPapers:
    def test_a_paper_is_kept_once_and_not_one_that_is_out_of_date(self, world):
        contract = offered(world)

        assert work.make_paper(contract)
        assert not work.make_paper(contract)
        other = offered(world, framework=published(world, title="Other"))
        stale = now(other)
        sign(world, other)
        assert not work.make_paper(stale)

        assert File.objects.filter(name__startswith="agreement-").count() == 1
        assert work.paper(type("Job", (), {"about_id": contract.pk})(), None) == "The signed copy is ready."


class TestTheEnd:
    def settle(self) -> int:
        return actions.settle_agreements(by=access.System(permissions.SETTLES), at=LATER)

    def test_with_the_last_place_an_offer_is_withdrawn_and_an_agreement_ends(self, world):
        open_offer = offered(world)
        charlies = offered(world, framework=published(world, title="Other"), provider=provider("Cedar"))
        in_force = offered(world, framework=published(world, title="Third"))
        sign(world, in_force)
        actions.countersign_contract(contract=in_force, by=world.max)
        assert self.settle() == 0
        for contract in (open_offer, in_force):
            end_place(place=queries.places_of(contract, user=world.max)[0], also_others=True, by=world.alice, at=LATER)

        settle_agreements()

        assert (now(open_offer).state, now(open_offer).end_reason) == ("withdrawn", rules.NO_PLACE)
        assert (now(in_force).state, now(in_force).end_reason) == ("ended", rules.NO_PLACE)
        assert now(charlies).state == "offered"
        assert self.settle() == 0

    def test_only_the_calendar_settles(self, world):
        with pytest.raises(Denied):
            actions.settle_agreements(by=world.max, at=LATER)

    def test_a_provider_without_an_agreement_has_none_to_withdraw(self, world):
        framework = published(world).framework
        with transaction.atomic():
            found = agreements.withdraw(
                framework=framework, supplier=world.ash_house.pk, reason="Gone", by=world.max, at=LATER
            )

        assert found is None


def test_agreements_move_only_as_the_table_says():
    for now_, then in [(a, b) for a in ContractState for b in ContractState]:
        if then in CONTRACT_MOVES[now_]:
            rules.check_move(now_, then)
        else:
            with pytest.raises(Refused):
                rules.check_move(now_, then)
