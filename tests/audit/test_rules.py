"""What a seal is made of."""

from __future__ import annotations

import datetime as dt

import pytest

from audit import rules

AT = dt.datetime(2026, 3, 29, 12, 0, 0, 5, tzinfo=dt.UTC)
EVENT = {
    "id": 7,
    "at": AT,
    "action": "tests.thing.happened",
    "by_id": None,
    "by_label": "system:tests.run",
    "about_type": "tests.thing",
    "about_id": 3,
    "organisation_id": None,
    "data": {"ids": [1, 2], "label": "Café"},
}


def test_the_digest_of_an_event_is_the_one_that_any_other_program_computes():
    """Fixed for ever: a change here would make every record written so far look tampered with."""
    import hashlib

    text = (
        '{"about_id":3,"about_type":"tests.thing","action":"tests.thing.happened","at":"2026-03-29T12:00:00.000005Z",'
        '"by_id":null,"by_label":"system:tests.run","data":{"ids":[1,2],"label":"Caf\\u00e9"},"id":7,'
        '"organisation_id":null}'
    )

    assert rules.digest(EVENT) == hashlib.sha256(text.encode()).hexdigest()


def test_the_hash_of_a_seal_is_the_one_that_any_other_program_computes():
    import hashlib

    text = f"{'0' * 64}\n2026-03-29T12:00:00.000005Z\n2\n7:{'a' * 64}\n9:{'b' * 64}"

    link = rules.link(rules.GENESIS, AT, [(7, "a" * 64), (9, "b" * 64)])

    assert link == hashlib.sha256(text.encode()).hexdigest()


def test_a_digest_does_not_depend_on_the_zone_that_a_time_is_read_in():
    there = AT.astimezone(dt.timezone(dt.timedelta(hours=1)))

    assert rules.digest(EVENT | {"at": there}) == rules.digest(EVENT)


@pytest.mark.parametrize("field", [f for f in rules.FIELDS if f not in {"at", "data"}])
def test_every_field_is_in_the_digest(field):
    assert rules.digest(EVENT | {field: "other"}) != rules.digest(EVENT)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"person": 1, "roles": ["a", "b"], "ok": True, "none": None, "deep": {"a": {"b": ("c",)}}}, None),
        ({"price": 1.5}, "float"),
        ({"day": dt.date(2026, 1, 1)}, "date"),
        ({1: "a"}, "must be text"),
        ({"name": "a\x00b"}, "NUL"),
        ({"a": {"b": {"c": {"d": {"e": 1}}}}}, "dict"),
        ({"a": [[[["deep"]]]]}, "list"),
        ({"raw": b"bytes"}, "bytes"),
    ],
)
def test_an_event_holds_ids_and_labels_only(data, message):
    if message is None:
        rules.check_data(data)
    else:
        with pytest.raises(rules.BadData, match=message):
            rules.check_data(data)


def seal_of(items, previous=rules.GENESIS, **changes):
    hash = rules.link(previous, AT, sorted(items.items()))
    return {"id": 1, "at": AT, "previous_hash": previous, "hash": hash, "events": len(items)} | changes


ITEMS = {7: "a" * 64, 9: "b" * 64}


@pytest.mark.parametrize(
    ("seal", "items", "events", "kinds"),
    [
        (seal_of(ITEMS), ITEMS, ITEMS, []),
        (seal_of(ITEMS), ITEMS, {7: "a" * 64}, ["missing"]),
        (seal_of(ITEMS), ITEMS, ITEMS | {9: "c" * 64}, ["tampered"]),
        (seal_of(ITEMS), {7: "a" * 64}, {7: "a" * 64}, ["missing"]),
        (seal_of(ITEMS), ITEMS | {9: "c" * 64}, ITEMS | {9: "c" * 64}, ["seal"]),
        (seal_of(ITEMS, hash="d" * 64), ITEMS, ITEMS, ["seal"]),
        (seal_of(ITEMS, previous="e" * 64), ITEMS, ITEMS, ["chain"]),
    ],
    ids=["whole", "event gone", "event changed", "item gone", "item changed", "hash changed", "link changed"],
)
def test_the_faults_of_a_seal(seal, items, events, kinds):
    assert [fault.kind for fault in rules.faults_of_seal(seal, rules.GENESIS, items, events)] == kinds
