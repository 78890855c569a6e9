"""URLs of enquiries, offers, the choice, and what the chosen provider reads."""

from __future__ import annotations

from tests.house.matrix import Row

ROWS: dict[str, Row] = {}
