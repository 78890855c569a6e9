"""URLs of a provider's free places."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
