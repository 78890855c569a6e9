"""URLs of what documents that ran out propose."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
