"""The national register of schools, and files that only look like it."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts import demo
from accounts.actions import schools
from accounts.models import Organisation, Successor
from accounts.rules import schools as rules
from audit.models import Event
from core import access

SCHOOLS, LINKS = demo.SAMPLES / "schools.csv", demo.SAMPLES / "links.csv"
SYSTEM = access.System("accounts.import_schools")


def take_in(*contents: bytes, by=SYSTEM):
    return schools.import_schools(files=[io.BytesIO(content) for content in contents], by=by, at=timezone.now())


def rows() -> list[list[str]]:
    return list(csv.reader(SCHOOLS.read_text(encoding="cp1252").splitlines()))


def changed(urn: str, header: str, value: str) -> bytes:
    """The sample file with one cell changed."""
    table = rows()
    for row in table[1:]:
        if row[0] == urn:
            row[table[0].index(header)] = value
    return written(table)


def written(table, encoding="cp1252") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue().encode(encoding)


def schools_here():
    return Organisation.objects.filter(kind="school")


@pytest.fixture
def sample(db):
    return take_in(SCHOOLS.read_bytes(), LINKS.read_bytes())


def test_the_sample_comes_in_whole(sample):
    assert (sample.read, sample.new, sample.changed, sample.closed) == (30, 30, 0, 3)
    assert (sample.trusts, sample.linked, sample.refused) == (2, 2, [])
    assert schools_here().count() == 30
    wilfrid = Organisation.objects.get(urn="900004")
    assert wilfrid.name == "St Wilfrid’s Primary School"  # a curly apostrophe, as Windows writes it
    assert (wilfrid.laestab, wilfrid.lowest_age, wilfrid.highest_age) == ("9992004", 4, 11)
    assert wilfrid.postcode == "LK5 5AB"


def test_a_school_belongs_to_its_trust_else_to_the_council_of_its_area(world):
    take_in(SCHOOLS.read_bytes())

    parents = {urn: Organisation.objects.get(urn=urn).parent for urn in ("900002", "900004")}
    assert parents["900002"].trust_code == "99001"
    assert parents["900004"] == world.larkshire


def test_a_school_that_is_here_already_is_updated_and_keeps_its_people(world):
    take_in(SCHOOLS.read_bytes())

    world.elm_grove.refresh_from_db()
    assert (world.elm_grove.laestab, world.elm_grove.parent.trust_code) == ("9994001", "99001")
    assert world.elm_grove.memberships.count() == 2


def test_closed_schools_stay_and_are_linked_to_their_successors(sample):
    shut = Organisation.objects.get(urn="900028")

    assert (shut.is_open, shut.closed_on.isoformat()) == (False, "2019-08-31")
    assert sorted(Successor.objects.values_list("closed__urn", "successor__urn")) == [
        ("900028", "900002"),
        ("900029", "900013"),
    ]
    assert Organisation.objects.get(urn="900023").is_open  # open, but proposed to close


def test_the_same_file_again_writes_nothing(sample):
    before = dict(schools_here().values_list("pk", "updated_at"))

    again = take_in(SCHOOLS.read_bytes(), LINKS.read_bytes())

    assert (again.read, again.new, again.changed, again.closed, again.trusts, again.linked) == (30, 0, 0, 0, 0, 0)
    assert dict(schools_here().values_list("pk", "updated_at")) == before


def test_only_what_changed_is_written(sample):
    before = dict(schools_here().values_list("urn", "updated_at"))
    created = Organisation.objects.get(urn="900004").created_at

    again = take_in(changed("900004", "EstablishmentName", "St Wilfrid’s Academy"))

    after = dict(schools_here().values_list("urn", "updated_at"))
    assert (again.new, again.changed) == (0, 1)
    assert [urn for urn in after if after[urn] != before[urn]] == ["900004"]
    one = Organisation.objects.get(urn="900004")
    assert (one.name, one.name_key, one.created_at) == ("St Wilfrid’s Academy", "st wilfrids academy", created)


def test_a_school_that_closes_is_counted_and_its_people_lose_access(world):
    take_in(SCHOOLS.read_bytes())

    summary = take_in(changed("900001", "EstablishmentStatus (code)", "2"))

    assert summary.closed == 1
    assert not Organisation.objects.visible_to(world.sana).exists()


def test_a_trust_that_changed_its_name_keeps_its_row(sample):
    table = rows()
    for row in table[1:]:
        row[table[0].index("Trusts (name)")] = row[table[0].index("Trusts (name)")].replace("Oak", "Great Oak")

    summary = take_in(written(table))

    assert summary.trusts == 0
    assert Organisation.objects.get(trust_code="99001").name == "Great Oak Trust"


def test_utf8_is_read_with_and_without_its_mark(db):
    take_in(written(rows(), "utf-8-sig"))
    assert Organisation.objects.get(urn="900004").name == "St Wilfrid’s Primary School"

    take_in(written(rows(), "utf-8"))
    assert Organisation.objects.get(urn="900004").name == "St Wilfrid’s Primary School"


def test_columns_are_known_by_their_headers_alone(db):
    table = [row[::-1] for row in rows()]

    assert take_in(written(table)).new == 30


@pytest.mark.parametrize(
    ("header", "value", "reason"),
    [
        ("EstablishmentName", "", "EstablishmentName is empty"),
        ("EstablishmentName", "x" * 10_000, "EstablishmentName is longer than 200 characters"),
        ("EstablishmentName", "Elm\x1b Grove", "EstablishmentName holds characters that cannot be seen"),
        ("LA (code)", "99", "LA (code) is not 3 digits"),
        ("EstablishmentNumber", "40012", "EstablishmentNumber is not 4 digits"),
        ("EstablishmentStatus (code)", "9", "EstablishmentStatus (code) is not 1, 2, 3 or 4"),
        ("OpenDate", "2020-13-45", "OpenDate is not a date like 31-12-2020"),
        ("OpenDate", "31-02-2020", "OpenDate is not a date like 31-12-2020"),
        ("StatutoryLowAge", "-1", "StatutoryLowAge is not a number up to 99"),
        ("Easting", "99999999", "Easting is not a number up to 999999"),
        ("Trusts (code)", "x", "Trusts (code) is not a number, or Trusts (name) is empty"),
        ("Postcode", "LK1 1AAAAA", "Postcode is longer than 8 characters"),
        ("URN", "12", "URN is not 6 digits"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_line_and_the_others_go_on(db, header, value, reason):
    summary = take_in(changed("900003", header, value))

    assert summary.refused == [(4, reason)]
    assert (summary.refused_rows, summary.new) == (1, 29)


def test_a_row_of_another_width_is_refused(db):
    table = rows()
    table[2] = table[2][:5]
    table.insert(5, [""] * len(table[0]))  # a blank line is not a row

    summary = take_in(written(table))

    assert summary.refused == [(3, "has 5 columns where the headers have 28")]
    assert summary.new == 29


def test_only_the_first_two_hundred_refusals_are_listed(db):
    table = rows()
    table[1:] = [["12", *table[1][1:]] for _ in range(250)]

    summary = take_in(written(table))

    assert (summary.refused_rows, len(summary.refused)) == (250, 200)


def many(number: int) -> bytes:
    table = rows()
    return written([table[0]] + [[str(100_000 + n), *table[1][1:]] for n in range(number)])


BAD_FILES = {
    "workbook": (b"PK\x03\x04" + b"\x00" * 500, "Excel workbook"),
    "old workbook": (b"\xd0\xcf\x11\xe0" + b"\x00" * 500, "Excel workbook"),
    "utf-16": (SCHOOLS.read_text(encoding="cp1252").encode("utf-16"), "UTF-16"),
    "utf-16 without its mark": (SCHOOLS.read_text(encoding="cp1252").encode("utf-16-le"), "UTF-16"),
    "pdf": (b"%PDF-1.7", "PDF"),
    "web page": (b"<!DOCTYPE html><html>", "web page"),
    "empty": (b"", "The file is empty"),
    "headers alone": (written(rows()[:1]), "headers and no rows"),
    "empty characters": (SCHOOLS.read_bytes() + b"\x00", "empty (NUL) characters"),
    "no bytes of text": (SCHOOLS.read_bytes() + b"\x81", "bytes that are not text"),
    "a header missing": (SCHOOLS.read_bytes().replace(b"Postcode", b"Post code"), "no column “Postcode”"),
    "many headers missing": (b"URN,Name\n123456,x\n", "and 13 more"),
    "no lines": (b"\n\n\n", "no column"),
    "an open quote": (SCHOOLS.read_bytes() + b'"900099,', "is not CSV"),
    "a cell without end": (SCHOOLS.read_bytes() + b"x" * 200_000, "longer than 64,000 characters"),
    "the same school twice": (SCHOOLS.read_bytes() + SCHOOLS.read_bytes().splitlines(True)[1], "stands twice"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_read_says_why_and_writes_nothing(world, sign_in, name):
    content, words = BAD_FILES[name]
    before = Organisation.objects.count()

    page = sign_in(world.olu).post(reverse("import_schools"), {"file": SimpleUploadedFile("schools.csv", content)})

    assert page.status_code == 200
    assert words in page.content.decode()
    assert "Nothing was changed" in page.content.decode()
    assert Organisation.objects.count() == before
    assert not Event.objects.filter(action="accounts.schools.imported").exists()


def test_a_second_file_that_is_bad_undoes_the_first(db):
    with pytest.raises(rules.BadFile):
        take_in(SCHOOLS.read_bytes(), b"")

    assert Organisation.objects.count() == 0


def test_too_many_rows_and_too_many_bytes_are_refused(db, settings):
    settings.SCHOOLS_FILE_MAX_ROWS = 100
    with pytest.raises(rules.BadFile, match="more than 100 rows"):
        take_in(many(101))
    assert Organisation.objects.count() == 0
    assert take_in(many(100)).new == 100

    settings.SCHOOLS_FILE_MAX_BYTES = 1024 * 1024
    with pytest.raises(rules.BadFile, match="larger than 1 MB"):
        take_in(b"x" * (1024 * 1024 + 1))


def test_links_of_other_kinds_and_to_unknown_schools_are_passed_over(sample):
    links = (
        "URN,LinkURN,LinkType\n900028,900002,Successor\n900028,123456,Successor\n900027,900026,Other\nx,1,Successor\n"
    )

    summary = take_in(links.encode())

    assert (summary.linked, summary.links_unknown) == (0, 1)
    assert summary.refused == [(5, "URN or LinkURN is not 6 digits, or both are the same")]


def test_the_page_answers_with_what_changed(world, sign_in):
    client = sign_in(world.olu)
    assert "There is a problem" not in client.get(reverse("import_schools")).content.decode()
    with SCHOOLS.open("rb") as file, LINKS.open("rb") as links:
        page = client.post(reverse("import_schools"), {"file": file, "links": links})

    assert "The list of schools is up to date" in page.content.decode()
    assert page.context["summary"].new == 29  # Elm Grove was here
    assert Event.objects.get(action="accounts.schools.imported").by == world.olu
    assert "Select a file" in client.post(reverse("import_schools"), {}).content.decode()


def test_nobody_but_an_operator_imports(world):
    with pytest.raises(access.Denied):
        take_in(SCHOOLS.read_bytes(), by=world.ada)


def test_the_command_shows_progress_and_names_refused_lines(db, tmp_path, capsys):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(many(5_001).replace(b'"100000"', b'"1"').replace(b"\r\n100000,", b"\r\n1,"))
    bad.write_bytes(b"PK\x03\x04")

    call_command("import_schools", str(good))

    out, err = capsys.readouterr()
    assert "5,000 rows read" in out
    assert "Read 5,001: 5,000 new" in out
    assert err == "Line 2: URN is not 6 digits\n"
    for file in (bad, tmp_path / "none.csv"):
        with pytest.raises(CommandError):
            call_command("import_schools", str(file))


def test_a_mark_of_utf8_split_over_blocks_is_still_text():
    text = "é" * 10
    assert rules.encoding_of([text.encode()[:3], text.encode()[3:]]) == "utf-8-sig"
    assert rules.encoding_of([codecs.BOM_UTF8 + b"a"]) == "utf-8-sig"
    assert rules.encoding_of([b"plain"]) == "cp1252"
    assert rules.encoding_of(["é".encode("cp1252"), b"x", b"y"]) == "cp1252"


def test_what_the_register_leaves_empty_stays_empty(db):
    take_in(changed("900003", "StatutoryLowAge", ""))

    assert Organisation.objects.get(urn="900003").lowest_age is None


def test_the_samples_are_small(db):
    assert Path(SCHOOLS).stat().st_size < 20_000
