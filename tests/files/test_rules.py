"""The rules of files, as tables: names, certificates, waits, moves."""

from __future__ import annotations

import pytest

from files.rules import looks_like_dbs, names, scans
from files.states import FILE_MOVES, FileKind, FileState
from tests.files import made

PAGE = made.DBS_CERTIFICATE
PAPERS = [
    ("certificate", PAGE, True),
    ("certificate in capitals", PAGE.upper(), True),
    ("certificate on the second page", "Our staff\f" + PAGE, True),
    ("certificate at the end of a long pack", "We teach in small groups. " * 2000 + PAGE, True),
    ("first page alone", "\n".join(PAGE.splitlines()[:12]), True),
    ("policy", made.DBS_POLICY, False),
    ("long policy", made.DBS_POLICY * 40, False),
    ("blank", "", False),
    (
        "extract of the single central record",
        "Single central record\nName, role, DBS certificate number, date of issue, seen by\n"
        + "\n".join(f"R. Example, tutor, 99123456789{n}, 4 March 2026, A. Rowe" for n in range(30)),
        False,
    ),
    (
        "application form of an employer",
        "Application form\nPosition applied for: tutor\nEmployment details\nReferences\nHave you a DBS certificate?",
        False,
    ),
    ("job description", "Position applied for: tutor. An enhanced DBS check is made before the first day.", False),
    ("form without the service", PAGE.replace("Disclosure & Barring Service", "").replace("DBS", ""), False),
]
NAMES = [
    ("DBS certificate.jpg", True),
    ("dbs_certificate_alice.pdf", True),
    ("Alice-DBS-cert-2026.pdf", True),
    ("Scan of DBS.png", True),
    ("enhanced dbs A Rowe.pdf", True),
    ("CRB disclosure.pdf", True),
    ("DBS policy.pdf", False),
    ("Handling of DBS certificates policy.docx", False),
    ("Enhanced DBS checks.pdf", False),
    ("DBS certificate numbers.xlsx", False),
    ("Single central record.pdf", False),
    ("Insurance certificate.pdf", False),
    ("feedbscert.pdf", False),
]


@pytest.mark.parametrize(("text", "is_one"), [row[1:] for row in PAPERS], ids=[row[0] for row in PAPERS])
def test_a_certificate_is_known_by_the_headings_of_its_form(text, is_one):
    assert looks_like_dbs(text, "paper.pdf") is is_one


@pytest.mark.parametrize(("name", "is_one"), NAMES)
def test_a_certificate_is_known_by_its_name(name, is_one):
    assert looks_like_dbs("", name) is is_one


@pytest.mark.parametrize(
    ("given", "kind", "called"),
    [
        ("policy.pdf", FileKind.PDF, "policy.pdf"),
        ("", FileKind.PDF, "file.pdf"),
        (".pdf", FileKind.PDF, "file.pdf"),
        ("...", FileKind.PNG, "file.png"),
        ("C:\\Users\\Alice\\policy.pdf", FileKind.PDF, "policy.pdf"),
        ("../../etc/passwd", FileKind.PDF, "passwd.pdf"),
        ("a\x00b\r\nc.pdf", FileKind.PDF, "a b c.pdf"),
        ("photo\u202efdp.exe", FileKind.PDF, "photo fdp.exe.pdf"),
        ("سياسة الحماية.pdf", FileKind.PDF, "سياسة الحماية.pdf"),
        ("Our 🦊 den.png", FileKind.PNG, "Our 🦊 den.png"),
        ("half\ud83d.pdf", FileKind.PDF, "half.pdf"),
        ('"quoted"; name.pdf', FileKind.PDF, '"quoted"; name.pdf'),
        ("cafe\u0301.pdf", FileKind.PDF, "café.pdf"),
        ("v1.2 final", FileKind.DOCX, "v1.2 final.docx"),
        ("x" * 5000 + ".pdf", FileKind.PDF, "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_made_fit_to_be_shown(given, kind, called):
    assert names.fit(given, kind) == called


@pytest.mark.parametrize("kind", FileKind)
def test_every_kind_has_a_content_type_and_an_ending(kind):
    assert "/" in names.content_type(kind)
    assert names.fit("a", kind).startswith("a.")


@pytest.mark.parametrize(("tries", "seconds"), [(0, 10), (1, 10), (2, 20), (3, 40), (7, 600), (60_000, 600)])
def test_a_scan_is_tried_less_and_less_often_and_never_given_up(tries, seconds):
    assert scans.wait_after(tries) == seconds


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (600, False), (601, True)])
def test_a_file_that_waits_ten_minutes_is_late(seconds, late):
    assert scans.is_late(seconds) is late


def test_an_infected_file_stays_one():
    assert FILE_MOVES[FileState.INFECTED] == set()
    assert FileState.PENDING not in set().union(*FILE_MOVES.values())
