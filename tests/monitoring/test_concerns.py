"""Concerns: who sees and is told of which, from the first question to the day on which the words are gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Membership, Organisation
from accounts.states import Role
from audit.models import Event
from core.access import Denied, System
from lots.rules.refusals import Refused
from monitoring import tasks
from monitoring.actions import concerns as actions
from monitoring.models import Concern, FrontDoor
from monitoring.permissions import concerns as permissions
from monitoring.queries import concerns as queries
from outbox.models import Message
from tests.accounts.mail import body
from tests.monitoring.made import DAY, NINE, made_concern, made_member
from tests.monitoring.worries import GIDEON, HEARD, everybody, fresh, raised, said
from tests.referrals.placed import made_placement

HOUR, ONE_DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
CHILD_TOLD = {"dina", "lena", "sana", "tom", "otto"}
# What a concern is about, besides its kind: who is told of it. Bob raised it, and has his receipt.
SEEN = [
    ("child", None, CHILD_TOLD),
    ("child", "dina", CHILD_TOLD - {"dina"}),
    ("child", "tom", CHILD_TOLD - {"tom"}),
    ("child", "sana", CHILD_TOLD - {"sana"}),
    ("adult", None, {"hugo", "sana", "tom"}),
    ("adult", "hugo", {"sana", "tom"}),
    ("adult", "sana", {"hugo", "tom"}),
    ("adult", "tom", {"hugo", "sana"}),
]


def letters():
    return Message.objects.filter(key__startswith="concern:")


@pytest.mark.parametrize(("kind", "about", "told"), SEEN)
def test_who_sees_a_concern_is_who_is_told_and_who_raised_it(world, kind, about, told):
    people = everybody(world)
    placement = made_placement(world)
    concern = made_concern(world, placement, kind=kind, about_user=about and people[about])
    asked = {name: fresh(one) for name, one in people.items()}

    seen = {name for name, one in asked.items() if Concern.objects.visible_to(one).exists()}
    may = {name for name, one in asked.items() if permissions.can_see(one, concern)}
    read = {name for name, one in asked.items() if permissions.can_read_detail(one, concern)}
    reached = queries.told(queries.parties_of(concern))

    assert seen == may == read == told | {"bob"}
    assert {one.name.lower() for one in reached} == told
    assert {one.name.lower() for one in reached if one.receives} == told - {"dina"}
    assert {name for name, one in asked.items() if permissions.can_go_on(one, concern)} == told - {"dina"}


def test_of_one_without_a_pupil_a_council_that_commissions_sees_its_heads_and_nobody_else(world):
    people = everybody(world)
    concern = made_concern(world, kind="adult", commissioner=world.larkshire)

    seen = {name for name, one in people.items() if Concern.objects.visible_to(fresh(one)).exists()}

    assert seen == {"bob", "eve", "tom"}
    assert {one.name.lower() for one in queries.told(queries.parties_of(concern))} == {"eve", "tom"}


def test_what_was_handed_over_its_author_does_not_read_any_more_and_what_was_removed_nobody_does(world):
    placement = made_placement(world)
    handed = made_concern(world, placement, state="handed")
    removed = made_concern(world, placement, state="closed", removed_at=NINE)

    assert [permissions.can_read_detail(one, handed) for one in (world.bob, world.tom)] == [False, True]
    assert [permissions.can_read_detail(one, removed) for one in (world.bob, world.tom)] == [False, False]
    assert [permissions.can_take_paper(world.tom, one) for one in (handed, removed)] == [True, False]
    assert not permissions.can_take_paper(world.tom, made_concern(world, placement))
    with pytest.raises(IntegrityError), transaction.atomic():
        made_concern(world, placement, removed_at=NINE)


def test_whoever_raised_it_does_not_receive_it_themselves(world):
    concern = made_concern(world, made_placement(world), raised_by=world.tom, raised_for=world.larkshire)

    assert not permissions.can_go_on(world.tom, concern)
    with pytest.raises(Denied):
        actions.receive_concern(concern=concern, by=world.tom, at=NINE)


def test_raising_tells_who_must_know_once_and_says_nothing_of_it(world):
    everybody(world)
    placement = made_placement(world)
    sent = said(world, placement)

    for _ in range(2):
        concern = actions.raise_concern(organisation=world.ash_house, said=sent, by=world.bob, at=NINE, today=DAY)

    assert {one.to.partition("@")[0] for one in letters()} == CHILD_TOLD
    assert {(one.subject, one.queue, one.mode, one.discreet, one.organisation_id) for one in letters()} == {
        ("A safeguarding concern waits for you", "alarms", "send_first", True, None)
    }
    assert all(str(concern.key) in body(one) and "Ash House" not in body(one) for one in letters())
    assert (Concern.objects.count(), concern.acknowledge_by) == (1, NINE + 4 * HOUR)
    assert queries.text_of(concern, "detail") == sent.detail
    assert b"saxophone" not in bytes(concern.detail)
    event = Event.objects.get(action="monitoring.concern.raised")
    assert (event.organisation_id, event.data) == (world.elm_grove.pk, {"told": 5})
    actions.raise_concern(
        organisation=world.ash_house, said=replace(sent, detail="More of it"), by=world.bob, at=NINE, today=DAY
    )
    assert Concern.objects.count() == 2


def test_of_an_adult_nobody_of_the_provider_is_told_and_nothing_stands_in_its_record(world):
    everybody(world)
    concern = raised(world, made_placement(world), kind="adult")

    assert {one.to.partition("@")[0] for one in letters()} == {"hugo", "sana", "tom"}
    assert Event.objects.get(action="monitoring.concern.raised").organisation_id == world.larkshire.pk
    assert queries.text_of(concern, "about") == GIDEON


def test_about_the_head_herself_the_head_is_skipped(world):
    concern = raised(world, made_placement(world), kind="adult", about_user=world.sana.pk)

    assert {one.to for one in letters()} == {world.tom.email}
    assert not Concern.objects.visible_to(world.sana).exists()
    assert concern.about_user == world.sana


def test_where_nobody_is_left_it_is_not_sent_but_said_whom_to_ring(world):
    placement = made_placement(world)
    Membership.objects.filter(user__in=[world.sana, world.tom]).update(ended_at=NINE, person_name="")
    dina = made_member(world, "dina", world.ash_house, Role.PROVIDER_DSL)
    assert permissions.is_told(dina, made_concern(world, placement))

    for fields in ({"kind": "child"}, {"kind": "adult"}, {"kind": "adult", "authority": None}):
        with pytest.raises(Refused, match="Ring the council"):
            raised(world, placement, **fields)

    assert not letters().exists()
    other = made_member(world, "ruth", world.larkshire, Role.SAFEGUARDING)
    raised(world, placement, kind="adult")
    assert letters().get().to == other.email


def test_nobody_raises_one_with_what_they_could_not_choose(world):
    placement = made_placement(world)
    refusals = [
        ({"by": world.charlie, "organisation": world.birch_farm, "provider": world.birch_farm}, "not with you"),
        ({"by": world.sana, "organisation": world.elm_grove, "provider": world.birch_farm}, "nothing to do"),
        ({"authority": world.mereshire}, "council has nothing"),
        ({"kind": "adult", "about_user": world.charlie.pk}, "not among those"),
    ]
    for fields, says in refusals:
        with pytest.raises(Refused, match=says):
            raised(world, placement, **fields)
    Organisation.objects.filter(pk=world.birch_farm.pk).update(is_open=True)
    other = made_placement(world, place=placement.place, pupil=placement.pupil, provider=world.birch_farm)
    with pytest.raises(Refused, match="not at this provider"):
        raised(world, other, by=world.sana, organisation=world.elm_grove)
    with pytest.raises(Denied):
        raised(world, placement, by=world.charlie)
    assert not Concern.objects.exists()


def test_a_concern_goes_on_to_a_record_outside_and_its_words_go(world):
    concern = raised(world, made_placement(world), kind="adult")
    with pytest.raises(Denied):
        actions.receive_concern(concern=concern, by=world.bob, at=NINE)
    with pytest.raises(Refused, match="meanwhile"):
        actions.close_concern(concern=concern, outcome="lado", by=world.tom, at=NINE)

    actions.receive_concern(concern=concern, by=world.tom, at=NINE + HOUR)
    with pytest.raises(Refused, match="meanwhile"):
        actions.receive_concern(concern=concern, by=world.sana, at=NINE + HOUR)
    actions.hand_over_concern(concern=concern, to="Council record", reference="SG-7", by=world.tom, at=NINE + 2 * HOUR)
    actions.close_concern(concern=concern, outcome="lado", by=world.sana, at=NINE + ONE_DAY)
    by = System(permissions.REMOVE)
    handed = NINE + 2 * HOUR
    removed = [actions.remove_detail(by=by, at=handed + n * ONE_DAY) for n in (27, 28, 29)]

    assert removed == [0, 1, 0]
    concern.refresh_from_db()
    assert (bytes(concern.detail), bytes(concern.about), concern.removed_at) == (b"", b"", handed + 28 * ONE_DAY)
    assert (concern.acknowledged_by, concern.handed_reference, concern.outcome) == (world.tom, "SG-7", "lado")
    told = Event.objects.filter(about_type="monitoring.concern")
    assert {one.organisation_id for one in told} == {world.larkshire.pk}
    assert not any(GIDEON in str(one.data) for one in Event.objects.all())


def test_what_was_not_handed_over_is_kept_however_old_it_is(world):
    concern = made_concern(world, made_placement(world), state="received")

    assert actions.remove_detail(by=System(permissions.REMOVE), at=NINE + 900 * ONE_DAY) == 0
    concern.refresh_from_db()
    assert bytes(concern.detail)


def test_what_nobody_received_in_time_goes_to_the_officers_each_day(world):
    placement = made_placement(world)
    late = made_concern(world, placement)
    made_concern(world, placement, acknowledge_by=NINE + 10 * HOUR)
    made_concern(world, placement, state="received")
    about_tom = made_concern(world, placement, kind="adult", about_user=world.tom)
    by = System(permissions.ESCALATE)

    def escalate(at, today=DAY):
        return actions.escalate_concerns(by=by, at=at, today=today)

    written = [escalate(NINE + 4 * HOUR), escalate(NINE + 5 * HOUR), escalate(NINE + 6 * HOUR)]
    again = escalate(NINE + 9 * HOUR, DAY + ONE_DAY)

    assert (written, again) == ([0, 2, 0], 2)
    letters = Message.objects.filter(key__contains=":late:").order_by("pk")
    assert [one.to for one in letters] == [world.tom.email, world.sana.email] * 2
    assert all("Nobody has received it in time" in body(one) for one in letters)
    for one in (late, about_tom):
        one.refresh_from_db()
        assert one.escalated_at == NINE + 5 * HOUR
    with pytest.raises(Denied):
        actions.escalate_concerns(by=world.tom, at=NINE, today=DAY)


def test_beat_escalates_and_removes(world):
    made_concern(world, made_placement(world))
    made_concern(world, kind="adult", state="closed")

    with time_machine.travel(NINE + 40 * ONE_DAY, tick=False):
        tasks.escalate_concerns()
        tasks.remove_detail()

    assert Message.objects.filter(key__contains=":late:").count() == 1
    assert Concern.objects.exclude(removed_at=None).count() == 1


def test_which_council_it_goes_to(world):
    placement = made_placement(world)
    of = queries.authorities_for

    assert of(world.ash_house, world.ash_house, placement, DAY) == [world.larkshire]
    assert of(world.elm_grove, world.ash_house, None, DAY) == [world.larkshire]
    assert of(world.larkshire, world.ash_house, None, DAY) == [world.larkshire]
    assert of(world.ash_house, world.ash_house, None, DAY) == [world.larkshire]
    assert of(world.birch_farm, world.birch_farm, None, DAY) == []
    Organisation.objects.filter(pk=world.elm_grove.pk).update(la_code="")
    placement = placement.__class__.objects.select_related("commissioner", "home_school").get()
    assert of(world.ash_house, world.ash_house, placement, DAY) == [world.larkshire]
    placement.framework = None
    assert of(world.ash_house, world.ash_house, placement, DAY) == [world.larkshire]


def test_the_daily_report_counts_concerns_about_children_alone(world):
    placement = made_placement(world)
    made_concern(world, placement)
    made_concern(world, placement, kind="adult")

    assert queries.number_about_children(world.ash_house, DAY) == 1


@pytest.fixture
def that_day():
    with time_machine.travel(NINE, tick=False):
        yield


@pytest.mark.usefixtures("that_day")
class TestPages:
    def answered(self, client, world, at, organisation=None, **data):
        address = reverse("raise_concern", args=[(organisation or world.ash_house).pk])
        return client.post(address, {"at": at, "key": "3f2a9b1c-5a5b-4c5d-8e5f-6a6b6c6d6e6f"} | data, follow=True)

    def test_the_first_question_is_whether_a_child_is_in_danger(self, world, sign_in):
        made_placement(world)
        FrontDoor.objects.create(authority=world.larkshire, phone="01632 960001", changed_at=NINE)
        client = sign_in(world.bob)

        first = client.get(reverse("raise_concern", args=[world.ash_house.pk])).content.decode()
        asked = self.answered(client, world, "danger").content.decode()
        ring = self.answered(client, world, "danger", danger="yes").content.decode()
        on = self.answered(client, world, "called", danger="yes", called_999="yes").content.decode()

        for page in (first, ring):
            assert "999" in page
            assert "01632 960001" in page
            assert "not watched round the clock" in page
        assert "Choose whether a child is in danger now" in asked
        assert "Ring 999 first" in ring
        assert "Whom are you worried about?" in on
        assert "Quillsworth" not in first + asked + ring + on

    def test_about_a_child_from_the_first_word_to_the_receipt(self, world, sign_in):
        everybody(world)
        placement = made_placement(world)
        client = sign_in(world.bob)
        so_far = {"danger": "no", "kind": "child"}
        words = so_far | {"placement": str(placement.pk), "detail": "A bruise <b>again</b>"}

        form = self.answered(client, world, "kind", **so_far).content.decode()
        empty = self.answered(client, world, "words", **so_far).content.decode()
        check = self.answered(client, world, "words", **words).content.decode()
        changed = self.answered(client, world, "kind", **words).content.decode()
        receipt = self.answered(client, world, "check", **words)

        assert "Quillsworth, Quillon" in form or "Quillon Zephyrine Quillsworth" in form
        assert "Write what you saw or heard" in empty
        assert "Provider safeguarding lead, Ash House" in check
        assert "Designated safeguarding lead, Elm Grove School (2 people)" in check
        assert "Quillon Zephyrine Quillsworth" in check
        assert "Safeguarding officer, Larkshire Council" in check
        assert "A bruise &lt;b&gt;again" in changed
        text = receipt.content.decode()
        concern = Concern.objects.get()
        assert receipt.redirect_chain[-1][0] == reverse("concern", args=[concern.key])
        assert "Not yet. To be received by 5 October 2026 at 1pm" in text or "To be received by" in text
        assert "I have received this" not in text
        assert not concern.called_999
        lists = Event.objects.filter(action="monitoring.pupils.listed", by=world.bob)
        assert {(one.organisation_id, str(one.data)) for one in lists} == {(world.ash_house.pk, "{'pupils': 1}")}

    def test_about_an_adult_the_head_is_named_and_skipped(self, world, sign_in):
        everybody(world)
        made_placement(world)
        client = sign_in(world.senta)
        said = {"danger": "yes", "called_999": "yes", "kind": "adult", "placement": "none"}
        said |= {"about": GIDEON, "detail": HEARD}

        def step(at, **more):
            return self.answered(client, world, at, organisation=world.elm_grove, **(said | more)).content.decode()

        check, unsaid = step("words"), step("check")
        step("check", about_user=str(world.hugo.pk))

        assert "Nobody of Ash House is told" in check
        assert "Hugo, School lead at Elm Grove School" in check
        assert "Dina" not in check
        assert "Choose whether it is about one of these people" in unsaid
        concern = Concern.objects.get()
        assert (concern.about_user, concern.commissioner, concern.called_999) == (world.hugo, world.elm_grove, True)
        assert world.hugo.email not in {one.to for one in Message.objects.all()}

    def test_a_council_is_asked_for_where_there_are_several(self, world, sign_in, monkeypatch):
        both = [world.larkshire, world.mereshire]
        monkeypatch.setattr(queries, "authorities_for", lambda *args: both)
        made_placement(world)
        client = sign_in(world.bob)
        said = {"danger": "no", "kind": "child", "placement": "none", "detail": "Somebody new came hungry"}

        asked = self.answered(client, world, "words", **said).content.decode()
        check = self.answered(client, world, "council", authority=str(world.larkshire.pk), **said).content.decode()
        self.answered(client, world, "check", authority=str(world.larkshire.pk), **said)

        assert "Which council is it for?" in asked
        assert "Check before you send" in check
        assert Concern.objects.get().authority == world.larkshire

    def test_where_nobody_can_be_told_nothing_typed_is_lost(self, world, sign_in):
        client = sign_in(world.charlie)
        said = {"danger": "no", "kind": "child", "detail": "He came hungry again"}

        page = self.answered(client, world, "check", organisation=world.birch_farm, **said).content.decode()

        assert "There is a problem" in page
        assert "Nobody who may receive this has an account here" in page
        assert "He came hungry again" in page

    def test_the_officer_receives_hands_over_and_closes(self, world, sign_in):
        concern = made_concern(world, made_placement(world))
        client = sign_in(world.tom)

        def post(name, **data):
            return client.post(reverse(name, args=[concern.key]), data, follow=True).content.decode()

        before = client.get(reverse("concern", args=[concern.key])).content.decode()
        received, again = post("receive_concern"), post("receive_concern")
        paper = client.get(reverse("concern_paper", args=[concern.key]))
        missing = post("hand_over_concern", to="School record")
        handed = post("hand_over_concern", to="School record", reference="SG-9")
        too_late = post("hand_over_concern", to="School record", reference="SG-9")
        closed = post("close_concern", outcome="early_help")

        assert "saxophone phobia" in before
        assert "I have received this" in before
        assert "Hand it over" in received
        assert "Somebody has gone on with this concern meanwhile" in again
        assert paper["Content-Disposition"] == f'attachment; filename="C-{concern.key.hex[:8].upper()}.pdf"'
        assert paper.content.startswith(b"%PDF")
        assert "Enter the number that it has there" in missing
        assert "SG-9" in handed
        assert "There is a problem" in too_late
        assert "Early help" in closed
        for name in ("hand_over_concern", "close_concern"):
            assert client.get(reverse(name, args=[concern.key])).status_code == 302
        reads = Event.objects.filter(action="monitoring.concern.read", by=world.tom)
        assert {one.data["page"] for one in reads} >= {"concern", "concern_paper"}
        bobs = sign_in(world.bob).get(reverse("concern", args=[concern.key])).content.decode()
        assert "This is your receipt" in bobs
        assert "saxophone" not in bobs
        assert "SG-9" not in bobs

    def test_the_list_says_how_each_stands_and_names_nobody(self, world, sign_in):
        placement = made_placement(world)
        client, address = sign_in(world.sana), reverse("concerns", args=[world.elm_grove.pk])
        for state in ("raised", "received", "closed"):
            made_concern(world, placement, state=state)

        page = client.get(address).content.decode()

        assert "Waits to be received" in page
        assert "Quillsworth" not in page

    def test_the_council_says_whom_to_ring(self, world, sign_in):
        client, address = sign_in(world.ada), reverse("front_door", args=[world.larkshire.pk])
        said = {"phone": "01632 960001", "out_of_hours": "01632 960002", "page": "larkshire.example/worried"}

        wrong = client.post(address, said | {"phone": "ring us"}).content.decode()
        client.post(address, said)

        door = FrontDoor.objects.get()
        assert "Enter a telephone number, like" in wrong
        assert (door.phone, door.page, str(door)) == (
            "01632 960001",
            "https://larkshire.example/worried",
            f"Front door of {world.larkshire.pk}",
        )
        assert "01632 960002" in client.get(address).content.decode()
