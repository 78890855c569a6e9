"""URLs of the contract manager's board, comparison and ratings."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
