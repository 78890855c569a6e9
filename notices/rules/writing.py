"""The way back: what has to be written where, so that a notice says what the portal says.

The notice's tree is changed in a copy and compared with what it was. Each change is spelled as this notice would: whole
pounds as integers, the time of day and the manner of offsets that stood there. Parts of lots and lots that
come with others stand in prose and give no edit; a term that the framework has from its lots is written in them.
"""

from __future__ import annotations

import copy
import datetime as dt
import itertools
from collections.abc import Collection, Iterator
from dataclasses import fields
from decimal import Decimal

from lots.rules.facts import FrameworkFacts, KeyDateFacts, LotFacts
from notices.rules import amounts, dates, paths, tree, where
from notices.rules.edits import ABSENT, Edit
from notices.rules.paths import Path
from notices.rules.reader import digits
from notices.rules.understand import LIGHT_TOUCH, Understanding, own_period

# The list that dates of a kind stand in, and what an object in it calls its date.
_DATE_LISTS = {
    "engagement": (where.ENGAGEMENTS, "dueDate"),
    "reopening": (where.REOPENINGS, "startDate"),
    "other": (where.OTHER_DATES, "dueDate"),
}
# Where a lot's texts of a kind stand: a list of objects that are named so, or one text.
_TEXTS = {
    "weighting": (("awardCriteria", "weightingDescription"), ""),
    "award": (("awardCriteria", "criteria"), "name"),
    "selection": (("selectionCriteria", "criteria"), "type"),
    "options": (("options", "description"), ""),
}


def edits_for(release: dict, understanding: Understanding, facts_now: FrameworkFacts) -> list[Edit]:
    """What turns the release into one of which `understand` says `facts_now`. Nothing where the portal says what the
    notice says, however the notice spells it."""
    if understanding.facts is None or facts_now == understanding.facts:
        return []
    writer = _Writer(release, understanding)
    writer.framework(understanding.facts, facts_now)
    return list(_differences((), release, writer.tree))


