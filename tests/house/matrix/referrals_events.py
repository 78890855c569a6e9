"""URLs of what a provider’s changes ask of commissioners."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
