"""An application read as a whole: every part, each lot complete or not by itself, and the document that is frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from providers.rules.draft import NOTHING, Draft
from providers.rules.offer import OfferedLot
from providers.rules.parts import STANDARD, codes_of, read, title_of
from providers.rules.reading import Context, Problem, Reading

SCHEMA = 1
# What `document` says of the moment at which it was read, and not of what was typed.
READ = "read"


@dataclass(frozen=True)
class Found(Problem):
    """A problem, with the part in which it was found."""

    code: str = ""
    title: str = ""


@dataclass(frozen=True)
class LotStatus:
    """A lot that is bid for: complete, or what is missing. What concerns the whole application concerns each lot;
    `own` is what concerns this one alone."""

    lot: OfferedLot
    parts: tuple[int, ...]
    problems: tuple[Found, ...]

    @property
    def complete(self) -> bool:
        """Nothing is missing."""
        return not self.problems

    @property
    def own(self) -> tuple[Found, ...]:
        """What is missing in this lot, and in no other."""
        return tuple(found for found in self.problems if found.lot is not None)


@dataclass(frozen=True)
class Bid:
    """What a draft amounts to. `readings` are by code; `context` is what they were read against, with the lots that
    were chosen."""

    context: Context
    readings: Mapping[str, Reading]
    problems: tuple[Found, ...]
    lots: tuple[LotStatus, ...]

    @property
    def stops(self) -> tuple[Found, ...]:
        """What must be mended before anything can be submitted."""
        return tuple(problem for problem in self.problems if problem.stops)

    @property
    def common(self) -> tuple[Found, ...]:
        """What is missing for every lot."""
        return tuple(found for found in self.problems if found.lot is None)

    @property
    def notices(self) -> tuple[Found, ...]:
        """What may be a slip, and leaves nothing undone."""
        offer = self.context.offer
        return tuple(
            Found(one.text, one.field, one.lot, False, code, title_of(code, offer))
            for code, reading in self.readings.items()
            for one in reading.notices
        )

    @property
    def complete(self) -> bool:
        """Every lot is."""
        return not self.problems

    def document(self) -> dict:
        """What is frozen: everything that was read, with the words of the framework beside the keys, so that it can be
        read without anything else. Prices are pence. JSON-able, and the same for the same draft and day."""
        offer, bidder = self.context.offer, self.context.bidder
        head = [code for code in codes_of(offer) if not code.startswith(STANDARD) and code not in {"lots", "prices"}]
        return {
            "schema": SCHEMA,
            "framework": {
                "framework": offer.framework_id,
                "title": offer.title,
                "buyer": offer.buyer,
                "reference": offer.reference,
            },
            "provider": {
                "provider": bidder.provider_id,
                "name": bidder.name,
                "numbers": dict(bidder.numbers),
                "online_only": bidder.online_only,
                "sole_tutor": bidder.sole_tutor,
                "registered_school": bidder.registered_school,
            },
            "lots": [_lot(status) for status in self.lots],
            "prices": [self._price(row) for row in self.readings["prices"].values.get("prices", ())],
            "standards": [
                {"title": standard.title, "number": standard.number}
                | dict(self.readings[f"{STANDARD}{standard.pk}"].values)
                | {"standard": standard.pk}
                for standard in offer.standards
            ],
            "evidence": self._evidence(),
            READ: {
                "on": self.context.today.isoformat(),
                "missing": [_told(found) for found in self.common],
                "lots": [
                    {
                        "lot": status.lot.pk,
                        "complete": status.complete,
                        "missing": [_told(found) for found in status.own],
                    }
                    for status in self.lots
                ],
            },
        } | {code: dict(self.readings[code].values) for code in head}

    def _price(self, row: Mapping) -> dict:
        lot = self.context.offer.lot(row["lot"])
        line = next(line for line in lot.lines if line.pk == row["line"])
        part = next((part for part in lot.parts if part.pk == row["part"]), None)
        words = {"lot_number": lot.number, "letter": part.letter if part else "", "title": line.title}
        return dict(row) | words | {"unit": line.unit, "unit_name": line.unit_name}

    def _evidence(self) -> list[dict]:
        """Every version of a document that any part names, once."""
        named = {version for reading in self.readings.values() for version in _versions(reading.values)}
        held = [self.context.library[version] for version in sorted(named) if version in self.context.library]
        return [
            {
                "version": one.version,
                "item": one.item,
                "number": one.number,
                "title": one.title,
                "kind": one.kind,
                "name": one.name,
                "sha256": one.sha256,
                "issued_on": one.issued_on.isoformat() if one.issued_on else None,
                "expires_on": one.expires_on.isoformat() if one.expires_on else None,
            }
            for one in held
        ]


def assemble(draft: Draft, context: Context) -> Bid:
    """Read a whole draft. The lots are read first: what else is asked depends on them."""
    lots = _read("lots", draft, context)
    chosen = {row["lot"]: tuple(row["parts"]) for row in lots.values.get("lots", ())}
    context = replace(context, chosen=chosen)
    readings = {code: lots if code == "lots" else _read(code, draft, context) for code in codes_of(context.offer)}
    problems = tuple(found for code, reading in readings.items() for found in _found(code, reading, context))
    statuses = tuple(
        LotStatus(lot, chosen[lot.pk], tuple(found for found in problems if found.lot in (None, lot.pk)))
        for lot in context.offer.biddable
        if lot.pk in chosen
    )
    return Bid(context, readings, problems, statuses)


def _read(code: str, draft: Draft, context: Context) -> Reading:
    return read(code, draft.get(code, NOTHING).answers, context)


def _found(code: str, reading: Reading, context: Context) -> Iterator[Found]:
    """A part's problems. One that was not begun has a single one, beside what stops everything."""
    title, problems = title_of(code, context.offer), reading.problems
    if not reading.begun:
        problems = [one for one in problems if one.stops] or [Problem("This has not been started")]
    for one in problems:
        yield Found(one.text, one.field, one.lot, one.stops, code, title)


def _told(found: Found) -> str:
    return f"{found.title}: {found.text}"


def _lot(status: LotStatus) -> dict:
    parts = [part for part in status.lot.parts if part.pk in status.parts]
    return {
        "lot": status.lot.pk,
        "number": status.lot.number,
        "title": status.lot.title,
        "parts": [{"part": part.pk, "letter": part.letter, "phase": part.phase} for part in parts],
    }


def _versions(values) -> Iterator[int]:
    """Whatever stands under the name `version`, however deep."""
    if isinstance(values, Mapping):
        for name, value in values.items():
            if name == "version" and isinstance(value, int):
                yield value
            else:
                yield from _versions(value)
    elif isinstance(values, list | tuple):
        for value in values:
            yield from _versions(value)
