"""Releases as Find a Tender could write them, made up by Hypothesis down to the bytes: odd numbers, odd texts, fields
that nobody knows, spaces where nobody expects them. And how two notices are compared: every number as spelled."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import strategies as st


class Number(str):
    """A number as it is spelled: `1e2` is not `100`."""


ODD_NUMBERS = ["1e9999", "1e2", "-0", "0.10", "3000000.00", "1E-7", "123456789012345678901234567890", "1e400", "12.5"]
ODD_TEXTS = [
    "",
    "\x00",
    "\ud800",
    "a\udc00b",
    "\u202eabc",
    "😀",
    "é",
    "e\u0301",
    '"quoted"',
    "\\",
    "line\nline",
    "</b>",
]

numbers = st.one_of(
    st.integers().map(lambda number: Number(str(number))),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(lambda number: Number(str(number))),
    st.sampled_from(ODD_NUMBERS).map(Number),
)
texts = st.one_of(st.text(max_size=20), st.sampled_from(ODD_TEXTS))
keys = st.one_of(st.sampled_from(["x_note", "dc:title", "a.b", "0", ""]), texts)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)
moments = (
    st.datetimes()
    .map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}")
    .flatmap(lambda at: st.sampled_from(["Z", "+00:00", "+01:00", "-05:30", ".000Z"]).map(lambda offset: at + offset))
)
amounts = st.sampled_from(["3000000", "24200000.50", "0", "-5", "1e2", "1e9999", "123456789012345678901234567890"])
money = st.fixed_dictionaries(
    {"amount": st.one_of(st.none(), amounts.map(Number)), "currency": st.sampled_from(["GBP", "AED", None])},
    optional={"amountGross": amounts.map(Number)},
)
titles = st.one_of(st.none(), texts)
names = st.one_of(st.none(), texts.filter(bool))
lots = st.fixed_dictionaries(
    {"id": st.sampled_from(["1", "2", "LOT-0001", "é"])},
    optional={
        "title": titles,
        "description": titles,
        "value": money,
        "contractPeriod": st.fixed_dictionaries({}, optional={"startDate": moments, "endDate": moments}),
        "hasRenewal": st.sampled_from([True, False, None]),
    },
)
tenders = st.fixed_dictionaries(
    {"id": st.text("ABC123-", min_size=1, max_size=8)},
    optional={
        "title": titles,
        "description": titles,
        "status": st.sampled_from(["active", "planned", None]),
        "legalBasis": st.sampled_from([{"id": "2023/54", "scheme": "UKPGA"}, {"id": "32014L0024", "scheme": "CELEX"}]),
        "value": money,
        "lots": st.lists(lots, min_size=1, max_size=3, unique_by=str),
        "documents": st.just([]),
        "techniques": st.fixed_dictionaries(
            {"hasFrameworkAgreement": st.booleans()},
            optional={
                "frameworkAgreement": st.fixed_dictionaries(
                    {"maximumParticipants": st.sampled_from([Number("100"), Number("1e9999"), None])}
                )
            },
        ),
        "tenderPeriod": st.fixed_dictionaries({"endDate": moments}),
    },
)
tags = st.sampled_from(
    [["tender"], ["tenderUpdate"], ["award", "contract"], ["compiled"], ["planning"], ["implementation"]]
)


def _with_unknown_fields(known: dict[str, Any], unknown: dict[str, Any]) -> dict[str, Any]:
    return {**{f"x_{key}": value for key, value in unknown.items()}, **known}


trees = st.builds(
    _with_unknown_fields,
    st.fixed_dictionaries(
        {
            "ocid": st.integers(0, 0xFFFFFF).map(lambda number: f"ocds-h6vhtk-{number:06x}"),
            "id": st.integers(1, 999_999).map(lambda number: f"{number:06d}-2026"),
            "date": moments,
            "tag": tags,
            "initiationType": st.just("tender"),
        },
        optional={
            "language": st.sampled_from(["en", None]),
            "buyer": st.fixed_dictionaries({"name": names}, optional={"id": st.just("GB-PPON-PAAA-1111-AAAA")}),
            "parties": st.lists(st.fixed_dictionaries({"name": names}), max_size=1),
            "tender": tenders,
            "awards": st.lists(st.just({"id": "1", "amendments": [{"id": "a"}]}), max_size=1),
        },
    ),
    st.dictionaries(keys, values, max_size=3),
)
chances = st.integers(0, 2**32).map(random.Random)


def write(value, chance: random.Random) -> bytes:
    """The value as JSON, with spaces and escapes as chance has it. Never two ways for a reader to understand it."""
    return _write(value, chance).encode()


def _write(value, chance: random.Random) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return _text(value, chance)
    if isinstance(value, list):
        return "[" + ",".join(_space(chance) + _write(one, chance) + _space(chance) for one in value) + "]"
    if isinstance(value, dict):
        members = [
            "".join([_space(chance), _text(key, chance), _space(chance), ":", _space(chance), _write(one, chance)])
            for key, one in value.items()
        ]
        return "{" + (",".join(members) or _space(chance)) + "}"
    return json.dumps(value)


def _space(chance: random.Random) -> str:
    return chance.choice(["", "", "", " ", "\n    ", "\t", "\r\n"])


def _text(words: str, chance: random.Random) -> str:
    """In ASCII with escapes or as it is, but for half pairs, which only an escape can spell."""
    ascii_ = chance.random() < 0.5 or any("\ud800" <= letter <= "\udfff" for letter in words)
    written = json.dumps(words, ensure_ascii=ascii_)
    return written.replace("/", "\\/") if chance.random() < 0.2 else written


releases = st.builds(write, trees, chances)


def _package(told: list[dict], around: dict[str, Any], last: bool, chance: random.Random) -> tuple[bytes, list[bytes]]:
    parts = [write(one, chance) for one in told]
    listed = _space(chance).encode() + b"[" + b" , ".join(parts) + b"]" + _space(chance).encode()
    members = [f'"{key}":'.encode() + write(value, chance) for key, value in around.items()]
    members.insert(len(members) if last else 0, b'"releases":' + listed)
    return b"{" + b",\n".join(members) + b"}" + _space(chance).encode(), parts


packages = st.builds(
    _package,
    st.lists(trees, max_size=4, unique_by=lambda tree: (tree["ocid"], tree["id"])),
    st.fixed_dictionaries(
        {"uri": st.just("https://notices.example/1"), "version": st.just("1.1")},
        optional={"publishedDate": moments, "publisher": st.just({"name": "Larkshire"}), "x": values},
    ),
    st.booleans(),
    chances,
)


def spelled(body: bytes):
    """The notice with every number as it is spelled, to be compared with `==`: key order aside, everything counts."""
    return json.loads(body.decode("utf-8-sig"), parse_int=Number, parse_float=Number)
