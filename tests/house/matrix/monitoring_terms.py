"""URLs of when reports are due and providers reminded."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
