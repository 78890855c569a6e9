"""URLs of what must be in place before a pupil starts, and who answers."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
