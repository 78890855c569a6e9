"""Pages of agreements, for both sides."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from contracts import work
from contracts.models import Contract
from contracts.tasks import settle_agreements
from core import pdf
from lots.actions.places import end_place
from lots.models import Place
from tests.contracts.made import offered
from tests.contracts.test_agreements import now, sign
from tests.lots.places import published

TYPED = {"name": "Alice Ash", "position": "Director", "declared": "on"}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Papers that cost nothing."""
    monkeypatch.setattr(pdf, "render", lambda template, context, **_: f"%PDF {template}".encode())


def text(client, name: str, contract: Contract) -> str:
    answer = client.get(reverse(name, args=[contract.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_provider_reads_and_signs_and_the_buyer_signs_after_it(world, sign_in):
    contract = offered(world)
    alice, max_ = sign_in(world.alice), sign_in(world.max)
    assert "Read and sign" in text(alice, "contract", contract)
    assert "Lot 1, part B; Lot 2, part A; Lot 7" in text(alice, "sign_contract", contract)
    assert "Sign for the buyer" not in text(max_, "contract", contract)

    signed = alice.post(reverse("sign_contract", args=[contract.pk]), TYPED)
    assert signed.url == reverse("contract", args=[contract.pk])
    assert "Alice Ash, Director" in text(max_, "contract", contract)
    assert "There is nothing for you to sign" in text(alice, "sign_contract", contract)
    max_.post(reverse("countersign_contract", args=[contract.pk]), {"declared": "on"})

    assert now(contract).state == "in_force"
    assert "Signed by both" in text(alice, "contract", contract)


def test_what_is_missing_is_said_and_what_was_typed_stays(world, sign_in):
    contract = offered(world)

    answer = sign_in(world.alice).post(reverse("sign_contract", args=[contract.pk]), {"name": "Alice Ash"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Enter your position" in page
    assert "Tick that you have read the agreement and may sign it" in page
    assert 'value="Alice Ash"' in page
    assert now(contract).state == "offered"


def test_a_refusal_stands_at_the_form(world, sign_in):
    contract = offered(world)
    sign(world, contract)
    Place.objects.filter(lot__number="1").update(waits_for_notice=True)
    client = sign_in(world.max)

    assert "has not been published yet" in text(client, "countersign_contract", contract)
    answer = client.post(reverse("countersign_contract", args=[contract.pk]), {"declared": "on"})

    assert "The award notice has not been published yet" in answer.content.decode()
    assert "That day is not known yet" in text(client, "contract", contract)
    assert "You can sign now" not in text(client, "contract", contract)


def test_until_when_both_wait_is_told(world, sign_in):
    later = timezone.now() + dt.timedelta(days=3)
    contract = offered(world, not_before=later)

    assert "You can sign now" in text(sign_in(world.alice), "sign_contract", contract)
    sign(world, contract)
    shown = text(sign_in(world.max), "contract", contract)
    assert "The buyer can sign from" in shown
    assert "Sign for the buyer" not in shown


def test_the_paper_is_the_one_that_was_kept_or_made_of_the_same_record(world, sign_in):
    contract = offered(world)
    client, address = sign_in(world.alice), reverse("contract_file", args=[contract.pk])

    live = client.get(address)
    work.make_paper(contract)
    kept = client.get(address)

    assert live.content == b"".join(kept.streaming_content) == b"%PDF pdf/agreement.html"
    assert live["Content-Disposition"] == kept["Content-Disposition"]


def test_an_agreement_that_is_over_and_a_place_that_has_ended_say_so(world, sign_in):
    contract = offered(world)
    end_place(place=Place.objects.get(lot__number="1"), by=world.alice, at=timezone.now())
    client = sign_in(world.alice)
    assert ">Ended<" in text(client, "contract", contract)

    end_place(place=Place.objects.get(lot__number="2"), by=world.alice, at=timezone.now())
    assert "no place left" in text(client, "sign_contract", contract)
    settle_agreements()

    assert "No place of the provider on the framework is left" in text(client, "contract", contract)


def test_both_sides_list_theirs_and_no_others(world, sign_in):
    ours = offered(world)
    theirs = offered(world, framework=published(world, title="Other"), provider=world.birch_farm)

    listed = {
        name: sign_in(world.people[name]).get(reverse("agreements", args=[organisation.pk])).content.decode()
        for name, organisation in (("alice", world.ash_house), ("max", world.larkshire))
    }

    assert {name: (ours.reference in page, theirs.reference in page) for name, page in listed.items()} == {
        "alice": (True, False),
        "max": (True, True),
    }
    assert sign_in(world.bob).get(reverse("agreements", args=[world.ash_house.pk])).status_code == 403
    signed = sign_in(world.max).get(reverse("agreements", args=[world.larkshire.pk]), {"state": "signed"})
    assert "There is no agreement here" in signed.content.decode()
