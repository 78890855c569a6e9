"""What happens in lots, in plain words."""

WORDS: dict[str, str] = {
    "lots.framework.brought_up_to_date": "Framework brought up to a new notice",
    "lots.framework.written": "Framework made from a notice",
}
THINGS: dict[str, str] = {}
