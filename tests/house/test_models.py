"""Models: classified, migrated, and looking only downwards."""

from __future__ import annotations

from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from core import steps
from core.data import Data
from tests.house import code

OURS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in code.FLOORS]


def classified(app: str) -> dict:
    try:
        return import_module(f"{app}.data").FIELDS
    except ModuleNotFoundError:
        return {}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_classified_with_how_long_it_is_kept(model):
    fields = {field.name for field in model._meta.get_fields() if field.concrete}

    known = classified(model._meta.app_label).get(model.__name__, {})

    assert set(known) == fields
    assert all(isinstance(data, Data) for data in known.values())


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_look_only_downwards(model):
    """String keys hide from import-linter; `AUTH_USER_MODEL` is the one exception."""
    floor = code.FLOORS.index(model._meta.app_label)
    for field in model._meta.get_fields():
        if field.is_relation and field.concrete and field.related_model:
            target = field.related_model._meta
            if target.label != settings.AUTH_USER_MODEL:
                assert target.app_label in code.FLOORS
                assert code.FLOORS.index(target.app_label) <= floor


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_money_is_whole_pence(model):
    for field in model._meta.get_fields():
        assert (
            field.get_internal_type() not in {"FloatField", "DecimalField"}
            if hasattr(field, "get_internal_type")
            else True
        )


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0, stdout=StringIO())


def test_a_step_is_refused_outside_a_transaction():
    @steps.step
    def write():
        raise AssertionError("ran")

    with pytest.raises(steps.NoTransaction):
        write()


@pytest.mark.parametrize(
    "path",
    code.files("steps"),
    ids=code.name_of,
)
def test_every_step_of_ours_is_refused_outside_a_transaction(path):
    module = import_module(".".join(path.relative_to(code.ROOT).with_suffix("").parts))

    for node in code.public_functions(path):
        with pytest.raises(steps.NoTransaction):
            getattr(module, node.name)()
