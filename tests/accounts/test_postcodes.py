"""Where postcodes are: read from the national list, and used without asking anybody."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import demo, queries
from accounts.actions import postcodes
from accounts.models import Organisation, Postcode
from accounts.rules import postcodes as rules
from accounts.rules.schools import BadFile, BadRow
from audit.models import Event
from core import access

SYSTEM = access.System("accounts.import_postcodes")
CODE_POINT = (
    '"LK1 1AA",10,402800,303150,"E92000001","","E18000002","","E09000002","E05014053"\n'
    '"LK1 1AB",10,402937,303361,"E92000001","","E18000002","","E09000002","E05014053"\n'
    '"LK119ZZ",90,0,0,"E92000001","","","","",""\n'
)
HEADERS = "PC,PQ,EA,NO,CY\nPostcode,Positional_quality_indicator,Eastings,Northings,Country_code\n"
OURS = "code,easting,northing\nlk11aa,402800,303150\n"


def take(content: bytes | str, *, name="postcodes.csv", **words) -> postcodes.Summary:
    content = content.encode() if isinstance(content, str) else content
    words = {"by": SYSTEM, "at": timezone.now()} | words
    return postcodes.import_postcodes(file=io.BytesIO(content), name=name, **words)


def packed(**files: str | bytes) -> bytes:
    """An archive of these files, as Code-Point Open is packed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"Data/CSV/{name}.csv", content)
        archive.writestr("Doc/licence.txt", "Open Government Licence")
    return made.getvalue()


def known() -> dict:
    return {code: tuple(point) for code, *point in Postcode.objects.order_by("code").values_list()}


@pytest.mark.parametrize(
    ("typed", "code"),
    [("LK1 1AA", "LK1 1AA"), (" lk11aa ", "LK1 1AA"), ("LK1  1AA", "LK1 1AA"), ("ab101ab", "AB10 1AB")],
)  # fmt: skip
def test_a_postcode_is_read_in_any_spelling(typed, code):
    assert rules.read(typed) == code


@pytest.mark.parametrize("typed", ["", "LK1", "LK1 1A", "12345", "ＬＫ1 1AA", "LK1\x001AA", "x" * 10_000])
def test_what_is_none_is_refused(typed):
    with pytest.raises(BadRow):
        rules.read(typed)


