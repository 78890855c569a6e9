"""Two records of one pupil become one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.states import Role
from audit.models import Event
from lots.rules.refusals import Refused
from referrals.actions import merging as actions
from referrals.models import FormerName, Merge, Pupil, PupilMove
from referrals.queries import pupils as queries
from referrals.queries import sealed
from referrals.rules.private import Private
from tests.referrals.made import AT, UPN, made_pupil, made_referral
from tests.referrals.pupils import BORN, another, enrolled, give, made_move, made_school

CHOICES = {"name": "kept", "health": "both", "has_ehcp": "gone"}


@pytest.fixture
def pair(world):
    """The canary, and the same pupil under another first name, on no roll."""
    kept = made_pupil(world)
    gone = another(
        world,
        "Quilla",
        "Quillsworth",
        born_on=BORN,
        has_ehcp=True,
        private=Private(health="Asthma", needs=("autism",), uln="1000102504"),
    )
    return kept, gone


def merge(world, kept, gone, *, choices=CHOICES, by=None, revisions=(0, 0)):
    return actions.merge_pupils(
        kept=kept,
        gone=gone,
        choices=choices,
        reason="The same child",
        revisions=revisions,
        by=by or world.sana,
        at=AT,
    )


def test_everything_goes_over_and_the_old_address_leads_on(world, sign_in, pair):
    kept, gone = pair
    referral = made_referral(world, pupil=gone)
    early = enrolled(gone, dt.date(2020, 9, 1), dt.date(2023, 7, 20), school=made_school())
    same = enrolled(gone, dt.date(2024, 9, 2), school=world.elm_grove)
    FormerName.objects.create(pupil=gone, first_names="Q", last_name="Oldfield", until_on=AT.date())
    made_move(world, gone, state="declined", answered_at=AT)
    before = another(world, merged_into=gone, merged_at=AT)
    client = sign_in(world.sana)
    address = reverse("merge_pupils", args=[kept.pk, gone.pk])
    page = client.get(address).text
    assert "Asthma" in page
    assert "Quilla Quillsworth" in page
    sent = CHOICES | {"reason": "The same child", "revision": "0", "other_revision": "0"}

    answer = client.post(address, sent)

    assert answer.url == reverse("pupil", args=[kept.pk])
    kept, gone = Pupil.objects.get(pk=kept.pk), Pupil.objects.get(pk=gone.pk)
    private = sealed.private_of(kept)
    assert (kept.first_names, kept.has_ehcp, private.upn, private.uln) == (
        "Quillon Zephyrine",
        True,
        UPN,
        "1000102504",
    )
    assert (private.needs, private.health) == (("semh", "anxiety", "autism"), "Asthma")
    assert (gone.merged_into, gone.merged_at is not None) == (kept, True)
    assert Pupil.objects.get(pk=before.pk).merged_into == kept
    referral.refresh_from_db()
    assert referral.pupil == kept
    assert early in kept.enrolments.all()
    assert list(gone.enrolments.all()) == [same]
    made = Merge.objects.get()
    assert made.moved == {"enrolments": 1, "referrals": 1, "former_names": 1, "moves": 1}
    assert Event.objects.get(action="referrals.pupil.merged").data == {"gone": gone.pk, **made.moved}
    for words in ("quilla", "oldfield"):
        assert list(queries.by_words(Pupil.objects.standing(), words)) == [kept]
    led = client.get(reverse("pupil", args=[gone.pk]), follow=True)
    assert led.redirect_chain == [(reverse("pupil", args=[kept.pk]), 302)]
    assert "written down twice" in led.text
    assert "The same child" in led.text
    assert [one.pk for one in client.get(reverse("pupils", args=[world.elm_grove.pk])).context["page"]] == [kept.pk]
    assert client.get(reverse("merge_pupils", args=[kept.pk, gone.pk])).status_code == 404
    assert "Two records of a pupil put together" in client.get(reverse("pupil_record", args=[kept.pk])).text


def test_the_other_record_is_looked_for_by_birthday_or_name(world, sign_in, pair):
    kept, gone = pair
    stranger = another(world)
    another(world, "Quill", "Quillsworth", commissioner=world.larkshire, born_on=BORN)
    client, address = sign_in(world.sana), reverse("merge_pupil", args=[kept.pk])

    page = client.get(address).text

    assert "Quilla Quillsworth" in page
    assert "Juniper" not in page
    assert "Quill Quillsworth" not in page
    assert "Juniper Okonkwo" in client.post(address, {"words": "okonkwo"}).text
    assert "No other record has this name" in client.post(address, {"words": "nobody"}).text
    assert "Search words must not" in client.post(address, {"words": "\x01"}).text
    assert "Choose a record" in client.post(address, {}).text
    chosen = client.post(address, {"other": gone.pk})
    assert chosen.url == reverse("merge_pupils", args=[kept.pk, gone.pk])
    assert "No other record has the same" in client.get(reverse("merge_pupil", args=[stranger.pk])).text


def test_records_that_contradict_each_other_are_refused(world, sign_in, pair):
    kept, gone = pair
    enrolled(gone, dt.date(2024, 9, 2), school=made_school())
    sent = CHOICES | {"reason": "The same child", "revision": "0", "other_revision": "0"}

    page = sign_in(world.sana).post(reverse("merge_pupils", args=[kept.pk, gone.pk]), sent)

    assert "say different things about where the pupil was on the roll" in page.text
    assert "The same child" in page.text
    assert not Merge.objects.exists()
    assert Pupil.objects.standing().count() == 2


def test_a_page_that_was_opened_before_is_told_and_may_be_sent_again(world, sign_in, pair):
    kept, gone = pair
    Pupil.objects.filter(pk=gone.pk).update(revision=3)
    client, address = sign_in(world.sana), reverse("merge_pupils", args=[kept.pk, gone.pk])
    sent = CHOICES | {"reason": "The same child", "revision": "0", "other_revision": "0"}

    page = client.post(address, sent)

    assert page.status_code == 409
    assert 'name="other_revision" value="3"' in page.text
    assert client.post(address, sent | {"other_revision": "3"}).status_code == 302


def test_not_while_one_is_on_its_way_nor_across_commissioners_nor_by_anybody(world, pair):
    kept, gone = pair
    give(world.nora, world.elm_grove, Role.SCHOOL_ATTENDANCE)
    with pytest.raises(PermissionDenied):
        merge(world, kept, gone, by=world.nora)
    with pytest.raises(PermissionDenied):
        merge(world, kept, another(world, commissioner=world.larkshire))
    with pytest.raises(Refused, match="Choose which is right"):
        merge(world, kept, gone, choices={})
    made_move(world, gone)
    with pytest.raises(Refused, match="offered to another commissioner"):
        merge(world, kept, gone)
    PupilMove.objects.all().delete()
    with pytest.raises(Refused, match="two records"):
        merge(world, kept, kept)
    merge(world, kept, gone)
    with pytest.raises(Refused, match="put together"):
        merge(world, kept, gone, revisions=(1, 0))


def test_what_is_kept_for_an_inquiry_stays_kept(world, pair):
    kept, gone = pair
    Pupil.objects.filter(pk=gone.pk).update(kept_since=AT, kept_by=world.sana, kept_reason="A claim")

    merge(world, kept, gone)

    kept = Pupil.objects.get(pk=kept.pk)
    assert (kept.kept_since, kept.kept_by, kept.kept_reason) == (AT, world.sana, "A claim")


def test_a_name_that_is_chosen_from_the_other_record_leaves_the_first_as_former(world, pair):
    kept, gone = pair

    merge(world, kept, gone, choices=CHOICES | {"name": "gone"})

    kept = Pupil.objects.get(pk=kept.pk)
    assert kept.first_names == "Quilla"
    assert [one.first_names for one in kept.former_names.all()] == ["Quillon Zephyrine"]
