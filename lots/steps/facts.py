"""Facts become rows: a framework made from a notice, and one brought up to a later notice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from audit import steps as audit
from core.steps import step
from lots.models import Document, Framework, KeyDate, Lot, LotText, Policies, PriceLine, Region, SubLot
from lots.queries.facts import OF_DOCUMENT, OF_KEY_DATE, OF_LOT, OWN, facts_of
from lots.rules import fits
from lots.rules.differences import merged
from lots.rules.facts import FrameworkFacts, LotFacts
from lots.rules.price_lines import usual_line
from lots.rules.refusals import Refused


@step
def write_framework(*, facts: FrameworkFacts, buyer, by, at: datetime) -> Framework:
    """Make a framework of these facts, being set up: policies as they stand pre-selected, for each lot that is bid for
    the price line that is usual for its title, no standards yet.

    Raises `fits.NotFit` when the facts cannot be rows. Nothing is corrected."""
    fits.check(facts)
    framework = Framework.objects.create(
        **{name: getattr(facts, name) for name in OWN},
        buyer=buyer,
        created_at=at,
        created_by=by if hasattr(by, "pk") else None,
    )
    Policies.objects.create(framework=framework)
    _write_lots(framework, {}, facts.lots)
    _write_lists(framework, facts)
    audit.record(
        "lots.framework.written",
        by=by,
        about=framework,
        organisation=buyer,
        data={"lots": len(facts.lots), "parts": sum(len(lot.sub_lots) for lot in facts.lots)},
        at=at,
    )
    return framework


@step
def update_framework(*, framework: Framework, facts: FrameworkFacts, keys: Collection[str], by, at: datetime) -> None:
    """Bring a framework (locked by the caller) up to `facts` where their key is in `keys` (`title`, `lots.1.net_pence`;
    `lots.1` adds or removes that lot); everything else stays as it is.

    Raises `fits.NotFit` when what comes out cannot be rows, `Refused` when a lot or part would go that has places."""
    before = facts_of(framework)
    after = merged(before, facts, keys)
    fits.check(after)
    changed = [name for name in OWN if getattr(before, name) != getattr(after, name)]
    for name in changed:
        setattr(framework, name, getattr(after, name))
    framework.save(update_fields=changed)
    _write_lots(framework, {lot.number: lot for lot in before.lots}, after.lots)
    _write_lists(framework, after, before)
    audit.record(
        "lots.framework.brought_up_to_date",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"keys": sorted(keys)},
        at=at,
    )


def _write_lots(framework: Framework, before: dict[str, LotFacts], lots: tuple[LotFacts, ...]) -> None:
    """Make, change and remove lots until they are `lots`; texts last, because they point at other lots."""
    rows = {lot.number: lot for lot in framework.lots.all()}
    for number in rows.keys() - {lot.number for lot in lots}:
        _refuse_in_use(rows[number].places, f"Lot {number}")
        rows.pop(number).delete()
    last = max((row.position for row in rows.values()), default=-1)
    for lot in lots:
        old = before.get(lot.number)
        columns = {name: getattr(lot, name) for name in OF_LOT}
        if old is None:
            last += 1
            rows[lot.number] = Lot.objects.create(framework=framework, position=last, **columns)
            if not lot.is_auto:
                PriceLine.objects.create(lot=rows[lot.number], **asdict(usual_line(lot.title)))
        elif any(getattr(old, name) != value for name, value in columns.items()):
            Lot.objects.filter(pk=rows[lot.number].pk).update(**columns)
        _write_parts(rows[lot.number], old, lot)
    for lot in lots:
        old = before.get(lot.number)
        if (old.texts if old else ()) != lot.texts:
            rows[lot.number].texts.all().delete()
            LotText.objects.bulk_create(
                LotText(
                    lot=rows[lot.number],
                    position=position,
                    kind=text.kind,
                    name=text.name,
                    published=text.published,
                    resolved=text.resolved,
                    same_as=rows.get(text.same_as),
                )
                for position, text in enumerate(lot.texts)
            )


def _write_parts(row: Lot, old: LotFacts | None, lot: LotFacts) -> None:
    if (old.regions if old else ()) != lot.regions:
        row.regions.all().delete()
        Region.objects.bulk_create(
            Region(lot=row, code=code, position=position) for position, code in enumerate(dict.fromkeys(lot.regions))
        )
    phases = {part.letter: part.phase for part in lot.sub_lots}
    for part in row.sub_lots.all():
        phase = phases.pop(part.letter, None)
        if phase == part.phase:
            continue
        _refuse_in_use(part.places, f"Lot {lot.number}{part.letter}")
        if phase is None:
            part.delete()
        else:
            SubLot.objects.filter(pk=part.pk).update(phase=phase)
    SubLot.objects.bulk_create(SubLot(lot=row, letter=letter, phase=phase) for letter, phase in phases.items())


def _refuse_in_use(places, what: str) -> None:
    if places.exists():
        raise Refused(f"{what} stays as it is: providers have places there")


def _write_lists(framework: Framework, facts: FrameworkFacts, before: FrameworkFacts | None = None) -> None:
    """Key dates and documents, each list as a whole."""
    if before is None or before.key_dates != facts.key_dates:
        framework.key_dates.all().delete()
        KeyDate.objects.bulk_create(
            KeyDate(framework=framework, position=position, **{name: getattr(date, name) for name in OF_KEY_DATE})
            for position, date in enumerate(facts.key_dates)
        )
    if before is None or before.documents != facts.documents:
        framework.documents.all().delete()
        Document.objects.bulk_create(
            Document(framework=framework, position=position, **{name: getattr(document, name) for name in OF_DOCUMENT})
            for position, document in enumerate(facts.documents)
        )