@pytest.mark.parametrize(
    ("one", "other", "metres", "words"),
    [
        ((400000, 300000), (400000, 300000), 0, "less than 0.1 miles"),
        ((400000, 300000), (400100, 300000), 100, "less than 0.1 miles"),
        ((400000, 300000), (400300, 300400), 500, "0.3 miles"),
        ((400000, 300000), (401609, 300000), 1609, "1 mile"),
        ((400000, 300000), (403862, 300000), 3862, "2.4 miles"),
        ((400000, 300000), (416000, 300000), 16000, "9.9 miles"),
        ((400000, 300000), (416020, 300000), 16020, "10 miles"),
        ((0, 0), (600000, 1200000), 1341641, "834 miles"),
    ],
)
def test_a_distance_is_in_a_straight_line_and_in_miles(one, other, metres, words):
    assert rules.distance(one, other) == rules.distance(other, one) == metres
    assert rules.in_miles(metres) == words


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["LK1 1AA", "10", "402800"], "has 3 columns"),
        (["nowhere", "10", "1", "1"], "no postcode"),
        (["LK1 1AA", "10", "-1", "1"], "not on the national grid"),
        (["LK1 1AA", "10", "1e5", "1"], "not on the national grid"),
        (["LK1 1AA", "10", "700001", "1"], "not on the national grid"),
        (["LK1 1AA", "10", "٤٠٠٠٠٠", "1"], "not on the national grid"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(cells, reason):
    with pytest.raises(BadRow, match=reason):
        rules.row(cells, rules.CODE_POINT)


@pytest.mark.parametrize(
    "content",
    [CODE_POINT, HEADERS + CODE_POINT, "\ufeff" + CODE_POINT, CODE_POINT.replace("\n", "\r\n"), CODE_POINT + "\n\n"],
    ids=["as it comes", "with headers", "marked as UTF-8", "from Windows", "with empty lines"],
)
def test_code_point_open_is_read_with_and_without_headers(db, content):
    summary = take(content)

    assert (summary.read, summary.added, summary.changed, summary.unknown, summary.refused_rows) == (3, 2, 0, 1, 0)
    assert known() == {"LK1 1AA": (402800, 303150), "LK1 1AB": (402937, 303361)}


def test_the_archive_is_read_whole_and_its_papers_are_passed_over(db):
    content = packed(lk=CODE_POINT, mk='"MK1 1AA",10,1,2\n"MK",10,1,2\n', headers=HEADERS)

    summary = take(content, name="codepo_gb.zip")

    assert (summary.read, summary.added, summary.unknown) == (4, 3, 1)
    assert summary.refused == [("Data/CSV/mk.csv", 2, "has no postcode that could be one")]
    assert known()["MK1 1AA"] == (1, 2)


def test_a_list_comes_again_and_only_what_differs_is_written(db, monkeypatch):
    monkeypatch.setattr(postcodes, "CHUNK", 1)
    take(CODE_POINT)

    again = take(CODE_POINT)
    moved = take(OURS.replace("402800", "402801") + "LK1 1AA,402802,303150\nLK9 9ZZ,5,5\n")

    assert (again.added, again.changed) == (0, 0)
    assert (moved.added, moved.changed) == (1, 2)
    assert known()["LK1 1AA"] == (402802, 303150)


def test_a_dry_run_tells_the_same_and_writes_nothing(db):
    summary = take(CODE_POINT, dry_run=True)

    assert (summary.read, summary.added, summary.placed) == (3, 2, 0)
    assert known() == {}
    assert Event.objects.count() == 0


def test_organisations_without_a_place_are_given_one_and_others_keep_theirs(world):
    Organisation.objects.update(postcode="LK1 1AA")
    Organisation.objects.filter(pk=world.elm_grove.pk).update(easting=1, northing=2)
    Organisation.objects.filter(pk=world.mereshire.pk).update(postcode="ZZ1 1AA")

    summary = take(CODE_POINT)

    placed = dict(Organisation.objects.values_list("pk", "easting"))
    assert summary.placed == 4
    assert placed[world.elm_grove.pk] == 1
    assert placed[world.mereshire.pk] is None
    assert placed[world.larkshire.pk] == placed[world.ash_house.pk] == 402800
    event = Event.objects.get(action="accounts.postcodes.imported")
    assert event.data == {"read": 3, "added": 2, "changed": 0, "placed": 4, "refused": 0}
    assert queries.grid_of("LK1 1AB") == (402937, 303361)
    assert queries.grid_of("ZZ1 1AA") == (None, None)


def _many(count: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.csv", "")
    return made.getvalue()


def _locked() -> bytes:
    content = bytearray(packed(lk=CODE_POINT))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def _damaged() -> bytes:
    content = bytearray(packed(lk=CODE_POINT * 50))
    content[60:70] = b"\xff" * 10
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no postcode that can be read"),
        (b"%PDF-1.7\n1 0 obj\n", "no postcode that can be read"),
        (b"<!doctype html><html>", "no postcode that can be read"),
        (CODE_POINT.encode("utf-16"), "not text"),
        (b"\xe9\xff", "not text"),
        (b'"' + b"LK1 1AA,10,1,1\n" * 10_000, "is not CSV"),
        (b"x" * 5000, "longer than 4,000"),
        (b"code,where\nLK1 1AA,1\n", "no column “easting” or “northing”"),
        (_many(0), "holds no CSV"),
        (_many(3), "no postcode that can be read"),
        (_many(1001), "more than 1,000 CSV files"),
        (_locked(), "locked by a password"),
        (_damaged(), "damaged"),
        (packed(lk=CODE_POINT).replace(b"PK\x01\x02", b"PK\x01\x03"), "damaged"),
        (packed(lk=CODE_POINT)[:-30], "no postcode|not text|damaged"),
    ],
    ids=[
        "empty", "a PDF", "a web page", "UTF-16", "not text", "not CSV", "one long line", "other headers",
        "an empty archive", "empty files", "too many files", "a password", "damaged", "no list of its files", "cut off",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_calmly(db, content, words):
    with pytest.raises(BadFile, match=words):
        take(content)
    assert known() == {}


def test_an_archive_that_unpacks_to_more_than_there_are_postcodes_is_stopped(db, monkeypatch):
    monkeypatch.setattr(postcodes, "MOST_CHARACTERS", 100_000)
    with pytest.raises(BadFile, match="more than 100,000 characters"):
        take(packed(lk=CODE_POINT * 10_000))

    monkeypatch.setattr(postcodes, "MOST_ROWS", 4)
    with pytest.raises(BadFile, match="more than 4 rows"):
        take(packed(one=CODE_POINT, other=CODE_POINT))
    assert known() == {}


def test_many_refused_rows_are_counted_and_the_first_listed(db):
    summary = take(CODE_POINT + "nowhere,1,1,1\n" * 300)

    assert summary.refused_rows == 300
    assert len(summary.refused) == postcodes.SHOWN


def test_nobody_but_the_portal_imports(world):
    for who in (world.olu, world.ada, access.System("accounts.tidy")):
        with pytest.raises(access.Denied):
            take(CODE_POINT, by=who)


def test_the_command_says_what_it_did(db, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(postcodes, "CHUNK", 2)
    good, bad = tmp_path / "codepo.csv", tmp_path / "bad.csv"
    good.write_text(CODE_POINT + "nowhere,1,1,1\n")
    bad.write_text("nothing")

    call_command("import_postcodes", str(good), "--dry-run")
    assert "nothing was changed" in capsys.readouterr().out
    call_command("import_postcodes", str(good))

    said = capsys.readouterr()
    assert "3 rows read" not in said.err
    assert "Read 3: 2 new, 0 changed, 1 without a place, 1 refused; 0 organisations placed" in said.out
    assert "codepo.csv, line 4: has no postcode that could be one" in said.err
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("import_postcodes", str(bad))
    with pytest.raises(CommandError, match="Cannot open"):
        call_command("import_postcodes", str(tmp_path / "none.csv"))


def test_the_made_up_list_of_the_demonstration_knows_its_schools_and_providers(db):
    with (demo.SAMPLES / "postcodes.csv").open("rb") as file:
        summary = postcodes.import_postcodes(file=file, name="postcodes.csv", by=SYSTEM, at=timezone.now())

    assert summary.refused_rows == summary.unknown == 0
    assert {provider["postcode"] for provider in demo.PROVIDERS} <= set(known())
    assert max(rules.distance(one, other) for one in known().values() for other in known().values()) < 60_000
