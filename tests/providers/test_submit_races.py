"""Two at once at the end of a round. Each race is first shown to happen without its lock, then not to with it."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from core import clock
from lots.models import Framework
from providers.actions import applications as actions
from providers.models import Application, Submission
from providers.queries.bids import own_bid
from providers.rules import draft, standing
from providers.rules.draft import Stale
from providers.rules.refusals import ChangedSince, TooLate
from providers.states import ApplicationState
from providers.steps import letters, opening, rounds
from tests.cast import make_world
from tests.patience import Patience, be_patient, found_by, without_lock
from tests.providers import bids

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AGAIN = range(3)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def application(world) -> Application:
    return bids.complete(world, bids.applied(world))


def somebody(person) -> User:
    """The same person at another browser."""
    return User.objects.get(pk=person.pk)


def no_round_lock(monkeypatch) -> None:
    """Take the round's lock away."""
    be_patient(monkeypatch)
    monkeypatch.setattr(rounds, "_take", lambda statement, framework_id: None)


class TestOneDraftSubmittedManyTimes:
    def submit_both(self, application, *keys):
        application, lead = bids.seen(application), bids.lead_of(application.provider)
        return found_by(*[lambda key=key: bids.submit(application, key=key, by=somebody(lead)) for key in keys])

    def test_without_the_lock_one_of_them_breaks(self, application, monkeypatch, meet):
        without_lock(monkeypatch, Application)
        meet(standing, "check")

        found = self.submit_both(application, "one", "two")

        assert {type(one) for one in found} == {Submission, IntegrityError}

    @pytest.mark.parametrize("keys", [["one"] * 8, list("12345678")], ids=["a double click", "eight windows"])
    def test_eight_at_once_make_one_submission_and_eight_receipts(self, application, keys):
        found = self.submit_both(application, *keys)

        assert {type(one) for one in found} == {Submission}
        assert {one.pk for one in found} == {Submission.objects.get().pk}


class TestTwoLeadsSavingOnePart:
    def save_both(self, application):
        lead = bids.lead_of(application.provider)

        def save(word):
            try:
                return actions.save_part(
                    application=application, code="conflicts", answers={"worked": word}, revision=0, by=somebody(lead)
                )
            except Stale as stale:
                return stale.theirs.answers["worked"]

        return found_by(lambda: save("yes"), lambda: save("no"))

    def test_without_the_lock_one_writes_over_the_other(self, world, monkeypatch, meet):
        without_lock(monkeypatch, Application)
        meet(draft, "changed")

        found = self.save_both(bids.applied(world))

        assert [type(one) for one in found] == [draft.Part, draft.Part]

    @pytest.mark.parametrize("turn", AGAIN)
    def test_the_second_is_told_what_the_first_saved(self, world, meet, turn):
        application = bids.applied(world)
        meet(draft, "changed")

        found = self.save_both(application)

        [told] = [one for one in found if isinstance(one, str)]
        application.refresh_from_db()
        assert own_bid(application, user=world.alice).draft["conflicts"].answers == {"worked": told}


@pytest.mark.parametrize("turn", AGAIN)
def test_what_is_submitted_is_what_was_checked_whatever_is_saved_meanwhile(world, application, meet, turn):
    barrier = threading.Barrier(2)
    meet(standing, "check", barrier)
    meet(draft, "changed", barrier)
    checked = application.revision

    submitted, saved = found_by(
        lambda: bids.submit(application, revision=checked, by=somebody(world.alice)),
        lambda: actions.save_part(
            application=application, code="connected", answers={"nobody": "yes"}, revision=1, by=somebody(world.alice)
        ),
    )

    application.refresh_from_db()
    assert saved.revision == 2
    assert own_bid(application, user=world.alice).draft["connected"].answers == {"nobody": "yes"}
    if isinstance(submitted, ChangedSince):
        assert Submission.objects.count() == 0
    else:
        assert (submitted.revision, application.standing) == (checked, submitted)


class TestSubmittingAgainstWithdrawing:
    """One lead submits a changed draft while another withdraws."""

    def both(self, world, application, monkeypatch):
        bids.submit(application)
        bids.complete(world, application, pence=9900)
        done, move = threading.Event(), actions._move

        def slowly(row, to):
            if to == ApplicationState.WITHDRAWN:
                done.wait(Patience.seconds)
            return move(row, to)

        def submit():
            try:
                return bids.submit(application, by=somebody(world.alice))
            finally:
                done.set()

        monkeypatch.setattr(actions, "_move", slowly)
        found_by(submit, lambda: actions.withdraw(application=application, by=somebody(world.alice)))
        application.refresh_from_db()
        last = application.submissions.order_by("-number").first()
        return last, application

    def test_without_the_lock_what_was_receipted_is_lost_and_nobody_withdrew_it(self, world, application, monkeypatch):
        without_lock(monkeypatch, Application)

        last, after = self.both(world, application, monkeypatch)

        assert (last.number, last.withdrawn_at, after.standing) == (2, None, None)

    @pytest.mark.parametrize("turn", AGAIN)
    def test_the_last_submission_stands_or_was_withdrawn(self, world, application, monkeypatch, turn):
        last, after = self.both(world, application, monkeypatch)

        assert last.number == 2
        assert (after.standing == last) != (last.withdrawn_at is not None)


