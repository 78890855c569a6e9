"""URLs of a provider's daily reports."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
