"""The letters, every day, while something put off at an emergency start is late."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core.access import Denied
from outbox.models import Message
from referrals import tasks
from referrals.actions import assurance as writing
from referrals.models import Placement
from referrals.rules.private import Private
from referrals.states import NEVER_WAIVED, Item, PlacementState
from tests.referrals.agreed import that_day  # noqa: F401
from tests.referrals.answering import made_cover
from tests.referrals.made import AT, CANARIES, TODAY, made_pupil
from tests.referrals.placed import ENDS, made_assurances, made_placement
from tests.referrals.test_starting import DAY, ready, remind, sign, start

pytestmark = pytest.mark.usefixtures("that_day")


def receivers(day: dt.date) -> list[str]:
    rows = Message.objects.filter(key__startswith="assurance-late:", key__contains=day.isoformat())
    return sorted(rows.values_list("to", flat=True))


def told(start: str) -> list[str]:
    return sorted(Message.objects.filter(key__startswith=start).values_list("to", flat=True))


class TestAtTheStart:
    @pytest.mark.parametrize("emergency", [False, True])
    def test_the_provider_and_the_school_are_told_and_of_an_emergency_the_leads(self, world, emergency):
        placement = ready(world, *(NEVER_WAIVED if emergency else Item))
        Placement.objects.update(commissioner=world.larkshire)
        made_cover(world.larkshire)
        (sign if emergency else start)(placement, by=world.tom if emergency else world.eve)

        leads = [world.eve.email, world.tom.email] if emergency else []
        assert told("placement-started:") == sorted([world.bob.email, world.sana.email, *leads])
        bodies = " ".join(Message.objects.filter(key__startswith="placement-started:").values_list("body", flat=True))
        assert ("emergency start" in bodies) is emergency
        assert reverse("before_start", args=[placement.pk]) in bodies
        assert not [canary for canary in CANARIES if canary in bodies]

    def test_without_a_home_school_only_the_provider(self, world):
        placement = ready(world, *Item)
        Placement.objects.update(home_school=None)

        start(placement, by=world.sana)

        assert told("placement-started:") == [world.bob.email]


class TestLetters:
    def test_every_day_to_the_signer_then_to_the_leads_too(self, world):
        placement = ready(world, *NEVER_WAIVED)
        _, due_on = sign(placement, by=world.sana)
        Membership.objects.create(
            user=world.nora, organisation=world.elm_grove, role=Role.SCHOOL_DSL, person_name="Nora", given_at=AT
        )
        first, second = due_on + DAY, due_on + 2 * DAY

        assert [remind(due_on), remind(first), remind(first), remind(second)] == [0, 1, 0, 2]

        assert receivers(first) == [world.sana.email]
        assert receivers(second) == [world.nora.email, world.sana.email]
        letter = Message.objects.filter(key__contains=second.isoformat()).first()
        assert "5 items" in letter.body
        assert "for 2 days" in letter.body
        assert reverse("before_start", args=[placement.pk]) in letter.body
        assert not [canary for canary in CANARIES if canary in f"{letter.subject} {letter.body}"]
        assert Event.objects.filter(action="referrals.assurance.reminded").count() == 2

    def test_of_several_placements_one_letter_a_day_for_each_person(self, world):
        first = ready(world, *NEVER_WAIVED)
        second = made_placement(
            world, place=first.place, pupil=made_pupil(world, private=Private()), state=PlacementState.ASSURANCE
        )
        made_assurances(world, second)
        _, due_on = sign(first, by=world.sana)
        sign(second, by=world.sana)

        assert remind(due_on + DAY) == 1

        letter = Message.objects.get(key__startswith="assurance-late:")
        assert "2 placements" in letter.body
        assert "10 items" in letter.body
        assert reverse("placements", args=[world.elm_grove.pk]) in letter.body

    def test_where_the_signer_has_left_the_leads_are_told_at_once(self, world):
        placement = ready(world, *NEVER_WAIVED)
        _, due_on = sign(placement, by=world.sana)
        Placement.objects.update(emergency_by=world.nora)
        type(world.nora).objects.filter(pk=world.nora.pk).update(is_active=False)

        remind(due_on + DAY)

        assert receivers(due_on + DAY) == [world.sana.email]

    def test_a_paused_one_is_not_forgotten_and_an_ended_one_is(self, world):
        placement = ready(world, *NEVER_WAIVED)
        _, due_on = sign(placement, by=world.sana)
        Placement.objects.update(state="paused")
        assert remind(due_on + DAY) == 1
        Placement.objects.update(state="ended", ended_on=ENDS)
        assert remind(due_on + 2 * DAY) == 0

    def test_the_task_writes_them_and_nobody_else_may(self, world, that_day):  # noqa: F811
        placement = ready(world, *NEVER_WAIVED)
        sign(placement, by=world.sana)
        that_day(AT + dt.timedelta(days=30))

        tasks.remind_of_assurance()

        assert Message.objects.filter(key__startswith="assurance-late:").count() == 1
        with pytest.raises(Denied):
            writing.remind_of_assurance(by=world.sana, at=AT, today=TODAY)

    def test_what_is_late_is_red_on_the_page(self, world, sign_in, that_day):  # noqa: F811
        placement = ready(world, *NEVER_WAIVED)
        sign(placement, by=world.sana)
        that_day(AT + dt.timedelta(days=30))

        page = sign_in(world.sana).get(reverse("before_start", args=[placement.pk])).text

        assert "5 items are late" in page
        assert page.count("govuk-tag--red") == 5
