"""URLs of referrals and their approval."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
