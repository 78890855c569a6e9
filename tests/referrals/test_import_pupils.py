"""A list of pupils is read, checked and brought in: by page and by command, all or the good rows, twice harmless."""

from __future__ import annotations

import datetime as dt
import io
import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from core import clock
from core.access import Denied
from lots.rules.refusals import Refused
from referrals.actions import bringing_in as actions
from referrals.models import Enrolment, Pupil
from referrals.queries import bringing_in as queries
from referrals.queries import sealed
from referrals.rules import csv_pupils as rules
from tests.referrals.made import AT, PRIVATE, TODAY, UPN, made_pupil

ANOTHER = "P207000016049"
HEAD = "UPN,Forename,Surname,DOB,Gender,SEN status,In care,Enrolled from"
GOOD = f"{UPN},Quillon,Quillsworth,04/05/2012,F,E,Y,2023-09-04"


def read(text: str | bytes) -> rules.List:
    return rules.read(text.encode() if isinstance(text, str) else text, today=TODAY)


def problems(text: str) -> list[tuple[int, str]]:
    return [(one.row, one.label) for one in read(text).problems]


def row(**cells) -> str:
    """A list of one pupil with these columns besides the ones that every row has."""
    cells = {"Forename": "Ann", "Surname": "Archer", "DOB": "2012-05-04"} | cells
    return f"{';'.join(cells)}\n{';'.join(cells.values())}"


