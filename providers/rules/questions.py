"""Who may ask until when, and the public log: what the buyer clarified by itself and what it answered, with every
version. The log knows nothing of who asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from lots.rules import telling
from lots.states import FrameworkState
from providers.rules.refusals import Refused

MOST_WAITING = 20  # questions of one provider to one framework that nobody has answered yet
LONGEST = 4000  # characters of a question
LONGEST_ANSWER = 20_000
ANSWER, CLARIFICATION = "answer", "clarification"


def last_moment(enquiries_until: dt.datetime | None, closes_at: dt.datetime | None) -> dt.datetime | None:
    """Until when one may ask: the moment that the framework names, else its deadline. None: there is no end yet."""
    return enquiries_until or closes_at


def check_ask(
    *, state: str, enquiries_until: dt.datetime | None, closes_at: dt.datetime | None, at: dt.datetime, waiting: int
) -> None:
    """Raise `Refused` unless a question may be asked at `at`: of a published framework, until the last moment for
    questions, which itself still counts. `waiting` is how many of the provider's questions are not answered yet."""
    if state == FrameworkState.DRAFT:
        raise Refused("This framework is not published yet, so nobody can ask about it")
    if state == FrameworkState.WITHDRAWN:
        raise Refused("This framework was withdrawn, so the buyer answers no more questions about it")
    if state != FrameworkState.PUBLISHED:
        raise Refused("The time to apply is over, so the buyer answers no more questions about this framework")
    last = last_moment(enquiries_until, closes_at)
    if last is not None and at > last:
        raise Refused(
            f"Questions could be asked until {telling.moment(last)}. What was answered stands in the questions and "
            "answers. If something keeps you from applying, ask for help on the page of your application"
        )
    if waiting >= MOST_WAITING:
        raise Refused(
            f"You have {MOST_WAITING} questions that are not answered yet. Wait for an answer, then ask the next one",
            field="text",
        )


def check_answers(open_numbers: Iterable[int], answered: Iterable[int]) -> None:
    """Raise `Refused` when somebody has answered one of these questions meanwhile. Both are questions' numbers."""
    gone = sorted(set(answered) - set(open_numbers))
    if gone:
        which = " and ".join(str(number) for number in gone)
        raise Refused(f"Question {which} has been answered meanwhile. Read the answer before you publish another one")


def check_edit(*, version: int, stands: int, same: bool) -> None:
    """Raise `Refused` when somebody changed the answer since the page was opened, or when nothing is changed."""
    if version != stands:
        raise Refused("Somebody changed this answer after you opened this page. What you wrote is below, not published")
    if same:
        raise Refused("Nothing is changed. Change the question or the answer, or leave it as it is", field="text")


@dataclass(frozen=True)
class Version:
    """One text of an entry as it was published. `asked` is empty where nobody asked."""

    number: int
    asked: str
    text: str
    why_changed: str
    at: dt.datetime


@dataclass(frozen=True)
class Entry:
    """An entry of the log, its newest version first. `anchor` names its place on the page for ever."""

    kind: str
    number: int
    versions: tuple[Version, ...]

    @property
    def current(self) -> Version:
        return self.versions[0]

    @property
    def earlier(self) -> tuple[Version, ...]:
        return self.versions[1:]

    @property
    def first_at(self) -> dt.datetime:
        return self.versions[-1].at

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.number}"

    @property
    def title(self) -> str:
        """`Answer 3`, `Clarification 2`."""
        return f"{self.kind.capitalize()} {self.number}"


@dataclass(frozen=True)
class Decided:
    """A decision of the buyer that all are told of: `about` is its subject; a later one on the same replaces it."""

    about: str
    text: str
    reason: str
    decided_at: dt.datetime
    replaced_at: dt.datetime | None


def clarifications(decisions: Iterable[Decided], *, published_at: dt.datetime) -> list[Entry]:
    """The buyer's own clarifications, numbered in the order in which they were first public. What was replaced before
    publication never was public. `decisions` come in the order in which they were made."""
    public = [one for one in decisions if one.replaced_at is None or one.replaced_at > published_at]
    by_subject: dict[str, list[Decided]] = {}
    for one in public:
        by_subject.setdefault(one.about, []).append(one)
    return [
        Entry(
            CLARIFICATION,
            number,
            tuple(
                Version(count, "", one.text, one.reason if count > 1 else "", max(one.decided_at, published_at))
                for count, one in reversed(list(enumerate(same, 1)))
            ),
        )
        for number, same in enumerate(by_subject.values(), 1)
    ]


def answers(versions: Iterable[tuple[int, Version]]) -> list[Entry]:
    """Answers with their versions: (the answer's number, version) each, in the order of both numbers."""
    return [
        Entry(ANSWER, number, tuple(version for _, version in reversed(list(same))))
        for number, same in groupby(versions, key=lambda pair: pair[0])
    ]


def log(entries: Iterable[Entry], *, words: str = "", kind: str = "") -> list[Entry]:
    """The entries of this kind that hold all these words in what stands now, what was published or changed last first.
    Words are compared in small letters; an empty filter filters nothing."""
    wanted = words.casefold().split()
    found = [
        one
        for one in entries
        if kind in {"", one.kind}
        and all(word in f"{one.title} {one.current.asked} {one.current.text}".casefold() for word in wanted)
    ]
    return sorted(found, key=lambda one: (one.current.at, one.first_at, one.kind, one.number), reverse=True)
