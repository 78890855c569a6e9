"""Pictures with axes: the same figures give the same bytes, and the table says what the picture shows."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from core import charts

ONE = charts.Chart(
    title="Places <by> lot",
    alt="Lot 1 has 3 places",
    label="Lot",
    unit="Places",
    labels=("Lot 1", "Lot $2$ & <3>"),
    series=(charts.Series("Offered", (3, 1234567.5)), charts.Series("Taken", (2, 0))),
)


@pytest.mark.parametrize("draw", [charts.bars, charts.lines])
def test_the_same_figures_give_the_same_bytes(draw):
    assert draw(ONE) == draw(ONE)


@pytest.mark.parametrize("draw", [charts.bars, charts.lines])
def test_a_picture_is_svg_without_script_date_or_anything_from_elsewhere(draw):
    svg = draw(ONE).decode()

    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    assert re.findall(r"<script|<date|<image|href=\"http", svg) == []


def test_one_series_needs_no_legend():
    alone = charts.Chart(title="a", alt="a", label="a", unit="a", labels=("x",), series=(charts.Series("Only", (1,)),))

    assert b"legend" not in charts.bars(alone)
    assert b"legend" in charts.bars(ONE)


def test_the_table_says_the_same():
    assert ONE.columns == ["Lot", "Offered", "Taken"]
    assert ONE.rows == [("Lot 1", ["3", "2"]), ("Lot $2$ & <3>", ["1,234,567.5", "0"])]


@pytest.mark.parametrize(
    ("labels", "series"),
    [
        ((), (charts.Series("a", ()),)),
        (("x",), ()),
        (("x", "y"), (charts.Series("a", (1,)),)),
        (("x",), tuple(charts.Series(str(i), (1,)) for i in range(5))),
    ],
)
def test_a_chart_that_cannot_be_read_is_refused(labels, series):
    with pytest.raises(ValueError, match=r"A chart|Every series"):
        charts.Chart(title="a", alt="a", label="a", unit="a", labels=labels, series=series)


def test_a_picture_carries_a_policy_of_its_own():
    answer = charts.picture(b"<svg/>")

    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def test_whole_figures_have_no_halves_on_their_axis():
    def whole(*values) -> bool:
        one = charts.Series("Only", values)
        return charts.Chart(title="a", alt="a", label="a", unit="a", labels=("x", "y"), series=(one,)).whole

    assert (whole(1, 2), whole(1, 2.5)) == (True, False)


LINE = charts.Timeline(
    title="Dates",
    alt="Open in March 2026; runs from September 2026",
    spans=(
        charts.Span("Opens: 18 March 2026", dt.date(2026, 3, 18)),
        charts.Span("Runs <until> $2036$", dt.date(2026, 9, 1), dt.date(2036, 8, 31)),
    ),
    today=dt.date(2026, 11, 22),
)


def test_a_timeline_is_the_same_picture_for_the_same_days_and_marks_today():
    assert charts.timeline(LINE) == charts.timeline(LINE)
    assert charts.timeline(LINE) != charts.timeline(replace(LINE, today=dt.date(2030, 1, 1)))


@pytest.mark.parametrize(
    ("first", "last", "today", "years"),
    [
        ((2026, 3, 18), (2036, 8, 31), (2026, 11, 22), [2026, 2028, 2030, 2032, 2034, 2036]),
        ((2026, 3, 18), None, (2026, 3, 18), [2026, 2027]),
        ((2026, 3, 18), None, (2028, 3, 18), [2026, 2027, 2028, 2029]),
        ((1, 1, 1), (9999, 12, 31), (2026, 1, 1), [1, 1668, 3335, 5002, 6669, 8336]),
        ((9999, 12, 31), None, (9999, 12, 31), [9999, 10000]),
    ],
)
def test_a_timeline_of_any_length_is_drawn_and_shows_six_years_at_most(first, last, today, years):
    span = charts.Span("x", dt.date(*first), last and dt.date(*last))
    line = charts.Timeline(title="x", alt="x", spans=(span,), today=dt.date(*today))

    assert line.years == years
    assert ElementTree.fromstring(charts.timeline(line).decode()).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("spans", [(), (charts.Span("x", dt.date(2026, 3, 2), dt.date(2026, 3, 1)),)])
def test_a_timeline_that_cannot_be_drawn_is_refused(spans):
    with pytest.raises(ValueError, match=r"A timeline|A period"):
        charts.Timeline(title="x", alt="x", spans=spans, today=dt.date(2026, 1, 1))


BUSY = (
    charts.Span("Opens", dt.date(2026, 3, 18), dt.date(2026, 4, 20)),
    charts.Span("Awarded", dt.date(2026, 6, 22)),
    charts.Span("Runs", dt.date(2026, 9, 1), dt.date(2036, 8, 31)),
)


@pytest.mark.parametrize(
    ("split", "today", "parts"),
    [
        (None, (2026, 5, 1), [(3, dt.date(2026, 5, 1))]),
        ((2026, 9, 1), (2026, 5, 1), [(2, dt.date(2026, 5, 1)), (1, None)]),
        ((2026, 9, 1), (2026, 9, 1), [(2, None), (1, dt.date(2026, 9, 1))]),
        ((2026, 9, 1), None, [(2, None), (1, None)]),
        ((2026, 3, 18), (2026, 5, 1), [(3, dt.date(2026, 5, 1))]),
        ((2040, 1, 1), (2026, 5, 1), [(3, dt.date(2026, 5, 1))]),
    ],
)
def test_what_begins_before_the_split_has_a_scale_of_its_own(split, today, parts):
    today, split = today and dt.date(*today), split and dt.date(*split)
    line = charts.Timeline(title="x", alt="x", spans=BUSY, today=today, split=split)

    assert [(len(part.spans), part.today) for part in line.parts] == parts
    assert ElementTree.fromstring(charts.timeline(line).decode()).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2026, 3, 18), (2026, 3, 18), ["Mar 2026", "Apr 2026"]),
        ((2026, 2, 10), (2026, 6, 22), ["Feb 2026", "Apr 2026", "Jun 2026"]),
        ((2026, 11, 1), (2027, 2, 1), ["Nov 2026", "Dec 2026", "Jan 2027", "Feb 2027", "Mar 2027"]),
        ((2026, 1, 1), (2027, 12, 31), ["Jan 2026", "Jun 2026", "Nov 2026", "Apr 2027", "Sep 2027"]),
        ((2026, 1, 1), (2028, 1, 2), ["2026", "2027", "2028", "2029"]),
        ((9999, 12, 31), (9999, 12, 31), ["Dec 9999", "Jan 10000"]),
    ],
)
def test_a_short_time_is_told_in_months_and_a_long_one_in_years(first, last, words):
    line = charts.Timeline(title="x", alt="x", spans=(charts.Span("x", dt.date(*first), dt.date(*last)),), today=None)

    assert [word for _, word in line.marks] == words


def field(number: int, **words) -> charts.Marks:
    """So many marks in two groups, with a line across."""
    rows = tuple(charts.Mark(f"Bidder {n} $ & <3>", 30 + n / 10, n % 2) for n in range(number))
    given = {"groups": ("In", "Out"), "marks": rows, "lines": (("Limit", 40.0),)} | words
    return charts.Marks(title="Prices", alt="Some prices", unit="£", **given)


@pytest.mark.parametrize("number", [1, 7, 700])
def test_seven_marks_or_seven_hundred(number):
    svg = charts.marks(field(number)).decode()

    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    assert svg == charts.marks(field(number)).decode()


def test_groups_of_marks_differ_by_shape():
    assert len({shape for shape, _ in charts._SHAPES}) == len(charts._SHAPES)


def test_marks_that_cannot_be_read_are_refused():
    with pytest.raises(ValueError, match="needs one"):
        field(0)
    with pytest.raises(ValueError, match="shapes"):
        field(1, groups=("a", "b", "c", "d", "e"))
