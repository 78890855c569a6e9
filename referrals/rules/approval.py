"""What a budget holder has to say yes to."""

from __future__ import annotations

from lots.rules.refusals import Refused

LIMIT_PENCE = 500_000  # where a commissioner has written nothing else (`models.Terms`)


def covers(limit: int, approved: int | None, pence: int) -> bool:
    """Whether a cost may be agreed without asking (again): not above the commissioner's limit, or not above what a
    budget holder said yes to. All in pence, the limits themselves included."""
    return pence <= limit or (approved is not None and pence <= approved)


def check_open(answered: bool) -> None:
    """Raise `Refused` where somebody answered already."""
    if answered:
        raise Refused("Somebody has answered this already. Nothing was changed")


def check_answer(yes: bool, up_to: int | None, asked: int, reason: str) -> None:
    """A yes is for at least what was asked, a no has a reason. Raises `Refused`."""
    if yes and (up_to is None or up_to < asked):
        raise Refused(
            "Enter an amount that is not below what was asked. To agree to less, say no and write how much you would "
            "agree to",
            field="up_to_pence",
        )
    if not yes and not reason:
        raise Refused("Write why not, so that they know what to change", field="answer")
