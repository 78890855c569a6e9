"""A pupil starts: with everything in place, or signed for in an emergency; and the letters while something is late."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core.access import Denied, System
from lots.models import Suspension
from lots.rules.refusals import Refused
from referrals.actions import assurance as writing
from referrals.actions import starting as actions
from referrals.models import Assurance, Placement
from referrals.permissions import assurance as permissions
from referrals.queries import assurance as queries
from referrals.rules.assurance import Said
from referrals.states import NEVER_WAIVED, Item, PlacementState
from tests.referrals.agreed import insure, that_day  # noqa: F401
from tests.referrals.answering import made_cover
from tests.referrals.made import AT, TODAY
from tests.referrals.placed import STARTS, made_assurances, made_placement

pytestmark = pytest.mark.usefixtures("that_day")
DAY = dt.timedelta(days=1)


def ready(world, *items, **fields) -> Placement:
    """Signed by both, the provider insured, the rota written; these items in place."""
    placement = made_placement(world, **({"state": PlacementState.ASSURANCE} | fields))
    insure(world.ash_house)
    made_cover(world.elm_grove)
    if items:
        made_assurances(world, placement, *items)
    return placement


def start(placement, *, by, at=AT) -> Placement:
    return actions.start_placement(placement=placement, by=by, at=at, today=at.date())


def sign(placement, *, by, at=AT):
    return actions.start_in_emergency(placement=placement, reason="Cannot wait", by=by, at=at, today=at.date())


def remind(today) -> int:
    return writing.remind_of_assurance(by=System(permissions.REMIND), at=AT, today=today)


class TestEverythingInPlace:
    def test_the_pupil_starts(self, world):
        placement = ready(world, *Item)

        start(placement, by=world.sana)

        placement.refresh_from_db()
        assert (placement.state, placement.live_at, placement.emergency_at) == ("live", AT, None)
        assert placement.reviews.get().due_on == placement.review_by_on
        events = Event.objects.filter(about_type="referrals.placement", about_id=placement.pk).order_by("pk")
        assert list(events.values_list("action", flat=True)) == [
            "referrals.placement.started",
            "referrals.assurance.complete",
        ]
        with pytest.raises(Refused, match="cannot start: live"):
            start(placement, by=world.sana)

    @pytest.mark.parametrize("left", [Item.STAFF, Item.REVIEW])
    def test_what_is_missing_is_named(self, world, left):
        placement = ready(world, *[item for item in Item if item != left])

        with pytest.raises(Refused, match=left.label):
            start(placement, by=world.sana)

        assert Placement.objects.get().state == "assurance"

    def test_what_is_not_done_yet_is_missing_and_what_is_left_out_is_not(self, world):
        placement = ready(world, *Item)
        Assurance.objects.filter(item=Item.LINK).update(done=False)
        with pytest.raises(Refused, match="A named link person"):
            start(placement, by=world.sana)
        Assurance.objects.filter(item=Item.LINK).update(done=True)
        Assurance.objects.filter(item=Item.VISIT).update(done=False, not_needed=True)

        assert start(placement, by=world.sana).state == "live"

    def test_what_changed_since_it_was_ticked_stops_it(self, world):
        placement = ready(world, *Item)
        cover = made_cover(world.elm_grove, position=2)
        type(cover).objects.update(until_on=STARTS + DAY)
        with pytest.raises(Refused, match="Wednesday 30 September 2026"):
            start(placement, by=world.sana)
        type(cover).objects.update(until_on=None)
        placement.sessions.update(site=None)
        with pytest.raises(Refused, match="no site and no address"):
            start(placement, by=world.sana)
        placement.sessions.update(address=b"sealed")
        suspended = Suspension.objects.create(
            buyer=world.larkshire, provider=world.ash_house, cause="safeguarding", reason="x", began_at=AT
        )
        with pytest.raises(Refused, match="suspended"):
            start(placement, by=world.sana)
        suspended.delete()
        world.ash_house.insurances.update(ends_on=STARTS - DAY)
        with pytest.raises(Refused, match="insurance"):
            start(placement, by=world.sana)
        world.ash_house.insurances.update(ends_on=STARTS)

        assert start(placement, by=world.sana).state == "live"

    def test_a_direction_that_starts_late_needs_notice_before_that_day(self, world):
        placement = ready(world, *Item)
        row = queries.standing_item(placement, Item.CONSENT)
        Assurance.objects.filter(pk=row.pk).update(on=STARTS)  # a Monday, the first day itself
        tuesday = AT + dt.timedelta(days=15)
        with pytest.raises(Refused, match="school days before 29 September 2026, and this is one"):
            start(placement, by=world.sana, at=tuesday)

        assert start(placement, by=world.sana, at=tuesday + DAY).state == "live"

    def test_no_notice_where_the_school_does_not_direct(self, world):
        placement = ready(world, *Item, basis="s19")
        Assurance.objects.filter(item=Item.CONSENT).update(done=False, not_needed=True, on=None)

        assert start(placement, by=world.sana).state == "live"

    def test_bought_outside_a_framework_there_is_no_place_to_look_at(self, world):
        placement = ready(world, *Item)
        Placement.objects.update(route="spot", place=None, outside_reason="Nobody else")
        world.ash_house.insurances.all().delete()

        assert start(placement, by=world.sana).state == "live"

    def test_who_may_not(self, world):
        placement = ready(world, *Item)
        for by in (world.bob, world.alice, world.eve, world.tariq, world.nora):
            with pytest.raises(Denied):
                start(placement, by=by)
            with pytest.raises(Denied):
                sign(placement, by=by)

    def test_on_the_page(self, world, sign_in):
        placement = ready(world, *NEVER_WAIVED)
        sana, address = sign_in(world.sana), reverse("start_placement", args=[placement.pk])
        assert "A visit to the site" in sana.get(address).text
        assert "Still missing: A visit to the site" in sana.post(address).text
        made_assurances(world, placement, *[item for item in Item if item not in NEVER_WAIVED])
        assert address in sana.get(reverse("before_start", args=[placement.pk])).text
        assert "Everything is in place" in sana.get(address).text

        answer = sana.post(address, follow=True)

        assert "The pupil can start" in answer.text
        assert "does not wait to be started" in sana.get(address).text
        emergency = sana.get(reverse("emergency_start", args=[placement.pk])).text
        assert "does not wait to be started" in emergency


class TestEmergency:
    @pytest.mark.parametrize("left", NEVER_WAIVED)
    def test_the_first_five_are_never_waived(self, world, left):
        placement = ready(world, *[item for item in Item if item != left])

        with pytest.raises(Refused, match=f"Even in an emergency these are needed: {left.label}"):
            sign(placement, by=world.sana)

    def test_the_rest_follows_within_five_school_days(self, world):
        placement = ready(world, *NEVER_WAIVED, Item.LINK)
        begun = writing.write_item(
            placement=placement,
            item=Item.CONSENT,
            said=Said(report_to="Dana"),
            on=None,
            seen=0,
            by=world.sana,
            at=AT,
        )

        _, due_on = sign(placement, by=world.sana)

        placement.refresh_from_db()
        assert (placement.state, placement.emergency_by, placement.emergency_reason) == (
            "live", world.sana, "Cannot wait",
        )  # fmt: skip
        late = Assurance.objects.filter(due_on__isnull=False, undone_at=None)
        assert {row.item: (row.done, row.due_on) for row in late} == dict.fromkeys(
            ("visit", "consent", "transport", "review"), (False, dt.date(2026, 10, 5))
        )
        assert due_on == dt.date(2026, 10, 5)  # the fifth school day after the first day
        assert late.get(item="consent").pk == begun.pk
        event = Event.objects.get(action="referrals.assurance.put_off")
        assert event.data == {"items": ["visit", "consent", "transport", "review"], "due_on": "2026-10-05"}

    def test_what_is_written_afterwards_keeps_its_day_and_ends_the_letters(self, world):
        placement = ready(world, *[item for item in Item if item != Item.VISIT])
        _, due_on = sign(placement, by=world.sana)
        row = queries.standing_item(placement, Item.VISIT)
        assert [remind(due_on), remind(due_on + DAY)] == [0, 1]
        with pytest.raises(Refused, match="has started or is over"):
            writing.undo_item(placement=placement, item=Item.VISIT, seen=row.pk, by=world.sana, at=AT)

        made = writing.write_item(
            placement=placement, item=Item.VISIT, said=Said(who="Sana"), on=TODAY, seen=row.pk, by=world.sana, at=AT
        )

        assert (made.done, made.due_on) == (True, due_on)
        assert remind(due_on + 2 * DAY) == 0

    @pytest.mark.parametrize(
        ("organisation", "role", "signs"),
        [
            ("elm_grove", Role.SCHOOL_DSL, True),
            ("elm_grove", Role.SCHOOL_LEAD, True),
            ("elm_grove", Role.SCHOOL_SENCO, False),
            ("larkshire", Role.SAFEGUARDING, False),
            ("oak_trust", Role.TRUST_DSL, False),
        ],
    )
    def test_who_signs_for_a_schools_pupil(self, world, organisation, role, signs):
        placement = ready(world, *NEVER_WAIVED)
        Membership.objects.create(
            user=world.nora, organisation=getattr(world, organisation), role=role, person_name="Nora", given_at=AT
        )

        if signs:
            sign(placement, by=world.nora)
        else:
            with pytest.raises(Denied):
                sign(placement, by=world.nora)

        assert (Placement.objects.get().state == "live") is signs

    def test_the_councils_safeguarding_officer_signs_for_its_own_pupil(self, world):
        placement = ready(world, *NEVER_WAIVED)
        Placement.objects.update(commissioner=world.larkshire)
        made_cover(world.larkshire)

        with pytest.raises(Denied):
            sign(placement, by=world.eve)

        assert sign(placement, by=world.tom)[0].emergency_by == world.tom

    def test_on_the_page(self, world, sign_in):
        placement = ready(world)
        sana, address = sign_in(world.sana), reverse("emergency_start", args=[placement.pk])
        assert "not even in an emergency" in sana.get(address).text
        assert "these are needed" in sana.post(address, {"reason": "Kept words", "sure": "on"}).text
        made_assurances(world, placement)
        assert "You let the pupil start without" in sana.get(address).text
        answer = sana.post(address, {"reason": "Kept words"})
        assert "Kept words" in answer.text
        assert "Tick the box" in answer.text

        answer = sana.post(address, {"reason": "Kept words", "sure": "on"}, follow=True)

        assert "Put the rest in place by 5 October 2026" in answer.text
        assert "Kept words" in answer.text
        assert answer.text.count("Due by") == 5
