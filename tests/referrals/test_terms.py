"""How a commissioner refers: what stands where nobody wrote anything, who changes it, two at once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.models import Event
from core.access import Denied
from lots.rules.refusals import Refused
from referrals.actions import terms as actions
from referrals.models import Terms
from referrals.permissions import sharing as permissions
from referrals.queries.sharing import terms_of
from tests.referrals.made import AT


def address(organisation) -> str:
    return reverse("terms_of_referral", args=[organisation.pk])


def sent(**fields) -> dict:
    return {"approve_above": "£2,500", "answer_days": "5", "seen": "500000-3"} | fields


def test_defaults_are_shown_until_sana_writes_something_else(world, sign_in):
    client = sign_in(world.sana)
    first = client.get(address(world.elm_grove)).text
    assert "Nobody has set this yet" in first
    assert 'value="£5,000"' in first

    page = client.post(address(world.elm_grove), sent(), follow=True).text

    assert "How you refer was saved" in page
    assert 'value="£2,500"' in page
    terms = terms_of(world.elm_grove)
    assert (terms.approve_above_pence, terms.answer_days, terms.changed_by) == (2_500_00, 5, world.sana)
    assert Event.objects.get(action="referrals.terms.set").data == {"approve_above_pence": 250_000, "answer_days": 5}
    assert terms_of(world.oak_trust).pk is None


def test_who_comes_second_is_told_and_keeps_what_was_typed(world, sign_in):
    client = sign_in(world.sana)
    client.post(address(world.elm_grove), sent())

    page = client.post(address(world.elm_grove), sent(answer_days="7"))

    assert "now it is £2,500 and 5 days" in page.text
    assert 'value="7"' in page.text
    assert client.post(address(world.elm_grove), sent(answer_days="7", seen="250000-5")).status_code == 302
    assert Terms.objects.get().answer_days == 7


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"approve_above": ""}, "Enter an amount, like £5,000"),
        ({"approve_above": "1e3"}, "Enter an amount in pounds and pence"),
        ({"approve_above": "100,000,001"}, "£100,000,000 or less"),
        ({"answer_days": "0"}, "from 1 to 20"),
        ({"answer_days": "21"}, "from 1 to 20"),
        ({"answer_days": "soon"}, "from 1 to 20"),
    ],
)
def test_what_is_wrong(world, sign_in, fields, words):
    page = sign_in(world.sana).post(address(world.elm_grove), sent(**fields))

    assert words in page.text
    assert not Terms.objects.exists()


def test_eve_reads_and_ada_writes(world, sign_in):
    assert "working days" in sign_in(world.eve).get(address(world.larkshire)).text
    assert sign_in(world.eve).post(address(world.larkshire), sent()).status_code == 403
    assert sign_in(world.ada).post(address(world.larkshire), sent()).status_code == 302
    assert "How we refer" in sign_in(world.ada).get(address(world.larkshire)).text.split("portal-sections__list")[1]

    def may(predicate, organisation):
        return {name for name, who in world.people.items() if predicate(who, organisation)}

    assert may(permissions.can_see_terms, world.larkshire) == {"ada", "eve"}
    assert may(permissions.can_set_terms, world.larkshire) == {"ada"}
    assert may(permissions.can_set_terms, world.ash_house) == may(permissions.can_see_terms, world.ash_house) == set()


def test_the_action_asks_again(world):
    given = {"approve_above_pence": 1, "seen": "500000-3", "at": AT}

    with pytest.raises(Denied):
        actions.set_terms(organisation=world.larkshire, answer_days=3, by=world.eve, **given)
    with pytest.raises(Refused, match="from 1 to 20"):
        actions.set_terms(organisation=world.larkshire, answer_days=0, by=world.ada, **given)
