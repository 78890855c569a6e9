"""What must be in place before a pupil starts: when each item is done, which one may be left out, and when a placement
may start. Keeping Children Safe in Education: the commissioning school stays responsible, and has the provider's
written confirmation of staff checks and the address of every session. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from core.calendars import ONE_DAY, Calendar, NoSuchDay, nth_working_day_from
from lots.rules.refusals import Refused
from referrals.rules.direction import REVIEW_DAYS, is_direction
from referrals.states import NEVER_WAIVED, Basis, Item, PlacementState

EMERGENCY_DAYS = 5  # school days in which the rest is put in place
WEEKS_WITHOUT_TERMS = 6  # half a term, where nobody wrote terms down
LONGEST_HALF = 60  # days: a span of dates that is longer is a whole term
COVERED_DAYS = 28  # from the first day on; later gaps stand on the rota
PROVIDERS = (Item.STAFF, Item.RISKS)  # what the provider fills in too
OPEN_STATES = (PlacementState.ASSURANCE, PlacementState.LIVE, PlacementState.PAUSED)
CHANGED = (
    "Somebody has changed this since you opened the page. What you typed is kept here. Look at what stands now, then "
    "save yours if it is still right"
)
# What may be left out, and for which law never: a direction is nothing without its notice.
MAY_BE_LEFT = (Item.VISIT, Item.CONSENT, Item.TRANSPORT)


@dataclass(frozen=True)
class Said:
    """What was written of an item, sealed. `who` confirmed, visited, agreed or is the link person; `paper` is the list
    of staff or the document; `ours` are the risks that the provider must know, `theirs` those of its site and work;
    `report_to`, `breaks`, `reasons` and `objectives` are for the notice of a direction; `why` is why an item is not
    needed, or why notice was short."""

    note: str = ""
    who: str = ""
    phone: str = ""
    paper: str = ""
    ours: str = ""
    theirs: str = ""
    medication: str = ""
    report_to: str = ""
    breaks: str = ""
    reasons: str = ""
    objectives: str = ""
    why: str = ""


NEEDS = {
    Item.STAFF: ("who", "paper"),
    Item.RISKS: ("ours", "theirs"),
    Item.EMERGENCY: ("who", "phone", "medication"),
    Item.VISIT: ("who",),
    Item.CONSENT: ("who",),
    Item.LINK: ("who", "phone"),
}
DATED = (Item.STAFF, Item.VISIT, Item.CONSENT, Item.REVIEW)
NOTICE = ("report_to", "breaks", "reasons", "objectives")


def is_complete(item: str, said: Said, on: dt.date | None, *, basis: str) -> bool:
    """Whether everything that an item needs is written down: of a direction the notice and the day on which it was
    given, of risks both sides'."""
    needs = NOTICE if item == Item.CONSENT and is_direction(basis) else NEEDS.get(Item(item), ())
    return all(getattr(said, name) for name in needs) and (item not in DATED or on is not None)


def may_be_left(item: str, basis: str) -> bool:
    """Whether an item can be not needed: never the first five, a link person or a review, nor the notice of a
    direction."""
    return item in MAY_BE_LEFT and not (item == Item.CONSENT and basis == Basis.S29A)


def merged(item: str, current: Said, typed: Said, *, provider: bool) -> Said:
    """What stands after somebody wrote: a provider writes its own side of the risks alone."""
    return replace(current, theirs=typed.theirs) if provider and item == Item.RISKS else typed


def missing(settled: Collection[str]) -> list[Item]:
    """The items that are neither done nor rightly left out, in order."""
    return [item for item in Item if item not in settled]


def check_write(*, state: str, item: str, not_needed: bool, said: Said, basis: str) -> None:
    """An item is written while the placement waits or runs, and left out only with a reason and where that is allowed.
    Raises `Refused`."""
    if state not in OPEN_STATES:
        raise Refused(f"This placement is {PlacementState(state).label.lower()}, so nothing can be written here now")
    if not_needed and not may_be_left(item, basis):
        raise Refused("This is always needed. Put it in place before the pupil starts")
    if not_needed and not said.why:
        raise Refused("Enter why it is not needed", field="why")


def check_stays(*, state: str, was: bool, now: bool) -> None:
    """Once the pupil has started, what was in place is written anew only so that it stays so. Raises `Refused`."""
    if state != PlacementState.ASSURANCE and was and not now:
        raise Refused("The pupil has started, so this has to stay in place. Fill in everything that it needs")


