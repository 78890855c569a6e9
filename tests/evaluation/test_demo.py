"""The demo world of evaluations: one told to its end, one to try, all of it made by the real actions."""

from __future__ import annotations

from django.core.management import call_command

from accounts.models import User
from contracts.models import Contract
from core import clock
from evaluation.models import AwardLine, Bid, Evaluation, GateResult, Judgement, Letter
from evaluation.states import Stage
from lots.models import Place
from monitoring.models import Alert, Answer, Concern, DailyReport, Proposal, Rating, ReportDue, Session, Visit
from referrals.models import WeeklySession


def test_one_is_told_to_its_end_and_one_is_there_to_try(db, settings, sign_in):
    settings.DEMO, settings.SECOND_STEP_DEMANDED = True, False
    call_command("demo", "--if-needed")

    watched()
    told, tried = Evaluation.objects.order_by("framework__closes_at")
    assert (told.stage, tried.stage) == (Stage.AWARDED, Stage.JUDGING)
    results = GateResult.objects.filter(run__evaluation=told, pool__lot__number="1").order_by("compared")
    assert [one.pence for one in results if one.passes][-2:] == [60_00, 60_00]
    assert [one.pence for one in results if not one.passes] == [70_00]
    lost = AwardLine.objects.filter(award_set__evaluation=told, awarded=False)
    assert set(lost.values_list("bid__provider_name", "cause")) == {
        ("Kestrel Learning", "price"),
        ("Linden Arts", "low_price"),
        ("Nettle Bridge Farm", "quality"),
    }
    assert Place.objects.filter(framework=told.framework, waits_for_notice=True).count() == 0
    assert Letter.objects.filter(award_set__evaluation=told, sent_at=None).count() == 0
    assert Contract.objects.filter(framework=told.framework, state="in_force").count() == 2

    eve = User.objects.get(email="eve@larkshire.example")
    assert not Bid.objects.visible_to(eve).filter(evaluation=told, provider_name="Dovecote Music").exists()
    assert Judgement.objects.visible_to(eve).filter(bid__evaluation=tried, locked_at=None).exists()
    for address in (f"/evaluations/{told.pk}/", f"/evaluations/{tried.pk}/"):
        assert sign_in(User.objects.get(email="max@larkshire.example")).get(address).status_code == 200


def watched() -> None:
    """The same demo shows some weeks of monitoring, and today."""
    ash = DailyReport.objects.filter(provider__name="Ash House")
    soon = WeeklySession.objects.filter(runs="dates", from_on__gte=clock.today(), placement__provider__name="Ash House")
    assert soon.count() == 2
    assert (ash.filter(late=True).count(), ash.filter(version=2).count()) == (1, 1)
    assert ReportDue.objects.filter(contract__supplier__name="Ash House", report=None, day__lt=clock.today()).exists()
    assert Answer.objects.filter(status="exception").count() == 1
    assert {"late", "absent"} <= set(Session.objects.values_list("mark", flat=True))
    assert Alert.objects.filter(kind="not_taken", acknowledged_at__isnull=False).exists()
    assert not Alert.objects.open().exists()
    assert {(one.state, bool(one.shared_at)) for one in Visit.objects.all()} == {("held", True), ("planned", False)}
    assert dict(Concern.objects.values_list("kind", "state")) == {"child": "handed", "adult": "received"}
    assert (Proposal.objects.open().count(), Rating.objects.count()) == (1, 1)
    bob = User.objects.get(email="bob@ash-house.example")
    assert list(Concern.objects.visible_to(bob).values_list("kind", flat=True)) == ["child"]
    assert not Visit.objects.visible_to(bob).filter(state="planned", kind="unannounced").exists()
