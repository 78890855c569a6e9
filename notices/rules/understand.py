"""A release as facts of a framework: what stands in it, where, and what could not be read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from lots.rules.facts import DocumentFacts, FrameworkFacts, KeyDateFacts, LotFacts
from notices.rules import kinds, paths, where
from notices.rules import lots as lots_of_notice
from notices.rules.errors import BadNotice
from notices.rules.paths import Path
from notices.rules.reader import Reader, Unread

LONGEST_TITLE, LONGEST_OCID, LONGEST_REFERENCE, LONGEST_CODE, LONGEST_URL = 500, 200, 200, 100, 2000
LONGEST_CALLED = 30
MOST_PARTIES = 10**9  # a notice of awards has as many as there are
LIGHT_TOUCH = "lightTouch"
WITH_COMPETITION = {"withReopeningCompetition", "withAndWithoutReopeningCompetition"}
# What a document is called whose description says nothing of it ("Not published").
DOCUMENTS = {"conflictOfInterest": "Conflicts assessment"}


@dataclass(frozen=True)
class BuyerFacts:
    """The buyer that the notice names; `scheme` and `number` identify it (`GB-PPON`). Empty where nothing is said."""

    name: str = ""
    scheme: str = ""
    number: str = ""
    path: Path = ()


@dataclass(frozen=True)
class Understanding:
    """What was understood. `facts` is None for a notice that sets up no framework; `what` says what it is.

    `sources` has the path of every fact that the notice states, by fact key: `title`, `lots.1.net_pence`."""

    facts: FrameworkFacts | None
    buyer: BuyerFacts
    sources: dict[str, Path]
    what: str
    unread: tuple[Unread, ...] = field(default=())


def understand(tree: object) -> Understanding:
    """Read a release. Raises `BadNotice` with its path for what no framework can have (see `reading`)."""
    if not isinstance(tree, dict):
        raise BadNotice("A release is an object, and this is none")
    reader = Reader(tree)
    buyer = _buyer(reader)
    facts = _framework(reader) if kinds.sets_up_a_framework(tree) else None
    return Understanding(facts, buyer, reader.sources, kinds.in_words(tree), tuple(reader.unread))


def _buyer(reader: Reader) -> BuyerFacts:
    """The party that `buyer` points to, or the one whose role it is."""
    named = reader.get(("buyer", "id"))
    parties = list(reader.objects(("parties",), most=MOST_PARTIES))
    found = [path for path, party in parties if named is not None and party.get("id") == named]
    found += [path for path, party in parties if isinstance(party.get("roles"), list) and "buyer" in party["roles"]]
    party = found[0] if found else ("buyer",)
    name = reader.text((*party, "name")) or reader.text(("buyer", "name"))
    identifier = (*party, "identifier")
    scheme, number = reader.text((*identifier, "scheme")), reader.text((*identifier, "id"))
    if not (name or number):
        return BuyerFacts()
    return BuyerFacts(name, scheme, number, identifier if number else (*party, "name"))


def _framework(reader: Reader) -> FrameworkFacts:
    lots = lots_of_notice.read(reader)
    starts_on, ends_on = _term(reader, lots)
    longest = {"title": LONGEST_TITLE, "reference": LONGEST_REFERENCE}
    return FrameworkFacts(
        ocid=reader.text(("ocid",), "ocid", longest=LONGEST_OCID),
        **{key: reader.text(path, key, longest=longest.get(key, 0)) for key, path in where.TEXTS.items()},
        is_open=reader.flag(where.FLAGS["is_open"], "is_open"),
        above_threshold=reader.flag(where.FLAGS["above_threshold"], "above_threshold", otherwise=True),
        light_touch=_light_touch(reader),
        with_competition=reader.text(where.METHOD, "with_competition") in WITH_COMPETITION,
        **reader.value(where.VALUE, where.AMOUNTS),
        **{key: reader.limit(path, key) for key, path in where.LIMITS.items()},
        **{key: reader.day(path, key) for key, path in where.LAST_DAYS.items()},
        **{key: reader.moment(path, key) for key, path in where.MOMENTS.items()},
        starts_on=starts_on,
        ends_on=ends_on,
        lots=lots,
        key_dates=tuple(_key_dates(reader)),
        documents=tuple(_documents(reader)),
    )


def _light_touch(reader: Reader) -> bool:
    if reader.get(where.REGIME) is not None:
        reader.found("light_touch", where.REGIME)
    return LIGHT_TOUCH in reader.texts(where.REGIME)


def own_period(tree: dict) -> Path:
    """Where the notice states a term for the framework itself; empty where only its lots have one."""
    for period in where.PERIODS:
        if any(paths.get(tree, (*period, end)) is not None for end in where.ENDS.values()):
            return period
    return ()


def _term(reader: Reader, lots: tuple[LotFacts, ...]) -> tuple[dt.date | None, dt.date | None]:
    """First and last day: of the period that the framework has of its own, else from the first lot's to the last's."""
    if period := own_period(reader.tree):
        starts_on = reader.day((*period, "startDate"), "starts_on")
        ends_on = reader.day((*period, "endDate"), "ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            reader.missed((*period, "endDate"), "It would end before it starts.", (*period, "startDate"))
            return None, None
        return starts_on, ends_on
    first = min((lot for lot in lots if lot.starts_on), key=lambda lot: lot.starts_on, default=None)
    last = max((lot for lot in lots if lot.ends_on), key=lambda lot: lot.ends_on, default=None)
    for name, lot in (("starts_on", first), ("ends_on", last)):
        if lot:
            reader.found(name, reader.sources[f"lots.{lot.number}.{name}"])
    return first and first.starts_on, last and last.ends_on


def _key_dates(reader: Reader):
    """Meetings for providers, the planned notice, planned re-openings, other dates; `key_dates.0` and on in sources."""
    places = [("engagement", path, "dueDate") for path, _ in reader.objects(where.ENGAGEMENTS)]
    places += [("notice", where.FUTURE_NOTICE[:-1], where.FUTURE_NOTICE[-1])]
    places += [("reopening", path, "startDate") for path, _ in reader.objects(where.REOPENINGS)]
    places += [("other", path, "dueDate") for path, _ in reader.objects(where.OTHER_DATES)]
    position = 0
    for kind, path, name in places:
        at = reader.moment((*path, name), f"key_dates.{position}")
        if at is not None:
            reader.sources.setdefault("key_dates", (*path, name))
            yield KeyDateFacts(kind, at, "" if kind == "notice" else reader.text((*path, "description")))
            position += 1


def _documents(reader: Reader):
    """The notices and documents of planning and tender."""
    for holder in (("planning", "documents"), ("tender", "documents")):
        for path, document in reader.objects(holder):
            kind = reader.text((*path, "documentType"), longest=LONGEST_CODE)
            description = reader.text((*path, "description"), longest=LONGEST_TITLE - LONGEST_CALLED)
            called = ": ".join(filter(None, [DOCUMENTS.get(kind, ""), description]))
            reader.sources.setdefault("documents", holder)
            yield DocumentFacts(
                title=reader.text((*path, "title"), longest=LONGEST_TITLE) or called or kind or "Document",
                reference=reader.text((*path, "id"), longest=LONGEST_REFERENCE),
                kind=kind,
                notice_type=reader.text((*path, "noticeType"), longest=20),
                url=_url(reader, (*path, "url")),
                published_at=reader.moment((*path, "datePublished")) if document.get("datePublished") else None,
            )


def _url(reader: Reader, path: Path) -> str:
    """An address that a page may link to; any other is not said."""
    url = reader.text(path, longest=LONGEST_URL)
    if url and not url.lower().startswith(("https://", "http://")):
        reader.missed(path, "This is no web address, so no page links to it.")
        return ""
    return url
