"""Who may do what, as one table: each predicate with the members of the cast whom it lets in."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts import permissions
from accounts.models import Closure, Invitation, LookAlike, Membership, Organisation, TermDates
from accounts.states import MANAGES_PEOPLE, NEEDS_SECOND_STEP, OrganisationKind, Role, roles_of

CAST = ["alice", "bob", "charlie", "sana", "tariq", "max", "ada", "eve", "tom", "fay", "ines", "olu", "nora"]
ASH = {
    "can_see_organisation": {"alice", "bob", "olu"},
    "manages_people": {"alice"},
    "can_manage_people": {"alice"},
    "can_invite": {"alice"},
    "can_edit_organisation": {"alice"},
    "can_leave": {"alice", "bob"},
    "can_see_record": {"alice", "olu"},
    "can_change_dates": {"alice"},
}
ELM_GROVE = {"can_edit_organisation": set(), "can_invite": {"sana"}, "can_see_organisation": {"sana", "olu"}}
ALONE = {
    "is_operator": {"olu"},
    "can_import_schools": {"olu"},
    "can_decide_look_alikes": {"olu"},
    "can_open_authority": {"olu"},
    "can_register_provider": {"nora"},
    "can_see_organisations": set(CAST) - {"nora"},
    "nobody": set(),
}


def let_in(world, predicate, *things) -> set[str]:
    return {name for name in CAST if getattr(permissions, predicate)(getattr(world, name), *things)}


@pytest.mark.parametrize("predicate", ASH)
def test_who_may_at_ash_house(world, predicate):
    assert let_in(world, predicate, world.ash_house) == ASH[predicate]


@pytest.mark.parametrize("predicate", ELM_GROVE)
def test_who_may_at_elm_grove_whose_trust_may_not(world, predicate):
    assert let_in(world, predicate, world.elm_grove) == ELM_GROVE[predicate]


@pytest.mark.parametrize("predicate", ALONE)
def test_who_may_without_a_thing(world, predicate):
    assert let_in(world, predicate) == ALONE[predicate]


def test_who_may_with_other_things(world):
    at, place = timezone.now(), world.ash_house
    invitation = Invitation(organisation=place, email=world.nora.email)
    term = TermDates(organisation=place, starts_on=at, ends_on=at)
    pair = LookAlike(organisation=place, resembles=world.birch_farm)

    assert let_in(world, "can_change_role", world.bob.memberships.get()) == {"alice"}
    assert let_in(world, "can_list_schools", world.bob.memberships.get()) == set()
    assert let_in(world, "can_list_schools", world.tariq.memberships.get()) == {"tariq"}
    assert let_in(world, "can_withdraw_invitation", invitation) == {"alice"}
    assert let_in(world, "can_accept_invitation", invitation) == {"nora"}
    assert let_in(world, "can_change_these_dates", term) == {"alice"}
    assert let_in(world, "can_decide_look_alike", pair) == {"olu"}
    assert let_in(world, "can_close_account", world.olu) == set()
    assert let_in(world, "can_close_account", world.bob) == {"olu"}


def test_an_operator_invites_where_nobody_manages_and_the_place_is_open(world):
    empty = Organisation.objects.create(kind="trust", name="Empty", name_key="empty")

    assert let_in(world, "can_invite", empty) == {"olu"}
    empty.is_open = False
    assert let_in(world, "can_invite", empty) == set()


def test_nobody_is_let_in_without_signing_in_or_after_the_account_was_closed(world):
    world.olu.is_active = world.alice.is_active = False
    for user in (AnonymousUser(), world.olu, world.alice):
        assert not permissions.is_operator(user)
        assert not permissions.can_see_organisation(user, world.ash_house)
        assert not permissions.can_register_provider(user)
        assert not Organisation.objects.visible_to(user).exists()
        assert not LookAlike.objects.visible_to(user).exists()
        assert not type(world.bob).objects.visible_to(user).exists()


def test_rows_are_visible_to_the_people_of_their_organisation_alone(world):
    day = timezone.now().date()
    for model, fields in ((TermDates, {"name": "Autumn"}), (Closure, {"reason": "Snow"})):
        model.objects.create(organisation=world.ash_house, starts_on=day, ends_on=day, **fields)
        seen = {name for name in CAST if model.objects.visible_to(getattr(world, name)).exists()}
        assert seen == {"alice", "bob", "olu"}
    seen = {
        name for name in CAST if Membership.objects.visible_to(getattr(world, name)).filter(user=world.bob).exists()
    }
    assert seen == {"alice", "bob", "olu"}


def test_every_role_belongs_to_one_kind_and_every_kind_has_a_manager():
    assert {kind: len(roles_of(kind)) for kind in OrganisationKind} == {
        "authority": 9,
        "trust": 3,
        "school": 5,
        "provider": 3,
    }
    assert {role.kind for role in MANAGES_PEOPLE} == set(OrganisationKind)
    assert set(Role) - NEEDS_SECOND_STEP == {Role.PROVIDER_LEAD}
