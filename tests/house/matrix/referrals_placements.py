"""URLs of placements: how one is agreed, signed and paid for."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
