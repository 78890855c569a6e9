"""A framework's rows as plain facts."""

from __future__ import annotations

from dataclasses import fields

from lots.models import Framework, Lot
from lots.rules.facts import DocumentFacts, FrameworkFacts, KeyDateFacts, LotFacts, SubLotFacts, TextFacts

OWN = [field.name for field in fields(FrameworkFacts) if field.name not in {"lots", "key_dates", "documents"}]
OF_LOT = [field.name for field in fields(LotFacts) if field.name not in {"regions", "sub_lots", "texts"}]
OF_KEY_DATE = [field.name for field in fields(KeyDateFacts)]
OF_DOCUMENT = [field.name for field in fields(DocumentFacts)]


def facts_of(framework: Framework) -> FrameworkFacts:
    """What the portal says of a framework now. Six queries, whatever the lots."""
    return FrameworkFacts(
        **{name: getattr(framework, name) for name in OWN},
        lots=tuple(lot_facts(lot) for lot in framework.lots.prefetch_related("regions", "sub_lots", "texts__same_as")),
        key_dates=tuple(
            KeyDateFacts(*row) for row in framework.key_dates.order_by("position", "id").values_list(*OF_KEY_DATE)
        ),
        documents=tuple(
            DocumentFacts(*row) for row in framework.documents.order_by("position", "id").values_list(*OF_DOCUMENT)
        ),
    )


def lot_facts(lot: Lot) -> LotFacts:
    """One lot, its regions, parts and texts fetched before."""
    return LotFacts(
        **{name: getattr(lot, name) for name in OF_LOT},
        regions=tuple(region.code for region in _in_order(lot.regions)),
        sub_lots=tuple(SubLotFacts(part.letter, part.phase) for part in lot.sub_lots.all()),
        texts=tuple(
            TextFacts(
                kind=text.kind,
                name=text.name,
                published=text.published,
                resolved=text.resolved,
                same_as=text.same_as.number if text.same_as else "",
            )
            for text in _in_order(lot.texts)
        ),
    )


def _in_order(rows) -> list:
    return sorted(rows.all(), key=lambda row: (row.position, row.pk))
