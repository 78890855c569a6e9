"""Two budget holders answer at once; a change meets a yes. Each race is first shown to happen without its lock, then
not to with it."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Membership, User
from accounts.states import Role
from audit.models import Event
from lots.rules.refusals import Refused
from providers.rules.seen import fingerprint
from referrals.actions import approval as actions
from referrals.actions import referrals as writing
from referrals.models import Approval, Referral
from referrals.queries import referrals as queries
from referrals.queries import sealed
from referrals.rules import approval as rules
from referrals.states import ReferralState
from tests.cast import make_world
from tests.patience import found_by, without_lock
from tests.referrals.made import AT, made_approval, made_referral

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = range(5)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def asked(world) -> Approval:
    for name in ("nora", "charlie"):
        person = world.people[name]
        Membership.objects.create(
            user=person,
            organisation=world.elm_grove,
            role=Role.SCHOOL_FINANCE,
            person_name=person.name,
            given_at=AT,
        )
    referral = made_referral(world, state=ReferralState.APPROVAL, budget_pence=900_000, checked_at=AT)
    return made_approval(world, referral)


def fresh(user) -> User:
    """As a request reads them: two threads share no object."""
    return User.objects.get(pk=user.pk)


def answer_both(world, asked) -> list:
    def answer(who, yes):
        return actions.answer_approval(
            approval=asked,
            yes=yes,
            up_to_pence=900_000,
            answer="" if yes else "Too much",
            by=fresh(who),
            at=AT,
        ).approved

    return found_by(lambda: answer(world.nora, True), lambda: answer(world.charlie, False))


class TestTwoHolders:
    def test_without_the_lock_both_answer_or_one_breaks(self, world, asked, monkeypatch, meet):
        without_lock(monkeypatch, Referral, Approval)
        meet(rules, "check_open")

        assert not any(isinstance(one, Refused) for one in answer_both(world, asked))

    @pytest.mark.parametrize("turn", ROUNDS)
    def test_one_answers_and_the_other_is_told(self, world, asked, meet, turn):
        meet(rules, "check_open")

        found = answer_both(world, asked)

        assert sorted(isinstance(one, Refused) for one in found) == [False, True]
        [yes] = [one for one in found if not isinstance(one, Refused)]
        referral = Referral.objects.get()
        assert referral.state == (ReferralState.READY if yes else ReferralState.DRAFT)
        assert referral.approved_pence == (900_000 if yes else None)
        assert Event.objects.filter(action__in=["referrals.approval.given", "referrals.approval.refused"]).count() == 1


class TestAChangeMeetsAYes:
    def both(self, world, asked) -> list:
        """Nora says yes while Sana makes it dearer."""
        referral = asked.referral
        now = queries.values_of(referral, sealed.content_of(referral), "provision")

        def yes():
            return actions.answer_approval(
                approval=asked, yes=True, up_to_pence=900_000, answer="", by=fresh(world.nora), at=AT
            ).approved

        def dearer():
            values = now | {"budget_pence": 2_000_000, "ends_on": dt.date(2027, 3, 1)}
            writing.save_part(
                referral=referral, part="provision", values=values, seen=fingerprint(now), by=fresh(world.sana), at=AT
            )
            return "changed"

        return found_by(yes, dearer)

    @pytest.mark.parametrize("turn", ROUNDS)
    def test_nothing_dearer_is_ever_ready(self, world, asked, turn):
        found = self.both(world, asked)

        referral = Referral.objects.get()
        assert "changed" in found
        assert (referral.state, referral.approved_pence) == (ReferralState.DRAFT, None)
        assert Approval.objects.get().answered_at is not None
