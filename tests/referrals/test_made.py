"""What tests begin with holds together."""

from __future__ import annotations

from accounts.models import Membership
from accounts.queries import forget_roles
from referrals.models import Disclosure, Enquiry, Pupil, Referral
from referrals.models.own import SEES_PUPILS, holds
from referrals.queries import sealed
from tests.referrals.made import CONTENT, NEED, PRIVATE, whole_story


def test_a_story_is_whole_and_what_is_sealed_comes_out_again(world):
    story = whole_story(world)
    referral = Referral.objects.visible_to(world.sana).get()

    assert sealed.private_of(referral.pupil) == PRIVATE
    assert sealed.content_of(referral) == CONTENT
    assert sealed.need_of(Enquiry.objects.get()) == NEED
    assert [story.provider, story.referral] == [world.ash_house, referral]


def test_who_meets_what(world):
    whole_story(world)

    def seen(model):
        return {name for name, person in world.people.items() if model.objects.visible_to(person).exists()}

    assert seen(Pupil) == {"sana"}
    assert seen(Referral) == {"sana"}
    assert seen(Enquiry) == {"sana", "alice", "bob"}
    assert seen(Disclosure) == {"sana", "bob"}


def test_a_pupil_says_no_name_where_an_error_would_show_it(world):
    pupil = whole_story(world).referral.pupil

    assert str(pupil) == f"Pupil {pupil.pk}"


def test_a_school_taken_off_a_trusts_list_is_gone_once_roles_are_read_anew(world):
    pupil = whole_story(world).referral.pupil
    membership = Membership.objects.get(user=world.tariq)
    membership.schools.add(world.elm_grove)
    before = holds(world.tariq, pupil.commissioner_id, SEES_PUPILS)
    membership.schools.clear()

    still = holds(world.tariq, pupil.commissioner_id, SEES_PUPILS)
    forget_roles(world.tariq)

    assert (before, still, holds(world.tariq, pupil.commissioner_id, SEES_PUPILS)) == (True, True, False)
