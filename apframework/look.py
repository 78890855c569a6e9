"""The council's colour and font as the custom properties that the style sheet is written in."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from django.conf import settings

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FONT = re.compile(r"[A-Za-z][A-Za-z0-9 -]{0,60}")


def darker(colour: str, percent: int) -> str:
    """`#rrggbb` with `percent` of black mixed in; darker only, so white on it reads better than on the colour."""
    parts = (int(colour[i : i + 2], 16) * (100 - percent) // 100 for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def theme() -> str:
    """The style sheet of `/theme.css`. A colour or font that is not one is left out: the built-in one then stands."""
    lines = []
    if _COLOUR.fullmatch(settings.COUNCIL_COLOUR):
        colour = settings.COUNCIL_COLOUR.lower()
        lines += [
            f"--council: {colour};",
            f"--council-dark: {darker(colour, 30)};",
            f"--council-darkest: {darker(colour, 60)};",
        ]
    if _FONT.fullmatch(settings.COUNCIL_FONT):
        lines.append(f'--font: "{settings.COUNCIL_FONT}";')
    return ":root {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def version() -> str:
    """Changes when the theme does, so that a browser may keep the sheet for a year."""
    return _version(theme())


@lru_cache(maxsize=8)
def _version(sheet: str) -> str:
    return hashlib.sha256(sheet.encode()).hexdigest()[:12]
