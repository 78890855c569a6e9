"""Places in a notice, as text and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.rules import paths
from notices.rules.errors import LONGEST_PATH, BadNotice
from tests.notices.generated import keys

TREE = {"tender": {"lots": [{"value": {"amount": 3}}, None]}, "a.b": {"": 1}}

steps = st.one_of(keys, st.integers(0, 999_999_999), st.sampled_from(["tender", "lots", "x_1"]))


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ((), ""),
        (("tender", "lots", 0, "value", "amount"), "tender.lots[0].value.amount"),
        ((0, "id"), "[0].id"),
        (("a.b", "c"), '["a.b"].c'),
        (("x", "dc:title", 2), 'x["dc:title"][2]'),
        (("",), '[""]'),
        (('a"]', "\ud800", "é\x00"), '["a\\"]"]["\\ud800"]["\\u00e9\\u0000"]'),
        (("0",), '["0"]'),
    ],
)
def test_a_path_is_written_so_that_a_person_finds_the_place(path, written):
    assert paths.text(path) == written
    assert paths.parse(written) == path


@given(st.lists(steps, max_size=6).map(tuple))
def test_every_path_comes_back(path):
    assert paths.parse(paths.text(path)) == path
    paths.text(path).encode("ascii")


@pytest.mark.parametrize(
    "written",
    [
        "tender..lots",
        ".tender",
        "tender.",
        "a b",
        "[01]",
        "[-1]",
        "[1",
        '["a',
        '["\\q"]',
        "a[1]b",
        "[1].[2]",
        "[9999999999]",
    ],
)
def test_what_is_no_path_is_refused(written):
    with pytest.raises(BadNotice, match="not a place"):
        paths.parse(written)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), TREE),
        (("tender", "lots", 0, "value", "amount"), 3),
        (("tender", "lots", 1), None),
        (("tender", "lots", 2), "nothing"),
        (("tender", "lots", -1), "nothing"),
        (("tender", "lots", "0"), "nothing"),
        (("tender", 0), "nothing"),
        (("tender", "lots", 1, "x"), "nothing"),
        (("buyer", "name"), "nothing"),
        (("a.b", ""), 1),
    ],
)
def test_what_stands_at_a_path(path, found):
    assert paths.get(TREE, path, "nothing") == found


def test_a_path_that_nobody_reads_to_its_end_is_cut_in_the_middle():
    long = BadNotice("Too deep", "a[0]" * 500)

    assert len(long.path) <= LONGEST_PATH + 1
    assert " … " in long.path
    assert (str(long), long.message, BadNotice("x").path) == ("Too deep", "Too deep", "")
