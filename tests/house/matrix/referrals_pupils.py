"""URLs of pupils. Sana leads Elm Grove and safeguards there; nobody else meets its pupils. Olu sees every organisation,
and no pupil."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.referrals.made import made_pupil
from tests.referrals.pupils import made_move, made_twin


def _school(world):
    return (world.elm_grove.pk,)


def _pupil(world):
    return (made_pupil(world).pk,)


def _move(world):
    return (made_move(world, made_pupil(world)).pk,)


def _enrolment(world):
    pupil = made_pupil(world)
    return (pupil.pk, pupil.enrolments.get().pk)


def _two(world):
    pupil = made_pupil(world)
    return (pupil.pk, made_twin(world, pupil).pk)


OURS = {"sana": 200, "olu": 403}
HERS = {"sana": 200}

ROWS: dict[str, Row] = {
    "pupils": Row(others=404, roles=OURS, args=_school),
    "pupils_csv": Row(others=404, roles=OURS, args=_school),
    "add_pupil": Row(others=404, roles=OURS, args=_school),
    "pupil_moves": Row(others=404, roles=OURS, args=_school),
    "answer_move": Row(others=404, roles=HERS | {"tariq": 200}, args=_move),
    "pupil": Row(others=404, roles=HERS, args=_pupil),
    "pupil_record": Row(others=404, roles=HERS, args=_pupil),
    "edit_pupil": Row(others=404, roles=HERS, args=_pupil),
    "edit_needs": Row(others=404, roles=HERS, args=_pupil),
    "edit_contacts": Row(others=404, roles=HERS, args=_pupil),
    "add_enrolment": Row(others=404, roles=HERS, args=_pupil),
    "end_enrolment": Row(others=404, roles=HERS, args=_enrolment),
    "correct_enrolment": Row(others=404, roles=HERS, args=_enrolment),
    "move_pupil": Row(others=404, roles=HERS, args=_pupil),
    "merge_pupil": Row(others=404, roles=HERS, args=_pupil),
    "merge_pupils": Row(others=404, roles=HERS, args=_two),
}