def _differences(path: Path, old: object, new: object) -> Iterator[Edit]:
    """Edits between two trees. In a list places stay where they were: what went is ABSENT, what came stands behind."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differences((*path, key), old.get(key, ABSENT), new.get(key, ABSENT))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(len(new)):
            yield from _differences((*path, index), old[index] if index < len(old) else ABSENT, new[index])
    elif old is not new and not tree.same(old, new):
        yield Edit(path, old, new)


class _Writer:
    """A copy of the release that is being changed."""

    def __init__(self, release: dict, understanding: Understanding):
        self.tree = copy.deepcopy(release)
        self.sources = understanding.sources

    def put(self, path: Path, value: object) -> None:
        """Set, or take out where `value` is ABSENT. Objects on the way are made; lists on the way are there."""
        at = self.tree
        for step, following in itertools.pairwise(path):
            if isinstance(following, str) and not isinstance(paths.get(at, (step,)), dict):
                at[step] = {}
            at = at[step]
        if value is ABSENT and isinstance(at, dict):
            at.pop(path[-1], None)
        else:
            at[path[-1]] = value

    def append(self, path: Path, value: object) -> None:
        """Put behind the last of a list, which is made where there is none."""
        if not isinstance(paths.get(self.tree, path), list):
            self.put(path, [])
        paths.get(self.tree, path).append(value)

    def framework(self, old: FrameworkFacts, now: FrameworkFacts) -> None:
        """Every fact that differs, in the order in which a notice has them."""
        changed = {field.name for field in fields(old) if getattr(old, field.name) != getattr(now, field.name)}
        for names, put in (
            (where.TEXTS, self._text),
            (where.FLAGS, self.put),
            (where.LIMITS, self._limit),
            (where.LAST_DAYS, self._last_day),
            (where.MOMENTS, self._moment),
        ):
            for key in [key for key in names if key in changed]:
                put(names[key], getattr(now, key))
        if "with_competition" in changed:
            self.put(where.METHOD, f"with{'' if now.with_competition else 'out'}ReopeningCompetition")
        if "light_touch" in changed:
            self._light_touch(now.light_touch)
        self._value(where.VALUE, old, now)
        self._term(old, now)
        self._lots(old, now)
        self._key_dates(old.key_dates, now.key_dates)

    def _text(self, path: Path, text: str) -> None:
        self.put(path, text or ABSENT)

    def _limit(self, path: Path, limit: int | None) -> None:
        self.put(path, ABSENT if limit is None else Decimal(limit))

    def _first_day(self, path: Path, day: dt.date | None) -> None:
        self._day(path, day, dates.DAY_BEGINS)

    def _last_day(self, path: Path, day: dt.date | None) -> None:
        self._day(path, day, dates.DAY_ENDS)

    def _day(self, path: Path, day: dt.date | None, otherwise: dt.time) -> None:
        like = paths.get(self.tree, path)
        self.put(path, ABSENT if day is None else dates.spell_day(day, like, otherwise=otherwise))

    def _moment(self, path: Path, at: dt.datetime | None) -> None:
        self.put(path, ABSENT if at is None else dates.spell_moment(at, paths.get(self.tree, path)))

    def _light_touch(self, light: bool) -> None:
        regimes = paths.get(self.tree, where.REGIME)
        if light:
            self.append(where.REGIME, LIGHT_TOUCH)
        else:
            self.put(where.REGIME, [ABSENT if regime == LIGHT_TOUCH else regime for regime in regimes])

    def _value(self, path: Path, old, now) -> None:
        for key, name in where.AMOUNTS.items():
            amount = getattr(now, key)
            if amount != getattr(old, key):
                self.put((*path, name), ABSENT if amount is None else amounts.pounds(amount))
                if amount is not None:
                    self.put((*path, "currency"), "GBP")

    def _term(self, old: FrameworkFacts, now: FrameworkFacts) -> None:
        """Where the term is that of the lots, lots that had its day and did not change by themselves move with it."""
        lots_now, own = {lot.number: lot for lot in now.lots}, own_period(self.tree)
        for key, put in (("starts_on", self._first_day), ("ends_on", self._last_day)):
            if getattr(old, key) == getattr(now, key):
                continue
            if own:
                put((*own, where.ENDS[key]), getattr(now, key))
            else:
                for lot in old.lots:
                    still = lots_now.get(lot.number)
                    if still and getattr(still, key) == getattr(lot, key) == getattr(old, key):
                        put((*self.sources[f"lots.{lot.number}"], where.LOT_PERIOD, where.ENDS[key]), getattr(now, key))

    def _lots(self, old: FrameworkFacts, now: FrameworkFacts) -> None:
        before, after = {lot.number: lot for lot in old.lots}, {lot.number: lot for lot in now.lots}
        for number, lot in before.items():
            if number not in after:
                self.put(self.sources[f"lots.{number}"], ABSENT)
                for index in self._items(number):
                    self.put((*where.ITEMS, index), ABSENT)
            else:
                self._lot(self.sources[f"lots.{number}"], lot, after[number])
                self._texts(self.sources[f"lots.{number}"], lot, after[number], after.keys())
        for number, lot in after.items():
            if number not in before:
                self._new_lot(lot)

    def _lot(self, path: Path, old: LotFacts, now: LotFacts) -> None:
        changed = {field.name for field in fields(old) if getattr(old, field.name) != getattr(now, field.name)}
        for names, put in ((where.LOT_TEXTS, self._text), (where.LOT_FLAGS, self.put)):
            for key in [key for key in names if key in changed]:
                put((*path, *names[key]), getattr(now, key))
        self._value((*path, "value"), old, now)
        if "starts_on" in changed:
            self._first_day((*path, where.LOT_PERIOD, "startDate"), now.starts_on)
        if "ends_on" in changed:
            self._last_day((*path, where.LOT_PERIOD, "endDate"), now.ends_on)
        if "regions" in changed:
            self._regions(now.number, old.regions, now.regions)

    def _new_lot(self, lot: LotFacts) -> None:
        index = len(paths.get(self.tree, where.LOTS))
        self.append(where.LOTS, {"id": lot.number, "status": "active"})
        nothing = LotFacts(lot.number, "")
        self._lot((*where.LOTS, index), nothing, lot)
        self._texts((*where.LOTS, index), nothing, lot, ())

    def _texts(self, path: Path, old: LotFacts, now: LotFacts, lots: Collection[str]) -> None:
        """The published words of texts of one kind and name, in their order; new ones behind, missing ones emptied.
        Words borrowed from a lot that is no longer there are written out."""
        left = list(now.texts)
        for index, text in enumerate(old.texts):
            same = next((one for one in left if (one.kind, one.name) == (text.kind, text.name)), None)
            if same:
                left.remove(same)
            lost = same and same.resolved != same.published and same.same_as not in lots
            words = "" if same is None else same.resolved if lost else same.published
            if words != text.published:
                self._text(self.sources[f"lots.{old.number}.texts.{index}"], words)
        for text in left:
            holder, name = _TEXTS[text.kind]
            if name:
                self.append((*path, *holder), {name: text.name, "description": text.published})
            else:
                self.put((*path, *holder), text.published)

    def _items(self, number: str) -> list[int]:
        """The items of one lot alone."""
        items = paths.get(self.tree, where.ITEMS)
        return [
            index
            for index, item in enumerate(items if isinstance(items, list) else [])
            if (digits(paths.get(item, ("relatedLot",))) or paths.get(item, ("relatedLot",))) == number
        ]

    def _regions(self, number: str, old: tuple[str, ...], now: tuple[str, ...]) -> None:
        """Addresses of regions that went are taken out, others stay as they are, new ones come behind in one item."""
        mine = self._items(number)
        for index in mine:
            addresses = paths.get(self.tree, (*where.ITEMS, index, "deliveryAddresses"))
            for position, address in enumerate(addresses if isinstance(addresses, list) else []):
                code = paths.get(address, ("region",)) or paths.get(address, ("country",))
                if code in old and code not in now:
                    self.put((*where.ITEMS, index, "deliveryAddresses", position), ABSENT)
        new = [region for region in now if region not in old]
        if not new:
            return
        if not mine:
            items = paths.get(self.tree, where.ITEMS)
            mine = [len(items) if isinstance(items, list) else 0]
            self.append(where.ITEMS, {"id": f"lot-{number}", "relatedLot": number})
        for region in new:
            self.append(
                (*where.ITEMS, mine[0], "deliveryAddresses"),
                {"region": region, "country": "GB", "countryName": "United Kingdom"},
            )

    def _key_dates(self, old: tuple[KeyDateFacts, ...], now: tuple[KeyDateFacts, ...]) -> None:
        """Dates of a kind are taken in their order: changed in place, further ones put behind, missing ones out."""
        for kind in ("engagement", "notice", "reopening", "other"):
            before = [(self.sources[f"key_dates.{index}"], date) for index, date in enumerate(old) if date.kind == kind]
            after = [date for date in now if date.kind == kind]
            for (path, date), date_now in zip(before, after, strict=False):
                if date.at != date_now.at:
                    self._moment(path, date_now.at)
                if date.description != date_now.description and kind != "notice":
                    self._text((*path[:-1], "description"), date_now.description)
            for path, _ in before[len(after) :]:
                self.put(path[:-1] if kind != "notice" else path, ABSENT)
            for date in after[len(before) :]:
                self._new_date(kind, date)
        if any(date.kind == "reopening" for date in old) != any(date.kind == "reopening" for date in now):
            self.put(("tender", "hasRecurrence"), any(date.kind == "reopening" for date in now))

    def _new_date(self, kind: str, date: KeyDateFacts) -> None:
        if kind == "notice":
            self._moment(where.FUTURE_NOTICE, date.at)
            return
        path, name = _DATE_LISTS[kind]
        new = {name: dates.spell_moment(date.at, None)}
        if date.description:
            new["description"] = date.description
        if kind != "reopening":
            new = {"id": f"date-{dates.spell_moment(date.at, None)}", "type": kind, **new, "status": "scheduled"}
        self.append(path, new)
