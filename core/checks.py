"""System checks that the house stands on: no URL without a door, a council colour that can be read."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string


def urls(resolver=None, prefix=""):
    """Every (full name, pattern) that the portal answers."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from urls(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry


@register("doors")
def every_url_has_a_door(app_configs, **kwargs):
    """A view without `@guard` or `@public` is an error; so is an entry of the third-party list that no URL bears."""
    third_party = import_string(settings.THIRD_PARTY_DOORS)
    seen, errors = set(), []
    for name, pattern in urls():
        seen.add(name)
        if getattr(pattern.callback, "door", None) is None and name not in third_party:
            errors.append(Error(f"The URL {pattern.pattern} ({name}) has no door", id="core.E001"))
        if pattern.name is None:
            errors.append(Error(f"The URL {pattern.pattern} has no name", id="core.E002"))
    errors += [
        Error(f"The third-party door {name} belongs to no URL", id="core.E003")
        for name in third_party
        if name not in seen
    ]
    return errors


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2, definition)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@register("look")
def council_colour_can_be_read(app_configs, **kwargs):
    """White text stands on the council's colour: WCAG 2.2 success criterion 1.4.3 asks for 4.5 to 1."""
    colour = settings.COUNCIL_COLOUR
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return [Error(f"COUNCIL_COLOUR must look like #1d4f73, not {colour}", id="core.E010")]
    if 1.05 / (luminance(colour) + 0.05) < 4.5:
        return [Error(f"White text cannot be read on COUNCIL_COLOUR {colour}: choose a darker one", id="core.E011")]
    return []
