"""Pictures that need axes: server-side SVG, the same bytes for the same figures, always with their table beside them.

A view draws one behind its door and answers with `picture`; the page shows it with `components/chart.html`.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.conf import settings
from django.http import HttpResponse

_INK = "#0b0c0c"
_GRID = "#d9cfbf"
# One series in the council's colour, then colours that differ in lightness too, so that print in grey shows which.
_OTHERS = ["#c8793f", "#6d9dc5", "#3b3b3b"]
_HATCHES = ["", "//", "..", "xx"]
_TODAY = "#d4351c"
_MOST_YEARS = 6  # that stand beside one another on a phone
_MOST_MONTHS = 5
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_IN_MONTHS = 730  # days: what is shorter is told in months
# Filled, crossed out, hollow, hollow: told apart without colour, in print too.
_SHAPES = [("o", True), ("X", True), ("D", False), ("s", False)]
_MARKED = ["", "#b3261e", "#3b3b3b", "#6d9dc5"]
_MOST_NAMED = 25  # marks that have room for their names
_STYLES = ["-", "--", ":"]


@dataclass(frozen=True)
class Series:
    """Figures of one kind, in the order of the chart's labels."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Chart:
    """What is drawn and what its table says. `alt` says what the picture shows, `unit` stands on the axis."""

    title: str
    alt: str
    label: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]

    def __post_init__(self):
        if not self.labels or not self.series:
            raise ValueError("A chart needs labels and at least one series")
        if len(self.series) > 1 + len(_OTHERS):
            raise ValueError(f"A chart of more than {1 + len(_OTHERS)} series cannot be read: use a table")
        if any(len(one.values) != len(self.labels) for one in self.series):
            raise ValueError("Every series needs one value for each label")

    @property
    def columns(self) -> list[str]:
        """Headings of the table's columns."""
        return [self.label, *(one.name for one in self.series)]

    @property
    def whole(self) -> bool:
        """Nothing but whole numbers: the axis then shows no half places."""
        return all(isinstance(value, int) for one in self.series for value in one.values)

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """Rows of the table: the label, then each series' figure."""
        return [(label, [f"{one.values[i]:,.10g}" for one in self.series]) for i, label in enumerate(self.labels)]


@dataclass(frozen=True)
class Span:
    """Something on a timeline: from `first` to `last`, both counted, or one day alone."""

    label: str
    first: dt.date
    last: dt.date | None = None


