"""URLs of placements outside a framework, and bringing in what already runs."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