def check_provider(*, is_done: bool) -> None:
    """A provider changes nothing that the commissioner has accepted. Raises `Refused`."""
    if is_done:
        raise Refused(
            "The commissioner has accepted this, so you cannot change it. Tell the commissioner what has changed"
        )


def check_seen(seen: int, now: int) -> None:
    """Raise `Refused` where somebody wrote the item since the page was opened; both are keys of what stood there."""
    if seen != now:
        raise Refused(CHANGED)


def check_happened(on: dt.date | None, today: dt.date) -> None:
    """What has happened did not happen in the future. Raises `Refused`."""
    if on is not None and on > today:
        raise Refused("The day must be today or in the past", field="on")


def check_sites(unplaced: Collection[str]) -> None:
    """Every session has a site or an address. Raises `Refused` naming those that have none."""
    if unplaced:
        raise Refused(f"These sessions have no site and no address: {'; '.join(unplaced)}. Write them down first")


def check_absence(uncovered: Collection[str]) -> None:
    """Somebody answers through every session. Raises `Refused` naming the first that nobody answers."""
    if uncovered:
        first = "; ".join(list(uncovered)[:3])
        raise Refused(f"Nobody answers on: {first}. Add somebody to “Who answers” for these hours first")


def latest_review(starts_on: dt.date, ends_on: dt.date, basis: str, calendar: Calendar) -> dt.date:
    """The last day for the first review: half a term after the start (Keeping Children Safe in Education), thirty days
    after it for a direction, and no later than the placement ends. Half a term is as long as the one in which it
    starts, or the next; six weeks where no terms are written down."""
    spans = sorted(span for span in calendar.terms if span[1] >= starts_on)
    length = WEEKS_WITHOUT_TERMS * 7
    if spans:
        first, last = spans[0]
        length = (last - first).days + 1
        length = length // 2 if length > LONGEST_HALF else length
    if is_direction(basis):
        length = min(length, REVIEW_DAYS)
    return min(starts_on + length * ONE_DAY, ends_on)


def check_review(on: dt.date, starts_on: dt.date, latest: dt.date) -> None:
    """Raise `Refused` for a first review before the start or too late."""
    if on < starts_on:
        raise Refused(f"The review must be on the first day, {_day(starts_on)}, or later", field="on")
    if on > latest:
        raise Refused(f"The review must be by {_day(latest)}", field="on")


def check_undo(*, state: str, item: str, stands: bool) -> None:
    """An item is undone only before the start: after it, what was wrong is written anew. Raises `Refused`."""
    if not stands:
        raise Refused("Nothing is written down here any more, so there is nothing to undo")
    if state != PlacementState.ASSURANCE:
        raise Refused("The placement has started or is over. Write down what is right now instead")


def check_start(*, state: str, ends_on: dt.date, today: dt.date, lacks: Iterable[str], emergency: bool = False) -> None:
    """A placement starts once, when both sides have signed and nothing is missing; in an emergency the first five must
    be there. Raises `Refused` naming what is missing."""
    if state != PlacementState.ASSURANCE:
        raise Refused(f"This placement cannot start: {PlacementState(state).label.lower()}")
    if ends_on < today:
        raise Refused("The last day of this placement has passed. Cancel it")
    wanted = [Item(one) for one in lacks if not emergency or one in NEVER_WAIVED]
    if wanted:
        said = "; ".join(one.label for one in wanted)
        more = "Even in an emergency these are needed" if emergency else "Still missing"
        raise Refused(f"The pupil cannot start. {more}: {said}")


def check_provider_now(*, suspended: bool, insured: bool) -> None:
    """No pupil starts where a suspension is in force or insurance has run out. Raises `Refused`."""
    if suspended:
        raise Refused("The provider is suspended, so no pupil can start there")
    if not insured:
        raise Refused(
            "The provider’s public liability insurance does not cover the first day, so no pupil can start there"
        )


def due_after(today: dt.date, calendar: Calendar) -> dt.date:
    """The fifth school day after an emergency start; the fifth working day where the terms do not reach so far."""
    try:
        return calendar.nth_school_day_after(today, EMERGENCY_DAYS)
    except NoSuchDay:
        return nth_working_day_from(today + ONE_DAY, EMERGENCY_DAYS)


def days_overdue(due_on: dt.date | None, today: dt.date) -> int:
    """How many days something put off is late; 0 until the day after it was due."""
    return max((today - due_on).days, 0) if due_on else 0


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
