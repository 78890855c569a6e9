"""A budget holder is asked and answers, and never learns who the pupil is."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import approval as actions
from referrals.models import Approval, Referral
from referrals.models.own import HOLDS_BUDGET
from referrals.permissions import referrals as permissions
from referrals.queries import approvals as queries
from referrals.states import ReferralState
from referrals.steps import approval as steps
from tests.referrals.made import AT, CANARIES, made_approval, made_referral

NEED_WORDS = (*CANARIES, "small group", "Vocational")


def give(world, name: str, role: Role, organisation) -> Membership:
    person = world.people[name]
    return Membership.objects.create(
        user=person, organisation=organisation, role=role, person_name=person.name, given_at=AT
    )


def answer(approval, by, *, yes=True, up_to=900_000, why=""):
    return actions.answer_approval(approval=approval, yes=yes, up_to_pence=up_to, answer=why, by=by, at=AT)


@pytest.fixture
def waiting(world) -> Approval:
    """Sana has asked for 9,000 pounds; Nora is in the school's finance office."""
    give(world, "nora", Role.SCHOOL_FINANCE, world.elm_grove)
    referral = made_referral(world, state=ReferralState.APPROVAL, budget_pence=900_000, checked_at=AT)
    return made_approval(world, referral)


class TestAsking:
    def ask(self, referral, by, pence=900_000):
        with transaction.atomic():
            return steps.ask(referral=referral, pence=pence, why="The cost of an offer", by=by, at=AT)

    def test_holders_are_told_by_a_letter_without_names_and_the_asker_is_not(self, world):
        give(world, "nora", Role.SCHOOL_FINANCE, world.elm_grove)
        give(world, "max", Role.BUDGET, world.larkshire)

        asked = self.ask(made_referral(world), world.sana)

        [letter] = Message.objects.all()
        assert letter.to == world.nora.email
        assert reverse("approval", args=[asked.pk]) in letter.body
        assert [word for word in NEED_WORDS if word in f"{letter.subject}{letter.body}{letter.key}"] == []
        assert Event.objects.get(action="referrals.approval.asked").data == {"referral": asked.referral_id}

    def test_asked_anew_the_question_before_is_taken_back(self, world):
        referral = made_referral(world)
        before = self.ask(referral, world.sana)

        after = self.ask(referral, world.sana, pence=950_000)

        before.refresh_from_db()
        assert (before.approved, before.answered_by, before.answer) == (False, None, "Asked anew")
        assert queries.open_of(referral) == after
        assert queries.of_referral(referral) == [after, before]

    def test_a_trust_s_holders_for_a_school_that_is_listed_for_them(self, world):
        assert queries.holders_of(world.elm_grove) == [world.sana]
        world.tariq.memberships.get().schools.add(world.elm_grove)

        assert queries.holders_of(world.elm_grove, but=world.sana.pk) == [world.tariq]

    def test_nothing_to_take_back_is_said(self, world):
        with transaction.atomic():
            assert not steps.close(referral=made_referral(world), why="Closed", by=world.sana, at=AT)


