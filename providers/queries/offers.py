"""A framework's rows as what it offers. Public facts: no `user=`, whoever may open the page may read them."""

from __future__ import annotations

from itertools import groupby

from lots.models import Framework, Lot, PriceLine, Standard
from lots.states import Basis, Gated, LotLimit, Pool, QualityScope, Sides
from providers.rules.offer import (
    AskedEvidence,
    AskedOtherwise,
    AskedStandard,
    AskedTheme,
    Line,
    Offer,
    OfferedLot,
    Part,
)


def offer_of(framework: Framework) -> Offer:
    """Seven queries at most, whatever the lots and standards; six where the framework was read with its buyer and its
    policies."""
    whole = framework
    if not {"buyer", "policies"} <= framework._state.fields_cache.keys():
        whole = Framework.objects.select_related("buyer", "policies").get(pk=framework.pk)
    policies = whole.policies
    return Offer(
        framework_id=whole.pk,
        title=whole.title,
        buyer=whole.buyer.name,
        reference=whole.reference,
        previous_id=whole.previous_id,
        closes_at=whole.closes_at,
        enquiries_until=whole.enquiries_until,
        max_lots=whole.max_lots,
        limit_counts_parts=policies.lot_limit == LotLimit.SUB_LOTS,
        price_per_part=policies.pool == Pool.SUB_LOT,
        net=policies.basis == Basis.NET,
        quality_per_lot=policies.quality == QualityScope.LOT,
        margin_percent=policies.margin_percent,
        both_sides=policies.sides == Sides.BOTH,
        lots=_lots(whole),
        themes=themes_of(whole),
        starts_on=whole.starts_on,
        award_by_on=whole.award_by_on,
    )


def _lots(framework: Framework) -> tuple[OfferedLot, ...]:
    rows = Lot.objects.filter(framework=framework).prefetch_related("sub_lots", "price_lines")
    return tuple(
        OfferedLot(
            pk=lot.pk,
            number=lot.number,
            title=lot.title,
            description=lot.description,
            is_auto=lot.is_auto,
            parts=tuple(Part(one.pk, one.letter, one.phase, one.get_phase_display()) for one in lot.sub_lots.all()),
            lines=tuple(_line(line) for line in lot.price_lines.all()),
        )
        for lot in rows
    )


def _line(line: PriceLine) -> Line:
    return Line(
        pk=line.pk,
        title=line.title,
        unit=line.unit,
        unit_name=line.get_unit_display(),
        mode_name=line.get_mode_display(),
        group_name=line.get_group_display(),
        includes=line.includes,
        gated=line.gated == Gated.GATED,
        required=line.required,
    )


def themes_of(framework: Framework) -> tuple[AskedTheme, ...]:
    """The framework's frozen standards, in order. A theme without a standard asks for nothing and is left out."""
    rows = (
        Standard.objects.filter(theme__version__framework=framework)
        .select_related("theme")
        .prefetch_related("evidence", "applies")
        .order_by("theme__position", "theme", "position", "id")
    )
    return tuple(
        AskedTheme(theme.pk, theme.number, theme.title, tuple(_standard(one) for one in standards))
        for theme, standards in groupby(rows, key=lambda one: one.theme)
    )


def _standard(one: Standard) -> AskedStandard:
    return AskedStandard(
        pk=one.pk,
        number=one.number,
        title=one.title,
        good_looks_like=one.good_looks_like,
        safeguarding=one.safeguarding,
        evidence=tuple(
            AskedEvidence(row.pk, row.kind, row.title, row.months, row.required) for row in one.evidence.all()
        ),
        otherwise=tuple(AskedOtherwise(row.to, row.how, row.instead) for row in one.applies.all()),
    )


def standard_of(framework: Framework, pk: int) -> AskedStandard | None:
    """One standard of this framework with what it asks for. Three queries."""
    rows = Standard.objects.filter(theme__version__framework=framework, pk=pk)
    found = rows.prefetch_related("evidence", "applies").first()
    return _standard(found) if found else None


def asks_for(framework_id: int, standard: int) -> bool:
    """Whether a framework asks for this standard. One query."""
    return Standard.objects.filter(theme__version__framework=framework_id, pk=standard).exists()


def offers_lot(framework_id: int, lot: int) -> bool:
    """Whether a framework offers this lot. One query."""
    return Lot.objects.filter(framework=framework_id, pk=lot).exists()
