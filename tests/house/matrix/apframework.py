"""Pages that belong to no app."""

from tests.house.matrix import Row

ROWS = {
    "home": Row(others=200, nobody=200),
    "healthz": Row(others=200, nobody=200),
    "readyz": Row(others=200, nobody=200),
    "theme": Row(others=200, nobody=200),
    "your_account": Row(others=200),
    "help": Row(others=200, nobody=200),
    "cookies": Row(others=200, nobody=200),
    "privacy": Row(others=200, nobody=200),
    "accessibility": Row(others=200, nobody=200),
    "pattern_book": Row(others=403, roles={"olu": 200}),
    "pattern_chart": Row(others=403, roles={"olu": 200}),
}
