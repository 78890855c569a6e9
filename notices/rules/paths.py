"""Where something stands in a notice: `("tender", "lots", 0, "title")`, written `tender.lots[0].title`."""

from __future__ import annotations

import json
import re

from notices.rules.errors import BadNotice

Path = tuple[str | int, ...]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STEP = re.compile(
    r"""(?P<dot>\.?)(?P<plain>[A-Za-z_][A-Za-z0-9_]*+)
      | \[(?P<index>0|[1-9][0-9]{0,8}+)\]
      | \[(?P<quoted>"[^"\\]*+(?:\\.[^"\\]*+)*+")\]""",
    re.VERBOSE,
)


def text(path: Path) -> str:
    """The path as a person reads it. A key that is no plain word is quoted as JSON in ASCII: `["a.b"]`."""
    parts = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _PLAIN.fullmatch(step):
            parts.append(f".{step}" if parts else step)
        else:
            parts.append(f"[{json.dumps(step)}]")
    return "".join(parts)


def parse(written: str) -> Path:
    """The path that `text` wrote. Raises `BadNotice` for anything else."""
    steps: list[str | int] = []
    at = 0
    while at < len(written):
        step = _STEP.match(written, at)
        if not step or (step["plain"] and bool(step["dot"]) != bool(steps)):
            raise BadNotice("This is not a place in a notice", written)
        if step["plain"]:
            steps.append(step["plain"])
        elif step["index"]:
            steps.append(int(step["index"]))
        else:
            steps.append(_unquoted(step["quoted"], written))
        at = step.end()
    return tuple(steps)


def _unquoted(quoted: str, written: str) -> str:
    try:
        return json.loads(quoted)
    except ValueError:
        raise BadNotice("This is not a place in a notice", written) from None


def get(tree, path: Path, default=None):
    """What stands there, or `default` where nothing does. Looking into text or a number finds nothing."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(tree, list) or not 0 <= step < len(tree):
                return default
            tree = tree[step]
        else:
            if not isinstance(tree, dict) or step not in tree:
                return default
            tree = tree[step]
    return tree
