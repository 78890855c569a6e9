"""The dates of a framework: how they are typed, what order they have, how long a framework runs, and its pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import Event
from core import access
from lots.actions import timetable as actions
from lots.models import Decision, Framework, KeyDate
from lots.rules import timetable as rules
from lots.rules.refusals import Refused
from lots.rules.timetable import Timetable
from tests.frameworks import AT, make_framework

D = dt.date


def utc(*parts) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("noon", dt.time(12)),
        ("Midday", dt.time(12)),
        ("12 noon", dt.time(12)),
        ("12noon", dt.time(12)),
        ("12pm", dt.time(12)),
        ("12:00", dt.time(12)),
        ("12.00", dt.time(12)),
        ("2pm", dt.time(14)),
        ("2:30 PM", dt.time(14, 30)),
        ("11:59pm", dt.time(23, 59)),
        ("12:01am", dt.time(0, 1)),
        ("  9 am ", dt.time(9)),
        ("14:30", dt.time(14, 30)),
        ("0:00", dt.time(0)),
        ("00:15", dt.time(0, 15)),
    ],
)
def test_times_that_are_understood(typed, time):
    assert rules.parse_time(typed) == time


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("midnight", "start or the end"),
        ("12am", "start or the end"),
        ("12 midnight", "start or the end"),
        ("12", "Enter a time"),
        ("2", "Enter a time"),
        ("25:00", "Enter a time"),
        ("12:60", "Enter a time"),
        ("13pm", "Enter a time"),
        ("0am", "Enter a time"),
        ("11 noon", "Enter a time"),
        ("12:30 noon", "Enter a time"),
        ("soon", "Enter a time"),
        ("١٢:٠٠", "Enter a time"),
        ("1200", "Enter a time"),
        ("", "Enter a time"),
    ],
)
def test_times_that_could_mean_something_else(typed, error):
    with pytest.raises(Refused, match=error):
        rules.parse_time(typed)


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (dt.time(12), "midday"),
        (dt.time(14, 30), "2:30pm"),
        (dt.time(9), "9am"),
        (dt.time(12, 30), "12:30pm"),
        (dt.time(0), "00:00"),
        (dt.time(0, 5), "00:05"),
    ],
)
def test_a_time_is_shown_so_that_it_can_be_typed_again(time, shown):
    assert rules.time_in_words(time) == shown
    assert rules.parse_time(shown) == time


@pytest.mark.parametrize(
    ("day", "time", "moment"),
    [
        (D(2026, 4, 20), dt.time(12), utc(2026, 4, 20, 11)),  # summer time
        (D(2026, 1, 20), dt.time(12), utc(2026, 1, 20, 12)),
        (D(2026, 3, 29), dt.time(0, 59), utc(2026, 3, 29, 0, 59)),
        (D(2026, 3, 29), dt.time(2), utc(2026, 3, 29, 1)),
        (D(2026, 10, 25), dt.time(0, 59), utc(2026, 10, 24, 23, 59)),
        (D(2026, 10, 25), dt.time(2), utc(2026, 10, 25, 2)),
    ],
)
def test_a_day_and_a_time_in_england_are_one_moment(day, time, moment):
    assert rules.moment_in_england(day, time) == moment


@pytest.mark.parametrize(
    ("day", "time", "error"),
    [
        (D(2026, 3, 29), dt.time(1), "left out"),
        (D(2026, 3, 29), dt.time(1, 59), "left out"),
        (D(2026, 10, 25), dt.time(1), "comes twice"),
        (D(2026, 10, 25), dt.time(1, 59), "comes twice"),
    ],
)
def test_a_time_that_does_not_exist_or_exists_twice_is_asked_again(day, time, error):
    with pytest.raises(Refused, match=error):
        rules.moment_in_england(day, time)


WHOLE = Timetable(
    enquiries_until=utc(2026, 4, 14, 11),
    closes_at=utc(2026, 4, 20, 11),
    award_by_on=D(2026, 7, 10),
    starts_on=D(2026, 9, 1),
    ends_on=D(2030, 8, 31),
    scheme_ends_on=D(2034, 8, 31),
)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({}, None, ""),
        ({"enquiries_until": utc(2026, 4, 20, 11)}, None, ""),
        (
            {"enquiries_until": utc(2026, 4, 20, 11, 1)},
            "enquiries_until",
            "The last moment for questions, 20 April 2026 at 12:01pm (UK time), is after the deadline for "
            "applications, 20 April 2026 at midday (UK time): change one of them",
        ),
        ({"award_by_on": D(2026, 4, 20)}, None, ""),
        (
            {"award_by_on": D(2026, 4, 19)},
            "award_by_on",
            "The deadline for applications, 20 April 2026 at midday (UK time), is after the day by which you expect to "
            "award, 19 April 2026: change one of them",
        ),
        ({"starts_on": D(2026, 7, 9)}, "starts_on", "The day by which you expect to award"),
        ({"award_by_on": None, "starts_on": D(2026, 4, 19)}, "starts_on", "The deadline for applications"),
        ({"ends_on": D(2026, 8, 31)}, "ends_on", "The first day of the framework"),
        ({"scheme_ends_on": D(2030, 8, 30)}, "scheme_ends_on", "The last day of the framework"),
        ({"closes_at": utc(2026, 4, 19, 23, 30), "award_by_on": D(2026, 4, 19)}, "award_by_on", "20 April 2026"),
    ],
)
def test_dates_have_an_order_and_what_is_out_of_it_is_named_with_both(change, field, words):
    found = rules.disorder(Timetable(**{**WHOLE.__dict__, **change}))

    assert list(found) == ([field] if field else [])
    assert field is None or words in found[field]


@pytest.mark.parametrize(
    ("starts", "ends", "scheme", "is_open", "latest"),
    [
        (D(2026, 9, 1), D(2034, 8, 31), None, True, None),
        (D(2026, 9, 1), D(2034, 9, 1), None, True, D(2034, 8, 31)),
        (D(2026, 9, 1), D(2030, 8, 31), D(2036, 8, 31), True, D(2034, 8, 31)),
        (D(2026, 9, 1), D(2036, 8, 31), None, False, None),
        (D(2028, 2, 29), D(2036, 2, 29), None, True, D(2036, 2, 28)),
        (None, D(2036, 2, 29), None, True, None),
        (D(2026, 9, 1), None, None, True, None),
    ],
)
def test_an_open_framework_ends_eight_years_after_it_began(starts, ends, scheme, is_open, latest):
    found = rules.too_long(Timetable(starts_on=starts, ends_on=ends, scheme_ends_on=scheme), is_open=is_open)

    assert found == latest


@pytest.mark.parametrize(
    ("closes", "now", "words"),
    [
        (utc(2026, 4, 20, 11), utc(2026, 4, 20, 10, 59), None),
        (utc(2026, 4, 20, 11), utc(2026, 4, 20, 11), "has passed"),
        (utc(2026, 4, 18, 11), utc(2026, 1, 1), "not on a working day"),  # a Saturday
        (utc(2026, 4, 3, 11), utc(2026, 1, 1), "not on a working day"),  # Good Friday
        (None, utc(2026, 1, 1), None),
    ],
)
def test_a_deadline_that_is_past_or_on_a_closed_day_is_pointed_out(closes, now, words):
    found = rules.cautions(Timetable(closes_at=closes), now=now)

    assert list(found) == (["closes_at"] if words else [])
    assert words is None or words in found["closes_at"]


def typed(**changes) -> dict:
    """The form as a browser sends it."""
    days = {
        "enquiries_until": D(2027, 4, 14),
        "closes_at": D(2027, 4, 20),
        "award_by_on": D(2027, 7, 9),
        "starts_on": D(2027, 9, 1),
        "ends_on": D(2031, 8, 31),
        "scheme_ends_on": D(2035, 8, 31),
    }
    days |= {name: changes.pop(name) for name in list(changes) if name in days}
    form = {"enquiries_time": "12 noon", "closes_time": "12 noon", "reason": ""} | changes
    for name, day in days.items():
        parts = (day.day, day.month, day.year) if day else ("", "", "")
        form |= {f"{name}_{number}": str(part) for number, part in enumerate(parts)}
    return form


def test_max_types_the_timetable_and_finds_it_again(world, sign_in):
    framework = make_framework(world)
    client, address = sign_in(world.max), reverse("framework_timetable", args=[framework.pk])

    answer = client.post(address, typed(closes_time="2:30pm"))

    framework.refresh_from_db()
    assert answer["Location"] == reverse("setup_framework", args=[framework.pk])
    assert framework.closes_at == utc(2027, 4, 20, 13, 30)
    assert framework.scheme_ends_on == D(2035, 8, 31)
    page = client.get(address).content.decode()
    assert 'value="2:30pm"' in page
    data = Event.objects.get(action="lots.framework.timetable_set").data
    assert data["closes_at"] == {"was": "2026-04-20T11:00:00+00:00", "is": "2027-04-20T13:30:00+00:00"}


def test_a_moment_that_nobody_changed_keeps_its_seconds(world, sign_in):
    framework = make_framework(world, closes_at=utc(2027, 4, 20, 22, 59, 59))

    sign_in(world.max).post(reverse("framework_timetable", args=[framework.pk]), typed(closes_time="11:59pm"))

    framework.refresh_from_db()
    assert framework.closes_at == utc(2027, 4, 20, 22, 59, 59)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"closes_time": ""}, "Enter the time too"),
        ({"closes_time": "12"}, "Enter a time, like midday"),
        ({"closes_at": D(2027, 3, 28), "closes_time": "1:30am"}, "this time is left out"),
        ({"starts_on": D(2027, 7, 8)}, "is after the first day of the framework"),
        ({"scheme_ends_on": D(2037, 8, 31)}, "An open framework that starts then ends by 31 August 2035"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_typed_is_lost(world, sign_in, change, words):
    framework = make_framework(world)

    page = sign_in(world.max).post(
        reverse("framework_timetable", args=[framework.pk]), typed(enquiries_time="11:15am", **change)
    )

    text = page.content.decode()
    assert page.status_code == 200
    assert words in text
    assert 'value="11:15am"' in text
    framework.refresh_from_db()
    assert framework.starts_on == D(2026, 9, 1)


def test_a_term_over_eight_years_is_taken_with_a_reason_which_is_kept(world, sign_in):
    framework = make_framework(world)
    client, address = sign_in(world.max), reverse("framework_timetable", args=[framework.pk])
    longer = typed(scheme_ends_on=D(2037, 8, 31), reason="Our lawyers advise that section 47(5) applies")

    client.post(address, longer)
    client.post(address, longer)

    decision = Decision.objects.get(framework=framework)
    assert (decision.about, decision.reason) == ("term_over_eight_years", longer["reason"])
    assert "Our lawyers advise" in client.get(address).content.decode()


def test_a_framework_that_is_not_open_has_no_scheme(world, sign_in):
    framework = make_framework(world, is_open=False, scheme_ends_on=None)
    client, address = sign_in(world.max), reverse("framework_timetable", args=[framework.pk])

    client.post(address, typed())

    framework.refresh_from_db()
    assert (framework.scheme_ends_on, framework.starts_on) == (None, D(2027, 9, 1))
    assert "whole scheme" not in client.get(address).content.decode()


@pytest.mark.parametrize("published", [False, True])
def test_a_meeting_is_added_and_removed_also_after_publication(world, sign_in, published):
    framework = make_framework(world, published=published)
    client = sign_in(world.max)
    form = {
        "kind": "engagement", "day_0": "3", "day_1": "6", "day_2": "2027", "time": "2pm", "description": "Town hall",
    }  # fmt: skip

    answer = client.post(reverse("add_key_date", args=[framework.pk]), form)

    date = KeyDate.objects.get()
    assert (date.at, date.description) == (utc(2027, 6, 3, 13), "Town hall")
    assert "Town hall" in client.get(answer["Location"]).content.decode()
    assert client.get(reverse("remove_key_date", args=[date.pk])).status_code == 200
    client.post(reverse("remove_key_date", args=[date.pk]))
    assert KeyDate.objects.count() == 0
    with pytest.raises(Refused, match="already been removed"):
        actions.remove_key_date(date=date, by=world.max, at=AT)


def test_no_date_of_a_framework_that_is_over_changes(world):
    framework = make_framework(world, published=True)
    Framework.objects.filter(pk=framework.pk).update(state="withdrawn")
    date = KeyDate.objects.create(framework=framework, kind="other", at=AT)

    with pytest.raises(Refused, match="is over"):
        actions.add_key_date(framework=framework, kind="other", moment=AT, description="", by=world.max, at=AT)
    with pytest.raises(Refused, match="is over"):
        actions.remove_key_date(date=date, by=world.max, at=AT)


def test_there_is_an_end_to_dates(world):
    framework = make_framework(world)
    KeyDate.objects.bulk_create(KeyDate(framework=framework, kind="other", at=AT) for _ in range(actions.MOST_DATES))

    with pytest.raises(Refused, match="100 dates at most"):
        actions.add_key_date(framework=framework, kind="other", moment=AT, description="", by=world.max, at=AT)


@pytest.mark.parametrize("who", ["ada", "olu", "tariq", "alice"])
def test_nobody_else_sets_the_timetable(world, who):
    with pytest.raises(access.Denied):
        actions.set_timetable(framework=make_framework(world), dates=WHOLE, reason="", by=getattr(world, who), at=AT)
