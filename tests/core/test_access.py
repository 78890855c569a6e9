"""Doors: who is let in, who is refused, and who learns nothing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from accounts.models import Organisation
from core import access

pytestmark = pytest.mark.django_db


def may(user, thing=None) -> bool:
    return thing is None or thing.name == "Ash House"


def ask(view, user, **kwargs):
    request = RequestFactory().get("/")
    request.user = user
    return view(request, **kwargs)


def page(request, organisation):
    return HttpResponse(organisation.name)


def test_the_guard_hands_the_view_the_object_itself(world):
    view = access.guard(may, on=Organisation)(page)

    assert ask(view, world.alice, pk=world.ash_house.pk).content == b"Ash House"


def test_a_stranger_gets_404_and_cannot_tell_it_from_what_does_not_exist(world):
    view = access.guard(may, on=Organisation)(page)

    for pk in (world.ash_house.pk, 999_999, 10**30):
        with pytest.raises(Http404):
            ask(view, world.charlie, pk=pk)


def test_somebody_who_may_see_it_but_not_do_it_gets_403(world):
    view = access.guard(may, on=Organisation)(page)

    with pytest.raises(access.Denied):
        ask(view, world.charlie, pk=world.birch_farm.pk)


def test_a_guard_on_an_object_without_its_key_finds_nothing(world):
    with pytest.raises(Http404):
        ask(access.guard(may, on=Organisation)(page), world.alice)


def test_a_guard_without_an_object_asks_for_the_person_alone(world):
    view = access.guard(access.signed_in)(lambda request: HttpResponse("in"))

    assert ask(view, world.alice).content == b"in"
    with pytest.raises(access.Denied):
        ask(view, AnonymousUser())


@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        ("alice", True),
        ("charlie", False),
        (access.System("outbox.sweep"), True),
        (access.System("audit.seal"), False),
        (access.Anonymous, False),
    ],
)
def test_what_an_action_requires(world, by, allowed):
    person = getattr(world, by) if isinstance(by, str) else by

    def only_alice(user, thing):
        return user == world.alice

    if allowed:
        access.require(only_alice, person, world.ash_house, systems=("outbox.sweep",))
    else:
        with pytest.raises(access.Denied):
            access.require(only_alice, person, world.ash_house, systems=("outbox.sweep",))


def test_somebody_who_has_not_signed_in_may_only_where_the_action_says_so(world):
    access.require(may, access.Anonymous, anonymous=True)
    with pytest.raises(access.Denied):
        access.require(may, access.Anonymous)


def test_a_deactivated_person_may_nothing(world):
    world.alice.is_active = False

    with pytest.raises(access.Denied):
        access.require(lambda user: True, world.alice)


def test_the_portal_and_nobody_say_who_they_are():
    assert (str(access.System("audit.seal")), str(access.Anonymous)) == ("system:audit.seal", "anonymous")
