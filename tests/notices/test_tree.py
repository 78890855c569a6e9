"""What a notice says: read whole or refused in words, with the place."""

from __future__ import annotations

import json
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.rules import tree
from notices.rules.errors import BadNotice
from tests.notices.generated import releases, spelled, texts, values

D = Decimal
DEEP = 10_000


def test_every_number_is_kept_to_its_last_digit():
    read = tree.read(b'[1, 1.50, 1e2, 1e9999, 1e400, -0, 123456789012345678901234567890, 1E-7, "1", true]')

    assert read == [1, D("1.5"), 100, D("1e9999"), D("1e400"), 0, 123456789012345678901234567890, D("1e-7"), "1", True]
    assert [type(value) for value in read] == [Decimal] * 8 + [str, bool]
    assert [str(read[1]), str(read[3]), str(read[5])] == ["1.50", "1E+9999", "-0"]
    assert read[3].is_finite()


def test_a_million_digits_are_read_at_once():
    began = time.process_time()

    (number,) = tree.read(b"[" + b"9" * 1_000_000 + b"]")

    assert number.adjusted() == 999_999
    assert time.process_time() - began < 2


def test_texts_are_what_they_spell_half_pairs_too():
    assert tree.read(b'["\\u0000", "\\ud800", "\\ud83d\\ude00", "\\/"]') == ["\x00", "\ud800", "😀", "/"]


def test_a_byte_order_mark_is_stepped_over():
    assert tree.read(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_of_a_key_that_stands_twice_the_last_counts():
    assert tree.read(b'{"a": 1, "a": 2}') == {"a": 2}


@given(releases)
def test_it_reads_what_python_reads(body):
    assert tree.same(tree.read(body), json.loads(body, parse_int=D, parse_float=D))
    assert spelled(body).keys() == tree.read(body).keys()


@pytest.mark.parametrize(
    ("body", "message", "path"),
    [
        (b"", "The file is empty", ""),
        (b" \n", "The file is empty", ""),
        (b"\xef\xbb\xbf", "The file is empty", ""),
        (b"hello", "in line 1, character 1, a value is missing", ""),
        (b"?", "in line 1, character 1, a value is missing", ""),
        (b'{\n  "a": 1,\n  "b" 2}', "in line 3, character 7, a colon is missing", ""),
        (b'{"a": [1, 2 3]}', "a comma is missing", "a[1]"),
        (b'{"a": [1, tru]}', "a value is missing", "a[1]"),
        (b'{"a": {"b": 1,}}', "a key in quotation marks is missing", "a"),
        (b'{"a": {b: 1}}', "a key in quotation marks is missing", "a"),
        (b'{"a": {"b": 1} ', "ends before it is complete", "a"),
        (b'{"a": "b', "ends before it is complete", "a"),
        (b'"b', "ends before it is complete", ""),
        (b'{"a": [1}', "a bracket closes what it did not open", "a[0]"),
        (b"{} {}", "there is more after its end", ""),
        (b"1 2", "there is more after its end", ""),
        (b'{"a": "x\ny"}', "a line break or another character", "a"),
        (b'{"a": "\\q"}', "a backslash that begins no escape", "a"),
        (b'{"a": "\\u12"}', "a backslash that begins no escape", "a"),
        (b'{"a": [0, NaN]}', "NaN is not a number", "a[1]"),
        (b'{"NaN": "Infinity", "b": -Infinity}', "-Infinity is not a number", "b"),
        (
            b'{"1e99999999999999999999": "1e99999999999999999999", "b": [1, 1e99999999999999999999]}',
            "nothing can",
            "b[1]",
        ),
        (b'{"a": 01}', "a comma is missing", "a"),
        (b'{"a": +1}', "a value is missing", "a"),
        ('{"a": 1}'.encode("utf-16"), "UTF-16", ""),
        ('{"a": 1}'.encode("utf-16-le"), "UTF-16", ""),
        ('{"a": 1}'.encode("utf-32"), "UTF-32", ""),
        ('{"a": "it’s"}'.encode("cp1252"), "Windows-1252: save it as UTF-8", ""),
        (b'{"a": "\xed\xa0\x80"}', "not in UTF-8", ""),
        (b'{"a": "\xc3', "not in UTF-8", ""),
        (b"%PDF-1.7 ...", "a PDF, not JSON", ""),
        (b"\n<!DOCTYPE html>", "a web page or XML, not JSON", ""),
        (b"PK\x03\x04...", "a ZIP, Word or Excel file", ""),
        (b"[" * DEEP + b"]" * DEEP, "more than 100 lists and objects", "[0]" * 20),
        (b'{"a":' * DEEP + b"1" + b"}" * DEEP, "more than 100 lists and objects", "a.a.a"),
        (b'{"a" x:1, [2], "\\q": {"\xe2\x82\xac": [[' + b"[" * 100, "more than 100", '["\\\\q"]["\\u20ac"][0]'),
        (b"]", "a value is missing", ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(body, message, path):
    with pytest.raises(BadNotice) as refused:
        tree.read(body)

    assert message in str(refused.value)
    assert refused.value.path.startswith(path)
    if not path:
        assert refused.value.path == ""


def test_a_part_of_a_file_is_refused_with_its_place_in_the_file():
    inside = ("releases", 3)
    for body in (
        b'{"a": [1 2]}',
        b'{"a": [1, NaN]}',
        b'{"a": [',
        b'{"a": [1e99999999999999999999]}',
        b'{"a":' + b"[" * 101,
    ):
        with pytest.raises(BadNotice) as refused:
            tree.read(body, inside=inside)
        assert refused.value.path.startswith("releases[3].a")
        assert "line" not in str(refused.value)


def test_ten_megabytes_are_the_most_that_is_read_at_once():
    with pytest.raises(BadNotice, match="as large as 10 MB") as refused:
        tree.read(b" " * (tree.LARGEST + 1), inside=("releases", 0))
    assert refused.value.path == "releases[0]"


@given(st.binary(max_size=60))
def test_whatever_it_is_there_is_an_answer(body):
    try:
        tree.read(body)
    except BadNotice as refused:
        refused.message.encode()
        refused.path.encode("ascii", "strict" if "…" not in refused.path else "replace")


@pytest.mark.parametrize(
    ("words", "longest", "kept"),
    [
        ("abc", None, "abc"),
        ("a\x00b\ud800c\udfff", None, "a\ufffdb\ufffdc\ufffd"),
        ("😀\u202e\n", None, "😀\u202e\n"),
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
    ],
)
def test_a_column_gets_what_it_can_hold(words, longest, kept):
    assert tree.plain(words, longest) == kept


@given(texts)
def test_what_a_column_gets_can_be_encoded(words):
    assert b"\x00" not in tree.plain(words).encode()


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (D("1"), D("1.0"), True),
        (D("100"), D("1e2"), True),
        (D("1"), 1, True),
        (D("1"), True, False),
        (False, D("0"), False),
        (True, True, True),
        (None, False, False),
        ("1", D("1"), False),
        ([D("1"), {}], [1, {}], True),
        ([D("1")], [D("1"), None], False),
        ({"a": 1, "b": []}, {"b": [], "a": D("1")}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ({"a": True}, {"a": D("1")}, False),
        ({}, [], False),
    ],
)
def test_what_says_the_same(one, other, answer):
    assert tree.same(one, other) is answer


@given(values)
def test_everything_says_the_same_as_itself(value):
    assert tree.same(value, value)
