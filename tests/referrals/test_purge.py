"""What is known of a pupil goes at 25, with documents; what is needed longer is kept; counts stay."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from audit.models import Event
from core import access, clock
from core.access import Denied
from files import running as files
from files.models import File
from files.steps import receive
from lots.rules.refusals import Refused
from referrals import running, tasks
from referrals.actions import keeping, moves, purging
from referrals.models import (
    Approval,
    Choice,
    Disclosure,
    Enquiry,
    Enrolment,
    FormerName,
    Offer,
    Pupil,
    PupilMove,
    Referral,
    ReferralFile,
)
from referrals.permissions.sharing import PURGE
from referrals.queries.keeping import all_due, all_old_drafts
from referrals.rules import keeping as rules
from tests.pages import read
from tests.providers.library import kept
from tests.referrals.made import AT, CANARIES, TODAY, made_approval, made_pupil, made_referral, whole_story

BY = access.System(PURGE)
OLD = dt.date(2001, 9, 14)  # 25 on TODAY


def document(world, referral) -> ReferralFile:
    with transaction.atomic():
        file = receive(kept=kept("plan.pdf"), organisation=world.elm_grove, by=world.sana, at=AT)
    return ReferralFile.objects.create(referral=referral, title="saxophone phobia", file=file, added_at=AT)


def everything() -> str:
    """Every value of every row that a purge reaches."""
    models = (Pupil, PupilMove, Approval, Referral, Enquiry, Offer, Choice, FormerName, Enrolment, ReferralFile)
    return str([list(model.objects.values_list()) for model in models])


def purge(today=TODAY):
    return purging.purge_pupils(by=BY, at=AT, today=today)


@pytest.mark.parametrize(
    ("today", "born"),
    [
        ((2026, 9, 14), (2001, 9, 14)), ((2026, 3, 1), (2001, 3, 1)), ((2028, 2, 29), (2003, 2, 28)),
        ((2024, 2, 29), (1999, 2, 28)),
    ],
)  # fmt: skip
def test_who_is_25(today, born):
    assert rules.born_by(dt.date(*today)) == dt.date(*born)


def test_everything_goes_and_counts_stay(world):
    story = whole_story(world)
    referral, pupil = story.referral, story.referral.pupil
    FormerName.objects.create(pupil=pupil, first_names="Quillon", last_name="Before", until_on=TODAY)
    made_approval(world, referral, why="for Quillon")
    moves.offer_pupil(pupil=pupil, taker=world.oak_trust, reason="The family moves", by=world.sana, at=AT)
    Choice.objects.update(ground="Pupil’s needs", reason="saxophone phobia")
    Referral.objects.update(close_reason="Quillsworth")
    stored_as = document(world, referral).file.stored_as
    Pupil.objects.update(born_on=OLD)
    younger = made_pupil(world, commissioner=world.oak_trust, born_on=OLD + dt.timedelta(days=1))

    done = [purge(), purge()]

    assert done == [purging.Purged(1, 1, 1), purging.Purged()]
    younger.refresh_from_db()
    assert younger.last_name == "Quillsworth"
    younger.enrolments.all().delete()
    Pupil.objects.filter(pk=younger.pk).delete()
    assert [canary for canary in (*CANARIES, "Before", "Quillsworth") if canary in everything()] == []
    pupil.refresh_from_db()
    assert (pupil.born_on, pupil.purged_at, bytes(pupil.private)) == (dt.date(2001, 1, 1), AT, b"")
    assert Enrolment.objects.count() == FormerName.objects.count() == File.objects.count() == 0
    left = Referral.objects.get()
    assert (left.state, left.lot_id, left.budget_pence, left.reason) == ("closed", referral.lot_id, 400_000, "")
    assert [Approval.objects.get().approved, PupilMove.objects.get().state] == [False, "withdrawn"]
    assert Offer.objects.get().total_pence > 0
    assert Disclosure.objects.get().ended_at == AT
    [event] = Event.objects.filter(action="referrals.pupils.purged")
    assert event.data == {"pupils": 1, "referrals": 1, "documents": 1}
    assert Event.objects.get(action="files.files.forgotten").data == {"files": 1}
    assert default_storage.exists(stored_as)
    files.sweep_store(at=clock.now() + dt.timedelta(days=2))
    assert not default_storage.exists(stored_as)


def test_the_pages_of_what_was_purged_still_answer(world, sign_in):
    story = whole_story(world)
    referral, enquiry = story.referral, Enquiry.objects.get()
    approval = made_approval(world, referral, approved=True, answered_at=AT)
    Pupil.objects.update(born_on=OLD)
    purge()
    pages = [
        (name, args)
        for names, args in [
            ("pupil pupil_record edit_pupil edit_needs edit_contacts start_referral keep_pupil", [referral.pupil_id]),
            ("referral check_referral referral_documents close_referral offers ask_providers", [referral.pk]),
            ("enquiry", [enquiry.pk]),
            ("choose_offer", [enquiry.pk]),
            ("approval", [approval.pk]),
            ("pupils pupils_csv referrals approvals pupil_moves", [world.elm_grove.pk]),
        ]
        for name in names.split()
    ]

    client = sign_in(world.sana)
    found = {name: read(client.get(reverse(name, args=args))).status_code for name, args in pages}
    theirs = [sign_in(one).get(reverse("enquiry", args=[enquiry.pk])).status_code for one in (world.alice, world.bob)]

    assert {name: code for name, code in found.items() if code not in {200, 302, 404}} == {}
    assert theirs == [200, 200]
    assert Referral.objects.filter(pk=referral.pk, state="closed").exists()


def test_a_record_that_somebody_keeps_stays_with_those_put_together_with_it(world, sign_in):
    pupil = made_pupil(world, born_on=OLD)
    gone = made_pupil(world, born_on=OLD, merged_into=pupil, merged_at=AT)
    client, address = sign_in(world.sana), reverse("keep_pupil", args=[pupil.pk])
    assert "Say why" in client.post(address, {"reason": ""}).text

    assert "Kept since" in client.post(address, {"reason": "Claim 7 of 2026"}, follow=True).text

    assert purge() == purging.Purged()
    assert "kept no longer than any other" in client.post(address, {}, follow=True).text
    assert purge() == purging.Purged(2, 0, 0)
    assert "was removed" in client.get(address).text
    with pytest.raises(Refused, match="removed already"):
        keeping.keep_pupil(pupil=gone, reason="Claim", by=world.sana, at=AT)
    assert Event.objects.filter(action__in=["referrals.pupil.kept", "referrals.pupil.let_go"]).count() == 2
    assert Event.objects.filter(action="referrals.pupil.read", about_id=pupil.pk).exists()


def test_two_who_keep_it_at_once_and_a_stranger(world):
    pupil = made_pupil(world)
    with pytest.raises(Refused, match="not kept longer"):
        keeping.let_go_pupil(pupil=pupil, by=world.sana, at=AT)
    keeping.keep_pupil(pupil=pupil, reason="Claim", by=world.sana, at=AT)

    with pytest.raises(Refused, match="kept already"):
        keeping.keep_pupil(pupil=pupil, reason="Inquiry", by=world.sana, at=AT)
    with pytest.raises(Denied):
        keeping.let_go_pupil(pupil=pupil, by=world.alice, at=AT)
    pupil.refresh_from_db()
    assert pupil.kept_reason == "Claim"


def test_old_referrals_that_nobody_was_told_of_are_emptied_after_a_year(world):
    def closed(days, **fields):
        return made_referral(world, state="closed", closed_at=AT - dt.timedelta(days=days), pupil=pupil, **fields)

    pupil = made_pupil(world)
    old, recent = closed(366), closed(364)
    document(world, old)
    asked = whole_story(world.__class__(world.people, world.organisations | {"elm_grove": world.oak_trust})).referral
    Referral.objects.filter(pk=asked.pk).update(state="closed", closed_at=AT - dt.timedelta(days=900))
    held = made_pupil(world, commissioner=world.larkshire, kept_since=AT, kept_reason="Claim")
    made_referral(world, state="closed", closed_at=AT - dt.timedelta(days=900), pupil=held)

    done = [purging.purge_drafts(by=BY, at=AT) for _ in range(2)]

    assert done == [purging.Purged(0, 1, 1), purging.Purged()]
    old.refresh_from_db()
    recent.refresh_from_db()
    assert (bytes(old.content), old.reason, bool(recent.content)) == (b"", "", True)
    assert Pupil.objects.get(pk=pupil.pk).last_name == "Quillsworth"


def test_the_command_counts_first_and_the_task_comes_once_a_day(world):
    pupil = made_pupil(world, born_on=dt.date(2001, 1, 2))
    other = made_pupil(world, commissioner=world.oak_trust)
    long_ago = AT - dt.timedelta(days=900)
    made_referral(world, pupil=other, state="closed", closed_at=long_ago)
    out = io.StringIO()

    call_command("purge_pupils", "--dry-run", stdout=out)
    assert (all_due(today=clock.today()).count(), all_old_drafts(at=clock.now()).count()) == (1, 1)
    tasks.purge()
    pupil.refresh_from_db()
    made_referral(world, pupil=other, state="closed", closed_at=long_ago)
    tasks.purge()
    call_command("purge_pupils", stdout=out)

    assert pupil.last_name == ""
    assert out.getvalue().splitlines() == [
        "Pupils who are 25: 1. Old referrals that nobody was told of: 1",
        "Removed: 0 pupils, 1 referrals, 0 documents",
    ]


def test_a_purge_that_fails_is_tried_again(world, monkeypatch):
    made_pupil(world, born_on=OLD)
    monkeypatch.setattr(running.purging, "purge_drafts", lambda **given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.purge()
    monkeypatch.undo()

    tasks.purge()

    assert Pupil.objects.get().purged_at is not None


def test_nobody_else_purges(world):
    for action in (lambda: purging.purge_pupils(by=world.olu, at=AT, today=TODAY),
                   lambda: purging.purge_drafts(by=world.olu, at=AT)):  # fmt: skip
        with pytest.raises(Denied):
            action()


def test_the_record_of_processing_says_what_is_held_and_how_long():
    out = io.StringIO()
    call_command("data_map", stdout=out)
    rows = [line for line in out.getvalue().splitlines() if line.startswith("| referrals.Pupil |")]

    assert any("special category" in row and "private" in row and "until the pupil is 25" in row for row in rows)
    assert any("kept_reason purged_at" in row.replace(",", "") for row in rows)
