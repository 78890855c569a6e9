"""Free places as a provider states them: when they are shown, how long a statement holds, what a call-off may take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from providers.rules.refusals import Refused
from providers.states import Half

STALE_DAYS = 8  # a statement that nobody confirmed for longer is shown to no school
REMIND_DAYS = 7  # after each such time without a word its leads are reminded
MOST = 500  # free places in one half of a day at one site
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")  # by number, as in `models.Seats`
WEEK = tuple((weekday, half.value) for weekday in range(len(WEEKDAYS)) for half in Half)


def shown_since(at: dt.datetime) -> dt.datetime:
    """What was confirmed before this moment (UTC) is shown to no school at `at`."""
    return at - dt.timedelta(days=STALE_DAYS)


def holds_until(confirmed_at: dt.datetime) -> dt.datetime:
    """The last moment (UTC) at which schools see what was confirmed then."""
    return confirmed_at + dt.timedelta(days=STALE_DAYS)


def holds(confirmed_at: dt.datetime, at: dt.datetime) -> bool:
    """Schools see at `at` what was confirmed then."""
    return confirmed_at >= shown_since(at)


def half_in_words(weekday: int, half: str) -> str:
    """`Monday morning`."""
    return f"{WEEKDAYS[weekday]} {Half(half).label.lower()}"


def day_in_words(morning: int, afternoon: int) -> str:
    """What is free on a day: `3 all day`, `3 in the morning, 1 in the afternoon`, `None`."""
    if morning == afternoon:
        return f"{morning} all day" if morning else "None"
    parts = [f"{morning} in the morning"] * bool(morning) + [f"{afternoon} in the afternoon"] * bool(afternoon)
    return ", ".join(parts)


def cell(place: int, weekday: int, half: str) -> str:
    """The name of the field for one half of a day of a place on a framework."""
    return f"{place}-{weekday}-{half}"


def check_stated(stated: Mapping[str, int], known: Iterable[str]) -> None:
    """A provider states whole numbers from 0 to `MOST`, for places that it holds. Raises `Refused`."""
    if set(stated) - set(known):
        raise Refused("One of these lots is no longer yours. Open the page again, and say what is free on the others")
    if any(not 0 <= number <= MOST for number in stated.values()):
        raise Refused(f"Free places must be whole numbers from 0 to {MOST}")


def check_any(rows: int) -> None:
    """Only what was stated can be confirmed. Raises `Refused`."""
    if not rows:
        raise Refused("There is nothing to confirm yet. Choose a site, and say where you have free places")


def check_free(free: Mapping[tuple[int, int, str], int], wanted: Iterable[tuple[int, int, str]]) -> None:
    """A call-off takes one place in each half of a day that its timetable touches, or none at all. `wanted` and the
    keys of `free` are (site, weekday, half); what the provider never stated is not free. Raises `Refused`."""
    full = sorted({(weekday, half) for site, weekday, half in wanted if free.get((site, weekday, half), 0) < 1})
    if full:
        words = ", ".join(half_in_words(weekday, half) for weekday, half in full)
        raise Refused(
            f"The provider has no free place left on {words}. Nothing was booked. Ask it for other times, or choose "
            "another provider"
        )


def weeks_silent(confirmed_at: dt.datetime, at: dt.datetime) -> int:
    """How many whole times of `REMIND_DAYS` have gone by without a confirmation."""
    return (at - confirmed_at).days // REMIND_DAYS


def letter(weeks: int) -> tuple[str, str]:
    """Subject and text of the reminder after so many silent weeks. Without the name of anybody."""
    if weeks == 1:
        says = (
            f"Nobody has confirmed your free places for {REMIND_DAYS} days. After {STALE_DAYS} days schools and "
            "councils no longer see them."
        )
    else:
        says = (
            f"Nobody has confirmed your free places for {weeks * REMIND_DAYS} days, so schools and councils do not "
            "see them."
        )
    return "Confirm your free places", f"{says} If nothing has changed it takes one button."
