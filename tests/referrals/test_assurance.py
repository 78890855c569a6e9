"""Before the pupil starts: who writes which item, what becomes of it, who reads it, and what leaves the portal."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core.access import Denied
from files.models import File
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import assurance as actions
from referrals.models import Assurance, Placement
from referrals.queries import assurance as queries
from referrals.rules.assurance import Said
from referrals.states import Item, PlacementState
from tests.files.made import docm, pdf, upload
from tests.pages import read
from tests.referrals.agreed import that_day  # noqa: F401
from tests.referrals.answering import made_cover
from tests.referrals.made import AT, CANARIES, TODAY, made_pupil
from tests.referrals.placed import (
    STARTS,
    made_assurances,
    made_placement,
    made_review,
    made_terms_of_year,
    placed_story,
)
from tests.referrals.test_sharing import day

pytestmark = pytest.mark.usefixtures("that_day")
DAY = dt.timedelta(days=1)
STAFF = Said(who="Dana Price", paper="Record of 1 September")


@pytest.fixture
def placement(world) -> Placement:
    """Waits for what must be in place; nothing is."""
    return made_placement(world, state=PlacementState.ASSURANCE)


def write(placement, item, said=Said(), *, by, **fields) -> Assurance:  # noqa: B008
    row = queries.standing_item(placement, item)
    given = {"on": None, "seen": row.pk if row else 0, "at": AT} | fields
    return actions.write_item(placement=placement, item=item, said=said, by=by, **given)


def item_url(placement, item) -> str:
    return reverse("assurance_item", args=[placement.pk, item])


class TestTwoSides:
    def test_what_the_provider_writes_waits_for_the_commissioner(self, world, placement):
        theirs = write(placement, Item.STAFF, STAFF, on=TODAY, by=world.bob)
        assert (theirs.done, theirs.written_by) == (False, world.bob)
        assert Message.objects.get(key__startswith="assurance-written:").to == world.sana.email

        ours = write(placement, Item.STAFF, STAFF, on=TODAY, by=world.sana)

        assert ours.done
        assert queries.said_of(ours) == STAFF
        assert [row.pk for row, _ in queries.history(placement, Item.STAFF)] == [theirs.pk]
        with pytest.raises(Refused, match="has accepted this"):
            write(placement, Item.STAFF, STAFF, on=TODAY, by=world.bob)
        events = Event.objects.filter(action="referrals.assurance.written").order_by("pk")
        assert [(one.organisation_id, one.data["done"]) for one in events] == [
            (world.ash_house.pk, False),
            (world.elm_grove.pk, True),
        ]

    def test_risks_are_shared_both_ways(self, world, placement):
        write(placement, Item.RISKS, Said(theirs="Gate is locked", ours="I must not write this"), by=world.bob)
        row = queries.standing_item(placement, Item.RISKS)
        assert (queries.said_of(row), row.done) == (Said(theirs="Gate is locked"), False)

        ours = write(placement, Item.RISKS, Said(theirs="Gate is locked", ours="Runs"), by=world.sana)

        assert ours.done

    def test_a_provider_writes_nothing_else_and_strangers_nothing_at_all(self, world, placement):
        for by, item in [
            (world.bob, Item.LINK),
            (world.alice, Item.STAFF),
            (world.charlie, Item.STAFF),
            (world.tariq, Item.STAFF),
            (world.eve, Item.STAFF),
        ]:
            with pytest.raises(Denied):
                write(placement, item, STAFF, on=TODAY, by=by)
        with pytest.raises(Denied):
            actions.undo_item(placement=placement, item=Item.STAFF, seen=0, by=world.bob, at=AT)
        assert not Assurance.objects.exists()


class TestItems:
    def test_once_the_pupil_has_started_what_is_in_place_stays(self, world):
        live = made_placement(world)

        with pytest.raises(Refused, match="has to stay in place"):
            write(live, Item.RISKS, Said(ours="Runs"), by=world.sana)

        assert write(live, Item.RISKS, Said(ours="Runs", theirs="Gate"), by=world.sana).done

    def test_the_portal_looks_for_itself(self, world, placement):
        placement.sessions.filter(weekday=0).update(site=None)
        with pytest.raises(Refused, match="Monday 09:30 to 14:30"):
            write(placement, Item.SITES, by=world.sana)
        with pytest.raises(Refused, match="Nobody answers on: Monday 28 September 2026, 09:30 to 14:30"):
            write(placement, Item.ABSENCE, by=world.sana)
        placement.sessions.filter(weekday=0).update(address=b"sealed")
        made_cover(world.elm_grove)

        assert write(placement, Item.SITES, by=world.sana).done
        assert write(placement, Item.ABSENCE, by=world.sana).done

    def test_a_review_is_early_enough_and_stands_at_the_placement(self, world, placement):
        made_terms_of_year(world.elm_grove)
        with pytest.raises(Refused, match="28 October 2026"):
            write(placement, Item.REVIEW, on=STARTS + 31 * DAY, by=world.sana)

        write(placement, Item.REVIEW, on=STARTS + 30 * DAY, by=world.sana)

        placement.refresh_from_db()
        assert placement.review_by_on == STARTS + 30 * DAY
        review = made_review(world, placement)
        write(placement, Item.REVIEW, on=STARTS + 9 * DAY, by=world.sana)
        review.refresh_from_db()
        assert review.due_on == STARTS + 9 * DAY

    def test_the_notice_of_a_direction_is_written_then_given(self, world, placement):
        notice = Said(report_to="Dana", breaks="12:00", reasons="Fights", objectives="Calm")
        assert not write(placement, Item.CONSENT, notice, by=world.sana).done
        with pytest.raises(Refused, match="today or in the past"):
            write(placement, Item.CONSENT, notice, on=TODAY + DAY, by=world.sana)
        late = AT + dt.timedelta(days=11)  # Friday 25 September
        with pytest.raises(Refused, match="one school day before"):
            write(placement, Item.CONSENT, notice, on=late.date(), at=late, by=world.sana)
        short = Said(**(vars(notice) | {"why": "Somebody would have been hurt"}))

        assert write(placement, Item.CONSENT, short, on=late.date(), at=late, by=world.sana).done

    def test_left_out_with_a_reason_and_never_the_first_five(self, world, placement):
        row = write(placement, Item.VISIT, Said(why="Online"), not_needed=True, by=world.sana)
        assert (row.not_needed, row.done) == (True, False)
        for item in (Item.STAFF, Item.CONSENT, Item.LINK):
            with pytest.raises(Refused, match="always needed"):
                write(placement, item, Said(why="No"), not_needed=True, by=world.sana)
        with pytest.raises(IntegrityError), transaction.atomic():
            Assurance.objects.create(placement=placement, item=Item.STAFF, not_needed=True, written_at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            Assurance.objects.create(placement=placement, item=Item.VISIT, written_at=AT)

    def test_undone_and_written_anew_the_history_stays(self, world, placement):
        first = write(placement, Item.LINK, Said(who="Sana", phone="01632 960 001"), by=world.sana)
        with pytest.raises(Refused, match="What you typed is kept"):
            actions.undo_item(placement=placement, item=Item.LINK, seen=0, by=world.sana, at=AT)

        actions.undo_item(placement=placement, item=Item.LINK, seen=first.pk, by=world.sana, at=AT)

        assert queries.standing(placement) == {}
        with pytest.raises(Refused, match="nothing to undo"):
            actions.undo_item(placement=placement, item=Item.LINK, seen=first.pk, by=world.sana, at=AT)
        write(placement, Item.LINK, Said(who="Tom", phone="01632 960 002"), by=world.sana)
        assert [said.who for _, said in queries.history(placement, Item.LINK)] == ["Sana"]
        assert Event.objects.filter(action="referrals.assurance.undone").get().data == {
            "placement": placement.pk,
            "item": "link",
        }

    def test_what_is_known_already_need_not_be_typed(self, world):
        referred = placed_story(world)
        alone = made_placement(world, place=referred.place, pupil=referred.pupil, state=PlacementState.ASSURANCE)

        assert queries.begun(referred, Item.EMERGENCY).phone == "07700 900123"
        assert queries.begun(referred, Item.RISKS).ours == "Runs from the saxophone phobia"
        assert queries.begun(referred, Item.LINK) == Said(who="Sana, SENCO", phone="01632 960100")
        assert "Attends four sessions in five" in queries.begun(referred, Item.CONSENT).objectives
        assert queries.begun(referred, Item.STAFF) == queries.begun(alone, Item.RISKS) == Said()

    def test_nobody_to_ring_is_known_of_some_pupils(self, world):
        from referrals.rules.private import Private

        pupil = made_pupil(world, private=Private())
        placement = made_placement(world, pupil=pupil, state=PlacementState.ASSURANCE)

        assert queries.begun(placement, Item.EMERGENCY) == Said()


class TestPages:
    def test_sana_and_bob_write_one_by_one_and_read_what_stands(self, world, placement, sign_in):
        sana, bob = sign_in(world.sana), sign_in(world.bob)
        sent = {"who": "Dana Price", "paper": "Record of 1 September", "note": "", "seen": "0", **day("on", TODAY)}

        answer = bob.post(item_url(placement, "staff"), sent | {"file": upload(pdf("Checks"), "checks.pdf")})

        assert answer["Location"] == reverse("before_start", args=[placement.pk])
        row = queries.standing_item(placement, Item.STAFF)
        assert row.file.organisation == world.elm_grove
        page = sana.get(item_url(placement, "staff")).text
        assert "Dana Price" in page
        assert "Not in place yet" in page
        file = read(sana.get(reverse("assurance_file", args=[row.pk])))
        assert "checks.pdf" in file["Content-Disposition"]
        assert Event.objects.get(action="referrals.assurance.read").organisation_id == world.elm_grove.pk
        stale = sana.post(item_url(placement, "staff"), sent | {"note": "Seen by me"})
        assert stale.status_code == 409
        assert "Seen by me" in stale.text
        again = sana.post(item_url(placement, "staff"), sent | {"note": "Seen by me", "seen": str(row.pk)})
        assert again.status_code == 302
        now = queries.standing_item(placement, Item.STAFF)
        assert (now.done, now.file) == (True, row.file)
        tasks = bob.get(reverse("before_start", args=[placement.pk])).text
        assert "1 of 10 are" in tasks
        assert "Let the pupil start" not in tasks
        assert "has accepted this" in bob.get(item_url(placement, "staff")).text
        assert "What was written before" in sana.get(item_url(placement, "staff")).text

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, world, placement, sign_in):
        sana = sign_in(world.sana)

        for item, sent, said in [
            ("emergency", {"who": "Mother", "phone": "ring her", "medication": "None"}, "like 01632 960 001"),
            ("visit", {"needed": "no", "why": "", "note": "Kept words"}, "Enter why it is not needed"),
            ("visit", {"needed": "yes", "who": "", "note": "Kept words"}, "Enter who visited"),
            ("review", {**day("on", STARTS - DAY)}, "28 September 2026, or later"),
            ("absence", {"note": "Kept words"}, "Nobody answers on"),
            ("transport", {}, "Choose no"),
            ("consent", {"report_to": "Dana"}, "Enter when the break is"),
        ]:
            answer = sana.post(item_url(placement, item), sent | {"seen": "0"})
            assert answer.status_code == 200
            assert said in answer.text
            assert ("Kept words" in answer.text) == ("note" in sent)
        bad = {"who": "Dana", "paper": "List", "seen": "0", **day("on", TODAY)}
        answer = sana.post(item_url(placement, "staff"), bad | {"file": upload(docm(), "list.docm")})
        assert "There is a problem" in answer.text
        answer = sana.post(item_url(placement, "staff"), bad | {"who": "", "file": upload(pdf("x"), "x.pdf")})
        assert "Choose the file again" in answer.text
        future = bad | day("on", TODAY + DAY) | {"file": upload(pdf("x"), "x.pdf")}
        answer = sana.post(item_url(placement, "staff"), future)
        assert "Choose the file again" in answer.text
        assert not File.objects.exists()
        assert not Assurance.objects.exists()
        assert sana.get(item_url(placement, "nothing")).status_code == 404
        assert sana.get(reverse("undo_assurance", args=[placement.pk, "nothing"])).status_code == 404
        assert sana.get(item_url(placement, "review")).text.count("28 October 2026") == 1

    def test_left_out_on_the_page_and_undone(self, world, placement, sign_in):
        sana = sign_in(world.sana)

        sana.post(item_url(placement, "transport"), {"needed": "no", "why": "At home", "seen": "0"})
        sana.post(item_url(placement, "visit"), {"needed": "no", "why": "Online", "seen": "0", **day("on", None)})

        rows = queries.standing(placement)
        assert {item: row.not_needed for item, row in rows.items()} == {"transport": True, "visit": True}
        assert queries.said_of(rows["visit"]) == Said(why="Online")
        address = reverse("undo_assurance", args=[placement.pk, "visit"])
        assert "can" in sana.get(address).text
        assert sana.post(address, {"seen": "0"}).status_code == 200
        assert sana.post(address, {"seen": str(rows["visit"].pk)}).status_code == 302
        assert set(queries.standing(placement)) == {"transport"}
        assert "nothing to undo" in sana.get(address).text
        assert sign_in(world.bob).post(item_url(placement, "visit"), {"seen": "0"}).status_code == 403

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (Role.SCHOOL_ATTENDANCE, (200, 200, 403)),
            (Role.SCHOOL_SENCO, (200, 200, 200)),
            (Role.SCHOOL_FINANCE, (404, 404, 404)),
        ],
    )
    def test_who_else_at_the_school_reads_it(self, world, placement, sign_in, role, status):
        Membership.objects.create(
            user=world.nora, organisation=world.elm_grove, role=role, person_name="Nora", given_at=AT
        )
        nora = sign_in(world.nora)

        found = [
            nora.get(reverse("before_start", args=[placement.pk])).status_code,
            nora.get(item_url(placement, "emergency")).status_code,
            nora.get(reverse("direction_notice", args=[placement.pk]), follow=True).status_code,
        ]

        assert tuple(found) == status

    def test_the_contracting_party_sees_how_far_it_is_and_reads_nothing(self, world, placement, sign_in):
        Placement.objects.filter(pk=placement.pk).update(contracting_party=world.larkshire)
        eve = sign_in(world.eve)

        assert eve.get(reverse("before_start", args=[placement.pk])).status_code == 200
        assert eve.get(item_url(placement, "emergency")).status_code == 403

    def test_the_queries_of_the_task_list_stay_the_same(self, world, placement, sign_in):
        sana, address = sign_in(world.sana), reverse("before_start", args=[placement.pk])
        sana.get(address)

        def asked() -> int:
            with CaptureQueriesContext(connection) as found:
                sana.get(address)
            return len([one for one in found.captured_queries if "referrals_" in one["sql"]])

        before = asked()
        made_assurances(world, placement, *Item)

        assert asked() == before <= 8

    def test_nothing_of_the_pupil_leaves(self, world, placement, sign_in):
        sana = sign_in(world.sana)
        for item in Item:
            page = sana.get(item_url(placement, item)).text
            title = page.split("<title>")[1].split("</title>")[0]
            assert not [canary for canary in CANARIES if canary in title]
        write(placement, Item.EMERGENCY, Said(who=CANARIES[0], phone="1", medication=CANARIES[4]), by=world.sana)

        row = queries.standing_item(placement, Item.EMERGENCY)
        assert CANARIES[4].encode() not in bytes(row.words)
        said = [str(one.data) for one in Event.objects.all()] + [one.body for one in Message.objects.all()]
        assert not [text for text in said for canary in CANARIES if canary in text]
        reads = Event.objects.filter(action="referrals.placement.read", about_id=placement.pk)
        assert reads.count() == len(Item)
