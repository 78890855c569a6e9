"""The access matrix: every URL × every role → status. A URL that stands in none of these files fails the build.

Roles are members of the standing cast (`tests/cast.py`). A row names the roles whose answer to a GET differs from its
`others`; "nobody" has not signed in, and is sent to the way in (302) unless the row says otherwise. `method` is "post"
for a URL that answers no GET; the body is empty, so 200 then means "the form, with its errors".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

ROLES = [
    "nobody",
    "nora",
    "alice",
    "bob",
    "charlie",
    "sana",
    "tariq",
    "max",
    "ada",
    "eve",
    "fay",
    "ines",
    "olu",
]


@dataclass(frozen=True)
class Row:
    """One URL. `args` makes its arguments from the world. `roles` maps role → status; `others` is everybody else."""

    others: int
    roles: dict[str, int] = field(default_factory=dict)
    nobody: int = 302
    args: Callable | None = None
    method: str = "get"

    def expected(self, role: str) -> int:
        return self.nobody if role == "nobody" else self.roles.get(role, self.others)
