"""The sample says what the published notice says, in words of its own and with nobody's name in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from django.conf import settings

from notices.rules import tree
from notices.rules.understand import understand
from tests.notices.sample import FILE, REAL, body, release

SCHEMA = REAL.parent / "ocds" / "release-package-schema.json"
needs_the_real_one = pytest.mark.skipif(
    not REAL.exists(), reason="the published notice lies beside the project only where it is built"
)
# What belongs to the real notice and its buyer alone: another text under it would be a false notice.
IDENTITY = {"ocid", "url", "email", "name", "streetAddress", "locality", "postalCode"}
# Texts that are codes or dates and not prose, by the key that they stand under.
CODES = {
    "tag", "date", "initiationType", "scheme", "country", "countryName", "region", "roles", "type", "dueDate", "status",
    "documentType", "noticeType", "datePublished", "format", "uri", "currency", "mainProcurementCategory",
    "specialRegime", "method", "openFrameworkSchemeEndDate", "startDate", "endDate", "relatedLot", "futureNoticeDate",
    "procurementMethod", "procurementMethodDetails", "coveredBy", "electronicSubmissionPolicy", "languages", "language",
}  # fmt: skip

WORDLESS = {"published": "", "resolved": ""}


def walk(value, path=()):
    """Every leaf with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, (*path, index))
    else:
        yield path, value


def key_of(path) -> str:
    return next(step for step in reversed(path) if isinstance(step, str))


@pytest.fixture
def both():
    real = json.loads((REAL / "framework-release.json").read_text(), parse_float=str, parse_int=str)
    return real, json.loads(body(), parse_float=str, parse_int=str)


@needs_the_real_one
def test_it_has_the_same_fields_in_the_same_order(both):
    real, ours = both

    assert [path for path, _ in walk(ours)] == [path for path, _ in walk(real)]


@needs_the_real_one
def test_every_figure_date_truth_and_code_is_the_same(both):
    theirs = dict(walk(both[0]))

    differs = [path for path, value in walk(both[1]) if key_of(path) in CODES and value != theirs[path]]
    kinds = [path for path, value in walk(both[1]) if type(value) is not type(theirs[path])]
    numbers = [
        path for path, value in walk(both[1]) if value != theirs[path] and (isinstance(value, bool) or value.isdigit())
    ]

    assert (differs, kinds, numbers) == ([], [], [])


@needs_the_real_one
def test_no_sentence_is_the_real_ones(both):
    def sentences(value):
        prose = [text for path, text in walk(value) if isinstance(text, str) and key_of(path) not in CODES]
        parts = [part.strip().casefold() for text in prose for part in re.split(r"[.;:!?\n]+", text)]
        return {part for part in parts if len(part.split()) > 5}

    assert sentences(both[1]) & sentences(both[0]) == set()
    assert len(sentences(both[1])) > 50


@needs_the_real_one
def test_nothing_in_it_names_the_real_buyer_or_its_notice(both):
    theirs = {
        word.casefold()
        for path, value in walk(both[0])
        if key_of(path) in IDENTITY or path in {("id",), ("buyer", "id"), ("parties", 0, "identifier", "id")}
        for word in re.split(r"[^\w@.-]+", value)
        if len(word) > 4
    }
    # Words that any notice has.
    theirs -= {"https", "www.legislation.gov.uk", "council", "contents", "quality", "notice", "2023"}

    text = body().decode().casefold()
    assert sorted(word for word in theirs if word in text) == []


@needs_the_real_one
def test_it_is_understood_as_the_real_one_is(both):
    real = understand(tree.read((REAL / "framework-release.json").read_bytes())).facts
    ours = understand(release()).facts

    def figures(facts):
        lots = [
            replace(lot, title="", description="", texts=tuple(replace(text, **WORDLESS) for text in lot.texts))
            for lot in facts.lots
        ]
        own = {
            name: value for name, value in vars(facts).items() if name != "ocid" and not isinstance(value, (str, tuple))
        }
        return own, lots, [(date.kind, date.at) for date in facts.key_dates], len(facts.documents)

    assert figures(ours) == figures(real)


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema lies beside the project only where it is built")
def test_it_has_the_one_error_of_the_real_one_and_no_other():
    from jsonschema import Draft4Validator, FormatChecker

    package = {
        "uri": "https://notices.example/package",
        "version": "1.1",
        "publishedDate": "2026-03-18T08:28:08Z",
        "publisher": {"name": "Larkshire Council"},
        "releases": [json.loads(body())],
    }
    schema = json.loads(SCHEMA.read_text())

    found = [list(error.path) for error in Draft4Validator(schema, format_checker=FormatChecker()).iter_errors(package)]

    assert found == [["releases", 0, "tender", "items", 0, "deliveryAddresses"]]


def test_every_address_in_it_is_made_up():
    hosts = re.findall(r"(?:https?://|@)([\w.-]+\w)", body().decode())

    assert {host for host in hosts if not host.endswith(".example")} == {"www.legislation.gov.uk"}


def test_it_comes_with_the_project():
    assert FILE.is_relative_to(settings.BASE_DIR)
    assert body().endswith(b"}\n")
