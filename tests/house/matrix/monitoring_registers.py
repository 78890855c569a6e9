"""URLs of registers and what a school sees of them."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
