"""What the opening fixes and does not tell before its time."""

from __future__ import annotations

import hashlib

import pytest
from django.urls import reverse

from evaluation.models import Evaluation
from evaluation.rules.opening import not_asked, shown_seed
from evaluation.states import Stage
from tests.evaluation.made import evaluation

SEED = "a1" * 32


@pytest.mark.parametrize("stage", list(Stage))
def test_the_seed_is_a_hash_until_quality_is_frozen(stage):
    early = stage in {Stage.PREPARING, Stage.JUDGING}
    assert shown_seed(SEED, stage) == (hashlib.sha256(SEED.encode()).hexdigest() if early else SEED)


def test_nobody_can_work_the_sample_out_from_the_record(world, sign_in):
    made = evaluation(world)
    Evaluation.objects.filter(pk=made.pk).update(seed=SEED)

    for person in (world.eve, world.max, world.ada):
        assert SEED not in sign_in(person).get(reverse("opening", args=[made.pk])).content.decode()


def test_what_was_not_asked_needs_no_judges():
    read = {"standards": [{"standard": 5}, {"standard": 6, "not_asked": True}, {"standard": 7, "not_asked": ""}]}
    assert not_asked({1: read, 2: None}) == [(1, 6)]
