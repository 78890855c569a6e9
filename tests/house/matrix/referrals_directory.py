"""URLs of the directory and shortlists."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
