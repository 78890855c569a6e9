"""The lots that a referral can be for: those of frameworks that the commissioner may use now."""

from __future__ import annotations

from accounts.models import Organisation
from lots.models import Framework, Lot, SubLot
from lots.queries.call_off import all_usable_by, may_call_off
from lots.rules.refusals import Refused
from lots.states import Phase

NOT_OPEN = "Choose a lot of a framework that you may use. This one is not open to you, or has ended"


def lots_for(commissioner: Organisation) -> list[tuple[Framework, list[Lot]]]:
    """The lots that a commissioner may ask for, by framework. Auto lots are not asked for: what they offer is agreed on
    a quote."""
    rows = Lot.objects.filter(framework__in=all_usable_by(commissioner), is_auto=False).select_related("framework")
    found: dict[int, tuple[Framework, list[Lot]]] = {}
    for lot in rows.order_by("framework__title", "framework_id", "position", "id"):
        found.setdefault(lot.framework_id, (lot.framework, []))[1].append(lot)
    return list(found.values())


def chosen(commissioner: Organisation, lot_id: int | None, phase: str) -> dict:
    """Framework, lot and the part of it for this age phase, as columns of a referral; empty where no lot was chosen.
    Raises `Refused` where the commissioner may not use it, or it has no part for this phase."""
    if lot_id is None:
        return {"framework": None, "lot_id": None, "sub_lot": None}
    lot = Lot.objects.filter(pk=lot_id, framework__in=all_usable_by(commissioner), is_auto=False).first()
    if lot is None:
        raise Refused(NOT_OPEN, field="lot_id")
    parts = list(SubLot.objects.filter(lot=lot))
    part = next((one for one in parts if one.phase == phase), None)
    if parts and phase and part is None:
        offered = ", ".join(one.get_phase_display() for one in parts)
        raise Refused(
            f"Lot {lot.number} is not for {Phase(phase).label.lower()} pupils, only for: {offered}. Choose another "
            "lot or another phase",
            field="phase",
        )
    return {"framework": lot.framework, "lot_id": lot.pk, "sub_lot": part}


def check_may_use(commissioner: Organisation, framework: int | None) -> None:
    """Raise `Refused` where the framework has ended meanwhile, or is open to the commissioner no more."""
    if framework is None or not may_call_off(commissioner, framework):
        raise Refused(NOT_OPEN)
