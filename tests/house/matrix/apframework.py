"""Pages that belong to no app."""

from tests.house.matrix import Row

ROWS = {
    "home": Row(others=200, nobody=200),
}
