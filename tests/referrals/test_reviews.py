"""Reviews: planned when a placement starts, written down once, the next planned, and nobody forgets one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core.access import Denied, System
from core.calendars import Calendar
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals import tasks
from referrals.actions import reviewing as actions
from referrals.models import Placement, Review
from referrals.permissions.reviews import REMIND
from referrals.queries import reviews as queries
from referrals.rules import reviewing as rules
from referrals.rules.reviewing import Words
from referrals.states import ReviewKind
from referrals.steps import reviewing as steps
from tests.referrals.made import AT, CANARIES, UPN
from tests.referrals.placed import ENDS, STARTS, made_placement, made_review, made_terms_of_year

TODAY = dt.date(2026, 10, 23)
SAID = Words(pupil="Likes the saxophone phobia group", next="Sana rings on Friday")
YEAR = Calendar(terms=((dt.date(2026, 9, 2), dt.date(2026, 10, 23)), (dt.date(2026, 11, 2), dt.date(2026, 12, 18))))


def hold(world, review, *, by=None, today=TODAY, **values):
    values = {
        "held_on": today,
        "words": SAID,
        "targets_met": 1,
        "targets_set": 2,
        "goes_on": True,
        "next_on": None,
    } | values
    return actions.hold_review(review=review, by=by or world.sana, at=AT, today=today, **values)


def remind(today=TODAY):
    return actions.remind_of_reviews(by=System(REMIND), at=AT, today=today)


@pytest.mark.parametrize(
    ("basis", "due_on", "kind"),
    [
        ("s29a", ENDS - dt.timedelta(days=1), ReviewKind.DIRECTION),
        ("s19", ENDS - dt.timedelta(days=1), ReviewKind.HALF_TERM),
        ("", STARTS, ReviewKind.HALF_TERM),
        ("s29a", ENDS, ReviewKind.END),
    ],
)
def test_what_a_review_is(basis, due_on, kind):
    assert rules.kind_of(basis, due_on, ENDS) == kind


@pytest.mark.parametrize(
    ("basis", "calendar", "held_on", "latest"),
    [
        ("s29a", YEAR, dt.date(2026, 10, 5), dt.date(2026, 11, 4)),
        ("s19", YEAR, dt.date(2026, 10, 5), dt.date(2026, 11, 26)),
        ("s19", Calendar(), dt.date(2026, 10, 5), dt.date(2026, 11, 16)),
        ("s19", YEAR, dt.date(2026, 12, 1), ENDS),
        ("s29a", YEAR, dt.date(2026, 12, 1), ENDS),
    ],
)
def test_the_next_is_half_a_term_later_and_thirty_days_for_a_direction(basis, calendar, held_on, latest):
    assert rules.latest_next(held_on, ENDS, basis, calendar) == latest


@pytest.mark.parametrize(
    ("due_on", "how"),
    [
        (TODAY - dt.timedelta(days=1), "late"),
        (TODAY, "soon"),
        (TODAY + dt.timedelta(days=7), "soon"),
        (TODAY + dt.timedelta(days=8), "due"),
    ],
)
def test_how_near_a_review_is(due_on, how):
    assert rules.urgency(due_on, TODAY) == how


def test_invitations_to_the_review_of_a_direction_are_known_six_days_before():
    assert rules.invite_by("direction", TODAY) == dt.date(2026, 10, 17)
    assert rules.invite_by("half_term", TODAY) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_open": False}, "meanwhile"),
        ({"held_on": TODAY + dt.timedelta(days=1)}, "today or in the past"),
        ({"held_on": STARTS - dt.timedelta(days=1)}, "after the placement began"),
        ({"met": None}, "both numbers"),
        ({"of": None}, "both numbers"),
        ({"met": 3}, "more than"),
    ],
)
def test_what_a_review_that_was_held_must_say(change, words):
    right = {"held_on": TODAY, "today": TODAY, "starts_on": STARTS, "met": 2, "of": 2, "is_open": True}

    rules.check_held(**right)
    rules.check_held(**right | {"met": None, "of": None})
    with pytest.raises(Refused, match=words):
        rules.check_held(**right | change)


def test_the_day_of_the_next_review():
    facts = {"held_on": TODAY, "latest": dt.date(2026, 11, 22), "ends_on": ENDS}

    assert rules.check_next(goes_on=True, next_on=None, **facts) == facts["latest"]
    assert rules.check_next(goes_on=True, next_on=facts["latest"], **facts) == facts["latest"]
    assert rules.check_next(goes_on=False, next_on=TODAY, **facts) == ENDS
    assert rules.check_next(goes_on=False, next_on=None, **facts | {"ends_on": TODAY}) is None
    for wrong in (TODAY, dt.date(2026, 11, 23)):
        with pytest.raises(Refused, match="by 22 November 2026"):
            rules.check_next(goes_on=True, next_on=wrong, **facts)
    with pytest.raises(Refused, match="Extend it first"):
        rules.check_next(goes_on=True, next_on=None, **facts | {"ends_on": TODAY})


def test_a_review_is_written_down_sealed_and_the_next_one_planned(world):
    made_terms_of_year(world.elm_grove)
    review = made_review(world, made_placement(world), kind="direction")

    following = hold(world, review)

    review.refresh_from_db()
    assert (review.held_on, review.goes_on, review.targets_met, review.targets_set) == (TODAY, True, 1, 2)
    assert queries.words_of(review) == SAID
    assert b"saxophone" not in bytes(review.words)
    assert (following.kind, following.due_on) == ("direction", dt.date(2026, 11, 22))
    events = Event.objects.filter(about_type="referrals.review").order_by("pk")
    assert [one.action for one in events] == ["referrals.review.held", "referrals.review.planned"]
    assert "saxophone" not in str([one.data for one in events])
    with pytest.raises(Refused, match="meanwhile"):
        hold(world, review)
    with pytest.raises(Denied):
        hold(world, following, by=world.bob)


def test_one_that_does_not_go_on_is_reviewed_at_the_end_and_then_no_more(world):
    placement = made_placement(world)
    review = made_review(world, placement, kind="direction")

    last = hold(world, review, goes_on=False, words=Words())

    review.refresh_from_db()
    assert bytes(review.words) == b""
    assert (last.kind, last.due_on) == ("end", ENDS)
    assert hold(world, last, today=ENDS, goes_on=False) is None
    assert remind(today=ENDS) == 0
    assert placement.reviews.filter(held_on=None).count() == 0


def test_every_placement_that_runs_gets_its_review_and_the_leads_are_told_without_names(world):
    live = made_placement(world, review_by_on=dt.date(2026, 10, 26))
    made_placement(world, pupil=live.pupil, state="draft")

    assert remind() == 1
    assert remind() == 0

    review = Review.objects.get()
    assert (review.placement, review.kind, review.due_on) == (live, "direction", dt.date(2026, 10, 26))
    assert remind(today=dt.date(2026, 10, 27)) == 1
    assert remind(today=dt.date(2026, 10, 28)) == 0
    assert remind(today=dt.date(2026, 11, 3)) == 1
    letters = Message.objects.filter(key__startswith="review:").order_by("pk")
    assert [one.subject for one in letters] == [
        "A review of a placement is due",
        *["A review of a placement is late"] * 2,
    ]
    assert {one.to for one in letters} == {world.sana.email}
    assert not [word for word in CANARIES if any(word in one.subject + one.body for one in letters)]


def test_a_placement_that_has_no_open_review_is_planned_one_anew(world):
    placement = made_placement(world, review_by_on=None, basis="s19")
    made_review(world, placement, held_on=TODAY, written_at=AT, goes_on=True)

    tasks.remind_of_reviews()

    assert placement.reviews.filter(held_on=None).count() == 1


def test_a_placement_that_ended_early_keeps_one_review_at_its_end(world):
    placement = made_placement(world, state="ended")
    made_review(world, placement, kind="direction")
    made_review(world, placement, kind="end", due_on=ENDS)

    remind()
    remind()

    [review] = placement.reviews.all()
    assert (review.kind, review.due_on) == ("end", dt.date(2026, 11, 13))
    assert Event.objects.filter(action="referrals.review.moved").count() == 1
    assert Placement.objects.get(pk=placement.pk).state == "ended"


def test_the_list_shows_what_is_due_and_late_at_the_same_cost_for_many(world, sign_in, django_assert_max_num_queries):
    first = made_placement(world)
    made_review(world, first, due_on=dt.date(2026, 9, 29))
    for kind in ("direction", "end"):
        made_review(world, first, kind=kind, due_on=dt.date(2026, 12, 1))
    client = sign_in(world.sana)
    client.get(reverse("reviews", args=[world.elm_grove.pk]))

    with django_assert_max_num_queries(14):
        page = client.get(reverse("reviews", args=[world.elm_grove.pk])).content.decode()

    assert page.index("Late") < page.index("Review at the end")
    assert "<title>Reviews" in page.replace("\n", "")
    assert UPN not in page
    held = client.get(reverse("reviews", args=[world.elm_grove.pk]), {"show": "held"}).content.decode()
    assert "No review was held yet" in held
    of_one = client.get(reverse("placement_reviews", args=[first.pk])).content.decode()
    assert "Half-termly review" in of_one


def test_a_review_is_written_down_on_its_page_and_nothing_typed_is_lost(world, sign_in):
    placement = made_placement(world)
    placement.pupil.__class__.objects.update(has_ehcp=True)
    review = made_review(world, placement, kind="direction")
    url = reverse("review", args=[review.pk])
    client = sign_in(world.sana)
    typed = {
        "held_on_0": "23", "held_on_1": "10", "held_on_2": "2026", "pupil": "Likes to cook", "next": "Ring on Friday",
        "goes_on": "yes", "targets_set": "2", "targets_met": "3",
    }  # fmt: skip

    shown = client.get(url).content.decode()
    wrong = client.post(url, typed).content.decode()
    right = client.post(url, typed | {"targets_met": "2"}, follow=True).content.decode()
    again = client.post(url, typed | {"targets_met": "2"}).content.decode()

    assert "keeps the pupil’s education, health and care plan" in shown
    assert "cannot be more than" in wrong
    assert "Likes to cook" in wrong
    assert "The review is saved" in right
    assert "2 of 2" in right
    assert "Somebody has written down this review meanwhile" in again
    Membership.objects.filter(user=world.sana, role=Role.SCHOOL_DSL).delete()
    Membership.objects.filter(user=world.sana).update(role=Role.SCHOOL_ATTENDANCE)
    attendance = sign_in(world.sana).get(url).content.decode()
    assert "2 of 2" in attendance
    assert "Likes to cook" not in attendance


def test_a_trust_sees_the_reviews_of_the_schools_that_are_listed_and_one_kind_is_planned_once(world):
    placement = made_placement(world)
    review = made_review(world, placement, kind="direction")
    assert not queries.of_organisation(world.oak_trust, user=world.tariq).exists()

    Membership.objects.get(user=world.tariq).schools.add(world.elm_grove)
    tariq = world.tariq.__class__.objects.get(pk=world.tariq.pk)
    with transaction.atomic():
        again = steps.plan(placement=placement, due_on=TODAY, by=world.sana, at=AT)
        kept = steps.move_to_end(placement=placement, by=world.sana, at=AT)
        same = steps.move_to_end(placement=placement, by=world.sana, at=AT)

    assert list(queries.of_organisation(world.oak_trust, user=tariq)) == [review]
    assert (again, kept, same) == (None, review, None)
