"""What was typed in a part, as texts: whatever a browser sent is read without a fault, and nothing is thrown away."""

from __future__ import annotations

from providers.rules.draft import Answers

YES, NO = "yes", "no"
LONGEST_ANSWER = 8_000  # characters; two full pages and a half


def text(answers: Answers, name: str) -> str:
    """One text, without the space around it; "" where there is none."""
    value = answers.get(name, "")
    if not isinstance(value, str):
        value = next((one for one in value if one.strip()), "")
    return value.replace("\r\n", "\n").strip()


def texts(answers: Answers, name: str) -> list[str]:
    """Every text of that name, each once, in order, empty ones left out."""
    value = answers.get(name, [])
    found = [value] if isinstance(value, str) else value
    return list(dict.fromkeys(one.strip() for one in found if one.strip()))


def keys(answers: Answers, name: str) -> list[int]:
    """The rows that were chosen; what is no key is left out."""
    return [int(one) for one in texts(answers, name) if one.isascii() and one.isdigit() and len(one) < 19]


def yes_or_no(answers: Answers, name: str) -> str:
    """ "yes", "no", or "" while neither is chosen."""
    value = text(answers, name)
    return value if value in {YES, NO} else ""


def ticked(answers: Answers, name: str) -> bool:
    """Whether a box is ticked."""
    return text(answers, name) == YES


def begun(answers: Answers) -> bool:
    """Whether anything was typed, chosen or ticked."""
    return any(texts(answers, name) for name in answers)


def lower_first(words: str) -> str:
    """Words as they stand inside a sentence: "Fire drill" → "fire drill"; "DBS policy" stays."""
    return words[:1].lower() + words[1:] if words[1:2].islower() or words[1:2] == " " else words