class TestSubmittingAgainstAnExtension:
    """The deadline passes while its extension is being saved: whoever submits waits for it, and is in time."""

    def both(self, world, application):
        framework, begun, done = application.framework, threading.Event(), threading.Event()
        passed = clock.database_now()
        Framework.objects.filter(pk=framework.pk).update(closes_at=passed)

        def extend():
            with transaction.atomic():
                rounds.alone(framework.pk)
                Framework.objects.locked(framework.pk)
                Framework.objects.filter(pk=framework.pk).update(closes_at=passed + bids.DAY)
                begun.set()
                done.wait(Patience.seconds)

        def submit():
            begun.wait(10)
            try:
                return bids.submit(application, by=somebody(world.alice))
            finally:
                done.set()

        return found_by(extend, submit)[1]

    def test_without_the_lock_somebody_in_time_is_refused(self, world, application, monkeypatch):
        no_round_lock(monkeypatch)

        assert isinstance(self.both(world, application), TooLate)

    def test_whoever_waited_for_the_extension_is_in_time(self, world, application):
        assert isinstance(self.both(world, application), Submission)


class TestSubmittingAgainstTheOpening:
    """What was accepted before the opening is in it; nothing is accepted after."""

    def clocks(self, application, monkeypatch) -> threading.local:
        """The bidder's request read the clock at the deadline, the opening's a second after."""
        closes_at, mine = application.framework.closes_at, threading.local()
        later = closes_at + dt.timedelta(seconds=1)
        monkeypatch.setattr(clock, "database_now", lambda: closes_at if hasattr(mine, "bids") else later)
        return mine

    def open_it(self, world, application):
        with transaction.atomic():
            return opening.open_round(framework=application.framework, by=somebody(world.max))

    def opening_first(self, world, application, monkeypatch):
        """The bidder had read the clock and got no further; the round is opened meanwhile."""
        mine, begun, done = self.clocks(application, monkeypatch), threading.Event(), threading.Event()
        shared, read = rounds.shared, opening._read

        def waits(framework_id):
            begun.wait(10)
            return shared(framework_id)

        def slowly(*words):
            begun.set()
            done.wait(Patience.seconds)
            return read(*words)

        def submit():
            mine.bids = True
            try:
                return bids.submit(application, by=somebody(world.alice))
            finally:
                done.set()

        monkeypatch.setattr(rounds, "shared", waits)
        monkeypatch.setattr(opening, "_read", slowly)
        return found_by(submit, lambda: self.open_it(world, application))

    def submission_first(self, world, application, monkeypatch):
        """The submission is written and not saved yet when somebody opens the round."""
        mine, begun, done = self.clocks(application, monkeypatch), threading.Event(), threading.Event()
        tell = letters.tell_submitted

        def slowly(**words):
            tell(**words)
            begun.set()
            done.wait(Patience.seconds)

        def submit():
            mine.bids = True
            return bids.submit(application, by=somebody(world.alice))

        def open_it():
            begun.wait(10)
            try:
                return self.open_it(world, application)
            finally:
                done.set()

        monkeypatch.setattr(letters, "tell_submitted", slowly)
        return found_by(submit, open_it)

    def test_without_the_lock_a_submission_is_accepted_after_the_opening(self, world, application, monkeypatch):
        no_round_lock(monkeypatch)

        submitted, opened = self.opening_first(world, application, monkeypatch)

        assert isinstance(submitted, Submission)
        assert opened.hashes == {}

    def test_after_the_opening_nothing_is_accepted(self, world, application, monkeypatch):
        submitted, opened = self.opening_first(world, application, monkeypatch)

        assert isinstance(submitted, TooLate)
        assert (opened.hashes, Submission.objects.count()) == ({}, 0)

    def test_without_the_lock_what_was_accepted_is_not_opened(self, world, application, monkeypatch):
        no_round_lock(monkeypatch)

        submitted, opened = self.submission_first(world, application, monkeypatch)

        assert isinstance(submitted, Submission)
        assert opened.hashes == {}

    def test_the_opening_waits_for_what_was_accepted(self, world, application, monkeypatch):
        submitted, opened = self.submission_first(world, application, monkeypatch)

        assert opened.hashes == {submitted.pk: submitted.sha256}


class TestManyBeginAtOnce:
    def begin(self, framework, provider, who):
        return found_by(
            *[lambda: actions.start(framework=framework, provider=provider, by=somebody(who)) for _ in range(4)]
        )

    def test_one_provider_begins_once(self, world):
        framework = bids.open_framework(world)

        found = self.begin(framework, world.ash_house, world.alice)

        assert {one.pk for one in found} == {Application.objects.get().pk}


def test_bidders_do_not_wait_for_each_other(world, application):
    """Somebody's submission hangs in the middle; another bidder's goes through all the same."""
    other = bids.complete(world, bids.applied(world, application.framework, world.birch_farm))
    hangs, done = threading.Event(), threading.Event()

    def hang():
        with transaction.atomic():
            rounds.shared(application.framework_id)
            Application.objects.locked(application.pk)
            hangs.set()
            return done.wait(10)

    def submit():
        hangs.wait(10)
        try:
            return bids.submit(other, by=somebody(world.charlie))
        finally:
            done.set()

    in_time, submitted = found_by(hang, submit)

    assert (in_time, submitted.application) == (True, other)
