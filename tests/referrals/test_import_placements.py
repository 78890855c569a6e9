"""A list of placements that already run is read, checked and brought in: by page and by command, all or the good rows,
twice harmless, and nobody is named by what is said of it."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organisation
from audit.models import Event
from core.access import Denied
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import bringing_placements as actions
from referrals.models import Assurance, Placement, WeeklySession
from referrals.queries import bringing_placements as queries
from referrals.queries import sealed
from referrals.rules import csv_placements as rules
from referrals.rules.private import Private
from tests.referrals.made import AT, CANARIES, TODAY, UPN, made_pupil, made_sharing, made_site

CELLS = {
    "UPN": UPN,
    "Provider": "Ash House",
    "Start": "07/09/2026",
    "End": "2026-12-18",
    "Price": "£45.00",
    "Unit": "Hour",
    "Sessions": "Mon 09:30-14:30; Wednesday 9:30am to 2:30pm",
    "Reason": "Permanent exclusion",
}


def sheet(*rows: dict) -> str:
    """A list with the columns of its first row, in tabs."""
    whole = [CELLS | row for row in rows]
    lines = [list(whole[0]), *([row.get(name, "") for name in whole[0]] for row in whole)]
    return "\n".join("\t".join(line) for line in lines)


def read(text: str | bytes) -> rules.List:
    return rules.read(text.encode() if isinstance(text, str) else text, today=TODAY)


@pytest.fixture
def school(world):
    made_sharing(world)
    made_site(world)
    made_pupil(world)
    return world.elm_grove


def held(school, *rows: dict) -> queries.Checked:
    return queries.held_against(read(sheet(*rows)), commissioner=school, today=TODAY)


def bring(world, school, text: str, *, leave_out_wrong=False, by=None, at=AT):
    return actions.import_placements(
        organisation=school, found=read(text), leave_out_wrong=leave_out_wrong, by=by or world.sana, at=at
    )


@pytest.mark.once
class TestReading:
    @pytest.mark.parametrize(
        "raw",
        [sheet({}).encode(), sheet({}).encode("utf-16"), sheet({}).encode("cp1252"), sheet({}).encode("utf-8-sig")],
        ids=["plain", "utf-16", "windows", "mark"],
    )
    def test_however_it_is_written(self, raw):
        [one] = read(raw).placements
        assert (one.upn, one.unit, one.pence, one.reason) == (UPN, "hour", 45_00, "excluded")
        assert [session.in_words for session in one.sessions] == ["Monday 09:30 to 14:30", "Wednesday 09:30 to 14:30"]
        assert (one.runs, one.outside_reason) == ("school", rules.BEFORE)

    @pytest.mark.parametrize(
        ("cells", "label"),
        [
            ({"UPN": "B123"}, "UPN"),
            ({"UPN": ""}, "UPN"),
            ({"Pupil number": "x"}, "Pupil number"),
            ({"Provider": ""}, "Provider"),
            ({"Start": "soon"}, "Start"),
            ({"Start": ""}, "Start"),
            ({"End": "01/09/2026"}, "End"),
            ({"Agreed on": "2027-01-01"}, "Agreed on"),
            ({"Price": "much"}, "Price"),
            ({"Price": "0"}, "Price"),
            ({"Unit": "term"}, "Unit"),
            ({"Sessions": "Mondays"}, "Sessions"),
            ({"Sessions": "Foo 09:30-14:30"}, "Sessions"),
            ({"Sessions": "Mon 25:30-14:30"}, "Sessions"),
            ({"Sessions": "Mon 14:30-09:30"}, "Sessions"),
            ({"Sessions": ""}, "Sessions"),
            ({"Hours per week": "9"}, "Hours per week"),
            ({"Hours per week": "ten"}, "Hours per week"),
            ({"Reason": "because"}, "Reason"),
            ({"Runs": "sometimes"}, "Runs"),
            ({"Site": "=cmd()"}, "Site"),
            ({"Address": "a\u202eb"}, "Address"),
            ({"Funder": "f" * 201}, "Funder"),
            ({"Funder": "f" * 500}, "Funder"),
        ],
    )
    def test_what_is_wrong_names_row_and_column_and_no_cell(self, cells, label):
        [problem] = read(sheet(cells)).problems
        assert (problem.row, problem.label) == (2, label)
        assert not any(value in problem.words for value in cells.values() if len(value) > 3)

    @pytest.mark.parametrize("hours", ["10", "10.0", "10:00", ""])
    def test_hours_agree_with_the_sessions(self, hours):
        assert len(read(sheet({"Hours per week": hours})).placements) == 1

    @pytest.mark.parametrize(
        ("raw", "words"),
        [
            (b"", "empty"),
            (b"UPN,Provider\n", "none for: Start, End, Unit, Price, Sessions, Reason"),
            (sheet({}).split("\n")[0].encode(), "no placements"),
            (sheet({}).replace("UPN", "X").encode(), "pupil: UPN or Pupil number"),
            (sheet({}).replace("Provider", "X").encode(), "provider: Provider or Provider number"),
            (b"x" * (rules.MOST_BYTES + 1), "2 MB or smaller"),
            (("Start,End,Unit,Price,Sessions,Reason,UPN,Provider\n" + "x\n" * 2_001).encode(), "2,000 placements or"),
        ],
    )
    def test_what_is_no_list(self, raw, words):
        with pytest.raises(Refused, match=words):
            read(raw)

    def test_a_comma_too_many(self):
        [problem] = read(sheet({}) + "\tmore").problems
        assert (problem.label, problem.row) == ("", 2)


@pytest.mark.django_db
class TestChecking:
    def test_a_good_row(self, world, school):
        [draft] = held(school, {}).new
        assert (draft.provider, draft.home_school, draft.contracting_party) == (
            world.ash_house.pk,
            school.pk,
            school.pk,
        )
        assert (draft.units, draft.total_pence) == (15_000, 150 * 45_00)
        assert (draft.started, draft.due_on) == (True, dt.date(2026, 9, 21))
        assert draft.shares == [(school.pk, 10_000)]

    @pytest.mark.parametrize(
        ("cells", "label", "words"),
        [
            ({"UPN": "P207000016049"}, "UPN", "no pupil of yours"),
            ({"UPN": "", "Pupil number": "999999"}, "Pupil number", "no pupil of yours"),
            ({"Pupil number": "999999"}, "Pupil number", "not the pupil with this UPN"),
            ({"Provider": "Birch Farm"}, "Provider", "no provider with which you have an agreement"),
            ({"Provider number": "123456"}, "Provider number", "no provider with which you have an agreement"),
            ({"Site": "Elsewhere"}, "Site", "one of the provider’s sites"),
            ({"Site": "Workshop", "Address": "1 Lane"}, "Site", "Enter one of the two"),
            ({"Funder": "Nobody"}, "Funder", "no open school, trust or council"),
            ({"Contracting party": "Nobody"}, "Contracting party", "not one that can sign"),
            ({"Start": "2026-12-13", "End": "2026-12-13"}, "", "No session falls"),
            ({"Sessions": "Mon 08:00-18:00; Tue 08:00-18:00; Wed 08:00-18:00"}, "Why more than 25 hours", "25 hours"),
        ],
    )
    def test_what_is_held_against_it(self, school, cells, label, words):
        checked = held(school, cells)
        [problem] = checked.problems
        assert problem.label == label
        assert words in problem.words
        assert (checked.new, checked.bad_rows) == ((), 1)

    def test_rows_of_one_pupil_meet_each_other(self, world, school):
        made_sharing(world, provider=world.birch_farm)
        made_site(world, world.birch_farm)
        later = {"Start": "2026-11-02"}
        checked = held(school, {}, later, {"Provider": "Birch Farm"}, {})
        assert [(one.row, one.label) for one in checked.problems] == [(3, "Start"), (4, "")]
        assert "somewhere else at the same time" in checked.problems[1].words
        assert checked.already == (5,)

    def test_by_number_name_and_address(self, world, school):
        Organisation.objects.filter(pk=world.ash_house.pk).update(companies_house="01234567")
        pupil = school.pupils.get()
        cells = {
            "UPN": "", "Pupil number": str(pupil.pk), "Provider": "", "Provider number": "0123 4567",
            "Address": "1 Canary Wharf Lane", "Funder": school.urn, "Contracting party": school.name.upper(),
            "Runs": "Provider days", "Agreed on": "01/07/2026", "Legal basis": "Section 19",
        }  # fmt: skip
        [draft] = held(school, cells).new
        assert (draft.pupil, draft.provider, draft.agreed_on) == (pupil.pk, world.ash_house.pk, dt.date(2026, 7, 1))
        assert {(part.site, part.runs, part.address) for part in draft.parts} == {
            (None, "provider", "1 Canary Wharf Lane")
        }
        pupil.enrolments.all().delete()
        assert held(school, cells).new[0].home_school is None

    def test_ten_rows_cost_as_many_queries_as_one(self, world, school):
        upns = ["P207000016049", "A320001002001"]
        for at, upn in enumerate(upns):
            made_pupil(world, private=Private(upn=upn), first_names=f"Ann {at}", last_name="Archer")

        def count(*rows):
            with CaptureQueriesContext(
                connection,
            ) as found:
                held(school, *rows)
            return len(found)

        one = count({})
        assert count({}, *({"UPN": upn} for upn in upns)) == one <= 13


@pytest.mark.django_db
class TestBringingIn:
    def test_it_comes_in_as_it_stands_and_twice_is_harmless(self, world, school):
        future = {"Provider": "Ash House", "Start": "2027-01-04", "End": "2027-02-12", "Address": "1 Canary Wharf Lane"}
        text = sheet({"Address": ""}, future)
        done = bring(world, school, text)
        assert (len(done.new), done.started) == (2, 1)
        runs, waits = Placement.objects.order_by("starts_on")
        assert (runs.state, runs.emergency_by, runs.route, runs.made_by) == ("live", world.sana, "legacy", world.sana)
        assert (waits.state, waits.live_at) == ("assurance", None)
        assert Assurance.objects.filter(placement=runs, due_on=dt.date(2026, 9, 21), done=False).count() == 10
        assert not Assurance.objects.filter(placement=waits).exists()
        row = WeeklySession.objects.filter(placement=waits).first()
        assert sealed.text_of(row, "address") == "1 Canary Wharf Lane"
        assert runs.shares.get().share == 10_000
        assert Message.objects.count() == 1
        again = bring(world, school, text)
        assert (again.new, again.already) == ((), (2, 3))
        said = str(list(Event.objects.values_list("action", "data"))) + str(list(Message.objects.values_list("body")))
        assert not [one for one in CANARIES if one in said]
        assert Event.objects.filter(action="referrals.placement.brought_in").count() == 2

    def test_nothing_comes_in_with_a_row_that_is_wrong_unless_it_is_left_out(self, world, school):
        text = sheet({}, {"UPN": "P207000016049"})
        with pytest.raises(Refused, match="1 row of the list has something wrong"):
            bring(world, school, text)
        with pytest.raises(Refused, match="2 rows of the list have"):
            bring(world, school, sheet({"UPN": ""}, {"UPN": "P207000016049"}))
        assert not Placement.objects.exists()
        with pytest.raises(Denied):
            bring(world, school, text, by=world.eve)
        assert bring(world, school, text, leave_out_wrong=True).bad_rows == 1
        assert Placement.objects.count() == 1

    def test_the_page(self, client, world, school, monkeypatch):
        monkeypatch.setattr("core.clock.now", lambda: AT)
        monkeypatch.setattr("core.clock.today", lambda: TODAY)
        client.force_login(world.sana)
        url = reverse("import_placements", args=[school.pk])
        assert "Bring in placements" in client.get(url).content.decode()

        def send(what, text):
            file = SimpleUploadedFile("list.csv", text.encode())
            return client.post(url, {"file": file, "what": what}).content.decode()

        page = send("check", sheet({}, {"UPN": "P207000016049"}))
        assert "is no pupil of yours" in page
        assert not Placement.objects.exists()
        assert not [one for one in CANARIES if one in page]
        assert "1 row of the list has something wrong" in send("all", sheet({}, {"UPN": "P207000016049"}))
        assert "The file is empty" in send("all", "")
        assert "1 placement brought in" in send("all", sheet({}))
        big = client.post(url, {"file": SimpleUploadedFile("list.csv", b"x" * (rules.MOST_BYTES + 1)), "what": "all"})
        assert "2 MB or smaller" in big.content.decode()

    def test_the_command_names_nobody(self, world, school, tmp_path, monkeypatch):
        monkeypatch.setattr("core.clock.now", lambda: AT)
        monkeypatch.setattr("core.clock.today", lambda: TODAY)
        file = tmp_path / "list.csv"
        file.write_text(sheet({}, {"UPN": "P207000016049"}))

        def run(*more, organisation=school.urn):
            out, err = io.StringIO(), io.StringIO()
            call_command("import_placements", str(file), "--organisation", organisation, *more, stdout=out, stderr=err)
            return out.getvalue() + err.getvalue()

        said = run("--dry-run")
        assert "New: 1, running already: 1" in said
        assert "Row 3, UPN: is no pupil of yours" in said
        assert "dry run" in said
        assert not Placement.objects.exists()
        with pytest.raises(CommandError, match="1 row of the list"):
            run()
        said += run("--leave-out-wrong")
        assert "Brought in: 1" in said
        assert not [one for one in CANARIES if one in said]
        assert Placement.objects.get().emergency_by is None
        with pytest.raises(CommandError, match="no open school"):
            run(organisation="x")
        file.unlink()
        with pytest.raises(CommandError, match="Cannot open"):
            run()
