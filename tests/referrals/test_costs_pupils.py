"""What the pages of pupils cost in queries: the same with one row of everything and with three."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals import urls_pupils
from tests.pages import read
from tests.referrals.made import AT, made_pupil, made_referral
from tests.referrals.pupils import another, enrolled, made_move, made_school

# By the name of the address: what it is about, and its queries. Looking is written down, which is one of them.
LISTS = {"pupils": ("school", 8), "pupil_moves": ("school", 5), "pupils_csv": ("school", 7)}
PAGES = {
    "add_pupil": ("school", 4),
    "answer_move": ("move", 4),
    "pupil": ("pupil", 10),
    "pupil_record": ("pupil", 12),
    "edit_pupil": ("pupil", 5),
    "edit_needs": ("pupil", 5),
    "edit_contacts": ("pupil", 5),
    "add_enrolment": ("pupil", 5),
    "end_enrolment": ("enrolment", 6),
    "correct_enrolment": ("enrolment", 6),
    "move_pupil": ("pupil", 6),
    "merge_pupil": ("pupil", 6),
    "merge_pupils": ("two", 8),
}


def test_every_page_is_counted_and_lists_cost_eight_at_most():
    assert {one.name for one in urls_pupils.urlpatterns} == {*LISTS, *PAGES}
    assert {name for name, (_, queries) in LISTS.items() if queries > 8} == set()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_with_one_row_and_with_three(world, sign_in, rows):
    pupil, school = made_pupil(world), made_school()
    for number in range(rows):
        enrolled(pupil, dt.date(2015 + number, 9, 1), dt.date(2016 + number, 7, 1), school=school)
        made_referral(world, pupil=pupil)
        other = another(world, f"Child{number}", "Quillsworth")
        enrolled(other, dt.date(2024, 9, 2), school=school)
        move = made_move(world, other, state="declined", answered_at=AT)
        made_move(world, pupil, state="declined", answered_at=AT)
    about = {
        "school": [world.elm_grove.pk],
        "pupil": [pupil.pk],
        "move": [move.pk],
        "enrolment": [pupil.pk, pupil.enrolments.first().pk],
        "two": [pupil.pk, other.pk],
    }
    client, found = sign_in(world.sana), {}
    client.get(reverse("home"))
    for name, (thing, _) in (LISTS | PAGES).items():
        with CaptureQueriesContext(connection) as queries:
            assert read(client.get(reverse(name, args=about[thing]))).status_code == 200
        found[name] = sum("SAVEPOINT" not in query["sql"] for query in queries)

    assert found == {name: count for name, (_, count) in (LISTS | PAGES).items()}
