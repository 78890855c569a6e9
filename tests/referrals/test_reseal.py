"""A new key is put in front: what is sealed of pupils, referrals and enquiries stands under it afterwards."""

from __future__ import annotations

import base64
import io

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from core import access, crypto
from core.access import Denied
from referrals.actions import sealing
from referrals.models import Enquiry, Pupil, Referral
from referrals.permissions.sharing import RESEAL
from referrals.queries import sealed
from tests.referrals.made import AT, CONTENT, NEED, PRIVATE, made_pupil, whole_story

OLD, NEW = (base64.urlsafe_b64encode(bytes([number] * 32)).decode() for number in (1, 2))
BY = access.System(RESEAL)


@pytest.fixture
def story(world, settings):
    settings.SEAL_KEYS = [OLD]
    made = whole_story(world)
    settings.SEAL_KEYS = [NEW, OLD]
    return made


def rewrapped() -> list[str]:
    out = io.StringIO()
    call_command("rewrap_seal_keys", stdout=out)
    return [line for line in out.getvalue().splitlines() if line.startswith("Sealed anew")]


def test_one_command_does_all_and_the_old_key_can_go(story, settings):
    said = [rewrapped(), rewrapped()]
    settings.SEAL_KEYS = [NEW]

    assert said == [["Sealed anew: 1 pupils", "Sealed anew: 1 referrals", "Sealed anew: 1 enquiries"], []]
    assert sealed.private_of(Pupil.objects.get()) == PRIVATE
    assert sealed.content_of(Referral.objects.get()) == CONTENT
    assert sealed.need_of(Enquiry.objects.get()) == NEED
    assert Event.objects.filter(action="referrals.sealed.resealed").count() == 3


def test_in_batches_that_go_on_where_one_broke_off(world, story, monkeypatch):
    monkeypatch.setattr(sealing, "AT_ONCE", 2)
    pupils = [story.referral.pupil, made_pupil(world, commissioner=world.oak_trust)]
    pupils.append(made_pupil(world, commissioner=world.larkshire))
    Pupil.objects.filter(pk=pupils[2].pk).update(private=b"")

    first = sealing.reseal(what="pupils", after=0, by=BY, at=AT)
    second = sealing.reseal(what="pupils", after=first.last, by=BY, at=AT)

    assert (first.anew, first.last) == (1, pupils[1].pk)
    assert (second.anew, second.last) == (0, None)  # of the third nothing is sealed


def test_what_no_key_opens_is_named_and_left(story):
    broken = crypto.seal(b"{}", purpose="of another")
    Pupil.objects.update(private=broken[:4] + b"x" * 40)
    Referral.objects.update(content=b"nothing that a key has made")

    with pytest.raises(CommandError, match=f"referrals {story.referral_id}"):
        rewrapped()

    assert bytes(Referral.objects.get().content) == b"nothing that a key has made"
    assert sealed.need_of(Enquiry.objects.get()) == NEED


def test_nobody_else_may(world):
    with pytest.raises(Denied):
        sealing.reseal(what="pupils", after=0, by=world.olu, at=AT)
