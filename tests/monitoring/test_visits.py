"""Visits: planned without the provider's knowing, written on a phone, shared, and nobody forgets one."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.states import Role
from audit.models import Event
from core.access import Denied
from lots.rules.refusals import Refused
from monitoring.actions import visits as actions
from monitoring.models import Visit
from monitoring.queries import schedules as queries
from monitoring.rules.visits import Seen, ToDo, Written
from outbox.models import Message
from tests.monitoring.effects import made_asked
from tests.monitoring.made import DAY, NINE, made_member, made_schedule, made_visit
from tests.referrals.placed import made_placement, made_terms_of_year

TODAY = DAY
WRITTEN = Written(
    held_on=DAY, arrived=dt.time(9, 30), left=dt.time(11), words="Calm and well run", seen="",
    findings=(Seen("1.1", "Checks on staff", "partly", "One reference was missing"),),
    actions=(ToDo("Ask for the reference", "provider", dt.date(2026, 10, 19)),),
)  # fmt: skip
FORM = {"seen": "0", "held_on_0": "5", "held_on_1": "10", "held_on_2": "2026", "words": "Calm and well run"}


def changed(**fields) -> Written:
    return Written(**{name: getattr(WRITTEN, name) for name in Written.__dataclass_fields__} | fields)


def write(world, visit, written=WRITTEN, *, seen=0, finished=True, by=None):
    return actions.write_visit(
        visit=visit, written=written, seen=seen, finished=finished, by=by or world.eve, at=NINE, today=TODAY
    )


def plan(world, *, by=None, owner=None, **values):
    values = {"provider": world.ash_house.pk, "placement": None, "kind": "unannounced", "planned_on": DAY} | values
    who = {"by": by or world.eve, "at": NINE, "today": TODAY}
    return actions.plan_visit(owner=owner or world.larkshire, **values, **who)


def schedule(world, *, by=None, owner=None, **values):
    values = {
        "provider": world.ash_house.pk, "placement": None, "kind": "unannounced", "from_on": DAY, "until_on": None,
    } | values  # fmt: skip
    return actions.schedule_visits(owner=owner or world.larkshire, **values, by=by or world.eve, at=NINE)


def seen_by(user, visit) -> bool:
    return Visit.objects.visible_to(user.__class__.objects.get(pk=user.pk)).filter(pk=visit.pk).exists()


class TestPlanning:
    """What is planned, and who may know."""

    def test_an_unannounced_visit_is_known_to_its_owner_alone_until_it_is_held(self, world, sign_in):
        made_placement(world)
        visit = plan(world)

        provider = sign_in(world.alice)
        had = reverse("visits_had", args=[world.ash_house.pk])
        before = provider.get(had).content.decode()

        assert seen_by(world.eve, visit)
        assert not any(seen_by(one, visit) for one in (world.alice, world.bob, world.sana, world.max, world.ines))
        assert provider.get(reverse("visit", args=[visit.pk])).status_code == 404
        assert "No visit was announced or held yet" in before
        assert not Message.objects.filter(body__contains="visit").exists()
        assert {one.organisation_id for one in Event.objects.filter(action__startswith="monitoring.visit")} == {
            world.larkshire.pk
        }
        write(world, visit, finished=False)
        assert not seen_by(world.alice, visit)
        write(world, visit, seen=1)
        after = provider.get(had).content.decode()
        assert "Larkshire Council" in after
        assert "Ask for the reference" in after

    def test_what_was_announced_is_seen_without_what_is_written_before_it_is_finished(self, world, sign_in):
        made_placement(world)
        visit = plan(world, kind="quality")
        write(world, visit, finished=False)

        page = sign_in(world.alice).get(reverse("visit", args=[visit.pk])).content.decode()

        assert "Planned for" in page
        assert "One reference was missing" not in page
        assert "Calm and well run" not in page

    def test_only_providers_with_our_pupils_or_on_our_framework_are_visited(self, world):
        made_placement(world)

        with pytest.raises(Refused, match="Select a provider"):
            plan(world, provider=world.birch_farm.pk)
        with pytest.raises(Refused, match="Select one of your pupils"):
            plan(world, placement=999)
        with pytest.raises(Denied):
            plan(world, by=world.max)
        assert plan(world, owner=world.elm_grove, by=world.sana, kind="quality").owner == world.elm_grove

    def test_a_visit_to_a_pupil_is_for_those_who_work_with_pupils(self, world):
        placement = made_placement(world)
        kim = made_member(world, "kim", world.elm_grove, Role.CONTRACTS)
        visit = plan(world, owner=world.elm_grove, by=world.sana, placement=placement.pk, kind="face")

        with pytest.raises(Refused, match="Select one of your pupils"):
            plan(world, owner=world.elm_grove, by=kim, placement=placement.pk, kind="face")
        write(world, visit, changed(actions=(), seen="Met alone, likes it"), by=world.sana)
        visit.refresh_from_db()
        assert b"likes it" not in bytes(visit.seen)
        assert seen_by(world.sana, visit)
        assert not any(seen_by(one, visit) for one in (kim, world.alice, world.bob, world.eve))
        with pytest.raises(Refused, match="not shared"):
            actions.share_visit(visit=visit, share=True, by=world.sana, at=NINE)

    def test_a_schedule_is_made_once_ended_once_and_made_again(self, world):
        made_placement(world)
        made = schedule(world)
        assert (made.every, plan(world).schedule) == ("half_term", made)

        with pytest.raises(Refused, match="already"):
            schedule(world)
        actions.end_schedule(schedule=made, by=world.eve, at=NINE)
        with pytest.raises(Refused, match="already"):
            actions.end_schedule(schedule=made, by=world.eve, at=NINE)
        schedule(world)
        placement = world.elm_grove.placements_made.get()
        weekly = schedule(world, owner=world.elm_grove, by=world.sana, placement=placement.pk, kind="face")
        assert (weekly.every, weekly.provider) == ("week", world.ash_house)

    def test_a_visit_is_cancelled_with_a_reason(self, world):
        visit = made_visit(world)

        actions.cancel_visit(visit=visit, reason="Snow", by=world.eve, at=NINE)

        with pytest.raises(Refused, match="cancelled already"):
            actions.cancel_visit(visit=visit, reason="Snow", by=world.eve, at=NINE)
        assert not seen_by(world.alice, visit)


class TestWriting:
    """What was found."""

    def test_it_is_saved_as_often_as_one_likes_and_finished_once(self, world):
        visit = made_visit(world)
        write(world, visit, changed(held_on=None, findings=(), actions=()), finished=False)
        write(world, visit, seen=1, finished=False)

        with pytest.raises(Refused, match="after you opened it"):
            write(world, visit, seen=1)
        write(world, visit, seen=2)
        with pytest.raises(Refused, match="held already"):
            write(world, visit, seen=3)
        visit.refresh_from_db()
        assert (visit.state, visit.visitor) == ("held", world.eve)
        assert visit.findings.get().words == "One reference was missing"
        assert visit.actions.get().what == "Ask for the reference"
        with pytest.raises(Denied):
            write(world, made_visit(world), by=world.alice)

    def test_names_of_pupils_who_are_there_are_refused_wherever_they_stand(self, world):
        made_placement(world)
        visit = made_visit(world)

        for written in (
            changed(words="Quillon was calm"),
            changed(findings=(Seen("+1", "Zephyrine left early", "not_met", "x"),)),
            changed(actions=(ToDo("Ring Mrs Quillsworth", "visitor", DAY),)),
        ):
            with pytest.raises(Refused, match="looks like the name of a pupil"):
                write(world, visit, written)
        write(world, visit)
        action = visit.actions.get()
        done = {"done_on": DAY, "by": world.alice, "at": NINE, "today": TODAY}
        with pytest.raises(Refused, match="looks like the name"):
            actions.do_action(action=action, words="Quillon is told", **done)
        actions.do_action(action=action, words="It came", **done)
        with pytest.raises(Refused, match="already"):
            actions.do_action(action=action, words="It came", **done)

    def test_nothing_is_done_before_the_visit_is_finished(self, world):
        visit = made_visit(world, kind="quality")
        write(world, visit, finished=False)

        with pytest.raises(Refused, match="not finished"):
            actions.do_action(action=visit.actions.get(), done_on=DAY, words="x", by=world.alice, at=NINE, today=TODAY)
        with pytest.raises(Denied):
            actions.do_action(action=visit.actions.get(), done_on=DAY, words="x", by=world.max, at=NINE, today=TODAY)

    @time_machine.travel(NINE, tick=False)
    def test_on_its_page_standard_by_standard_and_nothing_typed_is_lost(self, world, sign_in):
        placement = made_placement(world)
        asked = made_asked(placement.framework, "nothing", title="Checks on staff").standard
        visit = made_visit(world)
        url, client = reverse("write_visit", args=[visit.pk]), sign_in(world.eve)
        due = {"due_1_0": "19", "due_1_1": "10", "due_1_2": "2026"}
        typed = FORM | {f"found_{asked.pk}": "partly", "else_1": "The gate was open", "what_1": "Shut it"} | due

        assert "Not seen" in client.get(url).content.decode()
        wrong = client.post(url, FORM | {f"found_{asked.pk}": "partly", "what_1": "Shut it"}).content.decode()
        half = client.post(url, FORM | due).content.decode()
        saved = client.post(url, typed | {f"words_{asked.pk}": "One is missing"}, follow=True).content.decode()
        typed["seen"] = "1"
        again = typed | {f"words_{asked.pk}": "One is missing", "owner_1": "provider", "finish": "Finish the visit"}
        finished = client.post(url, again, follow=True).content.decode()

        assert "Write what is wanting at 9.1" in wrong
        assert "Enter by when it is done" in wrong
        assert "Shut it</textarea>" in wrong
        assert "Write what is to be done by that day" in half
        assert "Saved. You can go on later" in saved
        assert "One is missing</textarea>" in saved
        assert "The visit is finished" in finished
        assert "The gate was open" in finished
        assert "is not changed any more" in client.get(url).content.decode()
        late = client.post(url, again).content.decode()
        assert "held already" in late
        assert "The gate was open" in late

    def test_of_a_pupil_the_page_asks_in_a_sealed_text_and_shows_it_to_its_owner(self, world, sign_in):
        placement = made_placement(world)
        visit = made_visit(world, owner=world.elm_grove, placement=placement, kind="face", visitor=world.sana)
        client = sign_in(world.sana)

        client.post(reverse("write_visit", args=[visit.pk]), FORM | {"seen_text": "Met alone", "finish": "x"})
        page = client.get(reverse("visit", args=[visit.pk])).content.decode()

        assert "Met alone" in page
        assert "it is about one pupil" in page
        assert "<title>Visit" in page.replace("\n", "")
        assert "is not shared" in client.get(reverse("share_visit", args=[visit.pk])).content.decode()


class TestSharing:
    """So that thirty schools need not repeat it."""

    @time_machine.travel(NINE, tick=False)
    def test_others_with_a_pupil_there_read_it_and_it_counts_for_them_until_it_is_taken_back(self, world, sign_in):
        made_placement(world)
        made_terms_of_year(world.elm_grove)
        theirs = made_schedule(world, owner=world.elm_grove, written_by=world.sana)
        visit = made_visit(world, state="held")
        client = sign_in(world.eve)
        url = reverse("share_visit", args=[visit.pk])

        assert not seen_by(world.sana, visit)
        assert "Calm and well run" in client.get(url).content.decode()
        client.post(url, {"share": "yes"})
        assert seen_by(world.sana, visit)
        assert not any(seen_by(one, visit) for one in (world.ines, world.tariq, world.charlie))
        [stood] = queries.scheduled(queries.schedules_of(world.elm_grove, user=world.sana), TODAY)
        assert (stood.now.how, stood.now.whose) == ("held", "Larkshire Council")
        page = sign_in(world.sana).get(reverse("visits", args=[world.elm_grove.pk])).content.decode()
        assert "shared by Larkshire Council" in page
        read = sign_in(world.sana).get(reverse("visit", args=[visit.pk])).content.decode()
        assert "Calm and well run" in read
        assert "Eve" not in read.split("<main")[1]
        with pytest.raises(Refused, match="meanwhile"):
            actions.share_visit(visit=visit, share=True, by=world.eve, at=NINE)
        client.post(url, {"share": "no"})
        assert not seen_by(world.sana, visit)
        [stood] = queries.scheduled([theirs], TODAY)
        assert stood.now.how == "due"
        assert list(Event.objects.filter(action__contains="share").values_list("action", flat=True)) == [
            "monitoring.visit.shared", "monitoring.visit.unshared",
        ]  # fmt: skip
