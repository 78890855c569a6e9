"""URLs of moderation, the freeze and appeals."""

from __future__ import annotations

from tests.evaluation.made import bids_of, evaluation, judged
from tests.evaluation.moderated import differing, freeze, noted, standard
from tests.house.matrix import Row


def _differing(world):
    return (differing(world, read=False).pk,)


def _difference(world):
    made = differing(world)
    return (bids_of(made)[0].pk, standard(made).pk)


def _made(world):
    made = judged(evaluation(world, count=1, read=False), world)
    freeze(world, made)
    return made


def _frozen(world):
    return (_made(world).pk,)


def _freeze(world):
    return (_made(world).freezes.get().pk,)


def _bid(world):
    return (bids_of(_made(world))[0].pk,)


def _appeal(world):
    made = _made(world)
    [bid] = bids_of(made)
    return (noted(world, bid, standard(made)).pk,)


MODERATOR = {"ada": 200, "max": 403, "eve": 403, "fay": 403}
AFTER = {"ada": 200, "max": 200, "fay": 200, "eve": 403}
TWO = {"ada": 200, "max": 200, "fay": 403, "eve": 403}

ROWS: dict[str, Row] = {
    "differences": Row(others=404, roles=MODERATOR, args=_differing),
    "moderate": Row(others=404, roles=MODERATOR, args=_difference),
    "freeze": Row(others=404, roles=AFTER, args=_frozen),
    "frozen": Row(others=404, roles=AFTER, args=_freeze),
    "check_freeze": Row(others=404, roles=AFTER, args=_freeze),
    "freeze_file": Row(others=404, roles=AFTER, args=_freeze),
    "unfreeze": Row(others=404, roles=TWO, args=_frozen),
    "confirm_unfreeze": Row(
        others=404, roles={"ada": 302, "max": 302, "fay": 403, "eve": 403}, args=_frozen, method="post"
    ),
    "drop_unfreeze": Row(
        others=404, roles={"ada": 302, "max": 302, "fay": 403, "eve": 403}, args=_frozen, method="post"
    ),
    "appeals": Row(others=404, roles=AFTER, args=_frozen),
    "note_appeal": Row(others=404, roles=TWO, args=_bid),
    "appeal": Row(others=404, roles=AFTER, args=_appeal),
}
