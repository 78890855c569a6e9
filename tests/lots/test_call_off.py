"""Who may call off under which framework (s.45(5))."""

from __future__ import annotations

import pytest

from accounts.models import Organisation
from accounts.states import OrganisationKind as Kind
from lots.models import Framework, PermittedUser
from lots.queries.call_off import all_usable_by, may_call_off
from lots.states import CallOff, FrameworkState
from tests.frameworks import make_framework


def named(framework, organisation=None, *, area=False) -> None:
    framework.policies.call_off = CallOff.NAMED
    framework.policies.save()
    words = "" if organisation else "Schools in Larkshire"
    PermittedUser.objects.create(
        framework=framework, organisation=organisation, description=words, schools_of_area=area
    )


def usable(world, framework) -> set[str]:
    return {name for name, one in world.organisations.items() if may_call_off(one, framework)}


def test_a_buyer_uses_its_own_framework_and_nobody_else_does(world):
    framework = make_framework(world, running=True)

    assert usable(world, framework) == {"larkshire"}


@pytest.mark.parametrize("state", [state for state in FrameworkState if state != FrameworkState.RUNNING])
def test_only_a_running_framework_is_used(world, state):
    framework = make_framework(world, running=True)
    Framework.objects.filter(pk=framework.pk).update(state=state, ended_at=framework.awarded_at)

    assert usable(world, framework) == set()


def test_schools_of_the_area_may_and_their_trusts_because_an_academy_is_its_trust(world):
    framework = make_framework(world, running=True)
    named(framework, area=True)

    assert usable(world, framework) == {"larkshire", "elm_grove", "oak_trust"}


@pytest.mark.parametrize("changed", [{"la_code": "998"}, {"la_code": ""}, {"is_open": False}])
def test_a_school_of_another_area_or_one_that_has_closed_may_not_nor_its_trust_for_it(world, changed):
    framework = make_framework(world, running=True)
    named(framework, area=True)
    Organisation.objects.filter(pk=world.elm_grove.pk).update(**changed)
    world.elm_grove.refresh_from_db()

    assert usable(world, framework) == {"larkshire"}


def test_where_only_the_buyer_may_a_name_left_over_counts_for_nothing(world):
    framework = make_framework(world, running=True)
    named(framework, area=True)
    framework.policies.call_off = CallOff.BUYER
    framework.policies.save()

    assert usable(world, framework) == {"larkshire"}


def test_a_named_council_may_and_a_named_trust_with_its_schools(world):
    one, two = make_framework(world, running=True), make_framework(world, running=True, ocid="another")
    named(one, world.mereshire)
    named(two, world.oak_trust)
    Organisation.objects.filter(pk=world.elm_grove.pk).update(parent=world.oak_trust)
    world.elm_grove.refresh_from_db()

    assert usable(world, one) == {"larkshire", "mereshire"}
    assert usable(world, two) == {"larkshire", "oak_trust", "elm_grove"}
    assert set(all_usable_by(world.larkshire)) == {one, two}


def test_a_school_kept_by_a_council_is_not_that_council(world):
    framework = make_framework(world, running=True)
    Organisation.objects.filter(pk=world.elm_grove.pk).update(parent=world.larkshire)
    world.elm_grove.refresh_from_db()

    assert usable(world, framework) == {"larkshire"}


def test_a_trust_that_buys_has_no_area_of_its_own(world):
    framework = make_framework(world, running=True, buyer=world.oak_trust)
    named(framework, area=True)
    other = Organisation.objects.create(kind=Kind.SCHOOL, name="Ash Lane", name_key="ash lane", urn="900002")

    world.elm_grove.refresh_from_db()

    assert not may_call_off(other, framework)
    assert may_call_off(world.elm_grove, framework.pk)
