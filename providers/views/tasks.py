"""An application as a list of tasks, in the order in which they are best done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse

from providers.rules.bid import Bid, Found, LotStatus
from providers.rules.draft import NOTHING, Part
from providers.rules.parts import STANDARD, TITLES
from providers.rules.progress import Progress, progress, together
from providers.states import ApplicationState
from providers.views import shown

GROUPS = (
    ("About your organisation", ("organisation", "exclusion", "connected", "conflicts")),
    ("What you offer", ("lots", "prices")),
)
HINTS = {
    "organisation": "Supplier information, whom to contact, size",
    "exclusion": "What the law asks of every supplier",
    "connected": "Who owns, runs or controls you",
    "conflicts": "Ties between you and the buyer",
    "lots": "What you apply for",
    "prices": "One for each thing that you offer",
    "declarations": "What you promise, and who promises it",
}


@dataclass(frozen=True)
class Task:
    """A line of the list."""

    title: str
    url: str | None
    hint: str = ""
    status: str = ""
    colour: str = ""
    done: bool = False
    ongoing: bool = False


@dataclass(frozen=True)
class Group:
    title: str
    name: str
    tasks: tuple[Task, ...]


def groups(application, draft: Mapping[str, Part], bid: Bid, *, shut: bool) -> list[Group]:
    """The groups of the list. Prices wait for the lots; once nothing can be changed, everything can still be read."""

    def of(code: str) -> Progress:
        return progress(draft.get(code, NOTHING), bid.readings[code])

    def task(code: str) -> Task:
        waits = code == "prices" and not bid.lots
        return _task(
            TITLES[code],
            None if waits else reverse("edit_part", args=[application.pk, code]),
            "First choose your lots" if waits else HINTS[code],
            of(code),
        )

    found = [
        Group(title, f"group-{place}", tuple(task(code) for code in codes))
        for place, (title, codes) in enumerate(GROUPS, 1)
    ]
    if bid.context.offer.standards:
        states = [of(f"{STANDARD}{one.pk}") for one in bid.context.offer.standards]
        done = sum(state is Progress.COMPLETED for state in states)
        hint = f"{done} of {len(states)} completed"
        url = shown.way("application_standards", application.pk)
        standards = _task("Quality standards", url, hint, together(states))
        found[-1] = replace(found[-1], tasks=(*found[-1].tasks, standards))
    last = (task("declarations"), _check(application, bid, shut=shut))
    found.append(Group("Declarations and answers" if shut else "Declare and submit", "check", last))
    return found


def _task(title: str, url: str | None, hint: str, state: Progress) -> Task:
    if url is None:
        return Task(title, None, hint)
    return Task(title, url, hint, state.words, state.colour, state is Progress.COMPLETED)


def _check(application, bid: Bid, *, shut: bool) -> Task:
    title = "Read your answers" if shut else "Check your answers and submit"
    url = shown.way("check_application", application.pk)
    if application.state == ApplicationState.SUBMITTED and application.standing.revision != application.revision:
        hint = "Later changes do not count" if shut else "What you submitted stands until you submit again"
        return Task(title, url, hint, "Changes not submitted", "yellow")
    if application.state == ApplicationState.SUBMITTED:
        return Task(
            title, url, "You can change your answers and submit again until the deadline", "Submitted", "green", True
        )
    if shut:
        return Task(title, url, ongoing=True)
    if bid.complete:
        return Task(title, url, "Nothing is missing", "Ready to submit", "blue")
    hint = "Lots that are complete count, even while another is not"
    return Task(title, url, hint, "Not submitted", "grey")


@dataclass(frozen=True)
class Missing:
    """Something that is left, with the page where it is mended."""

    title: str
    text: str
    url: str | None


@dataclass(frozen=True)
class LotLine:
    """A lot that is applied for: complete, or what is missing. `own` concerns this lot alone."""

    status: LotStatus
    name: str
    parts: str
    own: tuple[Missing, ...]
    shared: int


def lots(application, bid: Bid) -> list[LotLine]:
    """Each chosen lot by itself: what is missing in one keeps no other back. What concerns the whole application is
    counted, and told once below the tasks."""
    return [
        LotLine(
            status=one,
            name=f"Lot {one.lot.number}",
            parts=", ".join(
                f"{one.lot.number}{part.letter} {part.phase_name}" for part in one.lot.parts if part.pk in one.parts
            ),
            own=tuple(missing(application, found) for found in one.problems if found.lot is not None),
            shared=sum(found.lot is None for found in one.problems),
        )
        for one in bid.lots
    ]


def missing(application, found: Found) -> Missing:
    """What is left, with the way to its page."""
    if found.code.startswith(STANDARD):
        url = shown.way("edit_standard", application.pk, int(found.code.removeprefix(STANDARD)))
    else:
        url = reverse("edit_part", args=[application.pk, found.code])
    return Missing(found.title, found.text, url)
