"""The made-up releases are what they claim to be: valid in the schema of Find a Tender, and as odd as asked."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator

from tests.notices import files
from tests.notices.generated import Number, releases, spelled

# The repeated delivery region: published so, kept so, and warned of.
KNOWN = {"framework-release": [["releases", 0, "tender", "items", 0, "deliveryAddresses"]]}


def validator() -> Draft4Validator | None:
    """None where the schema does not stand beside the project."""
    return Draft4Validator(json.loads(files.SCHEMA.read_text())) if files.SCHEMA.exists() else None


def faults(told: dict) -> list[list]:
    package = told if "releases" in told else {"uri": "https://notices.example/1", "version": "1.1", "releases": [told]}
    schema = validator()
    return [list(error.absolute_path) for error in schema.iter_errors(package)] if schema else []


@settings(max_examples=25, deadline=None)
@given(releases)
def test_a_made_up_release_is_valid(body):
    assert faults(json.loads(body)) == []


@pytest.mark.parametrize("file", files.NOTICES, ids=files.named)
def test_a_real_notice_is_valid_but_for_what_is_known(file):
    found = faults(json.loads(file.read_bytes()))

    assert found in ([], KNOWN.get(file.stem))


def test_two_spellings_of_a_number_are_two_things_and_the_order_of_keys_is_nothing():
    assert spelled(b'{"a": 1e2, "b": 1}') == spelled(b' { "b":1,"a":1e2 }')
    assert spelled(b"[100]") != spelled(b"[1e2]")
    assert spelled(b"[1.0]") != spelled(b"[1]")
    assert spelled(b'\xef\xbb\xbf["\\u00e9", 1]') == ["é", Number("1")]
