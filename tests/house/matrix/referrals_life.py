"""URLs of what happens to a placement once it is agreed."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
