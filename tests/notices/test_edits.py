"""What is edited changes, byte by byte; everything else stays as it was spelled."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.rules import tree
from notices.rules.edits import ABSENT, Edit, apply, spelled
from notices.rules.errors import BadNotice
from notices.rules.paths import get
from tests.notices import files
from tests.notices.generated import Number, chances, releases, write
from tests.notices.generated import spelled as as_spelled

D = Decimal
NOTICE = b"""{
  "id": "1",
  "value": {"amount": 1e2, "currency": "GBP"},
  "lots": [ {"id": "1"}, {"id": "2", "n": 0.10} ],
  "empty": {},
  "none": [ ],
  "odd": "\\ud800\\/"
}
"""
VALUE = {"amount": 100, "currency": "GBP"}
FIRST, SECOND = {"id": "1"}, {"id": "2", "n": D("0.1")}


@pytest.mark.parametrize(
    ("edits", "old", "new"),
    [
        ([(("value", "amount"), D(100), D("3E+6"))], b"1e2", b"3000000"),
        ([(("value", "amount"), 100, None)], b"1e2", b"null"),
        ([(("lots", 1, "n"), D("0.1"), D("12.50"))], b"0.10", b"12.5"),
        ([(("odd",), "\ud800/", '"é" 😀 \ud800\x00')], b'"\\ud800\\/"', '"\\"é\\" 😀 \\ud800\\u0000"'.encode()),
        ([(("lots",), [FIRST, SECOND], [])], b'[ {"id": "1"}, {"id": "2", "n": 0.10} ]', b"[]"),
        ([(("value", "amountGross"), ABSENT, D(120))], b'"GBP"}', b'"GBP", "amountGross": 120}'),
        ([(("new",), ABSENT, True)], b'\\/"\n}', b'\\/",\n  "new": true\n}'),
        (
            [(("b",), ABSENT, {"x": [D(1), "y"]}), (("a",), ABSENT, 1)],
            b'\\/"\n}',
            b'\\/",\n  "b": {"x": [1, "y"]},\n  "a": 1\n}',
        ),
        ([(("empty", "a"), ABSENT, 1)], b"{}", b'{"a": 1}'),
        ([(("none", 0), ABSENT, 1), (("none", 1), ABSENT, 2)], b"[ ]", b"[1, 2 ]"),
        ([(("lots", 2), ABSENT, {"id": "3"})], b"0.10} ]", b'0.10}, {"id": "3"} ]'),
        ([(("lots", 0, "title"), ABSENT, "x")], b'{"id": "1"}', b'{"id": "1", "title": "x"}'),
        ([(("lots", 0), {"id": "1"}, ABSENT)], b'[ {"id": "1"}, {"id": "2"', b'[ {"id": "2"'),
        ([(("lots", 1), SECOND, ABSENT)], b', {"id": "2", "n": 0.10} ]', b" ]"),
        (
            [(("lots", 0), {"id": "1"}, ABSENT), (("lots", 1, "n"), D("0.1"), 7), (("lots", 2), ABSENT, 8)],
            b'[ {"id": "1"}, {"id": "2", "n": 0.10} ]',
            b'[ {"id": "2", "n": 7}, 8 ]',
        ),
        (
            [(("lots", 0), FIRST, ABSENT), (("lots", 1), SECOND, ABSENT), (("lots", 2), ABSENT, 8)],
            b'[ {"id": "1"}, {"id": "2", "n": 0.10} ]',
            b"[ 8 ]",
        ),
        ([(("id",), "1", ABSENT)], b'  "id": "1",\n', b""),
        ([(("odd",), "\ud800/", ABSENT)], b',\n  "odd": "\\ud800\\/"', b""),
        ([(("empty",), {}, ABSENT), (("none",), [], ABSENT)], b',\n  "empty": {},\n  "none": [ ]', b""),
    ],
)  # fmt: skip
def test_only_the_edited_bytes_change(edits, old, new):
    assert NOTICE.count(old) == 1

    assert apply(NOTICE, [Edit(*edit) for edit in edits]) == NOTICE.replace(old, new)


@pytest.mark.parametrize(
    ("edits", "message", "path"),
    [
        ([(("value", "nothing"), 1, 2)], "not in the notice", "value.nothing"),
        ([(("lots", 2, "id"), "3", "4")], "not in the notice", "lots[2].id"),
        ([(("lots", 0, "id"), "one", "4")], "no longer says", "lots[0].id"),
        ([(("value", "amount"), D(101), 1)], "no longer says", "value.amount"),
        ([(("value", "amount"), True, 1)], "no longer says", "value.amount"),
        ([(("id",), ABSENT, "2")], "something already", "id"),
        ([((), ABSENT, "2")], "something already", ""),
        ([(("buyer", "name"), ABSENT, "2")], "nothing that this could be added to", "buyer.name"),
        ([(("lots", "name"), ABSENT, "2")], "nothing that this could be added to", "lots.name"),
        ([(("value", 0), ABSENT, "2")], "nothing that this could be added to", "value[0]"),
        ([(("lots", 3), ABSENT, "2")], "a gap in the list", "lots[3]"),
        ([(("id",), "1", "2"), (("id",), "1", "3")], "Two changes", "id"),
        ([(("value",), VALUE, {}), (("value", "amount"), 100, 2)], "Two changes", "value.amount"),
        ([(("value", "amount"), 100, 2), (("value",), VALUE, {})], "Two changes", "value"),
    ],
)  # fmt: skip
def test_an_edit_that_does_not_fit_is_refused_with_its_place(edits, message, path):
    with pytest.raises(BadNotice, match=message) as refused:
        apply(NOTICE, [Edit(*edit) for edit in edits])

    assert refused.value.path == path


def test_without_a_change_not_even_the_spelling_changes():
    assert apply(NOTICE, []) is NOTICE
    assert apply(NOTICE, [Edit(("value", "amount"), D(100), D("1E+2")), Edit(("x",), ABSENT, ABSENT)]) is NOTICE


def test_all_of_a_notice_can_be_replaced():
    assert apply(b"\xef\xbb\xbf {} \n", [Edit((), {}, [1])]) == b"\xef\xbb\xbf [1] \n"


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        (Edit(("a",), D(2), 3), b'{"a":1, "b":[1], "a":3}'),
        (Edit(("a",), D(2), ABSENT), b'{"b":[1]}'),
        (Edit(("b", 0), D(1), 5), b'{"a":1, "b":[5], "a":2}'),
        (Edit(("c",), ABSENT, 5), b'{"a":1, "b":[1], "a":2, "c":5}'),
    ],
)
def test_of_a_key_that_stands_twice_the_last_is_changed_and_both_are_taken_out(edit, changed):
    assert apply(b'{"a":1, "b":[1], "a":2}', [edit]) == changed


def test_a_compact_notice_stays_compact():
    assert apply(b'{"a":[1,2],"b":{"c":1}}', [Edit(("a", 2), ABSENT, 3), Edit(("b", "d"), ABSENT, 2)]) == (
        b'{"a":[1,2,3],"b":{"c":1,"d":2}}'
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (D("3E+6"), "3000000"),
        (D("3000000.00"), "3000000"),
        (D("12.5"), "12.5"),
        (D("0.10"), "0.1"),
        (D("-0.05"), "-0.05"),
        (D("0"), "0"),
        (D("1E-7"), "0.0000001"),
        (D("123456789012345678901234567890"), "123456789012345678901234567890"),
        (D("1e9999"), "1E+9999"),
        (D("1e-9999"), "1E-9999"),
        (29040000, "29040000"),
        ([], "[]"),
        ({"a": [None, False]}, '{"a": [null, false]}'),
    ],
)
def test_how_a_value_is_written(value, written):
    assert spelled(value) == written
    assert tree.same(tree.read(written.encode()), value)


@pytest.mark.parametrize("value", [1.5, D("NaN"), D("Infinity"), b"x", ABSENT, {"a": (1,)}])
def test_what_json_does_not_have_is_a_fault_of_ours(value):
    with pytest.raises(TypeError, match="no place in a notice"):
        spelled(value)


def test_nothing_says_what_it_is():
    assert repr(ABSENT) == "ABSENT"


def places(value, path=()):
    """Every path in a tree."""
    yield path
    for step, inner in (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else [])
    ):
        yield from places(inner, (*path, step))


def with_change(value, path, new):
    """The tree again, with `new` at `path`."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = with_change(value[path[0]], path[1:], new)
    return copy


