"""What people type, paste and send on purpose: a clear message, nothing half-written, never a 500."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from django.urls import reverse

from accounts.models import Closure, Invitation, Organisation, TermDates
from tests.accounts.test_registration import ANSWERS
from tests.accounts.test_term_dates import days
from tests.cast import make_person

LONG = "x" * 10_000
STRANGE = {
    "10,000 characters": (LONG, "must be 200 characters or fewer"),
    "a NUL": ("Hazel\x00 Workshop", "must not include characters that cannot be seen"),
    "a direction override": ("Hazel \u202epohskroW", "must not include characters that cannot be seen"),
    "a zero-width space": ("Hazel\u200b Workshop", "must not include characters that cannot be seen"),
    "an emoji": ("Hazel 🙂 Workshop", "must not include symbols such as emoji"),
    "a script": ("<script>alert(1)</script>", "must not include any of these"),
    "no letter": ("12345", "must include a letter"),
    "another alphabet": ("Наzеl Wоrkshор", "must use letters of the Latin alphabet only"),
    "nothing": ("   ", "Enter your organisation’s name"),
    "a private-use character": ("Hazel \ue000", "must not include characters that cannot be seen"),
}


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("step", ["", "register"])
def test_a_strange_name_is_refused_when_registering(world, sign_in, kind, step):
    name, words = STRANGE[kind]

    page = sign_in(world.nora).post(reverse("register_provider"), ANSWERS | {"name": name, "step": step})

    text = page.content.decode()
    assert page.status_code == 200
    assert words in text
    assert "<script>alert" not in text
    assert 'value="1 Station Road"' in text  # nothing typed is lost
    assert Organisation.objects.filter(kind="provider").count() == 2


def test_two_spellings_of_one_name_are_stored_as_one(world, sign_in):
    for who, form in (("una", "NFC"), ("ula", "NFD")):
        name = unicodedata.normalize(form, "Café Hazel")
        sign_in(make_person(who)).post(reverse("register_provider"), ANSWERS | {"name": name, "step": "register"})

    assert list(Organisation.objects.filter(name_key="cafe hazel").values_list("name", flat=True)) == ["Café Hazel"] * 2


@pytest.mark.parametrize(
    "field", ["companies_house", "charity_number", "ukprn", "urn", "ppon", "share_code", "postcode"]
)
@pytest.mark.parametrize(
    "typed", [LONG, "1\x00", "\u202e123456", "🙂", "<script>", "１２３４５６", "١٢٣٤٥٦", "-1", "1e7"]
)
def test_a_strange_number_is_refused_with_what_it_looks_like(world, sign_in, field, typed):
    page = sign_in(world.nora).post(reverse("register_provider"), ANSWERS | {field: typed, "step": "register"})

    assert page.status_code == 200
    assert "like " in page.context["form"].errors[field][0]
    assert Organisation.objects.filter(kind="provider").count() == 2


@pytest.mark.parametrize("field", ["street", "town", "no_number_reason"])
@pytest.mark.parametrize("typed", [LONG, "a\x00b", "a\u202eb"])
def test_a_strange_address_or_reason_is_refused(world, sign_in, field, typed):
    page = sign_in(world.nora).post(reverse("register_provider"), ANSWERS | {field: typed, "step": "register"})

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]


ADDRESSES = {
    "10,000 characters": (f"{LONG}@hanna.example", "Email address must be 254 characters or fewer"),
    "a NUL": ("han\x00na@hanna.example", "must not include characters that cannot be seen"),
    "a direction override": ("han\u202ena@hanna.example", "must not include characters that cannot be seen"),
    "a direction override in the domain": ("eve@exa\u202emple.example", "must not include characters that cannot"),
    "longer in small letters": (
        "@".join(["a", ".".join(["İ" * 62, "İ" * 62, "İ" * 62, "İ" * 59, "example"])]),
        "Email address must be 254 characters or fewer",
    ),
    "an emoji": ("🙂@hanna.example", "correct format"),
    "a script": ("<script>@hanna.example", "correct format"),
    "two addresses": ("hanna@hanna.example,otto@otto.example", "correct format"),
    "a second line": ("hanna@hanna.example\nBcc: otto@otto.example", "must not include characters that cannot be seen"),
    "no domain": ("hanna", "correct format"),
    "nothing": ("", "Enter an email address"),
}


@pytest.mark.parametrize("kind", ADDRESSES)
def test_a_strange_address_is_not_invited(world, sign_in, kind):
    email, words = ADDRESSES[kind]

    page = sign_in(world.alice).post(
        reverse("invite", args=[world.ash_house.pk]), {"email": email, "roles": ["provider_staff"]}
    )

    assert page.status_code == 200
    assert words in page.content.decode()
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("roles", [[], [LONG], ["\x00"], ["authority_admin"], ["provider_staff", "🙂"]])
def test_a_strange_role_is_not_given(world, sign_in, roles):
    for address in (
        reverse("invite", args=[world.ash_house.pk]),
        reverse("person_roles", args=[world.ash_house.pk, world.bob.pk]),
    ):
        page = sign_in(world.alice).post(address, {"email": "hanna@hanna.example", "roles": roles})

        assert page.status_code == 200
        assert "Select" in page.context["form"].errors["roles"][0]
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("schools", [["x"], ["\x00"], [str(10**30)], ["-1"], ["🙂"]])
def test_a_strange_school_is_not_listed(world, sign_in, schools):
    for address in (
        reverse("invite", args=[world.oak_trust.pk]),
        reverse("person_schools", args=[world.tariq.memberships.get().pk]),
    ):
        page = sign_in(world.tariq).post(
            address, {"email": "hanna@hanna.example", "roles": ["trust_dsl"], "schools": schools}
        )

        assert page.status_code == 200
        assert page.context["form"].errors["schools"] == ["Select only schools that are on this page"]


@pytest.mark.parametrize("typed", [LONG, "a\x00", "\u202e", "🙂", "<script>", ""])
def test_a_strange_name_of_a_term_or_closure_is_refused(world, sign_in, typed):
    client = sign_in(world.sana)
    when = days(*[dt.date(2026, 9, 2)] * 2)
    for what, field in (("term", "name"), ("closure", "reason")):
        page = client.post(reverse(f"add_{what}", args=[world.elm_grove.pk]), {field: typed, **when})

        assert page.status_code == 200
        assert list(page.context["form"].errors) == [field]
    assert (TermDates.objects.count(), Closure.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "query", ["words=%00", "words=" + "x" * 5_000, "words=%E2%80%AE", "kind=x", "after=x", "before=%00", "words=%27%3B"]
)
@pytest.mark.parametrize("page", ["organisations", "look_alikes"])
def test_a_strange_search_is_answered(world, sign_in, page, query):
    assert sign_in(world.olu).get(f"{reverse(page)}?{query}&decision=x").status_code == 200


@pytest.mark.parametrize("number", [0, 10**18, 10**40])
def test_numbers_in_addresses_that_nothing_bears_are_not_found(world, sign_in, number):
    client = sign_in(world.olu)
    for address in (
        f"/organisations/{number}/",
        f"/organisations/{number}/people/",
        f"/invitations/{number}/withdraw/",
        f"/roles/{number}/schools/",
        f"/term-dates/{number}/change/",
        f"/operators/look-alikes/{number}/",
        f"/operators/people/{number}/close/",
    ):
        assert client.get(address).status_code == 404
