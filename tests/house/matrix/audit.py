"""URLs of audit."""

from tests.house.matrix import Row  # noqa: F401

ROWS = {}