class TestReading:
    @pytest.mark.parametrize(
        "raw",
        [
            f"{HEAD}\n{GOOD}".encode(),
            f"\ufeff{HEAD}\r\n{GOOD}\r\n\r\n".encode(),
            f"{HEAD}\n{GOOD}".replace(",", ";").encode("cp1252"),
            f"{HEAD}\n{GOOD}".replace(",", "\t").encode("utf-16"),
            f"sep=;\n{HEAD};Form\n{GOOD};".replace(",", ";").encode("utf-8-sig"),
        ],
        ids=["plain", "mark", "semicolons", "tabs", "excel"],
    )
    def test_however_a_system_writes_it(self, raw):
        [one] = read(raw).pupils

        assert (one.who.first_names, one.who.last_name) == ("Quillon", "Quillsworth")
        assert (one.who.born_on, one.from_on) == (dt.date(2012, 5, 4), dt.date(2023, 9, 4))
        assert (one.who.has_ehcp, one.who.looked_after) == (True, True)
        assert (one.who.private.upn, one.who.private.sex, one.who.no_upn_reason) == (UPN, "F", "")

    @pytest.mark.parametrize(
        ("cells", "found"),
        [
            ({"Legal Surname": "Zed", "Preferred name": "Annie"}, ("Zed", "Annie")),
            ({"Surname": "='x", "Legal-surname": "Zed"}, ("Zed", "")),
            ({"Surname": '="Zed"'}, ("Zed", "")),
            ({"Surname": "'-Zed"}, None),
            ({"Surname": " "}, None),
            ({"Surname": "=cmd|' /C calc'!A0"}, None),
            ({"Surname": "Müller"}, ("Müller", "")),
        ],
    )
    def test_names(self, cells, found):
        if found is None:
            assert [label for _, label in problems(row(**cells))] == ["Last name"]
        else:
            [one] = read(row(**cells).encode("cp1252")).pupils
            assert (one.who.last_name, one.who.known_as) == found

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2012-05-04", (2012, 5, 4)), ("4/5/2012", (2012, 5, 4)), ("04.05.2012", (2012, 5, 4)),
            ("04-May-2012", (2012, 5, 4)), ("2012-05-04 00:00:00", (2012, 5, 4)), ("4 May 2012", (2012, 5, 4)),
            ("05/25/2012", None), ("4/5/12", None), ("31/02/2012", None), ("41033", None), ("", None),
            ("٠٤/٠٥/٢٠١٢", None), ("1066-10-14", None), ("2040-01-01", None),
        ],
    )  # fmt: skip
    def test_dates_of_birth(self, text, day):
        found = read(row(DOB=text))

        assert [one.who.born_on for one in found.pupils] == ([dt.date(*day)] if day else [])
        assert [one.label for one in found.problems] == ([] if day else ["Date of birth"])

    @pytest.mark.parametrize(
        ("column", "cell", "good"),
        [
            ("UPN", "Q207000016049", False), ("UPN", "p207 0000 16049", True), ("UPN", "", True),
            ("ULN", "1000000001", False), ("Sex", "Female", True), ("Gender", "x", False), ("Sex", "", True),
            ("EHCP", "yes", True), ("SEN status", "K - SEN support", True), ("SEN status", "?", False),
            ("LAC", "N", True), ("In care", "maybe", False), ("School URN", "77", False),
            ("Enrolled from", "2001-01-01", False), ("Enrolled from", "soon", False), ("Notes", "=1+1", True),
            ("Known as", "A" * 1001, False), ("Known as", "A" * 201, False),
        ],
    )  # fmt: skip
    def test_cells(self, column, cell, good):
        found = read(row(**{column: cell}))

        assert bool(found.pupils) == good
        assert bool(found.problems) != good
        assert [one for one in found.problems if cell and cell in one.words] == []

    def test_rows_that_are_one_pupil_twice(self):
        found = read(
            f"{HEAD}\n{GOOD}\n\n{GOOD}\n,Ann,Archer,2012-05-04,,,,\n,ann,ARCHER,04/05/2012,,,,\n,Bo,Archer,2012-05-04,,,,"
        )

        assert [(one.row, one.label) for one in found.problems] == [(4, "UPN"), (6, "First names")]
        assert "row 2" in found.problems[0].words
        assert [one.row for one in found.pupils] == [2, 5, 7]
        assert found.rows == 5

    @pytest.mark.parametrize(
        ("raw", "words"),
        [
            (b"", "empty"),
            (b" \r\n ", "empty"),
            (b"PK\x03\x04whatever", "Choose a CSV file"),
            (b"%PDF-1.7", "Choose a CSV file"),
            (b"Forename,Surname,DOB\nA\x00nn,Archer,2012-05-04", "Choose a CSV file"),
            (b"\xff\xfeF", "Choose a CSV file"),
            (b"\x81\x8d\x90", "Choose a CSV file"),
            (b"\xef\xbb\xbf", "name the columns"),
            (b"Forename,Surname\nAnn,Archer", "none for: Date of birth"),
            (b"Forename,Surname,DOB", "no pupils"),
            (b"Forename,First name,Surname,DOB\nA,A,B,2012-05-04", "Two columns"),
            (b'Forename,Surname,DOB\n"Ann,Archer,2012-05-04', "cannot be read from line"),
            (b"x" * (rules.MOST_BYTES + 1), "5 MB or smaller"),
            (b"Forename,Surname,DOB\n" + b"A,B,C\n" * (rules.MOST_ROWS + 1), "20,000 pupils or fewer"),
        ],
    )
    def test_files_that_are_no_list(self, raw, words):
        with pytest.raises(Refused, match=words) as refusal:
            rules.read(raw, today=TODAY)

        assert refusal.value.field == "file"

    def test_the_legal_name_counts_wherever_it_stands_and_a_text_may_be_marked_as_one(self):
        found = read("Forename,Legal surname,Surname,DOB\nAnn,Archer,Other,2012-05-04\n'+Bo,Archer,Other,2012-05-04")

        assert [one.who.last_name for one in found.pupils] == ["Archer"]
        assert [(one.row, one.label) for one in found.problems] == [(3, "First names")]
        assert read("Known as;Forename;Surname;DOB\n" + "'=A;A;B;2012-05-04").problems[0].column == "known_as"

    def test_a_comma_too_many_and_columns_that_nobody_reads(self):
        found = read("Forename,Surname,DOB,Form,,Legal forename\nAnn,Archer,2012-05-04,7B,,Anne\nA,B,2012-05-04,,,,x\n")

        assert found.passed_over == ("Form",)
        assert [one.who.first_names for one in found.pupils] == ["Anne"]
        assert [(one.row, one.label) for one in found.problems] == [(3, "")]