@given(releases, st.data())
def test_after_an_edit_only_the_edited_path_differs(body, data):
    now = tree.read(body)
    path = data.draw(st.sampled_from(sorted(places(now), key=str)))

    changed = apply(body, [Edit(path, get(now, path), "Changed by hand")])

    assert as_spelled(changed) == with_change(as_spelled(body), path, "Changed by hand")
    assert apply(changed, [Edit(path, "Changed by hand", get(now, path))]) is not None


@given(releases, st.data())
def test_what_was_added_and_taken_out_again_leaves_what_there_was(body, data):
    now = tree.read(body)
    held = [path for path in places(now) if isinstance(get(now, path), dict)]
    path = (*data.draw(st.sampled_from(sorted(held, key=str))), "only here")

    added = apply(body, [Edit(path, ABSENT, D("1.5"))])

    assert get(as_spelled(added), path) == Number("1.5")
    assert as_spelled(apply(added, [Edit(path, D("1.5"), ABSENT)])) == as_spelled(body)


@given(st.lists(st.sampled_from(["keep", "change", "remove"]), max_size=6), st.integers(0, 3), st.booleans(), chances)
def test_whatever_is_taken_out_changed_and_added_at_once(fates, added, in_a_list, chance):
    keys = range(len(fates)) if in_a_list else [f"k{place}" for place in range(len(fates))]
    new = [len(fates) + place if in_a_list else f"new{place}" for place in range(added)]
    before = [Number(place) for place in range(len(fates))]
    body = write({"all": before if in_a_list else dict(zip(keys, before, strict=True))}, chance)
    told = {"remove": ABSENT, "change": "changed"}
    pairs = list(zip(keys, fates, strict=True))

    changed = apply(
        body,
        [Edit(("all", key), D(at), told[fate]) for at, (key, fate) in enumerate(pairs) if fate in told]
        + [Edit(("all", key), ABSENT, "added") for key in new],
    )

    kept = {key: value for key, value, fate in zip(keys, before, fates, strict=True) if fate != "remove"}
    kept |= {key: "changed" for key, fate in pairs if fate == "change"}
    kept |= dict.fromkeys(new, "added")
    assert as_spelled(changed) == {"all": list(kept.values()) if in_a_list else kept}


@pytest.mark.parametrize("file", files.NOTICES, ids=files.named)
def test_each_value_of_a_real_notice_can_be_edited_by_itself(file):
    body = file.read_bytes()
    now = tree.read(body)
    expected = as_spelled(body)
    for path in [path for path in places(now) if not isinstance(get(now, path), dict | list)][::7]:
        changed = apply(body, [Edit(path, get(now, path), None)])

        assert as_spelled(changed) == with_change(expected, path, None)
        assert json.loads(changed) is not None