@dataclass(frozen=True)
class Timeline:
    """Days and periods, drawn to scale in the order given, with today marked. `alt` says what the picture shows. What
    begins before `split` has a scale of its own: then a few busy months are not crammed into a corner of ten years."""

    title: str
    alt: str
    spans: tuple[Span, ...]
    today: dt.date | None
    split: dt.date | None = None

    def __post_init__(self):
        if not self.spans:
            raise ValueError("A timeline needs something on it")
        if any(span.last and span.last < span.first for span in self.spans):
            raise ValueError("A period ends on its first day or later")

    @property
    def parts(self) -> tuple[Timeline, ...]:
        """The timelines of one scale each that this one is drawn as, today in that to which it belongs."""
        split = self.split
        before = tuple(span for span in self.spans if split and span.first < split)
        after = tuple(span for span in self.spans if not split or span.first >= split)
        if split is None or not before or not after:
            return (self,)
        is_early = self.today is not None and self.today < split
        return (
            replace(self, spans=before, today=self.today if is_early else None, split=None),
            replace(self, spans=after, today=None if is_early else self.today, split=None),
        )

    @property
    def reach(self) -> tuple[dt.date, dt.date]:
        """The first and the last day of all, today among them."""
        days = [day for span in self.spans for day in (span.first, span.last or span.first)]
        days += [self.today] if self.today else []
        return min(days), max(days)

    @property
    def years(self) -> list[int]:
        """The years whose first of January stands on the axis: as many as can be read."""
        first, last = (day.year for day in self.reach)
        step = -(-(last + 1 - first + 1) // _MOST_YEARS)
        return list(range(first, last + 2, step))

    @property
    def marks(self) -> list[tuple[int, str]]:
        """Number of a day and what stands below it on the axis: years, or months where there are few of them."""
        first, last = self.reach
        if (last - first).days > _IN_MONTHS:
            return [(_month(year * 12), str(year)) for year in self.years]
        begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month
        months = range(begin, end + 1, -(-(end - begin + 1) // _MOST_MONTHS))
        return [(_month(at), f"{_MONTHS[at % 12]} {at // 12}") for at in months]


@dataclass(frozen=True)
class Mark:
    """One thing of a field: what it is called (empty: nobody says), how much, and the group that it is in."""

    name: str
    value: float
    group: int


@dataclass(frozen=True)
class Marks:
    """Many things of one measure, lowest first, with lines that they are compared with (words and value). Groups differ
    by shape as well as colour: at most four. Few things are named, many are counted. `alt` says what is shown."""

    title: str
    alt: str
    unit: str
    groups: tuple[str, ...]
    marks: tuple[Mark, ...]
    lines: tuple[tuple[str, float], ...]

    def __post_init__(self):
        if not self.marks:
            raise ValueError("A picture of marks needs one at least")
        if len(self.groups) > len(_SHAPES):
            raise ValueError("More groups than shapes that can be told apart")


def bars(chart: Chart) -> bytes:
    """The chart as grouped bars, lying: long labels then stand where they can be read."""

    def draw(axes, colours: Sequence[str]):
        each = 0.8 / len(chart.series)
        for at, (one, colour) in enumerate(zip(chart.series, colours, strict=True)):
            places = [i - 0.4 + each * (at + 0.5) for i in range(len(chart.labels))]
            axes.barh(places, one.values, each, color=colour, hatch=_HATCHES[at], edgecolor="white", label=one.name)
        axes.set_yticks(range(len(chart.labels)), chart.labels)
        axes.invert_yaxis()
        axes.set_xlabel(chart.unit)
        axes.xaxis.get_major_locator().set_params(integer=chart.whole)
        axes.grid(axis="x", color=_GRID)

    return _svg(chart, draw, height=1.2 + 0.42 * len(chart.labels) * max(1, len(chart.series) * 0.6))


def lines(chart: Chart) -> bytes:
    """The chart as lines over its labels, which are in order of time."""

    def draw(axes, colours: Sequence[str]):
        for at, (one, colour) in enumerate(zip(chart.series, colours, strict=True)):
            axes.plot(chart.labels, one.values, color=colour, marker="osD^"[at], linewidth=2, label=one.name)
        axes.set_ylabel(chart.unit)
        axes.yaxis.get_major_locator().set_params(integer=chart.whole)
        axes.set_ylim(bottom=min(0, *(min(one.values) for one in chart.series)))
        axes.grid(axis="y", color=_GRID)

    return _svg(chart, draw, height=4)


def marks(field: Marks) -> bytes:
    """Every mark in its row, lowest at the top, and the lines across: seven things or seven hundred."""
    rows = sorted(field.marks, key=lambda mark: mark.value)
    named = len(rows) <= _MOST_NAMED
    size = 8 if named else max(3, 8 - len(rows) // 100)

    def draw(axes, colours: Sequence[str]):
        for at, name in enumerate(field.groups):
            there = [(mark.value, row) for row, mark in enumerate(rows) if mark.group == at]
            if not there:
                continue
            shape, filled = _SHAPES[at]
            colour = _MARKED[at] or colours[0]
            axes.plot(*zip(*there, strict=True), linestyle="", marker=shape, markersize=size, color=colour,
                      markerfacecolor=colour if filled else "white", label=f"{name} ({len(there):,})")  # fmt: skip
        for at, (name, value) in enumerate(field.lines):
            axes.axvline(value, color=_INK, linestyle=_STYLES[at % len(_STYLES)], linewidth=1.5, label=name)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks(range(len(rows)) if named else [], [mark.name for mark in rows] if named else [])
        axes.set_ylabel("" if named else f"{len(rows):,} prices, lowest first")
        axes.set_xlabel(field.unit)
        axes.set_xlim(left=0)
        axes.grid(axis="x", color=_GRID)
        axes.figure.legend(loc="outside upper left", ncols=2, frameon=False)

    return _svg(field, draw, height=2.2 + 0.3 * len(rows) if named else 7)


def timeline(line: Timeline) -> bytes:
    """The timeline, each label above its mark: narrow, so that a phone shows it at a size that can be read. Days are
    counted here and not by matplotlib, which knows none after the year 9999."""
    parts = line.parts
    heights = [0.8 + 0.5 * len(part.spans) for part in parts]
    return _svg(line, *(partial(_draw_line, part) for part in parts), height=sum(heights), width=5.2, shares=heights)


def _draw_line(line: Timeline, axes, colours: Sequence[str]) -> None:
    first, last = (day.toordinal() for day in line.reach)
    edge = max(30, (last - first) // 25)
    for row, span in enumerate(line.spans):
        start, end = span.first.toordinal(), (span.last or span.first).toordinal()
        axes.text(0.01, row - 0.12, span.label, transform=axes.get_yaxis_transform(), va="bottom",
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1}, zorder=3)  # fmt: skip
        if span.last and end - start > edge // 4:
            axes.barh(row + 0.16, end - start + 1, 0.26, left=start, color=colours[0])
        else:
            axes.plot([start], [row + 0.16], marker="D", markersize=7, color=colours[0])
    if line.today:
        today = line.today.toordinal()
        axes.axvline(today, color=_TODAY, linestyle="--", linewidth=1.5)
        after = today < (first + last) / 2
        axes.text(today, -0.78, " Today " if after else "Today ", color=_TODAY, va="center",
                  ha="left" if after else "right", weight="bold")  # fmt: skip
    axes.set_ylim(len(line.spans) - 0.4, -1)
    axes.set_xlim(first - edge, last + edge)
    shown = [(at, words) for at, words in line.marks if first - edge <= at <= last + edge]
    axes.set_xticks([at for at, _ in shown], [words for _, words in shown])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=_GRID)


def _month(at: int) -> int:
    """The number of the first day of a month, counted from January of the year 0, for the one after the last too."""
    year, month = divmod(at, 12)
    return dt.date(year, month + 1, 1).toordinal() if year <= dt.MAXYEAR else dt.date.max.toordinal() + 1


def _svg(
    chart: Chart | Timeline | Marks, *draws, height: float, width: float = 7.6, shares: Sequence[float] = (1,)
) -> bytes:
    """No pyplot (it keeps every figure), no date, ids from a fixed salt: the same figures give the same bytes.
    matplotlib is imported here because few processes ever draw."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style = {"svg.hashsalt": "portal", "svg.fonttype": "path", "font.size": 11, "text.parse_math": False}
    style |= {"text.color": _INK, "axes.labelcolor": _INK, "xtick.color": _INK, "ytick.color": _INK}
    with mpl.rc_context(style):
        figure = Figure(figsize=(width, height), layout="constrained")
        series = chart.series if isinstance(chart, Chart) else ()
        places = figure.subplots(len(draws), height_ratios=shares, squeeze=False)[:, 0]
        for axes, draw in zip(places, draws, strict=True):
            draw(axes, [settings.COUNCIL_COLOUR, *_OTHERS][: max(1, len(series))])
            axes.set_axisbelow(True)
            for side in ("top", "right"):
                axes.spines[side].set_visible(False)
        if len(series) > 1:
            figure.legend(loc="outside upper left", ncols=len(series), frameon=False)
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Title": chart.title})
    return out.getvalue()


def picture(svg: bytes) -> HttpResponse:
    """The answer of a view that draws. The picture styles itself, so its own policy allows that and nothing else."""
    response = HttpResponse(svg, content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
