"""How long it is until a deadline, in words that are true for as long as somebody reads them."""

from __future__ import annotations

import datetime as dt

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


def left_in_words(closes_at: dt.datetime, at: dt.datetime) -> str:
    """The time from `at` to `closes_at`, rounded down so that nobody believes to have more: "12 days", "3 hours 12
    minutes", "9 minutes 5 seconds". Empty once it has passed; the deadline itself has not."""
    if at > closes_at:
        return ""
    seconds = int((closes_at - at).total_seconds())
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    if days >= 3:
        return _many(days, "day")
    if days:
        return _two((days, "day"), (hours, "hour"))
    if hours:
        return _two((hours, "hour"), (minutes, "minute"))
    if minutes >= 10:
        return _many(minutes, "minute")
    return _two((minutes, "minute"), (rest, "second")) if minutes else _many(rest, "second")


def _two(first: tuple[int, str], second: tuple[int, str]) -> str:
    return " ".join(_many(number, word) for number, word in (first, second) if number)


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
