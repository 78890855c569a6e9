"""An evaluation is begun, its panel appointed, its standards shared out, its rules fixed."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from audit.models import Event
from evaluation.actions import panel as actions
from evaluation.models import Appointment, Assignment, CureRule, Evaluation, Freeze, Judgement, PriceOpening
from evaluation.permissions import duties as may
from evaluation.queries import panel as queries
from evaluation.states import Cure, Duty, Stage
from lots.models import Framework
from lots.rules.refusals import Refused
from lots.states import EvidenceKind, FrameworkState
from outbox.models import Message
from tests.evaluation.documents import standards_of
from tests.evaluation.further import proposed
from tests.evaluation.made import evaluation, given, preparing, round_closed
from tests.evaluation.panels import appointed
from tests.providers.bids import open_framework


def now() -> dict:
    return {"at": timezone.now()}


def appoint(made, person, duty, by):
    return actions.appoint(evaluation=made, person=person, duty=duty, by=by, **now())


def appointment(made, person) -> Appointment:
    return Appointment.objects.get(evaluation=made, person=person)


class TestBeginning:
    def test_max_begins_while_bids_still_come_in(self, world, sign_in):
        framework = open_framework(world)
        client = sign_in(world.max)
        page = client.get(reverse("evaluation_of_framework", args=[framework.pk]))
        assert "Begin the evaluation" in page.text
        assert (
            reverse("evaluation_of_framework", args=[framework.pk])
            in client.get(reverse("round", args=[framework.pk])).text
        )

        answer = client.post(reverse("evaluation_of_framework", args=[framework.pk]))

        made = Evaluation.objects.get(framework=framework)
        assert answer.url == reverse("panel", args=[made.pk])
        assert (made.stage, made.began_by, made.two_open, made.clarify_days) == (Stage.PREPARING, world.max, True, 3)
        assert made.cure_rules.count() == len(EvidenceKind)
        assert client.get(reverse("evaluation_of_framework", args=[framework.pk])).url == reverse(
            "evaluation", args=[made.pk]
        )

    @pytest.mark.parametrize("who", ["ada", "eve", "ines", "alice", "olu"])
    def test_nobody_else_begins_it(self, world, who):
        framework = open_framework(world)

        with pytest.raises(PermissionDenied):
            actions.begin(framework=framework, by=world.people[who], **now())

    def test_once_and_only_of_what_is_published(self, world, sign_in):
        made = preparing(world)
        with pytest.raises(Refused, match="begun already"):
            actions.begin(framework=made.framework, by=world.max, **now())
        ended = open_framework(world)
        Framework.objects.filter(pk=ended.pk).update(state=FrameworkState.WITHDRAWN)

        page = sign_in(world.max).post(reverse("evaluation_of_framework", args=[ended.pk]), follow=True)

        assert "begun once its framework is published" in page.text


class TestAppointing:
    def test_somebody_of_the_buyer_is_appointed_and_told_where_to_declare(self, world, sign_in):
        made = preparing(world, panel={"max": [Duty.OPENER]})
        client, address = sign_in(world.max), reverse("appoint", args=[made.pk])
        assert "Alice" not in client.get(address).text

        client.post(address, {"person": world.eve.pk, "duty": "evaluator"})

        assert may.can_judge(world.eve, made)
        letter = Message.objects.get(to=world.eve.email)
        assert reverse("declare_interests", args=[made.pk]) in letter.body
        event = Event.objects.get(action="evaluation.appointment.made")
        assert event.data == {"evaluation": made.pk, "person": world.eve.pk, "duty": "evaluator"}

    @pytest.mark.parametrize("who", ["alice", "ines", "olu"])
    def test_nobody_of_another_house(self, world, who):
        made = preparing(world)

        with pytest.raises(Refused, match="belongs to Larkshire Council"):
            appoint(made, world.people[who], Duty.APPROVER, world.max)

    def test_nobody_without_a_second_step_and_nobody_who_was_stopped(self, world):
        made = preparing(world, panel={})
        Authenticator.objects.filter(user=world.eve).delete()
        Authenticator.objects.create(user=world.eve, type=Authenticator.Type.RECOVERY_CODES, data={})
        world.tom.is_active = False
        world.tom.save()

        assert set(queries.candidates(made)) == {world.max, world.ada, world.fay}
        assert queries.without_second_step(made) == 1
        with pytest.raises(Refused):
            appoint(made, world.eve, Duty.EVALUATOR, world.max)

    @pytest.mark.parametrize(("who", "duty"), [("ada", Duty.EVALUATOR), ("eve", Duty.APPROVER), ("fay", Duty.APPROVER)])
    def test_duties_that_do_not_go_together_are_refused_on_the_page(self, world, sign_in, who, duty):
        made, person = preparing(world), world.people[who]

        page = sign_in(world.max).post(reverse("appoint", args=[made.pk]), {"person": person.pk, "duty": duty})

        assert "There is a problem" in page.text
        assert not Appointment.objects.filter(person=person, duty=duty, appointed_at__gt=made.began_at).exists()

    def test_only_whoever_runs_it_appoints_and_nobody_after_the_award(self, world):
        made = preparing(world)
        with pytest.raises(PermissionDenied):
            appoint(made, world.fay, Duty.OPENER, world.ada)
        Evaluation.objects.filter(pk=made.pk).update(stage=Stage.AWARDED, fixed_at=made.began_at)

        with pytest.raises(Refused, match="only while"):
            appoint(made, world.fay, Duty.OPENER, world.max)

    def test_what_ended_before_the_opening_counts_for_nothing_but_an_approval(self, world):
        made = preparing(world)
        for name, duty in (("eve", Duty.EVALUATOR), ("ada", Duty.MODERATOR), ("ada", Duty.OPENER)):
            row = Appointment.objects.get(evaluation=made, person=world.people[name], duty=duty)
            actions.end_appointment(appointment=row, reason="By mistake", by=world.max, **now())

        appoint(made, world.eve, Duty.MODERATOR, world.max)
        appoint(made, world.ada, Duty.EVALUATOR, world.max)
        with pytest.raises(Refused, match="cannot approve"):
            appoint(made, world.eve, Duty.APPROVER, world.max)

    def test_after_prices_were_opened_nobody_who_can_see_them_judges(self, world):
        made = evaluation(world, count=1, read=False)
        freeze = Freeze.objects.create(
            evaluation=made, number=1, at=made.fixed_at, by=world.ada, document="{}", sha256="0" * 64
        )
        assert not queries.record_of(world.max, made).sees_prices
        PriceOpening.objects.create(freeze=freeze, at=made.fixed_at, by=world.max)

        seen = {name: queries.record_of(world.people[name], made).sees_prices for name in ("max", "fay", "eve")}

        assert seen == {"max": True, "fay": True, "eve": False}


class TestLeaving:
    def test_a_reason_is_asked_and_the_record_stays(self, world, sign_in):
        made = preparing(world)
        row, client = appointment(made, world.eve), sign_in(world.max)
        address = reverse("end_appointment", args=[row.pk])
        assert "fewer than two people judge standards 1.1, 1.2" in client.get(address).text
        assert "Say why" in client.post(address, {"reason": ""}).text

        client.post(address, {"reason": "On leave until June"})

        row.refresh_from_db()
        assert (row.ended_by, row.end_reason) == (world.max, "On leave until June")
        assert not Assignment.objects.filter(person=world.eve, ended_at=None).exists()
        assert "On leave until June" in client.get(reverse("panel", args=[made.pk])).text
        with pytest.raises(Refused, match="ended already"):
            actions.end_appointment(appointment=row, reason="Again", by=world.max, **now())

    def test_without_a_reason_nothing_ends(self, world):
        row = appointment(preparing(world), world.fay)

        with pytest.raises(Refused, match="Say why"):
            actions.end_appointment(appointment=row, reason="", by=world.max, **now())

    def test_what_an_evaluator_had_not_locked_goes_to_somebody_else(self, world):
        made = evaluation(world, count=1, read=False)
        given(made, world)
        appointed(made, world, "ines", Duty.EVALUATOR)
        kept = Judgement.objects.filter(person=world.eve).first()
        Judgement.objects.filter(pk=kept.pk).update(outcome="pass", reason="As shown.", locked_at=made.fixed_at)

        moved = actions.end_appointment(appointment=appointment(made, world.eve), reason="Left", by=world.max, **now())

        assert moved == Judgement.objects.filter(person=world.eve).exclude(ended_at=None).count() == 1
        assert Judgement.objects.live().filter(person=world.eve).get() == kept

    def test_somebody_who_leaves_the_council_does_nothing_here_from_that_moment(self, world, sign_in):
        made = evaluation(world, count=1, read=False)
        first = standards_of(made.framework)[0].pk
        assert {world.eve.pk, world.tom.pk} == set(queries.assigned(made)[first])

        Membership.objects.filter(user=world.eve).update(ended_at=timezone.now(), person_name="")

        assert not may.can_judge(type(world.eve).objects.get(pk=world.eve.pk), made)
        assert queries.assigned(made)[first] == [world.tom.pk]
        assert sign_in(world.eve).get(reverse("evaluation", args=[made.pk])).status_code == 404
        page = sign_in(world.max).get(reverse("panel", args=[made.pk])).text
        assert "No longer belongs to Larkshire Council" in page


class TestSharingOut:
    def test_whole_themes_and_single_standards(self, world, sign_in):
        made = preparing(world)
        first, second = standards_of(made.framework)
        row, client = appointment(made, world.eve), sign_in(world.max)
        address, field = reverse("assign_standards", args=[row.pk]), f"theme_{first.theme_id}"

        client.post(address, {field: [str(first.pk)]})
        assert queries.assigned_to(world.eve.pk, made) == {first.pk}
        page = client.get(reverse("panel", args=[made.pk])).text
        assert "Only one person judges it" in page
        client.post(address, {field: ["all"]})

        assert queries.assigned_to(world.eve.pk, made) == {first.pk, second.pk}
        assert Assignment.objects.filter(person=world.eve).count() == 3  # what was taken away stays in the record

    def test_what_is_taken_away_while_judging_goes_on_goes_to_others(self, world):
        made = evaluation(world, count=1, read=False)
        given(made, world)
        first, second = standards_of(made.framework)

        actions.assign(appointment=appointment(made, world.eve), standards=[first.pk], by=world.max, **now())

        assert set(Judgement.objects.live().filter(person=world.eve).values_list("standard", flat=True)) == {first.pk}
        assert not Assignment.objects.filter(person=world.eve, standard=second, ended_at=None).exists()

    def test_only_evaluators_judge_and_only_standards_of_this_framework(self, world):
        made = preparing(world)
        with pytest.raises(Refused, match="Only an evaluator"):
            actions.assign(appointment=appointment(made, world.fay), standards=[], by=world.max, **now())

        actions.assign(appointment=appointment(made, world.eve), standards=[0], by=world.max, **now())

        assert queries.assigned_to(world.eve.pk, made) == set()


class TestRules:
    SENT = {"two_open": "no", "clarify_days": "5", "standstill": "no"} | {
        f"cure_{kind}": Cure.NOTHING for kind in EvidenceKind
    }

    def test_they_are_set_before_the_opening_and_only_read_after(self, world, sign_in):
        made = preparing(world)
        client, address = sign_in(world.max), reverse("evaluation_rules", args=[made.pk])

        assert "1 to 20" in client.post(address, self.SENT | {"clarify_days": "21"}).text
        client.post(address, self.SENT)

        made.refresh_from_db()
        assert (made.two_open, made.clarify_days, made.standstill) == (False, 5, False)
        assert set(CureRule.objects.filter(evaluation=made).values_list("cure", flat=True)) == {Cure.NOTHING}
        Evaluation.objects.filter(pk=made.pk).update(stage=Stage.JUDGING, fixed_at=made.began_at)
        assert "Fixed by the opening" in client.get(address).text
        assert "can be changed only while" in client.post(address, self.SENT).text

    def test_an_administrator_reads_them(self, world, sign_in):
        made = preparing(world)
        client, address = sign_in(world.ada), reverse("evaluation_rules", args=[made.pk])

        assert "<form" not in client.get(address).text.split("</header>")[1].split("<footer")[0]
        assert client.post(address, self.SENT).status_code == 403


class TestOverview:
    def test_each_is_told_what_waits_for_them_and_nothing_of_the_others(self, world, sign_in):
        made = evaluation(world, count=1, read=False)
        given(made, world)

        said = {name: sign_in(world.people[name]).get(reverse("evaluation", args=[made.pk])).text for name in
                ("max", "ada", "eve", "fay")}  # fmt: skip

        assert "2 decisions for you" in said["eve"]
        assert "0 of 2 outcomes stand" in said["ada"]
        assert all("outcomes stand" not in said[name] for name in ("eve", "fay"))
        assert all("Waits for you" not in said[name] for name in ("max", "fay"))
        assert all("Open the applications" in text for text in said.values())

    def test_before_the_opening(self, world, sign_in):
        made = preparing(world, round_closed(world, closes_at=timezone.now() + timezone.timedelta(days=3)))

        page = sign_in(world.max).get(reverse("evaluation", args=[made.pk])).text

        assert "After the deadline, and never before" in page
        assert re.search(r"Begun .* by Max\.", page)

    def test_at_the_end(self, world, sign_in):
        award = proposed(evaluation(world, count=2), world)

        for name in ("max", "fay", "eve"):
            assert sign_in(world.people[name]).get(reverse("evaluation", args=[award.evaluation_id])).status_code == 200
        assert (
            "An award waits for approval"
            in sign_in(world.fay).get(reverse("evaluation", args=[award.evaluation_id])).text
        )
