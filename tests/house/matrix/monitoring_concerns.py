"""URLs of concerns about a child or an adult."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
