"""Tags, money and dates as people read them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from core.templatetags import portal


def shown(source: str, **context) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (dt.datetime(2026, 11, 22, 9, 31, tzinfo=dt.UTC), "22 November 2026 at 9:31am"),
        (dt.datetime(2026, 6, 1, 9, 31, tzinfo=dt.UTC), "1 June 2026 at 10:31am"),
        (dt.datetime(2026, 6, 1, 23, 30, tzinfo=dt.UTC), "2 June 2026 at 12:30am"),
        (dt.datetime(2026, 11, 22, 0, 0, tzinfo=dt.UTC), "22 November 2026 at midnight"),
        (dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC), "22 November 2026 at midday"),
        (dt.datetime(2026, 11, 22, 12, 5, tzinfo=dt.UTC), "22 November 2026 at 12:05pm"),
        (dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC), "22 November 2026 at 5pm"),
    ],
)
def test_a_moment_is_shown_as_people_in_england_say_it(at, words):
    assert shown("{{ at|moment }}", at=at) == f'<time datetime="{at.isoformat()}">{words}</time>'


def test_a_day_is_shown_without_its_time():
    assert "2 June 2026</time>" in shown("{{ at|day }}", at=dt.datetime(2026, 6, 1, 23, 30, tzinfo=dt.UTC))
    assert "1 June 2026</time>" in shown("{{ at|day }}", at=dt.date(2026, 6, 1))


def test_nothing_stays_nothing():
    assert shown("{{ none|moment }}{{ none|day }}{{ none|money }}{{ none|value }}", none=None) == ""


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="two things"):
        portal.moment(dt.datetime(2026, 11, 22, 9, 31))  # noqa: DTZ001


def test_money_is_shown_in_pounds():
    assert shown("{{ pence|money }}", pence=123450) == '<span class="portal-money">£1,234.50</span>'


def test_a_value_of_whole_pounds_is_shown_without_pence():
    assert shown("{{ pence|value }}", pence=2_420_000_000) == '<span class="portal-money">£24,200,000</span>'
    assert shown("{{ pence|value }}", pence=123450) == '<span class="portal-money">£1,234.50</span>'


def test_a_tag_says_its_words_and_escapes_them():
    assert shown("{% tag words 'red' %}", words="<b>") == '<strong class="govuk-tag govuk-tag--red">&lt;b&gt;</strong>'


def test_a_colour_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="mauve"):
        shown("{% tag 'a' 'mauve' %}")


def test_a_day_that_ends_is_not_said_to_be_at_midnight():
    london = ZoneInfo("Europe/London")
    end = dt.datetime(2026, 12, 3, 0, 0, tzinfo=london)

    assert "the end of 2 December 2026" in portal.until(end)
    assert portal.until(end - dt.timedelta(hours=7)) == portal.moment(end - dt.timedelta(hours=7))
    assert portal.until(None) == ""
