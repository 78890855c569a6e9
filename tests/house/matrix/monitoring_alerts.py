"""URLs of what commissioners are told within 30 minutes, and what they did."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
