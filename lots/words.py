"""What happens in lots, in plain words."""

WORDS: dict[str, str] = {}
THINGS: dict[str, str] = {}
