"""Lots of a notice: their values, periods, regions, texts and parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from lots.rules.facts import LotFacts, SubLotFacts, TextFacts
from notices.rules import paths, prose, where
from notices.rules.errors import BadNotice
from notices.rules.paths import Path
from notices.rules.reader import Reader, digits
from notices.rules.tree import plain

LONGEST_NUMBER = 20
LONGEST_TITLE = 500
LONGEST_NAME = 200
LONGEST_REGION = 60
LONGEST_WEIGHT = 20
MOST_CRITERIA = 100

_BORROWED = re.compile(
    r"\s*(?:please\s+)?(?:(?:the\s+)?(?:same|identical)\s+(?:as|to)|as\s+(?:per|for|in|with)|as|see|refer\s+to|per)"
    r"(?:\s+above)?\s+lot\s*(?P<lot>[\w-]{1,20})(?:\s+above)?[\s.;]*",
    re.I,
)


def number_of(lot: dict, path: Path) -> str:
    """The lot's number, which is its id. Raises `BadNotice` where it has none that could be kept."""
    number = lot.get("id")
    number = digits(number) or number
    where_id = paths.text((*path, "id"))
    if not isinstance(number, str) or not number.strip():
        raise BadNotice("A lot must have an id, and this one has none", where_id)
    if len(number) > LONGEST_NUMBER or plain(number) != number:
        raise BadNotice(f"The id of a lot must be {LONGEST_NUMBER} characters or fewer", where_id)
    return number


def read(reader: Reader) -> tuple[LotFacts, ...]:
    """All lots, with the texts that they borrow from each other and the parts that the prose gives them.

    Raises `BadNotice` for a lot without an id and for an id that two lots have."""
    lots: dict[str, LotFacts] = {}
    for index, lot in enumerate(reader.listed(where.LOTS)):
        path = (*where.LOTS, index)
        if not isinstance(lot, dict):
            raise BadNotice("A lot must be an object with an id", paths.text(path))
        number = number_of(lot, path)
        if number in lots:
            raise BadNotice(f"Two lots have the id {number}", paths.text((*path, "id")))
        lots[number] = _lot(reader, number, path)
    lots = _with_regions(reader, lots)
    return _with_parts(reader, _with_autos(reader, tuple(_Borrower(reader, lots).lots())))


