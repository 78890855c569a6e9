"""URLs of visits to providers."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
