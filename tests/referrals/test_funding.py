"""Who pays a placement, from when to when: added to, never overwritten."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import Event
from core import clock
from core.access import Denied
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import funding
from referrals.models import FunderShare, Placement
from referrals.queries import life
from referrals.rules import funding as rules
from tests.patience import found_by, meet, without_lock  # noqa: F401
from tests.referrals.made import CANARIES
from tests.referrals.placed import made_placement

DAY = dt.date
AT = dt.datetime(2026, 10, 5, 8, 0, tzinfo=dt.UTC)
EXCLUDED = DAY(2026, 10, 1)  # told late


def change(world, placement, shares=None, **fields):
    fields = {
        "seen": placement.revision, "from_on": EXCLUDED, "reason": "Off the roll", "by": world.sana, "at": AT,
    } | fields  # fmt: skip
    return funding.change_funders(placement=placement, shares=shares or [(world.larkshire.pk, 10_000)], **fields)


def rows_of(placement) -> list[tuple]:
    rows = FunderShare.objects.filter(placement=placement).order_by("from_on", "id")
    return [(row.funder_id, row.share, row.from_on, row.until_on, row.reason) for row in rows]


def test_the_duty_to_pay_moves_mid_term_and_what_was_stays(world):
    placement = made_placement(world)

    change(world, placement)
    halves = [(world.larkshire.pk, 5_000), (world.elm_grove.pk, 5_000)]
    change(world, Placement.objects.get(pk=placement.pk), halves, from_on=DAY(2026, 11, 2), reason="Back for a half")

    assert rows_of(placement) == [
        (world.elm_grove.pk, 10_000, DAY(2026, 9, 28), DAY(2026, 9, 30), ""),
        (world.larkshire.pk, 10_000, EXCLUDED, DAY(2026, 11, 1), "Off the roll"),
        (world.larkshire.pk, 5_000, DAY(2026, 11, 2), None, "Back for a half"),
        (world.elm_grove.pk, 5_000, DAY(2026, 11, 2), None, "Back for a half"),
    ]
    shares = life.shares_of(placement)
    days = [placement.starts_on + dt.timedelta(days=n) for n in range(82)]
    assert {sum(one.share for one in rules.on_day(shares, one)) for one in days} == {10_000}
    said = [message.body for message in Message.objects.filter(key__startswith="placement-funders")]
    assert len(said) > 2
    assert not any(canary in text for canary in (*CANARIES, "Off the roll") for text in said)
    event = Event.objects.filter(action="referrals.placement.funders_changed").first()
    assert event.data in ({"from_on": "2026-10-01"}, {"from_on": "2026-11-02"})


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"from_on": DAY(2026, 9, 28)}, "enter a later day"),
        ({"from_on": DAY(2026, 12, 19)}, "ends on"),
        ({"seen": 3}, "Somebody has changed"),
    ],
)
def test_a_change_that_cannot_be(world, fields, says):
    placement = made_placement(world)

    with pytest.raises(Refused, match=says):
        change(world, placement, **fields)
    assert len(rows_of(placement)) == 1


def test_the_payers_are_open_and_no_provider_and_whoever_commissions_says_so(world):
    placement = made_placement(world)

    with pytest.raises(Refused, match="no longer open"):
        change(world, placement, [(world.ash_house.pk, 10_000)])
    for person in (world.bob, world.tom, world.fay):
        with pytest.raises(Denied):
            change(world, placement, by=person)
    Placement.objects.filter(pk=placement.pk).update(state="draft", agreed_at=None)
    with pytest.raises(Refused, match="moved on"):
        change(world, placement)


def test_what_is_over_can_still_be_paid_by_another_up_to_its_last_charged_day(world):
    placement = made_placement(world, state="ended", last_charged_on=DAY(2026, 11, 20))

    change(world, placement, from_on=DAY(2026, 11, 20))
    with pytest.raises(Refused, match="ends on 20 November"):
        change(world, Placement.objects.get(pk=placement.pk), [(world.elm_grove.pk, 10_000)], from_on=DAY(2026, 11, 21))


@pytest.mark.once
class TestPage:
    def typed(self, world, **fields) -> dict:
        return {
            "revision": 0, "from_on_0": "1", "from_on_1": "10", "from_on_2": "2026", "reason": "Off the roll",
            "funder_1": world.larkshire.pk, "share_1": "66.67", "urn_2": "900001", "share_2": "33.33",
        } | fields  # fmt: skip

    def test_it_is_shown_changed_and_shown_again(self, world, sign_in, monkeypatch, django_assert_max_num_queries):
        monkeypatch.setattr(clock, "now", lambda: AT)
        placement = made_placement(world)
        page, url = sign_in(world.sana), reverse("change_funders", args=[placement.pk])

        page.get(url)
        with django_assert_max_num_queries(24):
            shown = page.get(url).content.decode()
        answer = page.post(url, self.typed(world))
        after = page.get(url).content.decode()
        history = page.get(reverse("placement_history", args=[placement.pk])).content.decode()

        assert "As agreed at the start" in shown
        assert answer.status_code == 302
        assert "66.67%" in after
        assert "Off the roll" in after
        assert "Elm Grove School: 33.33%" in history
        theirs = sign_in(world.bob).get(url).content.decode()
        assert "66.67%" in theirs
        assert "Change who pays" not in theirs
        assert sign_in(world.bob).post(url, self.typed(world)).status_code == 403

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, world, sign_in):
        placement = made_placement(world)
        page, url = sign_in(world.sana), reverse("change_funders", args=[placement.pk])

        for fields, says in (
            ({"share_2": "30"}, "The shares come to 96.67%"),
            ({"share_2": ""}, "Enter the share in per cent"),
            ({"urn_2": "123456"}, "There is no open school with this URN"),
            ({"urn_2": ""}, "Select who pays this share"),
            ({"share_1": "101"}, "more than 0 and 100 at the most"),
            ({"revision": "8"}, "Somebody has changed this placement"),
        ):
            answer = page.post(url, self.typed(world, **fields)).content.decode()
            assert says in answer
            assert "Off the roll" in answer

    def test_a_draft_is_changed_elsewhere(self, world, sign_in):
        placement = made_placement(world, state="draft")

        shown = sign_in(world.sana).get(reverse("change_funders", args=[placement.pk])).content.decode()

        assert "still being agreed" in shown


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestTwoChangesAtOnce:
    """Two people write different payers for the same day."""

    def race(self, world, meet):  # noqa: F811
        placement = made_placement(world)
        meet(rules, "check_change")
        found = found_by(
            lambda: change(world, placement),
            lambda: change(world, placement, [(world.oak_trust.pk, 10_000)]),
        )
        return placement, [one for one in found if isinstance(one, Exception)]

    def test_without_the_lock_a_day_is_paid_twice(self, world, meet, monkeypatch):  # noqa: F811
        without_lock(monkeypatch, Placement)
        monkeypatch.setattr(rules, "check_whole", lambda *args: None)  # it would see what the other has written

        placement, lost = self.race(world, meet)

        paid = sum(one.share for one in rules.on_day(life.shares_of(placement), EXCLUDED))
        assert (lost, paid) == ([], 20_000)

    def test_one_wins_and_every_day_is_paid_once(self, world, meet):  # noqa: F811
        placement, lost = self.race(world, meet)

        assert [type(one) for one in lost] == [Refused]
        assert sum(one.share for one in rules.on_day(life.shares_of(placement), EXCLUDED)) == 10_000
