"""Pictures that need axes: server-side SVG, the same bytes for the same figures, always with their table beside them.

A view draws one behind its door and answers with `picture`; the page shows it with `components/chart.html`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse

_INK = "#0b0c0c"
_GRID = "#d9cfbf"
# One series in the council's colour, then colours that differ in lightness too, so that print in grey shows which.
_OTHERS = ["#c8793f", "#6d9dc5", "#3b3b3b"]
_HATCHES = ["", "//", "..", "xx"]


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


def _svg(chart: Chart, draw, *, height: float) -> bytes:
    """No pyplot (it keeps every figure), no date, ids from a fixed salt: the same figures give the same bytes.
    matplotlib is imported here because few processes ever draw."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style = {"svg.hashsalt": "portal", "svg.fonttype": "path", "font.size": 11, "text.parse_math": False}
    style |= {"text.color": _INK, "axes.labelcolor": _INK, "xtick.color": _INK, "ytick.color": _INK}
    with mpl.rc_context(style):
        figure = Figure(figsize=(7.6, height), layout="constrained")
        axes = figure.add_subplot()
        draw(axes, [settings.COUNCIL_COLOUR, *_OTHERS][: len(chart.series)])
        axes.set_axisbelow(True)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        if len(chart.series) > 1:
            figure.legend(loc="outside upper left", ncols=len(chart.series), frameon=False)
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Title": chart.title})
    return out.getvalue()


def picture(svg: bytes) -> HttpResponse:
    """The answer of a view that draws. The picture styles itself, so its own policy allows that and nothing else."""
    response = HttpResponse(svg, content_type="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
