"""URLs of agreements to share data, how a commissioner works, and bringing pupils in."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
