"""URLs of incidents, first aid and fire drills."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
