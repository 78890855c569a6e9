"""A provider registers itself; who else is registered stays unknown to it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import queries
from accounts.actions import look_alikes, registration
from accounts.models import LookAlike, Membership, Organisation
from accounts.rules.people import Refused
from accounts.states import Role
from audit.models import Event
from core import access
from outbox.models import Message
from tests.cast import make_person

ANSWERS = {
    "name": "Hazel Workshop",
    "companies_house": "sc 123456",
    "charity_number": "",
    "ukprn": "1990 0777",
    "urn": "",
    "ppon": "gb-ppon-abcd-1234-efgh",
    "share_code": "",
    "no_number_reason": "",
    "street": "1 Station Road",
    "town": "Larkford",
    "postcode": "lk11aa",
}
SOLE_TUTOR = ANSWERS | {
    "companies_house": "",
    "ukprn": "",
    "ppon": "",
    "sole_tutor": "on",
    "no_number_reason": "I teach alone",
}
SYSTEM = access.System("accounts.tidy")


def register(client, answers=ANSWERS, step="register"):
    return client.post(reverse("register_provider"), answers | {"step": step})


def test_nora_registers_hazel_workshop_and_leads_it(world, sign_in):
    client = sign_in(world.nora)

    check = client.post(reverse("register_provider"), ANSWERS)
    assert "Check your answers" in check.content.decode()
    assert "SC123456" in check.content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', check.content.decode()))
    hidden.pop("csrfmiddlewaretoken", None)
    done = register(client, hidden)

    made = Organisation.objects.get(name="Hazel Workshop")
    assert done.url == reverse("organisation", args=[made.pk])
    assert (made.companies_house, made.ukprn, made.ppon) == ("SC123456", "19900777", "ABCD-1234-EFGH")
    assert (made.kind, made.postcode, made.name_key) == ("provider", "LK1 1AA", "hazel workshop")
    roles = Membership.objects.filter(organisation=made).values_list("user", "role")
    assert list(roles) == [(world.nora.pk, Role.PROVIDER_LEAD)]
    assert list(Event.objects.filter(organisation_id=made.pk).order_by("id").values_list("action", "by")) == [
        ("accounts.provider.registered", world.nora.pk),
        ("accounts.role.given", world.nora.pk),
    ]
    assert client.get(done.url).status_code == 200


def test_changing_answers_brings_back_what_was_typed(world, sign_in):
    page = register(sign_in(world.nora), ANSWERS, step="change").content.decode()

    assert 'value="Hazel Workshop"' in page
    assert 'value="sc 123456"' in page
    assert not Organisation.objects.filter(name="Hazel Workshop").exists()


def test_a_sole_tutor_registers_with_a_reason_instead_of_a_number(world, sign_in):
    register(sign_in(world.nora), SOLE_TUTOR)

    assert Organisation.objects.get(name="Hazel Workshop").no_number_reason == "I teach alone"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"sole_tutor": "", "no_number_reason": ""}, "Enter at least one number, or say that you are a sole tutor"),
        ({"no_number_reason": ""}, "Say why you have no number"),
        ({"urn": "12"}, "URN must be 6 digits, like 123456"),
        ({"name": ""}, "Enter your organisation’s name"),
        ({"postcode": "nowhere"}, "Enter a full UK postcode"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(world, sign_in, changes, error):
    response = register(sign_in(world.nora), SOLE_TUTOR | changes)

    page = response.content.decode()
    assert response.status_code == 200
    assert error in page
    assert "There is a problem" in page
    assert 'value="1 Station Road"' in page
    assert not Organisation.objects.filter(name="Hazel Workshop").exists()


def test_sending_the_form_twice_makes_one_organisation(world, sign_in):
    client = sign_in(world.nora)

    first, second = register(client), register(client)

    assert Organisation.objects.filter(name="Hazel Workshop").count() == 1
    assert (first.status_code, second.status_code) == (302, 302)


def test_somebody_who_belongs_somewhere_cannot_register_another(world):
    with pytest.raises(access.Denied):
        registration.register_provider(
            name="X", numbers={"urn": "123456"}, sole_tutor=False, no_number_reason="", street="", town="",
            postcode="", by=world.alice, at=timezone.now(),
        )  # fmt: skip


def test_the_action_itself_refuses_a_provider_that_nothing_identifies(world):
    with pytest.raises(Refused):
        registration.register_provider(
            name="X", numbers={}, sole_tutor=False, no_number_reason="", street="", town="", postcode="",
            by=world.nora, at=timezone.now(),
        )  # fmt: skip


def test_a_stranger_cannot_tell_whether_ash_house_is_registered(world, sign_in):
    """Canary: the same name and numbers as Ash House, and then ones that nobody has. Pages, statuses and the very
    queries are the same; only the numbers typed differ."""
    Organisation.objects.filter(pk=world.ash_house.pk).update(ukprn="19900777", companies_house="SC123456")
    seen = []
    for who, name, ukprn in (("una", "Ash House", "19900777"), ("ula", "Oak Barns", "19900778")):
        client = sign_in(make_person(who))
        answers = ANSWERS | {"name": name, "ukprn": ukprn, "companies_house": "SC" + ukprn[2:]}
        with CaptureQueriesContext(
            connection,
        ) as queries_made:
            pages = [client.post(reverse("register_provider"), answers), register(client, answers)]
        pages.append(client.get(pages[1].url))
        statements = [query["sql"].split()[:3] for query in queries_made]
        words = [
            re.sub(r"\d+|nonce\S+", "?", page.content.decode().replace(name, "NAME").replace(who.title(), "WHO"))
            for page in pages
        ]
        words = [re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text) for text in words]
        seen.append(([page.status_code for page in pages], words, statements))

    assert seen[0] == seen[1]
    assert LookAlike.objects.count() == 0  # compared later, away from the request
    assert Message.objects.count() == 0


def test_look_alikes_are_found_later_and_told_to_the_older_ones_lead_and_the_operators(world, sign_in):
    look_alikes.compare_new_providers(by=SYSTEM, at=timezone.now())  # the cast itself
    register(sign_in(world.nora), ANSWERS | {"name": "The Ash House Ltd"})

    compared = look_alikes.compare_new_providers(by=SYSTEM, at=timezone.now())

    made = Organisation.objects.get(name="The Ash House Ltd")
    assert compared == 1
    assert list(LookAlike.objects.values_list("organisation", "resembles", "reason")) == [
        (made.pk, world.ash_house.pk, "Same name")
    ]
    assert sorted(Message.objects.values_list("to", flat=True)) == [world.alice.email, world.olu.email]
    for message in Message.objects.all():
        assert "Ash House" not in message.subject + message.body
    assert look_alikes.compare_new_providers(by=SYSTEM, at=timezone.now()) == 0
    assert Message.objects.count() == 2


def test_a_pair_is_told_once_even_when_both_are_compared_again(world, sign_in):
    register(sign_in(world.nora), ANSWERS | {"name": "Ash House"})
    look_alikes.compare_new_providers(by=SYSTEM, at=timezone.now())
    Organisation.objects.update(compared_at=None)

    look_alikes.compare_new_providers(by=SYSTEM, at=timezone.now())

    assert LookAlike.objects.count() == 1


def test_a_change_of_name_is_compared_again(world, sign_in):
    look_alikes.compare_new_providers(by=SYSTEM, at=timezone.now())
    sign_in(world.charlie).post(
        reverse("edit_organisation", args=[world.birch_farm.pk]), ANSWERS | {"name": "Ash House"}
    )

    look_alikes.compare_new_providers(by=SYSTEM, at=timezone.now())

    assert LookAlike.objects.get().organisation == world.birch_farm


def test_olu_decides_that_two_are_different_and_once(world, sign_in):
    pair = LookAlike.objects.create(
        organisation=world.birch_farm, resembles=world.ash_house, reason="Same name", found_at=timezone.now()
    )
    client = sign_in(world.olu)
    answer = {"decision": "different", "reason": "Two towns, two telephone numbers"}

    assert client.get(reverse("look_alikes")).content.decode().count("Birch Farm") == 2
    assert client.post(reverse("look_alike", args=[pair.pk]), {"decision": "different"}).status_code == 200
    client.post(reverse("look_alike", args=[pair.pk]), answer)
    client.post(reverse("look_alike", args=[pair.pk]), {"decision": "same", "reason": "On second thoughts"})

    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by, pair.decision_reason) == ("different", world.olu, answer["reason"])
    assert Event.objects.filter(action="accounts.look_alike.decided").count() == 1
    assert client.get(reverse("look_alike", args=[pair.pk])).status_code == 200
    assert list(queries.all_look_alikes().filter(decision="")) == []
