"""A framework is opened again: what is copied, what the switch ends and begins, what must be read before it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import Event
from core import access
from lots.actions import places as place_actions
from lots.actions import reopening as actions
from lots.actions import suspensions
from lots.models import (
    Decision,
    Document,
    Framework,
    KeyDate,
    Lot,
    LotText,
    PermittedUser,
    Place,
    Policies,
    PriceLine,
    Region,
    SubLot,
)
from lots.queries import openings as queries
from lots.rules import places as rules
from lots.rules.refusals import Refused
from lots.states import Cause, EndReason, FrameworkState, Gated, Route, Sides
from outbox.models import Message
from tests.accounts.mail import letters
from tests.frameworks import make_framework
from tests.lots.places import AT, LATER, Made, accept, active, begin, made, published, running, states

D = dt.date
NEXT = dt.datetime(2028, 9, 1, 8, 30, tzinfo=dt.UTC)
TODAY = D(2028, 9, 1)
EARLY = D(2028, 3, 1)


def reopen(world, framework, *, by=None, today=EARLY) -> Framework:
    return actions.reopen_framework(framework=framework, by=by or world.max, at=LATER, today=today)


def switch(world, framework, *, by=None, at=NEXT, today=TODAY) -> Framework:
    return actions.switch_framework(framework=framework, by=by or world.max, at=at, today=today)


def publish(framework: Framework, **fields) -> Made:
    Framework.objects.filter(pk=framework.pk).update(state=FrameworkState.PUBLISHED, published_at=LATER, **fields)
    return made(Framework.objects.get(pk=framework.pk))


# --- the next opening


def test_the_next_opening_is_a_copy_without_dates(world):
    given = running(world, ocid="ocds-h6vhtk-0a", reference="R1", criteria="Quality, then price")
    first = given.framework
    Policies.objects.filter(framework=first).update(sides=Sides.BOTH, margin_percent=15, locked_at=AT)
    one, two = given.lots["1"], given.lots["2"]
    Region.objects.create(lot=one, code="UKH21")
    LotText.objects.create(lot=one, kind="award", name="Quality", published="Pass", resolved="Pass")
    LotText.objects.create(lot=two, kind="award", published="As Lot 1", resolved="Pass", same_as=one)
    PriceLine.objects.create(
        lot=one, title="Travel", unit="hour", mode="any", group="any", gated=Gated.QUOTED, required=False
    )
    PermittedUser.objects.create(framework=first, description="Schools in Larkshire", schools_of_area=True)
    Decision.objects.create(framework=first, about="sides", option="both", reason="Why", decided_at=AT)
    KeyDate.objects.create(framework=first, kind="other", at=AT)
    Document.objects.create(framework=first, title="Notice")
    Lot.objects.filter(framework=first).update(starts_on=D(2026, 9, 1), ends_on=D(2034, 8, 31))

    new = reopen(world, first)

    assert (new.previous, new.generation, new.state, new.buyer) == (first, 2, "draft", first.buyer)
    assert (new.title, new.criteria, new.max_participants, new.scheme_ends_on) == (
        first.title,
        first.criteria,
        100,
        first.scheme_ends_on,
    )
    empty = ["starts_on", "ends_on", "closes_at", "enquiries_until", "award_by_on", "published_at", "awarded_at"]
    assert [getattr(new, name) for name in empty] == [None] * len(empty)
    assert (new.ocid, new.reference) == ("", "")
    assert (new.policies.sides, new.policies.margin_percent, new.policies.locked_at) == ("both", 15, None)
    parts = SubLot.objects.filter(lot__framework=new).values_list("lot__number", "letter", "phase")
    assert sorted(parts) == sorted(
        SubLot.objects.filter(lot__framework=first).values_list("lot__number", "letter", "phase")
    )
    lots = {lot.number: lot for lot in new.lots.all()}
    assert {(lot.starts_on, lot.ends_on) for lot in lots.values()} == {(None, None)}
    assert lots["7"].is_auto
    assert [region.code for region in lots["1"].regions.all()] == ["UKH21"]
    assert LotText.objects.get(lot=lots["2"]).same_as == lots["1"]
    assert LotText.objects.get(lot=lots["1"]).same_as is None
    assert list(lots["1"].price_lines.order_by("title").values_list("title", "gated", "required")) == [
        ("Half-day session", "gated", True),
        ("Travel", "quoted", False),
    ]
    assert [user.description for user in new.permitted_users.all()] == ["Schools in Larkshire"]
    assert new.decisions.count() == new.key_dates.count() == new.documents.count() == new.places.count() == 0
    assert [row.said for row in queries.decisions_of(first)] != []
    assert [row.reason for row in queries.decisions_of(first)] == ["Why"]
    assert [row.chosen for row in queries.decisions_of(first)] == [
        "Both sides: within the margin above or below the average"
    ]
    assert Event.objects.get(action="lots.framework.reopened").data == {"next": new.pk, "given_up": None}
    # Nothing of the first was moved.
    assert Lot.objects.filter(framework=first).count() == 3
    assert first.policies.pk != new.policies.pk


def test_a_framework_is_opened_again_once_while_it_runs(world):
    first = running(world).framework
    reopen(world, first)

    with pytest.raises(Refused, match="opened again already"):
        reopen(world, first)
    for wrong, why in (({"is_open": False}, "not an open framework"), ({"max_lots": 6}, None)):
        other = running(world, **wrong).framework
        if why:
            with pytest.raises(Refused, match=why):
                reopen(world, other)
        else:
            reopen(world, other)
    with pytest.raises(Refused, match="running"):
        reopen(world, published(world).framework)


def test_a_next_opening_that_was_given_up_makes_room_for_another(world):
    first = running(world).framework
    gone = reopen(world, first)
    Framework.objects.filter(pk=gone.pk).update(state="withdrawn", withdrawn_at=AT)

    new = reopen(world, first)

    gone.refresh_from_db()
    assert (gone.previous, new.previous) == (None, first)
    assert Event.objects.filter(action="lots.framework.reopened").latest("pk").data["given_up"] == gone.pk


@pytest.mark.parametrize(("today", "may"), [(D(2034, 5, 11), True), (D(2034, 5, 12), False)])
def test_no_opening_after_the_last_day_of_the_scheme(world, today, may):
    first = running(world).framework  # awarded on 12 May 2026

    if may:
        reopen(world, first, today=today)
    else:
        with pytest.raises(Refused, match="had to end by 11 May 2034"):
            reopen(world, first, today=today)


@pytest.mark.parametrize("who", ["ada", "tom", "eve", "olu", "alice", "tariq", "ines"])
def test_who_may_not_open_again_or_switch(world, who):
    first, other, person = running(world).framework, published(world).framework, getattr(world, who)

    for act in (
        lambda: reopen(world, first, by=person),
        lambda: switch(world, other, by=person),
        lambda: actions.acknowledge_coverage(framework=other, shown=[], by=person, at=NEXT),
    ):
        with pytest.raises(access.Denied):
            act()


# --- the days of the scheme


def test_the_scheme_is_read_from_its_awards(world, django_assert_num_queries):
    first = running(world)
    given = first.give(world, first.award(world.ash_house, "1B"), first.award(world.birch_farm, "1B"))
    accept(world, given[0])
    accept(world, given[1], by=world.charlie)
    second = publish(reopen(world, first.framework), ends_on=D(2036, 8, 31))

    with django_assert_num_queries(2):
        found = queries.scheme_of(second.framework, today=D(2028, 9, 1))

    assert [one.generation for one in found.generations] == [1, 2]
    assert [(one.code, one.on, one.state) for one in found.deadlines] == [
        ("second_award", D(2029, 5, 11), "within_12"),
        ("scheme_end", D(2034, 5, 11), "later"),
    ]
    assert (found.next_by, found.end) == (D(2029, 5, 11), D(2034, 5, 11))
    assert found.routes == (Route.EARLIER_TENDER, Route.NEW_TENDER)
    assert found.beyond == ("The framework ends", "The open framework ends")


def test_one_provider_alone_shortens_the_scheme_and_a_successor_does_not_count_twice(world):
    from tests.lots.test_transfers import move

    first = running(world)
    [place] = active(world, first, "1B")
    move(world, place, world.birch_farm)

    assert queries.scheme_of(first.framework, today=D(2028, 9, 1)).end == D(2030, 5, 11)


def test_before_the_first_award_there_are_no_days(world):
    found = queries.scheme_of(published(world).framework, today=TODAY)

    assert (found.deadlines, found.end, found.next_by, found.proposal, found.beyond) == ((), None, None, None, ())


# --- the switch


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({}, None),
        ({"state": "draft"}, "published and does not run"),
        ({"state": "running"}, "published and does not run"),
        ({"closes_at": NEXT}, "time to apply has not ended"),
        ({"closes_at": None}, None),
        ({"waits_until": NEXT + dt.timedelta(microseconds=1)}, "waiting period before we sign has not ended"),
        ({"waits_until": NEXT}, None),
        ({"waits_for_notice": True}, "notice was not recorded as published"),
        ({"previous_runs": False}, "before this one does not run"),
        ({"previous_runs": True}, None),
        ({"end": D(2028, 8, 31)}, "had to end by 31 August 2028"),
        ({"end": TODAY}, None),
        ({"accepted": 0}, "Nobody has accepted"),
    ],
)
def test_when_a_framework_can_begin(words, refusal):
    given = {
        "state": "published",
        "today": TODAY,
        "at": NEXT,
        "closes_at": AT,
        "waits_until": None,
        "waits_for_notice": False,
        "accepted": 1,
        "previous_runs": None,
        "end": None,
    } | words

    if refusal is None:
        rules.check_switch(**given)
    else:
        with pytest.raises(Refused, match=refusal):
            rules.check_switch(**given)


@pytest.mark.parametrize(
    ("now", "then", "left"),
    [
        ({"Lot 1"}, {"Lot 1"}, ()),
        ({"Lot 1", "Lot 2", "Lot 3"}, {"Lot 2"}, ("Lot 1", "Lot 3")),
        (set(), {"Lot 1"}, ()),
    ],
)
def test_what_a_switch_leaves_uncovered(now, then, left):
    assert rules.uncovered(now, then) == left


def test_what_was_acknowledged_may_shrink_and_not_grow():
    rules.check_acknowledged([], [])
    rules.check_acknowledged(["Lot 1"], ["Lot 1", "Lot 2"])
    with pytest.raises(Refused, match="Nobody would be on Lot 3 after"):
        rules.check_acknowledged(["Lot 1", "Lot 3"], ["Lot 1"])


def test_the_first_opening_simply_begins(world):
    first = published(world, starts_on=D(2026, 7, 1))
    [place] = first.give(world, first.award(world.ash_house, "1B"))
    accept(world, place)

    began = switch(world, first.framework, at=LATER, today=LATER.date())

    assert (began.state, began.awarded_at) == ("running", LATER)
    place.refresh_from_db()
    assert (place.state, place.active_from) == ("active", LATER)
    assert letters(world.alice.email)[-1].subject == "A framework has begun"
    with pytest.raises(Refused, match="does not run yet"):
        switch(world, first.framework)


def two_generations(world, *parts: str, before: tuple = ("1B", "2A")) -> tuple[Made, Made]:
    """The first runs with Ash House active on `before`; on the second it has accepted `parts`."""
    first = running(world)
    active(world, first, *before)
    second = publish(reopen(world, first.framework), starts_on=TODAY)
    if parts:
        given = second.give(world, *[second.award(world.ash_house, part) for part in parts])
        accept(world, *given)
    return first, second


def test_one_instant_ends_the_last_opening_and_begins_the_next(world):
    first, second = two_generations(world, "1B", "2A")
    neighbour = first.give(world, first.award(world.birch_farm, "1C"))[0]
    Message.objects.all().delete()

    switch(world, second.framework)

    old = Framework.objects.get(pk=first.framework.pk)
    new = Framework.objects.get(pk=second.framework.pk)
    assert (old.state, old.ended_at) == ("ended", NEXT)
    assert (new.state, new.awarded_at) == ("running", NEXT)
    ended = Place.objects.filter(framework=old)
    assert set(ended.values_list("state", "ended_at", "end_reason")) == {("ended", NEXT, EndReason.EXPIRED)}
    begun = Place.objects.filter(framework=new)
    assert set(begun.values_list("state", "active_from")) == {("active", NEXT)}
    assert neighbour.pk in set(ended.values_list("pk", flat=True))
    assert Event.objects.get(action="lots.places.expired").data == {"places": 5}
    assert Event.objects.get(action="lots.framework.began").data == {
        "previous": old.pk,
        "uncovered": [],
        "places": 3,
    }
    assert [letter.subject for letter in letters(world.alice.email)] == ["A framework has begun"]
    assert [letter.subject for letter in letters(world.charlie.email)] == ["A place on a framework has ended"]


def test_places_that_start_later_wait_for_their_day(world):
    _, second = two_generations(world, "1B", "2A")
    Framework.objects.filter(pk=second.framework.pk).update(starts_on=D(2028, 9, 2))

    switch(world, second.framework)

    assert set(Place.objects.filter(framework=second.framework).values_list("state", flat=True)) == {"accepted"}
    assert begin(at=NEXT + dt.timedelta(days=1)) == 3


def test_what_is_left_uncovered_must_be_read_first_and_read_again_when_it_grows(world):
    _, second = two_generations(world, "1B")
    assert queries.uncovered_by_switch(second.framework) == ("Lot 2, part A",)
    with pytest.raises(Refused, match="Nobody would be on Lot 2, part A"):
        switch(world, second.framework)

    with pytest.raises(Refused, match="changed since it was shown"):
        actions.acknowledge_coverage(framework=second.framework, shown=["Lot 9"], by=world.max, at=NEXT)
    actions.acknowledge_coverage(framework=second.framework, shown=["Lot 2, part A"], by=world.max, at=NEXT)
    place_actions.end_place(
        place=second.place(world.ash_house, "1B"), reason=EndReason.WITHDREW, by=world.alice, at=NEXT
    )
    [other] = second.give(world, second.award(world.birch_farm, "2B"))
    accept(world, other, by=world.charlie)
    with pytest.raises(Refused, match="Nobody would be on Lot 1, part B after"):
        switch(world, second.framework)

    left = queries.uncovered_by_switch(Framework.objects.get(pk=second.framework.pk))
    assert left == ("Lot 1, part B", "Lot 2, part A")
    actions.acknowledge_coverage(framework=second.framework, shown=list(left), by=world.max, at=NEXT)
    switch(world, second.framework)
    new = Framework.objects.get(pk=second.framework.pk)
    assert (new.state, new.coverage_acknowledged_by, new.coverage_acknowledged_at) == ("running", world.max, NEXT)
    assert Event.objects.filter(action="lots.framework.coverage_acknowledged").count() == 2


def test_a_suspended_place_covers_nothing_after_the_switch_and_something_before(world):
    first, second = two_generations(world, "1B", "2A")
    suspensions.suspend_provider(
        place=first.place(world.ash_house, "1B"), cause=Cause.SAFEGUARDING, reason="Why", by=world.max, at=NEXT
    )

    assert queries.uncovered_by_switch(second.framework) == ("Lot 1, part B", "Lot 2, part A", "Lot 7")


def test_a_suspension_of_the_provider_goes_on_over_the_switch(world):
    first, second = two_generations(world, "1B", "2A")
    held = suspensions.suspend_provider(
        place=first.place(world.ash_house, "1B"), cause=Cause.EXCLUSION, reason="Why", by=world.max, at=NEXT
    )
    [other] = second.give(world, second.award(world.birch_farm, "1B"))
    accept(world, other, by=world.charlie)
    left = list(queries.uncovered_by_switch(second.framework))
    actions.acknowledge_coverage(framework=second.framework, shown=left, by=world.max, at=NEXT)

    switch(world, second.framework)

    place = second.place(world.ash_house, "1B")
    assert states(place, other) == ["suspended", "active"]
    suspensions.lift_suspension(suspension=held, reason="Settled", by=world.max, at=NEXT)
    assert states(place, first.place(world.ash_house, "1B")) == ["accepted", "ended"]


def test_there_is_nothing_to_acknowledge_where_every_part_has_a_provider(world):
    _, second = two_generations(world, "1B", "2A")

    with pytest.raises(Refused, match="nothing to acknowledge"):
        actions.acknowledge_coverage(framework=second.framework, shown=[], by=world.max, at=NEXT)
    switch(world, second.framework)
    with pytest.raises(Refused, match="does not run yet"):
        actions.acknowledge_coverage(framework=second.framework, shown=[], by=world.max, at=NEXT)


def test_no_switch_when_the_opening_before_has_ended_by_itself(world):
    first, second = two_generations(world, "1B", "2A")
    Framework.objects.filter(pk=first.framework.pk).update(state="ended", ended_at=LATER)

    with pytest.raises(Refused, match="before this one does not run"):
        switch(world, second.framework)


# --- pages


def test_max_opens_again_reads_the_list_and_begins_on_the_pages(world, sign_in, monkeypatch):
    monkeypatch.setattr("core.clock.now", lambda: NEXT)
    first = running(world)
    active(world, first, "1B", "2A")
    client = sign_in(world.max)
    Decision.objects.create(framework=first.framework, about="sides", option="both", reason="A reason", decided_at=AT)

    page = client.get(reverse("framework_openings", args=[first.framework.pk])).content.decode()
    assert "Open it again" in page
    assert "never for being on the framework already (section 49(5))" in page
    page = client.get(reverse("reopen_framework", args=[first.framework.pk])).content.decode()
    assert "A reason" in page
    answer = client.post(reverse("reopen_framework", args=[first.framework.pk]), follow=True)
    assert "The next opening is made" in answer.content.decode()
    assert "Prepare the framework" in answer.content.decode()
    page = client.post(reverse("reopen_framework", args=[first.framework.pk])).content.decode()
    assert "opened again already" in page

    second = publish(Framework.objects.get(previous=first.framework))
    accept(world, *second.give(world, second.award(world.ash_house, "1B")))
    address = reverse("switch_framework", args=[second.framework.pk])
    page = client.get(address).content.decode()
    assert "Lot 2, part A" in page
    assert "Begin now" not in page
    assert "Nobody would be on Lot 2, part A" in client.post(address).content.decode()
    read = reverse("acknowledge_coverage", args=[second.framework.pk])
    for wrong in ({}, {"parts": "{"}, {"parts": "[1]"}, {"parts": '"Lot 2, part A"'}, {"parts": "[]"}):
        client.post(read, wrong)
        assert Framework.objects.get(pk=second.framework.pk).coverage_acknowledged == ""
    client.post(read, {"parts": '["Lot 2, part A"]'})
    assert "Begin now" in client.get(address).content.decode()
    answer = client.post(address, follow=True)
    assert "The framework has begun" in answer.content.decode()


@pytest.mark.parametrize(("most", "words"), [(None, "is not limited"), (100, "is limited to 100")])
def test_the_page_says_by_which_law_a_provider_carries_on(world, sign_in, most, words):
    framework = running(world, max_participants=most).framework

    page = sign_in(world.max).get(reverse("framework_openings", args=[framework.pk])).content.decode()

    assert words in page
    assert ("Being on the framework already" in page) is (most is None)


def test_the_page_of_openings_costs_the_same_for_one_and_for_three(world, sign_in, django_assert_num_queries):
    framework, client = make_framework(world, running=True), sign_in(world.max)
    for number in (1, 3):
        for _ in range(number - 1):
            Framework.objects.filter(pk=framework.pk).update(state="running")
            framework = reopen(world, Framework.objects.get(pk=framework.pk))
            Framework.objects.filter(pk=framework.pk).update(
                state="running", published_at=AT, awarded_at=NEXT, generation=number
            )
        with django_assert_num_queries(8):
            client.get(reverse("framework_openings", args=[framework.pk]))
