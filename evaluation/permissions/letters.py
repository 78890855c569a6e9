"""Who reads letters about an award. Which bidders' letters somebody meets at all is their queryset's answer."""

from __future__ import annotations

from evaluation.permissions.duties import can_oversee, can_run, can_see_prices, has_duty
from evaluation.states import Duty
from providers.models.applications import leads_of

# The part of the portal that makes and sends them.
MAKER = "evaluation.letters"


def can_see_letters(user, evaluation) -> bool:
    """How far the letters are: whoever may see prices, because letters hold them; and whoever looks after the
    evaluation and does not judge, also while quality is judged again after an award."""
    if has_duty(user, evaluation, Duty.EVALUATOR, Duty.MODERATOR):
        return can_see_prices(user, evaluation)
    return can_see_prices(user, evaluation) or can_oversee(user, evaluation)


def can_make_letters(user, evaluation) -> bool:
    """Have made again what could not be made: whoever runs the evaluation."""
    return can_run(user, evaluation)


def is_to(user, letter) -> bool:
    """It is a letter to the person's own provider, which they lead."""
    return letter.bid.provider_id in leads_of(user)


def can_read_letter(user, letter) -> bool:
    """The bidder's leads, and whoever may see letters. That it was sent, and that an officer meets the bid, is asked by
    the queryset."""
    return is_to(user, letter) or can_see_letters(user, letter.bid)
