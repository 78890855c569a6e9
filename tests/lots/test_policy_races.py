"""Two officers at once: what was published stays, and a version that is final stays."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import access
from lots.actions import policies as deciding
from lots.actions import standard_parts as parts
from lots.actions import standards
from lots.models import Framework, Policies, StandardsVersion, Theme
from lots.rules import policies as policy_rules
from lots.rules import standards as standard_rules
from lots.rules.policy_list import TOPIC
from lots.rules.refusals import Refused
from lots.states import FrameworkState
from tests.cast import make_world
from tests.frameworks import make_framework
from tests.patience import without_lock
from tests.standards import own

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


@pytest.fixture
def world(transactional_db):
    return make_world()


def then(monkeypatch, module, name, second) -> list[Exception | None]:
    """Run `second` in another connection when the first action has checked the rule and not written yet. With the lock
    it waits for the first to end; without it comes in between. What it raised, once both are over."""
    raised, original, threads = [None], getattr(module, name), []

    def run():
        try:
            second()
        except (Refused, access.Denied) as error:
            raised[0] = error
        finally:
            connection.close()

    def checked(*arguments, **words):
        found = original(*arguments, **words)
        if not threads:
            threads.append(threading.Thread(target=run))
            threads[0].start()
            threads[0].join(1)
        return found

    monkeypatch.setattr(module, name, checked)
    raised.append(threads)
    return raised


def over(raised) -> Exception | None:
    """Wait for the other side; what it raised."""
    for thread in raised[1]:
        thread.join(30)
    return raised[0]


def decide(framework, world):
    deciding.decide_policies(
        framework=framework, topic=TOPIC["low"], values={"low_percent": 40},
        reason="Close prices", clarification="", by=world.max, at=timezone.now(),
    )  # fmt: skip


def publish(framework) -> None:
    """What publication does to policies, under the framework's lock."""
    with transaction.atomic():
        Framework.objects.select_for_update(of=("self",)).get(pk=framework.pk)
        Policies.objects.filter(framework=framework).update(locked_at=timezone.now())
        Framework.objects.filter(pk=framework.pk).update(state=FrameworkState.PUBLISHED, published_at=timezone.now())


def read_by_bidders(framework, seen: list) -> None:
    """Publish, and note what bidders read from then on."""
    publish(framework)
    seen.append(Policies.objects.get(framework=framework).low_percent)


def test_without_locks_bidders_read_another_rule_than_the_one_that_holds(world, monkeypatch):
    framework, seen = make_framework(world), []
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **words: self.all())
    raised = then(monkeypatch, policy_rules, "read", lambda: read_by_bidders(framework, seen))

    decide(framework, world)

    assert over(raised) is None
    assert (seen, Policies.objects.get(framework=framework).low_percent) == ([50], 40)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_publication_waits_for_a_decision_and_the_next_decision_is_refused(world, monkeypatch, turn):
    framework, seen = make_framework(world), []
    raised = then(monkeypatch, policy_rules, "read", lambda: read_by_bidders(framework, seen))

    decide(framework, world)

    assert over(raised) is None
    assert (seen, Policies.objects.get(framework=framework).low_percent) == ([40], 40)
    with pytest.raises(Refused, match="locked"):
        decide(framework, world)


def fix(version, world):
    standards.fix_version(version=version, note="", by=world.max, at=timezone.now())


def add_part(version, world):
    parts.save_theme(version=version, theme=None, number="9", title="Late", by=world.max, at=timezone.now())


def test_without_the_lock_a_final_version_gets_an_empty_part(world, monkeypatch):
    version = own(world)
    without_lock(monkeypatch, StandardsVersion)
    raised = then(monkeypatch, standard_rules, "check_can_fix", lambda: add_part(version, world))

    fix(version, world)

    assert over(raised) is None
    assert Theme.objects.filter(version=version, number="9").exists()


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_whoever_adds_to_a_version_that_becomes_final_is_refused(world, monkeypatch, turn):
    version = own(world)
    raised = then(monkeypatch, standard_rules, "check_can_fix", lambda: add_part(version, world))

    fix(version, world)

    assert "final and cannot change" in str(over(raised))
    assert not Theme.objects.filter(version=version, number="9").exists()


def test_of_two_who_begin_a_version_at_once_one_is_told(world, monkeypatch):
    first = own(world, fixed=True)

    def begin():
        standards.begin_version(standard_set=first.standard_set, by=world.max, at=timezone.now())

    raised = then(monkeypatch, standard_rules, "check_can_begin", begin)
    begin()

    assert "being written already" in str(over(raised))
    assert first.standard_set.versions.count() == 2
