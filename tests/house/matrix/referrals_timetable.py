"""URLs of where everybody is today, and calendar feeds."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
