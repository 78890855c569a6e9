"""Where a pupil is on the roll: begun, ended, corrected, never written over."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.states import Role
from audit.models import Event
from lots.rules.refusals import Refused
from referrals.actions import enrolments as actions
from referrals.models import Enrolment
from referrals.rules.pupils import Roll
from tests.referrals.made import AT, made_pupil
from tests.referrals.pupils import another, at_school, give, made_school

DAY = dt.date(2026, 9, 14)


def days(name: str, day: dt.date | None) -> dict[str, str]:
    """A day as a form sends it."""
    parts = (day.day, day.month, day.year) if day else ("", "", "")
    return {f"{name}_{number}": str(part) for number, part in enumerate(parts)}


def begun(pupil, roll, by) -> Enrolment:
    return actions.add_enrolment(pupil=pupil, roll=roll, by=by, at=AT)


def test_a_new_school_ends_the_one_before_on_the_day_before(world, sign_in):
    pupil, holly = made_pupil(world), made_school()
    sent = {"kind": "main", "words": "Holly Lane School (900002)", "why_none": ""} | days("from_on", DAY)

    answer = sign_in(world.sana).post(reverse("add_enrolment", args=[pupil.pk]), sent | days("until_on", None))

    [before, now] = pupil.enrolments.all()
    assert answer.url == reverse("pupil", args=[pupil.pk])
    assert (before.school, before.until_on) == (world.elm_grove, dt.date(2026, 9, 13))
    assert (now.school, now.from_on, now.until_on) == (holly, DAY, None)
    event = Event.objects.get(action="referrals.enrolment.begun")
    assert event.data == {"pupil": pupil.pk, "kind": "main", "from_on": "2026-09-14", "ended": before.pk}
    assert event.organisation_id == world.elm_grove.pk


def test_a_pupil_may_be_at_two_schools_or_at_none(world):
    pupil, holly = made_pupil(world), made_school()

    begun(pupil, at_school(holly, DAY, kind="other"), world.sana)
    begun(pupil, Roll("none", DAY, why_none="excluded"), world.sana)

    assert [(one.kind, one.until_on) for one in pupil.enrolments.all()] == [
        ("main", dt.date(2026, 9, 13)),
        ("other", None),
        ("none", None),
    ]


def test_what_cannot_be_true_is_refused_and_nothing_is_written(world, sign_in):
    pupil, client = made_pupil(world), sign_in(world.sana)
    address = reverse("add_enrolment", args=[pupil.pk])
    there = {"kind": "main", "words": "900001", "why_none": ""} | days("from_on", dt.date(2023, 9, 4))

    assert "of this school from" in client.post(address, there | days("until_on", None)).text
    assert "Choose why the pupil" in client.post(address, there | {"kind": "none"}).text
    assert "Enter the name or URN" in client.post(address, there | {"words": ""}).text
    assert "Choose where the pupil is" in client.post(address, {}).text
    with pytest.raises(Refused, match="after the pupil was born"):
        begun(pupil, at_school(made_school(), dt.date(2001, 1, 1)), world.sana)
    assert pupil.enrolments.count() == 1


def test_an_enrolment_ends(world, sign_in):
    pupil, client = made_pupil(world), sign_in(world.sana)
    [one] = pupil.enrolments.all()
    address = reverse("end_enrolment", args=[pupil.pk, one.pk])

    assert "Enter the last day" in client.post(address, days("until_on", None)).text
    assert client.post(address, days("until_on", dt.date(2026, 7, 20))).status_code == 302
    assert "ended already" in client.post(address, days("until_on", dt.date(2026, 7, 21))).text

    one.refresh_from_db()
    assert one.until_on == dt.date(2026, 7, 20)
    assert Event.objects.get(action="referrals.enrolment.ended").data["until_on"] == "2026-07-20"


def test_a_wrong_date_is_corrected_and_what_stood_is_kept(world, sign_in):
    pupil, client = made_pupil(world), sign_in(world.sana)
    [one] = pupil.enrolments.all()
    address = reverse("correct_enrolment", args=[pupil.pk, one.pk])
    right = days("from_on", dt.date(2023, 9, 5)) | days("until_on", dt.date(2026, 7, 20))

    assert client.post(address, right).status_code == 302
    assert client.post(address, days("from_on", dt.date(2023, 9, 6)) | days("until_on", None)).status_code == 302
    same = client.post(address, days("from_on", dt.date(2023, 9, 6)) | days("until_on", None))

    assert "Change what is wrong" in same.text
    kept = Event.objects.filter(action="referrals.enrolment.corrected").order_by("pk")
    assert [event.data for event in kept] == [
        {"pupil": pupil.pk, "stood_from": "2023-09-04"},
        {"pupil": pupil.pk, "stood_from": "2023-09-05", "stood_until": "2026-07-20"},
    ]
    assert "Dates of an enrolment corrected" in client.get(reverse("pupil_record", args=[pupil.pk])).text


def test_only_who_commissions_and_only_of_this_pupil(world, sign_in):
    pupil, other = made_pupil(world), another(world)
    [one] = pupil.enrolments.all()
    give(world.nora, world.elm_grove, Role.SCHOOL_ATTENDANCE)

    for call in (
        lambda: begun(pupil, at_school(world.elm_grove), world.nora),
        lambda: actions.end_enrolment(enrolment=one, until_on=DAY, by=world.nora, at=AT),
        lambda: actions.correct_enrolment(enrolment=one, from_on=DAY, until_on=None, by=world.eve, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            call()
    for name in ("end_enrolment", "correct_enrolment"):
        assert sign_in(world.sana).get(reverse(name, args=[other.pk, one.pk])).status_code == 404
