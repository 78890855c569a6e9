"""Releases found in a file in one pass, and the file given back whole."""

from __future__ import annotations

import json
import mmap
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given

from notices.rules import split, tree
from notices.rules.errors import BadNotice
from notices.rules.paths import get, text
from tests.notices import files
from tests.notices.generated import packages, releases

ONE = b'{ "ocid": "ocds-1", "id": "1", "n": 1e2 }'
TWO = b'{"id":"2","ocid":"ocds-1"}'


def found(body: bytes) -> tuple[str, dict[str, bytes]]:
    parts = split.split(body)
    return parts.kind, {text(one.path): body[one.start : one.end] for one in parts.slices}


def given_back(body: bytes, parts: split.Parts) -> bytes:
    kept = [(one.start, one.end - one.start, body[one.start : one.end]) for one in parts.slices]
    return b"".join(split.rebuild(split.envelope(body, parts.slices), kept))


@pytest.mark.parametrize(
    ("body", "kind", "releases"),
    [
        (b"\n" + ONE + b"\n", "release", {"": ONE}),
        (b"\xef\xbb\xbf" + ONE, "release", {"": ONE}),
        (b'{"releases": [' + ONE + b" , " + TWO + b"]}", "release_package", {"releases[0]": ONE, "releases[1]": TWO}),
        (b'{"releases":[' + ONE + b'],"uri":"x","links":{"next":"y"}}', "release_package", {"releases[0]": ONE}),
        (b'{"releases": [ ], "uri": "x"}', "release_package", {}),
        (b'{"releases": [' + ONE + b'], "compiledRelease": ' + TWO + b"}", "release_package", {"releases[0]": ONE}),
        (b'{"\\u0072eleases": [' + ONE + b"]}", "release_package", {"releases[0]": ONE}),
        (
            b'{"ocid":"o","releases":[' + ONE + b'],"versionedRelease":{"ocid":{}},"compiledRelease":' + TWO + b"}",
            "record",
            {"releases[0]": ONE, "compiledRelease": TWO},
        ),
        (b'{"ocid":"o","releases":[],"compiledRelease":null}', "record", {}),
        (
            b'{"records":[{"ocid":"o","releases":[{"url":"u","date":"d"},' + ONE + b'],"compiledRelease":' + TWO
            + b'},{"ocid":"p","releases":[]}],"packages":["u"]}',
            "record_package",
            {"records[0].releases[1]": ONE, "records[0].compiledRelease": TWO},
        ),
        (b'{"records": []}', "record_package", {}),
    ],
)  # fmt: skip
def test_what_a_file_is_and_where_its_releases_stand(body, kind, releases):
    assert found(body) == (kind, releases)
    assert given_back(body, split.split(body)) == body


@pytest.mark.parametrize(
    ("body", "message", "path"),
    [
        (b"", "The file is empty", ""),
        (b"[" + ONE + b"]", "This is a list", ""),
        (b"3", "no procurement notice", ""),
        (b'"text"', "no procurement notice", ""),
        (b"tru e", "there is more after its end", ""),
        (b"hello", "This is not JSON", ""),
        (b"NaN", "not a number", ""),
        (b"{}", "no procurement notice", ""),
        (b'{"type": "FeatureCollection", "features": []}', "no procurement notice", ""),
        (b'{"releases": [], "records": []}', "both releases and records", ""),
        (b'{"releases": [], "releases": []}', "stands twice", "releases"),
        (b'{"records": [], "r\\u0065cords": []}', "stands twice", "records"),
        (b'{"records": [{"releases": [], "releases": []}]}', "stands twice", "records[0].releases"),
        (
            b'{"records": [{"compiledRelease": {}, "compiledRelease": {}}]}',
            "stands twice",
            "records[0].compiledRelease",
        ),
        (b'{"releases": null}', "has to be a list", "releases"),
        (b'{"records": {}}', "has to be a list", "records"),
        (b'{"records": [{"releases": 1}]}', "has to be a list", "records[0].releases"),
        (b'{"releases": [' + ONE + b", 1]}", "has to be an object", "releases[1]"),
        (b'{"records": [[]]}', "has to be an object", "records[0]"),
        (b'{"releases": [' + ONE + b" " + TWO + b"]}", "a comma is missing", "releases[0]"),
        (b'{"releases": [' + ONE + b",]}", "has to be an object", "releases[1]"),
        (b'{"releases": [{"ocid": "a", "b": [1}]}', "closes what it did not open", "releases[0].b[0]"),
        (b'{"releases": [{"ocid": "a", "b": ', "ends before it is complete", "releases[0].b"),
        (b'{"releases": [' + ONE + b"]", "ends before it is complete", "releases"),
        (b'{"releases": [' + ONE + b"]} " + ONE, "there is more after its end", ""),
        (b'{"releases": [' + ONE + b'], "uri": tru}', "a value is missing", "uri"),
        (b'{"releases": [' + ONE + b'], "uri": {"a" 1}}', "a colon is missing", "uri"),
        (b'{"releases": [\n{\n"ocid": "a"\n}\n],\n"uri": tru}', "in line 6, character 8, a value is", "uri"),
        (b'{"releases": [' + ONE + b'], "uri": NaN}', "NaN is not a number", "uri"),
        (b'{"releases": [{"ocid": "a", "b": ' + b"[" * 10_000, "more than 100", "releases[0].b[0]"),
        (b'{"releases": [{"ocid": "a", "\\q": 1}]}', "a key is not spelled", "releases[0]"),
        (b'{"releases" []}', "a colon is missing", ""),
        (b'{"releases": [],}', "a key in quotation marks is missing", ""),
        ('{"releases": []}'.encode("utf-16"), "UTF-16", ""),
    ],
)
def test_what_is_no_file_of_releases_is_refused_with_the_place(body, message, path):
    with pytest.raises(BadNotice) as refused:
        split.split(body)

    assert message in str(refused.value)
    assert refused.value.path.startswith(path)


