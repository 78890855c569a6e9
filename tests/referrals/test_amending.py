"""An agreed placement gets another week, a later end, a lower price. It stands as `tests.referrals.placed` makes it:
Mondays and Wednesdays from 28 September to 18 December 2026, at £45.00 an hour; it is Monday 5 October."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import Event
from core import clock
from core.access import Denied
from lots.models import Framework
from lots.rules.refusals import Refused
from outbox.models import Message
from providers.models import Seats
from referrals.actions import amending
from referrals.models import Amendment, Placement, WeeklySession
from referrals.models import Terms as HowTheyWork
from referrals.queries import life, sealed
from referrals.queries.placing import Part
from tests.providers.seats import made_seats
from tests.referrals.agreed import insure
from tests.referrals.made import CANARIES, made_pupil, made_sharing
from tests.referrals.placed import made_placement

DAY = dt.date
AT = dt.datetime(2026, 10, 5, 8, 0, tzinfo=dt.UTC)
TODAY = AT.date()
FROM = DAY(2026, 11, 2)
TEN, NOON, HALF_NINE, HALF_TWO = dt.time(10), dt.time(12), dt.time(9, 30), dt.time(14, 30)


@pytest.fixture
def october(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)


def site_of(placement):
    return placement.sessions.first().site


def week(placement, *more) -> list[Part]:
    """Mondays stay, Wednesdays go, and what is given comes."""
    return [Part(0, HALF_NINE, HALF_TWO, site_of(placement)), *more]


def amend(world, placement, parts, **fields):
    fields = {
        "seen": placement.revision, "from_on": FROM, "reason": "Fewer days", "hours_reason": "", "over_reason": "",
        "by": world.sana, "at": AT, "today": TODAY,
    } | fields  # fmt: skip
    return amending.amend_week(placement=placement, parts=parts, **fields)


def extend(world, placement, **fields):
    fields = {
        "ends_on": DAY(2027, 1, 29),
        "seen": placement.revision, "reason": "Not ready yet", "hours_reason": "", "over_reason": "",
        "by": world.sana, "at": AT, "today": TODAY,
    } | fields  # fmt: skip
    return amending.extend_placement(placement=placement, **fields)


def lower(world, placement, pence=40_00, **fields):
    fields = {
        "seen": placement.revision, "from_on": FROM, "reason": "Smaller group", "by": world.sana,
        "at": AT, "today": TODAY,
    } | fields  # fmt: skip
    return amending.lower_price(placement=placement, pence=pence, **fields)


def rows_of(placement) -> list[tuple]:
    rows = WeeklySession.objects.filter(placement=placement).order_by("weekday", "from_on", "id")
    return [(row.weekday, row.starts, row.from_on, row.until_on) for row in rows]


def fresh(placement) -> Placement:
    return Placement.objects.get(pk=placement.pk)


def test_another_week_ends_rows_and_begins_others(world):
    placement = made_placement(world)
    units, total = life.worth_of(placement)

    made = amend(world, placement, week(placement, Part(4, TEN, NOON, None, "provider", "2 Canary Wharf Lane")))

    assert rows_of(placement) == [
        (0, HALF_NINE, DAY(2026, 9, 28), None),
        (2, HALF_NINE, DAY(2026, 9, 28), DAY(2026, 11, 1)),
        (4, TEN, FROM, None),
    ]
    assert sealed.text_of(placement.sessions.get(weekday=4), "address") == "2 Canary Wharf Lane"
    now = fresh(placement)
    # Seven Wednesdays of five hours go, seven Fridays of two come.
    assert (now.units, now.total_pence, now.revision > placement.revision) == (
        units - 7 * 3 * 100, total - 7 * 3 * 45_00, True,
    )  # fmt: skip
    assert (made.number, made.kind, made.from_on, made.made_by) == (1, "hours", FROM, world.sana)
    assert [one["weekday"] for one in made.before["sessions"]] == [0, 2]
    assert [one["weekday"] for one in made.after["sessions"]] == [0, 4]
    assert made.before["total_pence"] == 45_00 * 120
    assert made.after["total_pence"] == now.total_pence
    assert not any(canary in f"{made.before}{made.after}" for canary in CANARIES)
    event = Event.objects.get(action="referrals.placement.amended")
    assert event.data == {"amendment": made.pk, "kind": "hours"}


def test_a_second_change_from_the_same_day_takes_the_place_of_what_never_held(world):
    placement = made_placement(world)
    amend(world, placement, week(placement, Part(4, TEN, NOON, site_of(placement))))

    made = amend(world, fresh(placement), week(placement, Part(3, TEN, NOON, site_of(placement))))

    assert [(weekday, from_on) for weekday, _, from_on, _ in rows_of(placement)] == [
        (0, DAY(2026, 9, 28)), (2, DAY(2026, 9, 28)), (3, FROM),
    ]  # fmt: skip
    assert made.number == 2


def test_whoever_needs_to_know_is_told_without_the_pupil(world):
    placement = made_placement(world)
    placement.shares.update(funder=world.larkshire)

    made = amend(world, placement, week(placement))

    told = {message.to: message.body for message in Message.objects.filter(key__startswith="placement-")}
    assert set(told) == {world.bob.email, world.eve.email, world.fay.email}  # not Sana, who did it
    assert reverse("placement", args=[placement.pk]) in told[world.bob.email]
    assert "placements" not in told[world.fay.email]  # a payer alone never learns whose it is
    assert not any(canary in body for canary in CANARIES for body in told.values())
    assert made.made_at == AT


def test_free_places_move_with_the_week(world):
    placement = made_placement(world)
    made_seats(placement.place, site_of(placement))

    amend(world, placement, week(placement, Part(4, TEN, NOON, site_of(placement))))

    free = {(row.weekday, row.half): row.free for row in Seats.objects.all()}
    assert (free[2, "am"], free[2, "pm"], free[4, "am"], free[4, "pm"], free[0, "am"]) == (2, 2, 0, 1, 1)


def test_a_full_half_day_refuses_the_whole_change(world):
    placement = made_placement(world)
    made_seats(placement.place, site_of(placement), free=0)

    with pytest.raises(Refused):
        amend(world, placement, week(placement, Part(4, TEN, NOON, site_of(placement))))

    assert (len(rows_of(placement)), Amendment.objects.count(), fresh(placement).revision) == (2, 0, 0)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"from_on": DAY(2026, 10, 4)}, "5 October 2026 or a later"),
        ({"from_on": DAY(2026, 12, 19)}, "ends on"),
        ({"seen": 7}, "Somebody has changed this placement"),
        ({"parts": []}, "at least one session"),
    ],
)
def test_a_change_that_cannot_be(world, fields, says):
    placement = made_placement(world)

    with pytest.raises(Refused, match=says):
        amend(world, placement, **({"parts": week(placement)} | fields))


def test_the_pupil_is_at_no_two_places_at_once(world):
    placement = made_placement(world)
    other = made_placement(world, place=placement.place, pupil=placement.pupil, site=site_of(placement))
    other.sessions.update(weekday=4)

    with pytest.raises(Refused, match="somewhere else"):
        amend(world, placement, week(placement, Part(4, TEN, NOON, site_of(placement))))


def test_a_dearer_week_stays_within_what_may_be_spent(world):
    placement = made_placement(world, total_pence=45_00 * 100, state="assurance")
    more = week(placement, *(Part(day, HALF_NINE, HALF_TWO, site_of(placement)) for day in (2, 3)))
    HowTheyWork.objects.create(commissioner=world.elm_grove, approve_above_pence=1, changed_at=AT)
    Framework.objects.filter(pk=placement.framework_id).update(net_pence=45_00 * 100)

    with pytest.raises(Refused, match="more would be spent"):  # Sana holds the budget, the framework is the limit
        amend(world, placement, more)
    amend(world, placement, more, over_reason="Nobody else takes this age")

    now = fresh(placement)
    assert (now.over_reason, now.total_pence > 45_00 * 100) == ("Nobody else takes this age", True)
    assert Event.objects.filter(action="referrals.placement.overdrawn").exists()


def test_whoever_commissions_without_the_budget_makes_nothing_dearer(world):
    placement = made_placement(world, pupil=made_pupil(world, commissioner=world.larkshire), total_pence=1)
    HowTheyWork.objects.create(commissioner=world.larkshire, approve_above_pence=1, changed_at=AT)

    with pytest.raises(Refused, match="holds the budget"):
        amend(world, placement, week(placement), by=world.eve)


def test_an_extension_keeps_week_and_price(world):
    placement = made_placement(world)
    insure(world.ash_house)
    made_sharing(world)
    before = life.worth_of(placement)

    made = extend(world, placement)

    now = fresh(placement)
    assert (now.ends_on, now.units > before[0], made.kind, made.from_on) == (
        DAY(2027, 1, 29), True, "extension", DAY(2026, 12, 19),
    )  # fmt: skip
    assert (made.before["ends_on"], made.after["ends_on"]) == ("2026-12-18", "2027-01-29")


def test_no_extension_with_a_provider_in_bad_standing_or_after_an_end_was_written(world):
    placement = made_placement(world)

    with pytest.raises(Refused, match="insurance"):
        extend(world, placement)
    Placement.objects.filter(pk=placement.pk).update(ended_on=DAY(2026, 11, 13))
    with pytest.raises(Refused, match="end early"):
        extend(world, placement)


def test_an_extension_outside_a_framework_asks_no_standing(world):
    placement = made_placement(world)
    Placement.objects.filter(pk=placement.pk).update(
        route="spot", place=None, framework=None, lot=None, sub_lot=None, line=None, outside_reason="Nobody near"
    )
    placement = fresh(placement)

    with pytest.raises(Refused, match="agreement to share"):
        extend(world, placement)
    made_sharing(world)
    extend(world, placement)
    amend(world, fresh(placement), week(placement))

    assert fresh(placement).ends_on == DAY(2027, 1, 29)


def test_a_lower_price_holds_from_its_day_and_what_was_agreed_stays(world):
    placement = made_placement(world)
    _, total = life.worth_of(placement)

    made = lower(world, placement)

    now = fresh(placement)
    assert (now.pence, life.price_on(now, DAY(2026, 11, 1)), life.price_on(now, FROM)) == (45_00, 45_00, 40_00)
    assert total - now.total_pence == 5_00 * 5 * 14  # seven Mondays, seven Wednesdays
    assert (made.before["pence"], made.after["pence"], made.after["total_pence"]) == (45_00, 40_00, now.total_pence)
    with pytest.raises(Refused, match="only be lowered"):
        lower(world, now, pence=40_00)


@pytest.mark.parametrize("state", ["draft", "ended", "cancelled"])
def test_only_an_agreed_placement_that_is_not_over_is_changed(world, state):
    placement = made_placement(world, state=state)

    for act in (lambda: amend(world, placement, []), lambda: extend(world, placement), lambda: lower(world, placement)):
        with pytest.raises(Refused, match="moved on"):
            act()


def test_nobody_else_changes_it(world):
    placement = made_placement(world)

    for person in (world.bob, world.tom, world.max, world.nora):
        for act in (amend, extend, lower):
            with pytest.raises(Denied):
                act(world, placement, *([[]] if act is amend else []), by=person)


class TestPages:
    """What Sana types."""

    def form(self, placement, **fields) -> dict:
        site = site_of(placement).pk
        typed = {"revision": placement.revision, "from_on_0": "2", "from_on_1": "11", "from_on_2": "2026",
                 "reason": "Fewer days", "agreed": "on"}  # fmt: skip
        for number, weekday in ((1, 0), (2, 2)):
            typed |= {f"weekday_{number}": weekday, f"from_{number}": "9:30am", f"to_{number}": "2:30pm",
                      f"site_{number}": site, f"runs_{number}": "school"}  # fmt: skip
        return typed | {"weekday_3": "", "runs_3": "school"} | fields

    def test_the_week_is_shown_and_changed(self, world, sign_in, october):
        placement = made_placement(world)
        page, url = sign_in(world.sana), reverse("amend_placement", args=[placement.pk])

        shown = page.get(url).content.decode()
        more = {"weekday_3": "4", "from_3": "10am", "to_3": "noon", "site_3": "0", "address_3": "2 Canary Wharf Lane"}
        answer = page.post(url, self.form(placement, remove_2="on", **more))

        assert "Session 2" in shown
        assert "Remove this session" in shown
        assert "9:30am" in shown
        assert answer["Location"] == reverse("placement_history", args=[placement.pk])
        assert [(weekday, until) for weekday, _, _, until in rows_of(placement)] == [
            (0, None), (2, DAY(2026, 11, 1)), (4, None),
        ]  # fmt: skip

    @pytest.mark.once
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, world, sign_in, october):
        placement = made_placement(world)
        page, url = sign_in(world.sana), reverse("amend_placement", args=[placement.pk])

        half = page.post(url, self.form(placement, weekday_3="4", site_3="0", reason="", agreed="")).content.decode()
        stale = page.post(url, self.form(placement, revision="9", reason="Kept words")).content.decode()
        same = page.post(url, self.form(placement)).content.decode()

        for words in ("Session 3: enter when it starts", "Session 3: enter the address", "Write why the week changes",
                      "Tick that the provider has agreed"):  # fmt: skip
            assert words in half
        assert "Somebody has changed this placement" in stale
        assert "Kept words" in stale
        assert "The week is as it was" in same

    @pytest.mark.once
    def test_it_is_extended_and_its_price_lowered(self, world, sign_in, october, monkeypatch):
        placement = made_placement(world)
        insure(world.ash_house)
        made_sharing(world)
        page = sign_in(world.sana)

        later = {"revision": 0, "ends_on_0": "29", "ends_on_1": "1", "ends_on_2": "2027", "reason": "Not ready"}
        page.post(reverse("extend_placement", args=[placement.pk]), later | {"agreed": "on"})
        seen = fresh(placement).revision
        price = {
            "revision": seen,
            "from_on_0": "2",
            "from_on_1": "11",
            "from_on_2": "2026",
            "reason": "Group",
            "agreed": "on",
        }
        wrong = page.post(reverse("lower_price", args=[placement.pk]), price | {"pence": "50"}).content.decode()
        page.post(reverse("lower_price", args=[placement.pk]), price | {"pence": "40"})

        assert "can only be lowered" in wrong
        assert list(placement.amendments.values_list("kind", flat=True)) == ["extension", "price"]
        monkeypatch.setattr(clock, "now", lambda: AT + dt.timedelta(days=28))
        assert "£40.00" in page.get(reverse("placement", args=[placement.pk])).content.decode()
        history = page.get(reverse("placement_history", args=[placement.pk])).content.decode()
        for words in ("Last day 29 January 2027 instead of 18 December 2026", "£40.00 a unit instead of £45.00",
                      "Not ready", "Sana", "Extend it", "Signed by both sides"):  # fmt: skip
            assert words in history

    @pytest.mark.once
    def test_what_is_over_is_not_offered_for_change(self, world, sign_in):
        placement = made_placement(world, state="ended")
        page = sign_in(world.sana)

        for name in ("amend_placement", "extend_placement", "lower_price", "pause_placement"):
            shown = page.get(reverse(name, args=[placement.pk])).content.decode()
            assert "can be changed here: ended" in shown

    @pytest.mark.once
    def test_the_home_school_reads_what_was_changed_and_not_what_it_costs(
        self, world, sign_in, django_assert_max_num_queries
    ):
        placement = made_placement(world, pupil=made_pupil(world, commissioner=world.larkshire))
        placement.shares.update(funder=world.larkshire)
        lower(world, placement, by=world.eve)
        amend(world, fresh(placement), week(placement), by=world.eve)
        school, provider = sign_in(world.sana), sign_in(world.bob)
        url = reverse("placement_history", args=[placement.pk])

        theirs = school.get(url).content.decode()
        with django_assert_max_num_queries(24):
            providers = provider.get(url).content.decode()

        assert "No longer Wednesday 09:30 to 14:30, Workshop" in theirs
        assert "Fewer days" in theirs
        assert "£" not in theirs
        assert "Lower price" not in theirs
        assert "Change the week" not in theirs
        assert "£40.00 a unit" in providers
        assert "Change the week" not in providers