def _lot(reader: Reader, number: str, path: Path) -> LotFacts:
    key = f"lots.{number}."
    reader.found(key[:-1], path)
    period = (*path, where.LOT_PERIOD)
    starts_on = reader.day((*period, where.ENDS["starts_on"]), key + "starts_on")
    ends_on = reader.day((*period, where.ENDS["ends_on"]), key + "ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        reader.missed((*period, "endDate"), "The lot would end before it starts.", (*period, "startDate"))
        starts_on = ends_on = None
    return LotFacts(
        number=number,
        title=reader.text((*path, "title"), key + "title", longest=LONGEST_TITLE),
        description=reader.text((*path, "description"), key + "description"),
        **reader.value((*path, "value"), where.AMOUNTS, key),
        **{name: reader.flag((*path, *at), key + name) for name, at in where.LOT_FLAGS.items()},
        starts_on=starts_on,
        ends_on=ends_on,
        texts=tuple(
            TextFacts(text.kind, text.name, text.words, text.words) for text in texts_of(reader, path, key + "texts")
        ),
    )


@dataclass(frozen=True)
class Text:
    """A text of a lot where it stands. `name` is its criterion's."""

    kind: str
    name: str
    words: str
    path: Path


def texts_of(reader: Reader, path: Path, key: str = "") -> list[Text]:
    """The lot's texts in the order of a notice: weighting, award criteria, conditions, options."""
    found = [_text(reader, "weighting", "", (*path, "awardCriteria", "weightingDescription"))]
    for at, criterion in reader.objects((*path, "awardCriteria", "criteria"), most=MOST_CRITERIA):
        names = [reader.text((*at, key), longest=LONGEST_NAME - LONGEST_WEIGHT) for key in ("name", "type")]
        name = (names[0] or names[1]) + _weight(criterion)
        found.append(_text(reader, "award", name, (*at, "description")))
    for at, _ in reader.objects((*path, "selectionCriteria", "criteria"), most=MOST_CRITERIA):
        found.append(_text(reader, "selection", reader.text((*at, "type"), longest=LONGEST_NAME), (*at, "description")))
    found.append(_text(reader, "options", "", (*path, "options", "description")))
    kept = [text for text in found if text.words or text.kind == "award"]
    for position, text in enumerate(kept):
        reader.found(f"{key}.{position}", text.path)
    return kept


def _text(reader: Reader, kind: str, name: str, path: Path) -> Text:
    return Text(kind, name, reader.text(path), path)


def _weight(criterion: dict) -> str:
    """` (40%)` where the criterion has that weight."""
    weight = paths.get(criterion, ("numbers", 0))
    number = paths.get(weight, ("number",))
    if not isinstance(number, Decimal) or not number.is_finite() or not -4 < number.adjusted() < 4:
        return ""
    percent = "%" if paths.get(weight, ("weight",)) in ("percentageExact", "percentageRangeExact") else ""
    weight = f" ({format(number.normalize(), 'f')}{percent})"
    return weight if len(weight) <= LONGEST_WEIGHT else ""


def _with_regions(reader: Reader, lots: dict[str, LotFacts]) -> dict[str, LotFacts]:
    """Each lot with where it is delivered, once each. An item without a lot is about all of them."""
    found: dict[str, dict[str, None]] = {number: {} for number in lots}
    everywhere: dict[str, Path] = {}
    for path, item in reader.objects(where.ITEMS):
        related = item.get("relatedLot")
        number = reader.text((*path, "relatedLot")) if related is not None else None
        if number is not None and number not in lots:
            reader.missed((*path, "relatedLot"), "There is no lot with this id.")
            continue
        for region in _regions_of(reader, path):
            if number is None:
                everywhere.setdefault(region, (*path, "deliveryAddresses"))
            else:
                found[number][region] = None
                reader.sources.setdefault(f"lots.{number}.regions", (*path, "deliveryAddresses"))
    for region, path in everywhere.items():
        for number in lots:
            found[number][region] = None
            reader.sources.setdefault(f"lots.{number}.regions", path)
    return {number: replace(lot, regions=tuple(found[number])) for number, lot in lots.items()}


def _regions_of(reader: Reader, item: Path) -> Iterator[str]:
    """The codes of an item's addresses: the region, or the country where that is all there is."""
    for path, address in reader.objects((*item, "deliveryAddresses")):
        name = "region" if address.get("region") is not None else "country"
        if code := reader.text((*path, name), longest=LONGEST_REGION):
            yield code


class _Borrower:
    """Resolves "As Lot 1": the same text of the lot that it names, and on from there."""

    def __init__(self, reader: Reader, lots: dict[str, LotFacts]):
        self.reader, self.by_number = reader, lots
        self.plain = {prose.plain_number(number): number for number in lots} | {number: number for number in lots}

    def lots(self) -> Iterator[LotFacts]:
        """Every lot, with `resolved` and `same_as` of its texts."""
        for lot in self.by_number.values():
            yield replace(lot, texts=tuple(self._resolved(lot, index) for index in range(len(lot.texts))))

    def _resolved(self, lot: LotFacts, index: int) -> TextFacts:
        text, seen = lot.texts[index], set()
        words, owner = text.published, lot.number
        while match := _BORROWED.fullmatch(words[:LONGEST_NAME]) if len(words) < LONGEST_NAME else None:
            seen.add(owner)
            owner = self.plain.get(match["lot"].upper(), self.plain.get(prose.plain_number(match["lot"]), ""))
            found = self._same(self.by_number[owner], lot, index) if owner else None
            if found is None:
                return self._lost(lot, index, "It points to a text that is not in the notice.")
            if owner in seen:
                return self._lost(lot, index, "Lots point to each other in a circle, so that nothing is said.")
            words = found.published
        return text if owner == lot.number else replace(text, resolved=words, same_as=owner)

    def _same(self, other: LotFacts, lot: LotFacts, index: int) -> TextFacts | None:
        """The other lot's text of the same kind and name, the same in number where there are several."""
        text = lot.texts[index]

        def alike(one: TextFacts) -> bool:
            return (one.kind, one.name) == (text.kind, text.name)

        which = len([one for one in lot.texts[:index] if alike(one)])
        candidates = [one for one in other.texts if alike(one)]
        return candidates[which] if which < len(candidates) else None

    def _lost(self, lot: LotFacts, index: int, why: str) -> TextFacts:
        self.reader.missed(self.reader.sources[f"lots.{lot.number}.texts.{index}"], why)
        return lot.texts[index]


def _with_autos(reader: Reader, lots: tuple[LotFacts, ...]) -> tuple[LotFacts, ...]:
    """The lots that come with the others, by what the prose says. Never all of them: then it was not understood."""
    said = [(where.TEXTS["criteria"]), where.PROSE]
    said += [reader.sources[key] for lot in lots for key in _keys_of_prose(lot) if key in reader.sources]
    found: dict[str, Path] = {}
    for path in said:
        for number in prose.auto_lots([reader.get(path)]) if isinstance(reader.get(path), str) else {}:
            found.setdefault(number, path)
    autos = {lot.number for lot in lots if prose.plain_number(lot.number) in found}
    if len(autos) == len(lots):
        return lots
    for number in autos:
        reader.found(f"lots.{number}.is_auto", found[prose.plain_number(number)])
    return tuple(replace(lot, is_auto=lot.number in autos) for lot in lots)


def _keys_of_prose(lot: LotFacts) -> Iterator[str]:
    yield f"lots.{lot.number}.description"
    for index, text in enumerate(lot.texts):
        if text.kind == "options" and not text.same_as:
            yield f"lots.{lot.number}.texts.{index}"


def _with_parts(reader: Reader, lots: tuple[LotFacts, ...]) -> tuple[LotFacts, ...]:
    """Each lot with the parts that the prose lists for it; none where it lists none."""
    said = prose.parts(_prose(reader))
    letters = said.letters
    if not letters and not said.unclear and said.divided:
        letters = {prose.plain_number(lot.number): said.divided for lot in lots if not lot.is_auto}
    found = []
    for lot in lots:
        parts = letters.get(prose.plain_number(lot.number), "")
        if parts:
            reader.found(f"lots.{lot.number}.sub_lots", where.PROSE)
        found.append(replace(lot, sub_lots=tuple(SubLotFacts(letter, prose.PHASES[letter]) for letter in parts)))
    return tuple(found)


def _prose(reader: Reader) -> str:
    value = reader.get(where.PROSE)
    return value if isinstance(value, str) else ""
