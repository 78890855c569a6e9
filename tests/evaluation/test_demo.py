"""The demo world of evaluations: one told to its end, one to try, all of it made by the real actions."""

from __future__ import annotations

from django.core.management import call_command

from accounts.models import User
from contracts.models import Contract
from evaluation.models import AwardLine, Bid, Evaluation, GateResult, Judgement, Letter
from evaluation.states import Stage
from lots.models import Place


def test_one_is_told_to_its_end_and_one_is_there_to_try(db, settings, sign_in):
    settings.DEMO, settings.SECOND_STEP_DEMANDED = True, False
    call_command("demo", "--if-needed")

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
