"""What changes at a provider is told to every commissioner with a pupil there, once, as facts; suspensions ask."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.urls import reverse

from audit.models import Event
from core.access import Denied, System
from lots.models import Suspension
from lots.rules.refusals import Refused
from outbox.models import Message
from providers.models import Insurance, Site
from referrals import running, tasks
from referrals.actions import events as actions
from referrals.models import DecisionDue, Placement, ProviderEvent
from referrals.permissions.events import WATCH
from referrals.queries import events as queries
from tests.referrals.agreed import insure, that_day  # noqa: F401
from tests.referrals.made import AT, CANARIES, PRIVATE, TODAY, made_pupil, made_site
from tests.referrals.placed import made_placement
from tests.referrals.suspended import DUE, asked, suspended

DAY = dt.timedelta(days=1)
LATER = AT + dt.timedelta(hours=1)
FACTS = "The lead teacher of the workshop has changed"
SYSTEM = System(WATCH)


def tell(world, *, by=None, kind="staff", on=TODAY, facts=FACTS, provider=None) -> ProviderEvent:
    return actions.add_change(
        provider=provider or world.ash_house, kind=kind, happened_on=on, facts=facts, by=by or world.alice, at=AT,
        today=TODAY,
    )  # fmt: skip


def other_pupil(world, **fields):
    """Another child, without a number."""
    return made_pupil(world, private=replace(PRIVATE, upn=""), **fields)


def watch(at=AT) -> int:
    """The task, at a moment."""
    today = at.date()
    asked_now = sum(
        actions.ask_decisions(suspension=pk, by=SYSTEM, at=at, today=today) for pk in running.suspensions_to_ask()
    )
    actions.lapse_decisions(by=SYSTEM, at=at, today=today)
    see(at, today)
    return asked_now


def see(at=AT, today=TODAY) -> int:
    """What the watch has seen, told; how many changes."""
    providers = {one.provider for one in queries.news(today)}
    return sum(actions.tell_seen(provider=pk, by=SYSTEM, at=at, today=today) for pk in providers)


def letters(prefix: str = "") -> list[tuple[str, str]]:
    rows = Message.objects.filter(key__startswith=prefix).exclude(key__startswith="place-awarded")
    return sorted((one.key.split(":")[0], one.to) for one in rows)


def kinds() -> list[str]:
    return list(ProviderEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_a_change_is_told_once_to_every_commissioner_with_a_pupil_there(world):
    first = made_placement(world)
    for state in ("live", "paused", "assurance", "ended", "draft"):
        council = world.larkshire if state == "assurance" else world.mereshire
        pupil = other_pupil(world, commissioner=world.elm_grove if state in {"live", "paused"} else council)
        made_placement(world, place=first.place, pupil=pupil, state=state, site=first.sessions.first().site)

    made = tell(world)
    again = tell(world, by=world.bob, facts="The lead  teacher of the workshop has changed")

    assert (made.pk, made.told, made.written_by, again.pk) == (made.pk, 2, world.alice, made.pk)
    assert letters("provider-event") == [("provider-event", one.email) for one in (world.eve, world.sana, world.tom)]
    [one] = Message.objects.filter(to=world.sana.email)
    assert "Ash House" in one.body
    assert reverse("changes_told", args=[world.elm_grove.pk]) in one.body
    said = "".join(f"{one.key}{one.subject}{one.body}" for one in Message.objects.all())
    said += "".join(json.dumps(one.data) for one in Event.objects.all())
    assert not [word for word in (*CANARIES, FACTS) if word in said]
    assert Event.objects.get(action="referrals.providerevent.told").data == {"kind": "staff", "commissioners": 2}


def test_who_tells_and_what_is_refused(world):
    for by in (world.charlie, world.sana, world.max):
        with pytest.raises(Denied):
            tell(world, by=by)
    with pytest.raises(Denied):
        tell(world, by=world.sana, provider=world.elm_grove)
    with pytest.raises(Refused, match="Select what has changed"):
        tell(world, kind="suspended")
    with pytest.raises(Refused, match="Enter a day from"):
        tell(world, on=TODAY - 91 * DAY)

    assert tell(world).told == 0
    assert not Message.objects.exists()


def test_sites_that_come_and_go_on_the_profile_are_told_for_the_providers_that_have_pupils(world):
    placement = made_placement(world)
    site = placement.sessions.first().site
    Site.objects.filter(pk=site.pk).update(closed_at=LATER, street="1 Mill Lane")
    made_site(world, name="Barn")
    Site.objects.filter(name="Barn").update(added_at=LATER)
    made_site(world, world.birch_farm, name="Yard", closed_at=LATER)
    old = made_site(world, name="Shed", closed_at=AT - 30 * DAY)

    assert see(LATER, TODAY) == 2
    assert see(LATER, TODAY) == 0

    assert sorted(ProviderEvent.objects.values_list("facts", flat=True)) == [
        "A site is no longer used: Workshop, Larkford.",
        "A site was added: Barn, Larkford.",
    ]
    assert len(letters("provider-event")) == 2
    assert not ProviderEvent.objects.filter(facts__contains=old.name).exists()


def test_insurance_that_ran_out_is_told_once_for_each_end(world):
    made_placement(world)
    insure(world.birch_farm, ends_on=TODAY - DAY)
    assert see() == 0
    insure(world.ash_house, ends_on=TODAY)
    assert see() == 0

    tomorrow = TODAY + DAY
    insure(world.ash_house, kind="employers", ends_on=dt.date(2099, 1, 1))
    insure(world.ash_house, starts_on=tomorrow + DAY, ends_on=dt.date(2099, 1, 1))
    assert [see(AT, tomorrow) for _ in range(2)] == [1, 0]
    assert "ran out on 14 September 2026" in ProviderEvent.objects.get().facts

    assert see(AT, tomorrow + DAY) == 0
    Insurance.objects.filter(provider=world.ash_house).update(removed_at=AT)
    assert see(AT, tomorrow + DAY) == 1
    assert ProviderEvent.objects.latest("pk").facts.startswith("No public liability insurance")


def test_a_suspension_asks_for_a_decision_on_each_placement_that_it_reaches(world):
    placement = made_placement(world)
    other = other_pupil(world, commissioner=world.larkshire)
    waits = made_placement(world, place=placement.place, pupil=other, state="assurance", site=made_site(world))
    suspension = suspended(world)

    assert [watch(LATER), watch(LATER)] == [2, 0]

    rows = DecisionDue.objects.order_by("placement")
    assert [(one.placement, one.suspension, one.opened_at, one.due_at) for one in rows] == [
        (placement, suspension, LATER, DUE),
        (waits, suspension, LATER, DUE),
    ]
    assert letters("decision-opened") == [("decision-opened", one.email) for one in (world.eve, world.sana, world.tom)]
    assert kinds() == ["suspended"]
    assert letters("provider-event") == []  # all of them were told by the letter that asks
    body = Message.objects.filter(to=world.sana.email).get().body
    assert "by the end of 15 September 2026" in body
    assert "whispered" not in body
    assert "afeguarding" not in body


def test_other_commissioners_are_told_the_fact_and_asked_nothing(world):
    placement = made_placement(world)
    suspended(world, buyer=world.mereshire)

    assert watch() == 0

    made = ProviderEvent.objects.get()
    assert (made.kind, made.told) == ("suspended", 1)
    assert made.facts == "The provider is suspended. Kind of cause: safeguarding."
    assert letters() == [("provider-event", world.sana.email)]
    assert not placement.decisions.exists()


def test_one_places_suspension_asks_on_that_place_alone_and_money_is_told_to_nobody_else(world):
    placement = made_placement(world)
    auto = type(placement.place).objects.get(framework=placement.framework, provider=world.ash_house, lot__is_auto=True)
    suspended(world, place=auto, cause="commercial")
    assert watch() == 0
    held = suspended(world, place=placement.place, cause="commercial")

    assert watch() == 1

    assert DecisionDue.objects.get().due_at.date() == dt.date(2026, 9, 21)
    assert kinds() == []
    assert letters() == [("decision-opened", world.sana.email)]

    Suspension.objects.filter(pk=held.pk).update(lifted_at=LATER)
    assert [watch(LATER), watch(LATER)] == [0, 0]
    assert letters("decision-lifted") == [("decision-lifted", world.sana.email)]
    assert DecisionDue.objects.get().lapsed_at == LATER
    assert kinds() == []


def test_what_a_buyer_has_bought_outside_a_framework_is_asked_about_too(world):
    placement = made_placement(world)
    fields = {"route": "spot", "outside_reason": "x", "framework": None, "place": None, "lot": None, "sub_lot": None}
    Placement.objects.filter(pk=placement.pk).update(**fields, line=None, contracting_party=world.larkshire)
    suspended(world)

    assert watch() == 1


def test_lifting_lets_open_decisions_go_and_is_told(world):
    decided, waits = asked(world), None
    suspension = decided.suspension
    see()
    DecisionDue.objects.filter(pk=decided.pk).update(decided="go_on", reason="Seen", decided_at=AT)
    pupil = other_pupil(world)
    waits = asked(world, made_placement(world, place=decided.placement.place, pupil=pupil), suspension=suspension)
    suspended(world, buyer=world.mereshire, cause="exclusion")
    Suspension.objects.filter(pk=suspension.pk).update(lifted_at=LATER, lifted_by=world.max)

    watch(LATER)
    watch(LATER)

    decided.refresh_from_db()
    waits.refresh_from_db()
    assert (decided.lapsed_at, waits.lapsed_at) == (None, LATER)
    assert kinds() == ["suspended", "suspended", "lifted"]
    assert ProviderEvent.objects.get(kind="lifted").facts == ("A suspension was lifted. Another one is still in force.")
    assert letters("decision-lifted") == []
    assert actions.ask_decisions(suspension=suspension.pk, by=SYSTEM, at=LATER, today=TODAY) == 0


def test_a_decision_on_a_placement_that_is_over_lapses(world):
    row = asked(world)
    Placement.objects.filter(pk=row.placement_id).update(state="ended", ended_on=TODAY)

    assert actions.lapse_decisions(by=SYSTEM, at=LATER, today=TODAY) == 1
    assert actions.lapse_decisions(by=SYSTEM, at=LATER, today=TODAY) == 0

    assert DecisionDue.objects.get().lapsed_at == LATER
    assert watch(LATER) == 0


def test_late_decisions_are_written_about_every_day_and_the_contract_managers_learn_the_number(world):
    row = asked(world)
    cora = _contract_manager(world)

    def remind(day):
        return actions.remind_of_decisions(by=SYSTEM, at=AT, today=day)

    assert [remind(dt.date(2026, 9, 15)), remind(dt.date(2026, 9, 16)), remind(dt.date(2026, 9, 16))] == [0, 2, 0]
    assert letters("decision") == [("decision-late", world.sana.email), ("decisions-late", cora.email)]
    body = Message.objects.get(to=cora.email).body
    assert "late about pupils placed there" in body
    assert ": 1." in body
    assert "Elm Grove" not in body
    assert remind(dt.date(2026, 9, 17)) == 2

    Placement.objects.filter(pk=row.placement_id).update(state="ended", ended_on=TODAY)
    assert remind(dt.date(2026, 9, 18)) == 0


def _contract_manager(world):
    from accounts.models import Membership
    from accounts.states import Role
    from tests.cast import make_person

    cora = make_person("cora")
    Membership.objects.create(
        user=cora, organisation=world.larkshire, role=Role.CONTRACTS, person_name="Cora", given_at=AT
    )
    return cora


def test_only_the_watch_runs_it(world):
    row = asked(world)
    given = {"at": AT, "today": TODAY}
    for act in (actions.lapse_decisions, actions.remind_of_decisions):
        with pytest.raises(Denied):
            act(by=System("somebody.else"), **given)
    with pytest.raises(Denied):
        actions.tell_seen(provider=world.ash_house.pk, by=world.ada, **given)
    with pytest.raises(Denied):
        actions.ask_decisions(suspension=row.suspension_id, by=world.max, **given)


def test_the_tasks_do_all_of_it(world, that_day):  # noqa: F811
    made_placement(world)
    suspended(world)

    tasks.watch_providers()
    that_day(AT + 3 * DAY)
    tasks.remind_of_decisions()

    assert (DecisionDue.objects.count(), kinds()) == (1, ["suspended"])
    assert [key for key, _ in letters("decision")] == ["decision-late", "decision-opened"]


def test_the_pages_of_a_provider(world, sign_in, that_day):  # noqa: F811
    made_placement(world)
    suspended(world)
    watch()
    browser, url = sign_in(world.alice), reverse("add_change", args=[world.ash_house.pk])
    typed = {"kind": "staff", "happened_on_0": "14", "happened_on_1": "9", "happened_on_2": "2026", "facts": FACTS}

    late = browser.post(url, typed | {"happened_on_2": "2025"}).content.decode()
    page = browser.post(url, typed, follow=True).content.decode()

    assert "Enter a day from" in late
    assert FACTS in late
    assert "Your change was told to 1 commissioner" in page
    assert FACTS in page
    assert "Suspended" not in page
    assert not [word for word in CANARIES if word in page]
    Placement.objects.update(state="ended", ended_on=TODAY)
    assert "nobody had to be told" in browser.post(url, typed | {"facts": "Another"}, follow=True).content.decode()


def test_the_page_of_a_commissioner_shows_facts_from_its_own_time_at_constant_queries(
    world, sign_in, django_assert_max_num_queries
):
    placement = made_placement(world)
    browser, url = sign_in(world.sana), reverse("changes_told", args=[world.elm_grove.pk])
    tell(world)
    browser.get(url)
    with django_assert_max_num_queries(9) as one:
        page = browser.get(url).content.decode()
    assert FACTS in page
    assert reverse("placement", args=[placement.pk]) in page

    for number in range(3):
        tell(world, facts=f"Another {number}")
    tell(world, provider=world.birch_farm, by=world.charlie, facts="Elsewhere")
    ProviderEvent.objects.create(
        provider=world.ash_house, kind="site", key="x", facts="Before our time", happened_on=TODAY, written_at=AT - DAY
    )
    with django_assert_max_num_queries(len(one.captured_queries)):
        page = browser.get(url).content.decode()

    assert page.count(FACTS) + page.count("Another") == 4
    assert "Another 2" in page
    assert "Before our time" not in page
    assert "Elsewhere" not in page
    Placement.objects.update(state="ended", ended_on=TODAY - DAY)
    assert FACTS not in browser.get(url).content.decode()


def test_a_list_says_when_there_is_more(world, sign_in, monkeypatch):
    row = asked(world)
    made_placement(world, place=row.placement.place, pupil=other_pupil(world), site=made_site(world))
    moved = {"decided": "move", "reason": "x", "decided_at": AT, "decided_by": world.sana}
    for more in ({}, moved, moved):
        asked(world, row.placement, suspension=suspended(world, buyer=world.mereshire), **more)
    tell(world)
    browser = sign_in(world.sana)
    pages = [reverse(name, args=[world.elm_grove.pk]) for name in ("decisions", "changes_told")]
    said = ("More decisions wait", "There are more", "And more")

    before = "".join(browser.get(url).content.decode() for url in pages)
    monkeypatch.setattr(queries, "SHOWN", 1)
    monkeypatch.setattr(queries, "LATEST", 1)
    after = "".join(browser.get(url).content.decode() for url in pages)

    assert [words in before for words in said] == [False] * 3
    assert [words in after for words in said] == [True] * 3
