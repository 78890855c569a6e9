"""References that are read out over a telephone: no vowels, so no words; nothing that looks like something else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

ALPHABET = "23456789BCDFGHJKMNPQRTVWXYZ"


def reference(choice: Callable[[Sequence[str]], str]) -> str:
    """`7KQM2-X3RDB`: ten characters drawn with `choice`, 27¹⁰ of them, so that no two are ever alike."""
    drawn = "".join(choice(ALPHABET) for _ in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"
