"""Template tags of the whole portal (built in: no `{% load %}` needed). templates/components/README.md shows each."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django import template
from django.core.files.storage import storages
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import addresses, panel
from core import rows as loop
from core.calendars import time_in_words
from core.money import Money

register = template.Library()
register.tag("rows", loop.rows)
register.tag("url", addresses.url)

# Colours of state tags. The word says the state; the colour only helps to find it.
COLOURS = {"grey", "blue", "turquoise", "green", "yellow", "orange", "red", "purple", "pink", "light-blue"}


@register.simple_tag
def asset(name: str) -> str:
    """The address of one of our static files."""
    return _asset(name, storages["staticfiles"])


@lru_cache(maxsize=50)
def _asset(name: str, storage) -> str:
    return storage.url(name)


@register.simple_tag
def tag(words, colour: str = "grey") -> str:
    """A state as a GOV.UK tag. Raises ValueError for a colour that there is not."""
    return _tag(words, colour)


@lru_cache(maxsize=500, typed=True)
def _tag(words, colour: str) -> str:
    if colour not in COLOURS:
        raise ValueError(f"A tag is one of {', '.join(sorted(COLOURS))}, not {colour}")
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, words)


@register.filter
def money(pence: int | None) -> str:
    """Integer pence as pounds: `123450` → `£1,234.50`. Nothing stays nothing."""
    if pence is None:
        return ""
    return format_html('<span class="portal-money">{}</span>', Money(pence))


@register.filter
def value(pence: int | None) -> str:
    """A value in integer pence, without pence where it is whole pounds: `£24,200,000`. Nothing stays nothing."""
    if pence is None:
        return ""
    return format_html('<span class="portal-money">{}</span>', Money(pence).in_short)


@register.filter
def panel_fields(form) -> str:
    """The fields of a filter panel, for components/filter_panel.html alone."""
    return panel.fields(form)


def in_words(value: dt.date | dt.datetime, *, with_time: bool) -> str:
    """A day, with its time where asked, in England: `22 November 2026 at 9:31am`. A naive datetime is refused."""
    if not isinstance(value, dt.datetime):
        return f"{value.day} {value:%B %Y}"
    if timezone.is_naive(value):
        raise ValueError("A moment without a time zone could mean two things")
    local = value.astimezone(timezone.get_default_timezone())
    day = f"{local.day} {local:%B %Y}"
    return f"{day} at {time_in_words(local)}" if with_time else day


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A moment with its time, in England: `22 November 2026 at 9:31am`."""
    if value is None:
        return ""
    return _time("", value, in_words(value, with_time=True))


@register.filter
def until(value: dt.datetime | None) -> str:
    """A moment at which something ends, in England: where it is midnight, `the end of 2 December 2026`, because a day
    "at midnight" is read as its beginning and as its end; else as `moment`."""
    if value is None or value.astimezone(timezone.get_default_timezone()).time() != dt.time.min:
        return moment(value)
    last = value - dt.timedelta(microseconds=1)
    return _time("", value, f"the end of {in_words(last, with_time=False)}")


def to_the_second(value: dt.datetime) -> str:
    """A moment to the second, in England, on the clock of 24 hours: at noon there is nothing to be misread."""
    local = value.astimezone(timezone.get_default_timezone())
    return f"{local.day} {local:%B %Y at %H:%M:%S} (UK time)"


@register.filter
def exact(value: dt.datetime | None) -> str:
    """A moment to the second: `20 April 2026 at 12:00:03 (UK time)`. For deadlines and receipts."""
    if value is None:
        return ""
    return _time("", value, to_the_second(value))


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """A day in England: `22 November 2026`."""
    if value is None:
        return ""
    return _time(' class="portal-date"', value, in_words(value, with_time=False))


def _time(look: str, value: dt.date | dt.datetime, words: str) -> str:
    # Fifty times a page: neither a date nor its words need escaping.
    return SafeString(f'<time{look} datetime="{value.isoformat()}">{words}</time>')  # nosec B703
