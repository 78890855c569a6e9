"""What happens in jobs, in plain words."""

WORDS: dict[str, str] = {}
THINGS: dict[str, str] = {}
