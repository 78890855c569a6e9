"""Our own code as trees, for the house tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = [
    "core",
    "audit",
    "outbox",
    "accounts",
    "files",
    "jobs",
    "lots",
    "providers",
    "contracts",
    "evaluation",
    "referrals",
    "monitoring",
    "notices",
    "apframework",
]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def files(*rooms: str) -> list[Path]:
    """Every file of these rooms in every app above `core`: `actions.py` as well as `actions/*.py`."""
    found = []
    for app in FLOORS[1:]:
        for room in rooms:
            found += [path for path in [ROOT / app / f"{room}.py"] if path.exists()]
            found += sorted((ROOT / app / room).rglob("*.py"))
    return found


def all_files() -> list[Path]:
    """Every Python file of every app, migrations apart."""
    return [path for app in FLOORS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


def public_functions(path: Path) -> Iterator[ast.FunctionDef]:
    """The functions of a file that others may call."""
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def calls(node: ast.AST) -> set[str]:
    """The dotted names that are called inside."""
    return {ast.unparse(inner.func) for inner in ast.walk(node) if isinstance(inner, ast.Call)}


def imported_modules(path: Path) -> set[str]:
    """The modules that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))
