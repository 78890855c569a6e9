"""URLs of reviews, outcomes, census and counts."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
