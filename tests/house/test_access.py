"""Every URL × every role → status."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from core.checks import urls
from tests.house.matrix import ROLES
from tests.pages import read

FILES = sorted(path.stem for path in (Path(__file__).parent / "matrix").glob("*.py") if path.stem != "__init__")
ROWS = {name: row for file in FILES for name, row in import_module(f"tests.house.matrix.{file}").ROWS.items()}


def test_every_url_stands_in_the_matrix_or_in_the_list_of_third_parties():
    third_party = set(import_string(settings.THIRD_PARTY_DOORS))

    ours = {name for name, _ in urls()} - third_party

    assert set(ROWS) == ours


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_role_gets_the_answer_that_the_matrix_says(name, world, sign_in):
    row = ROWS[name]
    address = reverse(name, args=row.args(world) if row.args else ())

    answers = {}
    for role in ROLES:
        client = Client() if role == "nobody" else sign_in(getattr(world, role))
        answers[role] = read(getattr(client, row.method)(address)).status_code

    assert answers == {role: row.expected(role) for role in ROLES}