class TestAnswering:
    def test_a_yes_makes_it_ready_up_to_an_amount(self, world, waiting):
        answer(waiting, world.nora, up_to=950_000)

        referral = Referral.objects.get()
        assert (referral.state, referral.approved_pence) == (ReferralState.READY, 950_000)
        done = Approval.objects.get()
        assert (done.approved, done.up_to_pence, done.answered_by) == (True, 950_000, world.nora)
        letter = Message.objects.get(key=f"referrals.approval.answered:{done.pk}")
        assert letter.to == world.sana.email
        assert [word for word in NEED_WORDS if word in f"{letter.subject}{letter.body}"] == []
        with pytest.raises(Refused, match="answered this already"):
            answer(waiting, world.nora)

    def test_a_no_gives_it_back_with_the_reason(self, world, waiting):
        answer(waiting, world.nora, yes=False, up_to=900_000, why="Ask for less")

        referral, done = Referral.objects.get(), Approval.objects.get()
        assert (referral.state, referral.checked_at, referral.approved_pence) == (ReferralState.DRAFT, None, None)
        assert (done.approved, done.up_to_pence, done.answer) == (False, None, "Ask for less")
        assert Event.objects.get(action="referrals.approval.refused").data == {"referral": referral.pk}

    @pytest.mark.parametrize("yes", [True, False])
    def test_while_providers_are_asked_the_referral_stays_where_it_is(self, world, waiting, yes):
        Referral.objects.update(state=ReferralState.ENQUIRING, approved_pence=600_000)

        answer(waiting, world.nora, yes=yes, why="" if yes else "Too much")

        referral = Referral.objects.get()
        assert (referral.state, referral.approved_pence) == (ReferralState.ENQUIRING, 900_000 if yes else 600_000)

    def test_a_yes_to_less_and_a_no_without_a_reason_are_refused(self, world, waiting):
        for words in ({"up_to": 899_999}, {"yes": False}):
            with pytest.raises(Refused):
                answer(waiting, world.nora, **words)
        assert Approval.objects.get().answered_at is None

    def test_nobody_says_yes_to_what_they_asked(self, world, waiting):
        with pytest.raises(PermissionDenied):
            answer(waiting, world.sana)
        with pytest.raises(IntegrityError), transaction.atomic():
            Approval.objects.update(approved=True, up_to_pence=900_000, answered_at=AT, answered_by=world.sana)

    @pytest.mark.parametrize("who", ["tariq", "eve", "ada", "fay", "max", "alice", "olu"])
    def test_nobody_of_another_house_answers(self, world, waiting, who):
        with pytest.raises(PermissionDenied):
            answer(waiting, world.people[who])

    @pytest.mark.parametrize("role", [Role.SCHOOL_SENCO, Role.SCHOOL_DSL, Role.SCHOOL_ATTENDANCE])
    def test_only_who_holds_the_budget_answers(self, world, waiting, role):
        give(world, "charlie", role, world.elm_grove)

        assert not permissions.can_answer(world.charlie, waiting)
        assert role not in HOLDS_BUDGET

    def test_a_closed_referral_needs_no_answer(self, world, waiting):
        Referral.objects.update(state=ReferralState.CLOSED, closed_at=AT)

        with pytest.raises(Refused):
            answer(waiting, world.nora)

    def test_whoever_left_meanwhile_is_written_no_letter(self, world, waiting):
        world.sana.is_active = False
        world.sana.save()

        answer(waiting, world.nora)

        assert not Message.objects.filter(to=world.sana.email).exists()


class TestPages:
    def test_nora_sees_what_it_costs_and_not_for_whom(self, world, sign_in, waiting):
        client, address = sign_in(world.nora), reverse("approval", args=[waiting.pk])

        listed = client.get(reverse("approvals", args=[world.elm_grove.pk]))
        page = client.get(address)

        for text in ("£9,000", "To improve behaviour", "Secondary", "18 December 2026", "Sana"):
            assert text in page.text
        assert "Waits for you" in listed.text
        assert reverse("referral", args=[waiting.referral_id]) not in page.text
        assert [word for word in NEED_WORDS if word in f"{page.text}{listed.text}"] == []
        for name, args in (("referral", waiting.referral_id), ("referrals", world.elm_grove.pk)):
            assert client.get(reverse(name, args=[args])).status_code in {403, 404}

        assert "Choose yes or no" in client.post(address, {}).text
        wrong = client.post(address, {"yes": "yes", "up_to_pence": "8,999"})
        assert "not below what was asked" in wrong.text
        assert 'value="8,999"' in wrong.text
        assert client.post(address, {"yes": "no", "answer": ""}).text.count("Write why not") == 2
        assert client.post(address, {"yes": "yes", "up_to_pence": "9,500"}).url == address

        assert "Yes, up to" in client.get(address).text
        again = client.post(address, {"yes": "no", "answer": "Second thoughts"})
        assert "answered this already" in again.text
        assert "Second thoughts" in again.text

    def test_sana_sees_who_can_answer_and_answers_nothing(self, world, sign_in, waiting):
        client, address = sign_in(world.sana), reverse("approval", args=[waiting.pk])

        page = client.get(address)

        assert "Waits for one of these: Nora" in page.text
        assert "Send your answer" not in page.text
        assert client.post(address, {"yes": "yes", "up_to_pence": "9,000"}).status_code == 403
        Membership.objects.filter(user=world.nora).update(ended_at=AT, person_name="")
        assert "Nobody else holds the budget at Elm Grove School" in client.get(address).text

    def test_the_list_is_narrowed_and_costs_the_same_with_more(
        self, world, sign_in, waiting, django_assert_max_num_queries
    ):
        client, address = sign_in(world.nora), reverse("approvals", args=[world.elm_grove.pk])
        client.get(address)
        with django_assert_max_num_queries(8) as few:
            client.get(address)
        for _ in range(2):
            made_approval(world, made_referral(world, pupil=waiting.referral.pupil), approved=False, answered_at=AT)

        with django_assert_max_num_queries(len(few)):
            page = client.get(address)

        assert "3</strong> questions" in page.text
        assert "1</strong> question" in client.get(address, {"answer": "open"}).text
        assert "Nothing matches" in client.get(address, {"answer": "yes"}).text