class TestPage:
    def post(self, client, world, text, what="check", name="pupils.csv"):
        raw = text.encode() if isinstance(text, str) else text
        address = reverse("import_pupils", args=[world.elm_grove.pk])
        return client.post(address, {"file": SimpleUploadedFile(name, raw), "what": what})

    def test_sana_checks_a_list_and_then_brings_it_in(self, world, sign_in):
        client = sign_in(world.sana)
        assert "read and never kept" in client.get(reverse("import_pupils", args=[world.elm_grove.pk])).text
        text = f"{HEAD},House\n{GOOD},Red\n,Ann,Archer,2012-05-04,F,N,N,,Blue"

        checked = self.post(client, world, text).text

        assert "Nobody has been brought in" in checked
        assert "House" in checked
        assert Pupil.objects.count() == 0
        done = self.post(client, world, text, "all").text
        assert "2 pupils brought in" in done
        first, second = Pupil.objects.order_by("pk")
        assert (first.commissioner, first.has_ehcp, first.looked_after) == (world.elm_grove, True, True)
        assert sealed.private_of(first).upn == UPN
        assert second.no_upn_reason == "not_known"
        rolls = Enrolment.objects.order_by("pk").values_list("school", "kind", "from_on")
        assert list(rolls) == [
            (world.elm_grove.pk, "main", dt.date(2023, 9, 4)), (world.elm_grove.pk, "main", clock.today()),
        ]  # fmt: skip
        again = self.post(client, world, text, "all").text
        assert "0 pupils brought in" in again
        assert "Rows 2, 3" in again
        assert Pupil.objects.count() == 2
        event = Event.objects.filter(action="referrals.pupils.imported").latest("pk")
        assert event.data == {"added": 0, "already": 2, "left_out": 0}

    def test_with_anything_wrong_nobody_comes_in_unless_the_good_rows_are_chosen(self, world, sign_in, caplog):
        caplog.set_level(logging.DEBUG)
        client, text = sign_in(world.sana), f"{HEAD}\n{GOOD}\nQ207000016049,Quillon,Zephyrine,4/5/2012,F,?,Y,"

        refused = self.post(client, world, text, "all").text

        assert "1 row of the list has something wrong" in refused
        assert "SEN code: E, K or N" in refused
        assert [word for word in ("Quillon", "Zephyrine", "Q2070") if word in refused] == []
        assert Pupil.objects.count() == 0
        assert "1 pupil brought in" in self.post(client, world, text, "good").text
        assert "Left out" in self.post(client, world, text, "good").text
        assert Pupil.objects.count() == 1
        assert [word for word in ("Quillon", UPN) if word in caplog.text] == []

    @pytest.mark.parametrize(
        ("text", "words"),
        [("", "file is empty"), (b"PK\x03\x04", "Choose a CSV file"), ("a,b\n1,2", "name the columns")],
    )
    def test_other_files(self, world, sign_in, text, words):
        page = self.post(sign_in(world.sana), world, text)

        assert page.status_code == 200
        assert words in page.text
        assert "There is a problem" in page.text

    def test_no_file_too_large_a_file_and_no_choice(self, world, sign_in):
        client, address = sign_in(world.sana), reverse("import_pupils", args=[world.elm_grove.pk])

        assert "Choose a file" in client.post(address, {"what": "check"}).text
        assert "Choose what shall happen" in client.post(address, {}).text
        assert "5 MB or smaller" in self.post(client, world, b"x" * (rules.MOST_BYTES + 1)).text


