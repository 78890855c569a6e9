"""Limits of a published framework: asked for by one person, confirmed by another, read by everybody."""

from __future__ import annotations

import pytest

from core.access import Denied
from lots.actions import limits as actions
from lots.models import Decision, Framework
from lots.queries.openings import decisions_of
from lots.rules import limits as rules
from lots.rules.limits import Limits
from lots.rules.refusals import Refused
from tests.lots.places import AT, LATER, published

WHY = {"reason": "More passed than we had foreseen.", "ground": "The notice says that the limit may be raised."}


@pytest.mark.parametrize(
    ("then", "words", "refusal"),
    [
        (Limits(120, 6), {}, None),
        (Limits(100, 5), {}, None),
        (Limits(12, 6), {}, None),
        (Limits(11, 6), {}, "12 providers are on"),
        (Limits(100, 6), {}, "differs"),
        (Limits(None, 6), {}, "not added or removed"),
        (Limits(100, None), {}, "not added or removed"),
        (Limits(100, 0), {}, "from 1 to 100,000"),
        (Limits(100_001, 6), {}, "from 1 to 100,000"),
        (Limits(120, 6), {"state": "draft"}, "published or running"),
        (Limits(120, 6), {"state": "running"}, None),
        (Limits(None, 7), {"now": Limits(None, 6)}, None),
    ],
)
def test_which_changes_there_can_be(then, words, refusal):
    given = {"state": "published", "now": Limits(100, 6), "then": then, "providers_now": 12} | words

    if refusal is None:
        rules.check_change(**given)
        assert rules.read(str(then)) == then
    else:
        with pytest.raises(Refused, match=refusal):
            rules.check_change(**given)


def ask(world, framework, limits=None, by=None):
    limits = limits or Limits(120, 6)
    return actions.ask_for_limit(framework=framework, limits=limits, **WHY, by=by or world.max, at=AT)


def test_max_asks_and_ada_confirms(world, sign_in):
    framework = published(world).framework
    ask(world, framework)
    framework.refresh_from_db()
    assert framework.max_participants == 100

    with pytest.raises(Refused, match="somebody else must confirm"):
        actions.confirm_limit(framework=framework, by=world.max, at=LATER)
    actions.confirm_limit(framework=framework, by=world.ada, at=LATER)

    framework = Framework.objects.get(pk=framework.pk)
    assert (framework.max_participants, framework.max_lots) == (120, 6)
    [shown] = decisions_of(framework)
    assert (shown.said, shown.chosen, shown.decided_by) == (
        "Limits after they were changed",
        "Providers: 120. Lots for each provider: 6",
        world.ada,
    )
    assert (
        "The notice says that the limit may be raised." in sign_in(world.nora).get(f"/frameworks/{framework.pk}/").text
    )


def test_a_request_can_be_dropped_and_is_answered_once(world):
    framework = published(world).framework
    ask(world, framework)
    actions.drop_limit(framework=framework, by=world.ada, at=LATER)

    for act in (actions.drop_limit, actions.confirm_limit):
        with pytest.raises(Refused, match="Nobody has asked"):
            act(framework=framework, by=world.ada, at=LATER)
    assert Framework.objects.get(pk=framework.pk).max_participants == 100
    assert Decision.objects.filter(framework=framework, about="limit_asked").count() == 1


def test_who_can(world):
    framework = published(world).framework
    with pytest.raises(Denied):
        ask(world, framework, by=world.ada)
    ask(world, framework)
    with pytest.raises(Denied):
        actions.confirm_limit(framework=framework, by=world.fay, at=LATER)
    with pytest.raises(Denied):
        actions.drop_limit(framework=framework, by=world.fay, at=LATER)


def test_the_pages_ask_and_confirm(world, sign_in):
    framework = published(world).framework
    page = f"/frameworks/{framework.pk}/limits/"

    sent = sign_in(world.max).post(page, {"providers": "120", "lots": "6", **WHY}, follow=True)
    assert "waits for a second person" in sent.text
    assert "waits for a second person" in sign_in(world.max).get(page).text
    openings = f"/frameworks/{framework.pk}/openings/"
    assert f"{page}confirm/" in sign_in(world.ada).get(openings).text
    assert f"{page}confirm/" not in sign_in(world.fay).get(openings).text
    refused = sign_in(world.max).post(f"{page}confirm/", {"answer": "yes"})
    assert "somebody else must confirm" in refused.text
    sign_in(world.ada).post(f"{page}confirm/", {"answer": "no"})

    assert Framework.objects.get(pk=framework.pk).max_participants == 100
    assert f'href="{page}"' in sign_in(world.max).get(openings).text


def test_what_has_no_limit_is_not_asked_for(world, sign_in):
    framework = published(world, max_participants=None).framework
    page = f"/frameworks/{framework.pk}/limits/"

    assert 'name="providers"' not in sign_in(world.max).get(page).text
    sign_in(world.max).post(page, {"lots": "7", **WHY})
    sign_in(world.ada).post(f"{page}confirm/", {"answer": "yes"})

    framework.refresh_from_db()
    assert (framework.max_participants, framework.max_lots) == (None, 7)