@given(packages)
def test_a_package_is_split_into_what_it_was_made_of_and_put_together_again(package):
    body, made_of = package
    parts = split.split(body)

    assert [body[one.start : one.end] for one in parts.slices] == made_of
    assert given_back(body, parts) == body
    whole = tree.read(body)
    for one in parts.slices:
        assert tree.same(tree.read(body[one.start : one.end], inside=one.path), get(whole, one.path))


@given(releases)
def test_a_release_by_itself_is_all_of_the_file(body):
    parts = split.split(b" " + body + b"\r\n")

    assert (parts.kind, [one[1:] for one in parts.slices]) == ("release", [(1, len(body) + 1)])


@pytest.mark.parametrize("file", files.NOTICES, ids=files.named)
def test_real_notices_are_given_back_byte_for_byte(file):
    body = file.read_bytes()
    parts = split.split(body)

    assert given_back(body, parts) == body
    assert [json.loads(body[one.start : one.end]) for one in parts.slices] == json.loads(body).get(
        "releases", [json.loads(body)]
    )


def test_a_file_of_more_releases_than_a_package_has_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(split, "MOST_RELEASES", 2)
    split.split(b'{"releases": [' + ONE + b"," + ONE + b"]}")

    with pytest.raises(BadNotice, match="may hold 2 releases at most") as refused:
        split.split(b'{"releases": [' + ONE + b"," + ONE + b"," + ONE + b"]}")
    assert refused.value.path == "releases[2]"


def test_a_release_that_is_kept_elsewhere_stays_in_the_envelope():
    body = b'{"releases": [' + ONE + b", " + TWO + b"]}"
    kept = split.split(body).slices[1]

    around = split.envelope(body, [kept])

    assert ONE in around
    assert TWO not in around
    assert b"".join(split.rebuild(around, [(kept.start, kept.end - kept.start, TWO)])) == body


def test_a_release_that_was_edited_takes_the_place_of_the_old_one():
    body = b'{"releases": [' + ONE + b", " + TWO + b"]}"
    first, second = split.split(body).slices

    pieces = split.rebuild(
        split.envelope(body, [first, second]),
        [
            (first.start, len(ONE), b'{"ocid": "much longer than it was before, and still in its place"}'),
            (second.start, len(TWO), b"{}"),
        ],
    )

    assert b"".join(pieces) == (
        b'{"releases": [{"ocid": "much longer than it was before, and still in its place"}, {}]}'
    )


def test_ten_megabytes_of_700_releases_are_read_from_a_mapped_file_in_little_memory(tmp_path):
    """Under 150 MB for the whole process; nothing but rules and the standard library is in it."""
    file = tmp_path / "package.json"
    release = json.dumps({"ocid": "ocds-1", "id": "1", "lots": [{"id": str(n), "title": "x" * 50} for n in range(190)]})
    file.write_text('{"uri": "x", "releases": [' + ",\n".join([release] * 700) + "]}")
    assert file.stat().st_size > 10_000_000
    code = textwrap.dedent(f"""
        import mmap, resource, sys
        from notices.rules import split, tree
        with open({str(file)!r}, "rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            parts = split.split(mapped)
            for one in parts.slices:
                tree.read(mapped[one.start : one.end], inside=one.path)
            print(len(parts.slices), len(split.envelope(mapped, parts.slices)))
        if sys.platform == "linux":  # getrusage would count the process that started this one
            lines = open("/proc/self/status").read().splitlines()
            print(int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) * 1024)
        else:
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    """)

    said = subprocess.run([sys.executable, "-c", code], cwd=files.ROOT, capture_output=True, text=True, check=True)

    (count, around), (peak,) = (line.split() for line in said.stdout.splitlines())
    assert (int(count), int(around)) == (700, len('{"uri": "x", "releases": []}') + 2 * 699)
    assert int(peak) < 150 * 1024**2


def test_a_mapped_file_is_split_as_its_bytes_are(tmp_path):
    file = tmp_path / "one.json"
    file.write_bytes(ONE)
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert split.split(mapped) == split.split(ONE)
