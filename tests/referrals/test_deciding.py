"""A pupil is placed with a provider that is suspended: somebody decides once what happens."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core.access import Denied
from lots.models import Suspension
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import deciding
from referrals.models import DecisionDue, Pause, Placement
from tests.cast import make_person
from tests.referrals.agreed import that_day  # noqa: F401
from tests.referrals.made import AT, CANARIES
from tests.referrals.placed import STARTS, made_placement
from tests.referrals.suspended import asked, suspended

MONDAY = dt.date(2026, 10, 5)
THEN = dt.datetime(2026, 10, 5, 10, tzinfo=dt.UTC)
WHY = "We saw the site, and two adults are always there"


def decide(world, decision, what="go_on", *, by=None, at=THEN, today=MONDAY) -> DecisionDue:
    return deciding.decide_placement(decision=decision, what=what, reason=WHY, by=by or world.sana, at=at, today=today)


def state_of(decision) -> str:
    return Placement.objects.get(pk=decision.placement_id).state


@pytest.mark.parametrize(("what", "state"), [("go_on", "live"), ("pause", "paused"), ("move", "live")])
def test_what_is_decided_stands_with_its_reason(world, what, state):
    decision = asked(world)

    decide(world, decision, what)

    made = DecisionDue.objects.get()
    assert (made.decided, made.reason, made.decided_at, made.decided_by) == (what, WHY, THEN, world.sana)
    assert state_of(decision) == state
    event = Event.objects.get(action="referrals.decisiondue.decided")
    assert event.data == {
        "placement": decision.placement_id, "suspension": decision.suspension_id, "decided": what,
    }  # fmt: skip
    pauses = [(one.from_on, one.until_on, one.reason) for one in Pause.objects.all()]
    assert pauses == ([(MONDAY, None, "The provider is suspended")] if what == "pause" else [])
    told = set(Message.objects.filter(key__startswith="placement-paused").values_list("to", flat=True))
    assert told == ({world.bob.email} if what == "pause" else set())
    said = "".join(json.dumps(one.data) for one in Event.objects.all())
    said += "".join(f"{one.subject}{one.body}" for one in Message.objects.all())
    assert not [word for word in (*CANARIES, WHY) if word in said]


def test_a_placement_that_is_still_to_begin_is_paused_from_its_first_day(world):
    decision = asked(world)

    decide(world, decision, "pause", at=AT, today=AT.date())

    assert Pause.objects.get().from_on == STARTS
    assert state_of(decision) == "live"


def test_who_decides(world):
    decision = asked(world)
    for by in (world.bob, world.alice, world.eve, world.max, world.charlie):
        with pytest.raises(Denied):
            decide(world, decision, by=by)
    asha = make_person("asha")
    Membership.objects.create(
        user=asha, organisation=world.elm_grove, role=Role.SCHOOL_ATTENDANCE, person_name="Asha", given_at=AT
    )
    with pytest.raises(Denied):
        decide(world, decision, by=asha)

    council = made_placement(world, place=decision.placement.place, pupil=decision.placement.pupil,
                             commissioner=world.larkshire, home_school=None)  # fmt: skip
    assert decide(world, asked(world, council, suspension=decision.suspension), by=world.tom).decided == "go_on"


def test_what_was_decided_or_needs_no_decision_is_not_decided_again(world):
    decision = asked(world)
    decide(world, decision)
    with pytest.raises(Refused, match="decided this already: Go on, with safeguards"):
        decide(world, decision, "pause")
    assert state_of(decision) == "live"

    other = asked(world, decision.placement, suspension=suspended(world, buyer=world.mereshire), lapsed_at=AT)
    with pytest.raises(Refused, match="nothing has to be decided any more"):
        decide(world, other)


@pytest.mark.parametrize("state", ["assurance", "paused"])
def test_what_does_not_run_is_not_paused(world, state):
    decision = asked(world, made_placement(world, state=state))

    with pytest.raises(Refused, match="cannot be paused") as refused:
        decide(world, decision, "pause")

    assert refused.value.field == "decided"
    assert decide(world, decision, "move").decided == "move"
    assert not Pause.objects.exists()


def test_a_pause_that_meets_another_is_refused_and_nothing_is_decided(world):
    decision = asked(world)
    Pause.objects.create(
        placement=decision.placement, from_on=dt.date(2026, 11, 2), until_on=dt.date(2026, 11, 6), reason="x",
        written_at=AT,
    )  # fmt: skip

    with pytest.raises(Refused, match="There is a pause"):
        decide(world, decision, "pause")

    assert DecisionDue.objects.get().decided == ""


def test_from_the_list_to_the_decision(world, sign_in, that_day):  # noqa: F811
    that_day(THEN)
    decision = asked(world)
    browser, url = sign_in(world.sana), reverse("decide", args=[decision.pk])
    listed = reverse("decisions", args=[world.elm_grove.pk])

    page = browser.get(listed).content.decode()
    assert url in page
    assert "15 September 2026" in page
    assert "Late" in page
    one = browser.get(url).content.decode()
    assert "20 days late" in one
    assert "Safeguarding" in one
    assert "whispered" not in one
    assert "<title>Decision" in " ".join(one.split()).replace("<title> ", "<title>")
    empty = browser.post(url, {"reason": WHY}).content.decode()
    assert "Select what you decide" in empty
    assert WHY in empty

    shown = browser.post(url, {"decided": "pause", "reason": WHY}, follow=True).content.decode()

    assert "Your decision was written down" in shown
    assert WHY in shown
    assert 'name="decided"' not in shown
    again = browser.post(url, {"decided": "go_on", "reason": "Something else"}).content.decode()
    assert "Somebody has decided this already" in again
    assert "Something else" in again
    page = browser.get(listed).content.decode()
    assert "There is nothing to decide" in page
    assert "Pause the placement" in page


@pytest.mark.parametrize(("state", "name"), [("live", "end_placement"), ("assurance", "cancel_placement")])
def test_whoever_moves_a_pupil_is_led_to_the_end_of_the_placement(world, sign_in, that_day, state, name):  # noqa: F811
    that_day(THEN)
    decision = asked(world, made_placement(world, state=state))
    browser, url = sign_in(world.sana), reverse("decide", args=[decision.pk])
    over = reverse(name, args=[decision.placement_id])

    sent = browser.post(url, {"decided": "move", "reason": WHY})

    assert sent.url == over
    assert over in browser.get(url).content.decode()
    listed = reverse("decisions", args=[world.elm_grove.pk])
    assert "To be moved" in browser.get(listed).content.decode()
    Placement.objects.filter(pk=decision.placement_id).update(state="ended", ended_on=MONDAY, agreed_at=AT)
    assert over not in browser.get(url).content.decode().split("govuk-summary-list")[-1]
    assert "To be moved" not in browser.get(listed).content.decode()


def test_a_commercial_cause_stands_on_the_buyers_own_pages_alone(world, sign_in):
    placement = made_placement(world)
    money = suspended(world, place=placement.place, cause="commercial")
    theirs = asked(world, placement, suspension=money)
    council = made_placement(world, place=placement.place, pupil=placement.pupil, commissioner=world.larkshire,
                             home_school=None, site=placement.sessions.first().site)  # fmt: skip
    own = asked(world, council, suspension=money)

    assert "Commercial" not in sign_in(world.sana).get(reverse("decide", args=[theirs.pk])).content.decode()
    assert "Commercial" in sign_in(world.eve).get(reverse("decide", args=[own.pk])).content.decode()


def test_a_decision_that_lapsed_says_why(world, sign_in, that_day):  # noqa: F811
    that_day(THEN)
    decision = asked(world, lapsed_at=THEN)
    browser, url = sign_in(world.sana), reverse("decide", args=[decision.pk])
    assert "the placement is over" in browser.get(url).content.decode()

    Suspension.objects.update(lifted_at=THEN)

    page = browser.get(url).content.decode()
    assert "suspended from" in page
    assert "the suspension was lifted on" in page
    assert "Kind of cause" in page
    listed = browser.get(reverse("decisions", args=[world.elm_grove.pk])).content.decode()
    assert "No longer needed" in listed


def test_somebody_who_only_reads_sees_no_form(world, sign_in):
    decision = asked(world)
    held = list(Membership.objects.filter(user=world.sana))
    Membership.objects.filter(pk=held[0].pk).update(role=Role.SCHOOL_ATTENDANCE)
    Membership.objects.filter(pk=held[1].pk).delete()
    browser = sign_in(world.sana)
    url = reverse("decide", args=[decision.pk])

    page = browser.get(url).content.decode()

    assert "leads on safeguarding, decides" in page
    assert 'name="decided"' not in page


def test_the_list_costs_the_same_with_more_of_them(world, sign_in, django_assert_max_num_queries):
    decision = asked(world)
    browser, url = sign_in(world.sana), reverse("decisions", args=[world.elm_grove.pk])
    browser.get(url)
    with django_assert_max_num_queries(10) as one:
        browser.get(url)
    held = [suspended(world, buyer=world.mereshire) for _ in range(4)]
    DecisionDue.objects.bulk_create(
        DecisionDue(
            placement=decision.placement, suspension=each, opened_at=AT, due_at=AT,
            **({"decided": what, "reason": "x", "decided_at": AT, "decided_by": world.sana} if what else {}),
        )
        for each, what in zip(held, ("", "", "move", "go_on"), strict=True)
    )  # fmt: skip

    with django_assert_max_num_queries(len(one.captured_queries)):
        page = browser.get(url).content.decode()

    assert page.count("Late") == 3
