"""Every recorded action has words."""

from __future__ import annotations

import ast

import pytest

from audit import words
from tests.house import code


def recorded() -> set[str]:
    """The actions that stand in the code as `audit.record("…")`."""
    return {
        node.args[0].value
        for path in code.all_files()
        for node in ast.walk(code.tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "audit.record"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_recorded_action_has_words_of_its_own():
    known = {action for _, actions in words.choices() for action, _ in actions}

    assert recorded() - known == set()


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("accounts.invitation.sent", "Invitation sent"),
        ("referrals.pupil.read", "Pupil looked at"),
        ("accounts.membership.read", "Role looked at"),
        ("lots.price_line.taken_out", "Price line taken out"),
    ],
)
def test_an_action_in_words(action, said):
    assert words.happened(action) == said


def test_actions_are_offered_in_groups_of_what_they_happened_to():
    groups = dict(words.choices())

    assert groups["Invitation"] == [
        ("accounts.invitation.accepted", "Invitation accepted"),
        ("accounts.invitation.sent", "Invitation sent"),
        ("accounts.invitation.withdrawn", "Invitation withdrawn"),
    ]
