"""Where an evaluation can go, and what can be done where."""

from __future__ import annotations

import pytest

from evaluation.rules.stages import check_move, check_stage
from evaluation.states import STAGE_MOVES, Stage
from lots.rules.refusals import Refused


@pytest.mark.parametrize("then", list(Stage))
@pytest.mark.parametrize("now", list(Stage))
def test_an_evaluation_goes_only_where_the_table_leads(now, then):
    if then in STAGE_MOVES[now]:
        check_move(now, then)
    else:
        with pytest.raises(Refused, match="cannot go to"):
            check_move(now, then)


def test_what_is_too_early_or_too_late_says_when():
    check_stage(Stage.JUDGING, {Stage.JUDGING}, "A verdict can be given")
    with pytest.raises(Refused, match="only while the evaluation is at “Quality being judged”"):
        check_stage(Stage.PRICES, {Stage.JUDGING}, "A verdict can be given")
