"""The stages of an evaluation: where each thing may be done, and what to say where it may not."""

from __future__ import annotations

from collections.abc import Collection

from evaluation.states import STAGE_MOVES, Stage
from lots.rules.refusals import Refused


def check_move(now: str, then: str) -> None:
    """An evaluation goes on only as `STAGE_MOVES` says. Raises `Refused`."""
    if Stage(then) not in STAGE_MOVES[Stage(now)]:
        raise Refused(
            f"This evaluation is at “{Stage(now).label}” and cannot go to “{Stage(then).label}”. "
            "Look at it again: somebody may have changed it meanwhile"
        )


def check_stage(now: str, allowed: Collection[str], what: str) -> None:
    """`what` can be done at these stages only: "A verdict can be given". Raises `Refused`, saying which it is."""
    if now not in allowed:
        wanted = " or ".join(f"“{Stage(one).label}”" for one in Stage if one in allowed)
        raise Refused(f"{what} only while the evaluation is at {wanted}. It is at “{Stage(now).label}”")
