"""What placements draw from a framework's value, for its buyer's officers. No pupil stands here."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core import charts
from core.access import guard
from lots.models import Framework
from referrals.permissions import placements as permissions
from referrals.queries import drawing
from referrals.rules.drawing import warnings


@guard(permissions.can_see_spend, on=Framework)
@require_safe
def framework_spend(request, framework):
    """Each lot's value beside what is drawn from it, and the framework's."""
    lots, whole = drawing.by_lot(framework), drawing.of_framework(framework)
    context = {
        "framework": framework,
        "lots": lots,
        "whole": whole,
        "number": sum(number for _, _, number in lots),
        "warnings": warnings([*(drawn for _, drawn, _ in lots), whole]),
        "chart": _chart(framework, lots) if lots else None,
        "picture_url": reverse("framework_spend_chart", args=[framework.pk]),
    }
    return render(request, "referrals/framework_spend.html", context)


@guard(permissions.can_see_spend, on=Framework)
@require_safe
def framework_spend_chart(request, framework):
    """The same as a picture."""
    lots = drawing.by_lot(framework)
    chart = _chart(framework, lots) if lots else _nothing()
    return charts.picture(charts.bars(chart))


def _chart(framework: Framework, lots) -> charts.Chart:
    most = max(lots, key=lambda one: one[1].percent or 0)
    share = f"{most[1].percent or 0}%"
    return charts.Chart(
        title="Drawn from each lot",
        alt=f"Of the values of {len(lots)} lots, most is drawn from {most[1].what}: {share}.",
        label="Lot",
        unit="Pounds without VAT",
        labels=tuple(drawn.what for _, drawn, _ in lots),
        series=(
            charts.Series("Value", tuple((drawn.worth or 0) // 100 for _, drawn, _ in lots)),
            charts.Series("Drawn", tuple(drawn.pence // 100 for _, drawn, _ in lots)),
        ),
    )


def _nothing() -> charts.Chart:
    return charts.Chart(
        title="Drawn from each lot", alt="There is no lot.", label="Lot", unit="Pounds without VAT", labels=("None",),
        series=(charts.Series("Drawn", (0,)),),
    )  # fmt: skip