class TestWhatIsThereAlready:
    def bring_in(self, world, text, *, by=None, leave_out_wrong=False, organisation=None):
        return actions.import_pupils(
            organisation=organisation or world.elm_grove, found=read(text), leave_out_wrong=leave_out_wrong,
            by=by or world.sana, at=AT,
        )  # fmt: skip

    def test_a_pupil_who_is_there_is_left_as_she_is(self, world):
        there = made_pupil(world)
        rows = [f"{UPN},Other,Name,2013-01-01", ",QUILLON ZEPHYRINE,Quillsworth,4/5/2012", ",New,Child,2013-01-01"]
        text = "\n".join([HEAD, *rows])

        done = self.bring_in(world, text)

        assert (done.already, len(done.new)) == ((2, 3), 1)
        there.refresh_from_db()
        assert sealed.private_of(there) == PRIVATE

    def test_nobody_learns_that_another_commissioner_has_the_pupil(self, world):
        made_pupil(world)

        done = self.bring_in(world, f"{HEAD}\n{GOOD}", by=world.tariq, organisation=world.oak_trust)

        assert (done.already, len(done.new), done.problems) == ((), 1, ())
        assert Enrolment.objects.filter(pupil__commissioner=world.oak_trust).count() == 0

    def test_a_school_by_its_urn(self, world):
        done = queries.held_against(
            read(row(URN="900001") + "\nBo;Archer;2012-05-05;900009"), commissioner=world.larkshire, today=TODAY
        )

        assert [roll.school for _, roll in done.new] == [world.elm_grove.pk]
        assert [(one.row, one.label) for one in done.problems] == [(3, "School URN")]
        assert done.bad_rows == 1

    def test_who_may(self, world):
        for who in (world.alice, world.tom, world.ada):
            with pytest.raises(Denied):
                self.bring_in(world, f"{HEAD}\n{GOOD}", by=who)

    def test_it_costs_far_less_than_a_query_for_each_row(self, world):
        def asked(first, last):
            letters = [f"{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(first, last)]
            rows = "\n".join(f",Child {one},Archer,2012-05-04,,,," for one in letters)
            with CaptureQueriesContext(connection) as found:
                self.bring_in(world, f"{HEAD}\n{rows}")
            return len(found)

        assert [asked(0, 30) <= 15, asked(30, 330) <= 25] == [True, True]


class TestCommand:
    def run(self, tmp_path, text, *args, organisation="900001"):
        file, out, errors = tmp_path / "list.csv", io.StringIO(), io.StringIO()
        file.write_text(text)
        try:
            call_command("import_pupils", str(file), "--organisation", organisation, *args, stdout=out, stderr=errors)
        except CommandError as refusal:
            errors.write(str(refusal))
        return out.getvalue(), errors.getvalue()

    def test_dry_run_then_all_or_the_good_rows(self, world, tmp_path):
        text = f"{HEAD}\n{GOOD}\n{ANOTHER},Zephyrine,Two,04/05/12,F,,,"

        dry = self.run(tmp_path, text, "--dry-run")
        whole = self.run(tmp_path, text)
        good = self.run(tmp_path, text, "--leave-out-wrong")

        assert "New: 1. Already there: 0. Wrong: 1" in dry[0]
        assert "this was a dry run" in dry[0]
        assert "Row 3, Date of birth" in dry[1]
        assert "Nobody was brought in" in whole[1]
        assert "Brought in: 1" in good[0]
        assert Pupil.objects.get().added_by is None
        said = "".join([*dry, *whole, *good])
        assert [word for word in ("Quillon", "Zephyrine", UPN, ANOTHER) if word in said] == []

    @pytest.mark.parametrize("organisation", ["nobody", "12", "9" * 19, "-1"])
    def test_an_organisation_that_is_none(self, world, tmp_path, organisation):
        assert "no open school" in self.run(tmp_path, GOOD, organisation=organisation)[1]

    def test_by_key_and_a_file_that_is_none(self, world, tmp_path):
        key = str(world.larkshire.pk)

        assert "Brought in: 1" in self.run(tmp_path, f"{HEAD}\n{GOOD}", organisation=key)[0]
        assert Pupil.objects.get().commissioner == world.larkshire
        assert "name the columns" in self.run(tmp_path, "a,b\n1,2", organisation=key)[1]
        assert "no open school" in self.run(tmp_path, GOOD, organisation=str(world.ash_house.pk))[1]
        with pytest.raises(CommandError, match="Cannot open"):
            call_command("import_pupils", str(tmp_path / "none.csv"), "--organisation", key)
