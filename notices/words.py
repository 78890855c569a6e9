"""What happens in notices, in plain words."""

WORDS: dict[str, str] = {}
THINGS: dict[str, str] = {}
