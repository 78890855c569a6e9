"""A framework is checked, published and withdrawn. What was published stays; two officers at once publish once."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from accounts.states import Role
from audit.models import Event
from core import access
from lots.actions import lots as lot_actions
from lots.actions import price_lines as line_actions
from lots.actions import publication, setup
from lots.actions import timetable as date_actions
from lots.models import Decision, Framework, Standard
from lots.queries.setup import timetable_of
from lots.rules import readiness
from lots.rules.outline import LotDraft
from lots.rules.price_lines import USUAL
from lots.rules.refusals import Refused
from lots.states import FrameworkState
from tests.cast import make_person, make_world
from tests.frameworks import AT, make_framework, make_ready
from tests.patience import together, without_lock

LATER = AT + dt.timedelta(days=1)


def publish(world, framework, **words):
    return publication.publish_framework(framework=framework, **{"by": world.max, "at": LATER, **words})


def test_max_checks_reads_what_is_missing_and_publishes(world, sign_in):
    framework, client = make_ready(world, description=""), sign_in(world.max)

    page = client.get(reverse("check_framework", args=[framework.pk])).content.decode()
    assert "What is missing (1)" in page
    assert "Say what the framework is for" in page
    assert client.get(reverse("publish_framework", args=[framework.pk]))["Location"] == reverse(
        "check_framework", args=[framework.pk]
    )
    refused = client.post(reverse("publish_framework", args=[framework.pk]), {"sure": "on"}).content.decode()
    assert "This framework cannot be published yet. Say what the framework is for" in refused

    Framework.objects.filter(pk=framework.pk).update(description="For children")
    assert (
        "Nothing: the framework can be published."
        in client.get(reverse("check_framework", args=[framework.pk])).content.decode()
    )
    unsure = client.post(reverse("publish_framework", args=[framework.pk]), {}).content.decode()
    assert "Tick the box" in unsure
    answer = client.post(reverse("publish_framework", args=[framework.pk]), {"sure": "on"})

    framework.refresh_from_db()
    assert (framework.state, framework.published_by) == (FrameworkState.PUBLISHED, world.max)
    assert framework.policies.locked_at == framework.published_at
    assert "What can still be changed" in client.get(answer["Location"]).content.decode()
    assert Client().get(reverse("framework", args=[framework.pk])).status_code == 200
    assert Event.objects.get(action="lots.framework.published").about_id == framework.pk


def test_the_standards_are_copied_and_stay(world):
    framework = make_ready(world)
    publish(world, framework)

    Standard.objects.filter(theme__version=framework.standards_chosen).update(title="Something else")

    framework.refresh_from_db()
    frozen = Standard.objects.filter(theme__version=framework.standards)
    assert [standard.title for standard in frozen] == ["Everybody is safe"]


@pytest.mark.parametrize("who", ["ada", "olu", "tariq", "alice", "fay"])
def test_nobody_else_publishes_or_withdraws(world, who):
    framework = make_ready(world)

    with pytest.raises(access.Denied):
        publish(world, framework, by=getattr(world, who))
    with pytest.raises(access.Denied):
        publication.withdraw_framework(framework=framework, reason="No", by=getattr(world, who), at=LATER)


def test_whoever_lost_the_role_meanwhile_publishes_nothing(world):
    framework = make_ready(world)
    access.require(lambda user: True, world.max)
    Membership.objects.filter(user=world.max).update(ended_at=LATER, person_name="")

    with pytest.raises(access.Denied):
        publish(world, framework)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("published", "already been published"),
        ("running", "“running”, so this is no longer possible"),
        ("ended", "“ended”, so this is no longer possible"),
        ("withdrawn", "“withdrawn”, so this is no longer possible"),
    ],
)
def test_a_framework_is_published_once(world, state, words):
    framework = make_ready(world)
    Framework.objects.filter(pk=framework.pk).update(state=state, published_at=AT, awarded_at=AT, ended_at=AT)

    with pytest.raises(Refused, match=words):
        publish(world, framework)


def test_a_policy_that_decides_who_wins_is_decided_first(world):
    framework = make_ready(world, ocid="ocds-h6vhtk-001")

    with pytest.raises(Refused, match="it decides who gets a place"):
        publish(world, framework)


def test_a_next_opening_follows_one_that_runs(world):
    before = make_framework(world, published=True)
    framework = make_ready(world, previous=before, generation=2)

    with pytest.raises(Refused, match="The opening before this one is not running"):
        publish(world, framework)
    Framework.objects.filter(pk=before.pk).update(state="running", awarded_at=AT)
    publish(world, framework)

    framework.refresh_from_db()
    assert framework.state == FrameworkState.PUBLISHED


def everything_that_changes(world, framework) -> dict:
    """Every action that changes what providers rely on."""
    lot = framework.lots.get(number="1")
    line, who = lot.price_lines.get(), {"by": world.max, "at": LATER}
    return {
        "describe": lambda: setup.describe_framework(framework=framework, changes={"title": "New"}, **who),
        "users": lambda: setup.set_users(framework=framework, call_off="buyer", schools_of_area="", named=[], **who),
        "add lots": lambda: lot_actions.add_lots(framework=framework, lots=[LotDraft("9", "New")], **who),
        "change lot": lambda: lot_actions.change_lot(lot=lot, changed=LotDraft("1", "New"), **who),
        "move lot": lambda: lot_actions.move_lot(lot=lot, up=False, **who),
        "remove lot": lambda: lot_actions.remove_lot(lot=lot, **who),
        "add line": lambda: line_actions.add_price_line(lot=lot, line=USUAL["day"], **who),
        "add lines": lambda: line_actions.add_price_lines(
            framework=framework, lots=[lot.pk], lines=[USUAL["day"]], **who
        ),
        "first lines": lambda: line_actions.add_first_price_lines(framework=framework, **who),
        "copy lines": lambda: line_actions.copy_price_lines(lot=lot, lots=[framework.lots.get(number="2").pk], **who),
        "change line": lambda: line_actions.change_price_line(line=line, changed=USUAL["day"], **who),
        "remove line": lambda: line_actions.remove_price_line(line=line, **who),
        "timetable": lambda: date_actions.set_timetable(
            framework=framework, dates=timetable_of(framework), reason="", **who
        ),
    }


@pytest.mark.parametrize("state", ["published", "running", "ended", "withdrawn"])
def test_what_was_published_is_changed_by_no_action(world, state):
    framework = make_framework(world)
    acts = everything_that_changes(world, framework)
    Framework.objects.filter(pk=framework.pk).update(state=state, published_at=AT, awarded_at=AT, ended_at=AT)

    refused = {}
    for name, act in acts.items():
        with pytest.raises(Refused) as refusal:
            act()
        refused[name] = "published" in str(refusal.value) or "withdrawn" in str(refusal.value)

    assert set(refused.values()) == {True}
    assert Event.objects.filter(action__startswith="lots.").count() == 0


PAGES = ["about_framework", "framework_users", "framework_lots", "add_lot", "add_lots", "price_lines"]
PAGES += ["add_price_lines", "framework_timetable", "check_framework", "publish_framework"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_say_why_they_are_shut(world, sign_in, name):
    framework = make_framework(world, published=True)

    page = sign_in(world.max).get(reverse(name, args=[framework.pk])).content.decode()

    assert "This can no longer be changed" in page
    assert "providers rely on what they read" in page


def test_what_is_sent_to_a_page_that_was_shut_meanwhile_is_refused_in_the_same_words(world, sign_in):
    framework = make_framework(world, published=True)

    page = sign_in(world.max).post(
        reverse("add_lot", args=[framework.pk]), {"number": "9", "title": "Typed for nothing", "bids": "bid"}
    ).content.decode()  # fmt: skip

    assert "providers rely on what they read" in page
    assert "Typed for nothing" in page
    assert framework.lots.count() == 3


def test_a_draft_that_is_withdrawn_disappears_and_its_notice_is_free_again(world, sign_in):
    before = make_framework(world, running=True)
    framework = make_framework(world, ocid="ocds-h6vhtk-001", previous=before)

    answer = sign_in(world.max).post(reverse("withdraw_framework", args=[framework.pk]))

    assert answer["Location"] == reverse("organisation_frameworks", args=[world.larkshire.pk])
    framework.refresh_from_db()
    assert (framework.state, framework.ocid, framework.previous) == (FrameworkState.WITHDRAWN, "", None)
    assert sign_in(world.max).get(reverse("setup_framework", args=[framework.pk])).status_code == 404
    make_framework(world, ocid="ocds-h6vhtk-001", previous=before)


def test_a_published_framework_is_withdrawn_with_a_reason_that_everybody_reads(world, sign_in):
    framework, client = make_framework(world, published=True), sign_in(world.max)
    address = reverse("withdraw_framework", args=[framework.pk])

    assert "Say why the framework is withdrawn" in client.post(address, {"reason": " "}).content.decode()
    answer = client.post(address, {"reason": "The budget was cut"})

    framework.refresh_from_db()
    assert (framework.state, framework.withdrawn_at is not None) == (FrameworkState.WITHDRAWN, True)
    decision = Decision.objects.get(framework=framework)
    assert (decision.about, decision.clarification) == ("withdrawn", "The budget was cut")
    assert "Nothing in it can be changed" in client.get(answer["Location"]).content.decode()
    again = client.post(address, {"reason": "Twice"}).content.decode()
    assert "This framework has already been withdrawn" in again
    with pytest.raises(Refused, match="Say why"):
        publication.withdraw_framework(
            framework=make_framework(world, published=True), reason="", by=world.max, at=LATER
        )


def test_what_runs_is_not_withdrawn(world):
    framework = make_framework(world, running=True)

    with pytest.raises(Refused, match="“running”, so this is no longer possible"):
        publication.withdraw_framework(framework=framework, reason="Why not", by=world.max, at=LATER)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestTwoOfficersAtOnce:
    """Each race is first shown to happen when the lock is taken away."""

    def two(self):
        world = make_world()
        colleague = make_person("mia")
        Membership.objects.create(
            user=colleague, organisation=world.larkshire, role=Role.PROCUREMENT, given_at=AT, person_name="Mia"
        )
        return world, make_ready(world), colleague

    def publish_twice(self):
        world, framework, colleague = self.two()
        return framework, together(
            *[
                lambda who=who: publish(world, framework, by=User.objects.get(pk=who.pk))
                for who in (world.max, colleague)
            ]
        )

    def test_without_the_lock_both_publish(self, monkeypatch, meet):
        without_lock(monkeypatch, Framework)
        monkeypatch.setattr("lots.steps.standards.copy_standards", lambda **words: None)
        meet(readiness, "check")

        _, raised = self.publish_twice()

        assert raised == [None, None]
        assert Event.objects.filter(action="lots.framework.published").count() == 2

    @pytest.mark.parametrize("turn", range(3))
    def test_two_officers_publish_once(self, meet, turn):
        meet(readiness, "check")

        framework, raised = self.publish_twice()

        assert sorted(str(error) for error in raised if error) == ["This framework has already been published"]
        assert Event.objects.filter(action="lots.framework.published").count() == 1
        assert Framework.objects.get(pk=framework.pk).standards.themes.count() == 1

    def publish_against_a_change(self, meet):
        """One officer publishes while a colleague moves the deadline, which providers would rely on."""
        world, framework, colleague = self.two()
        barrier = threading.Barrier(2)
        meet(readiness, "check", barrier)
        meet(date_actions.timetable, "too_long", barrier)
        dates = timetable_of(framework)
        later = type(dates)(**{**dates.__dict__, "closes_at": dates.closes_at + dt.timedelta(days=7)})
        raised = together(
            lambda: publish(world, framework),
            lambda: date_actions.set_timetable(
                framework=framework, dates=later, reason="", by=User.objects.get(pk=colleague.pk), at=LATER
            ),
        )
        return raised, [event.action for event in Event.objects.order_by("id") if "lots.framework" in event.action]

    def test_a_deadline_never_moves_after_publication(self, meet):
        raised, order = self.publish_against_a_change(meet)

        set_first = ["lots.framework.timetable_set", "lots.framework.published"]
        assert order == (["lots.framework.published"] if raised[1] else set_first)
        assert raised[0] is None

    def test_without_the_lock_the_deadline_moves_under_what_is_published(self, monkeypatch, meet):
        without_lock(monkeypatch, Framework)

        raised, order = self.publish_against_a_change(meet)

        assert raised == [None, None]
        assert sorted(order) == ["lots.framework.published", "lots.framework.timetable_set"]
