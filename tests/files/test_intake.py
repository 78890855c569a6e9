"""What may come in and what may not: a table of files made in code."""

from __future__ import annotations

import errno
import io
import zipfile

import pytest
from django.core.files.storage import default_storage

from files import look, store
from files.look import pdf as pdf_look
from files.rules import Refused, kinds, refusals
from files.states import FileKind
from tests.files import made

GOOD = [
    ("policy.pdf", made.pdf(), FileKind.PDF, "policy.pdf"),
    ("policy.PDF", made.pdf(), FileKind.PDF, "policy.PDF"),
    ("policy.docx", made.docx(), FileKind.DOCX, "policy.docx"),
    ("register.xlsx", made.xlsx(), FileKind.XLSX, "register.xlsx"),
    ("talk.pptx", made.pptx(), FileKind.PPTX, "talk.pptx"),
    ("policy.odt", made.odt(), FileKind.ODT, "policy.odt"),
    ("site.png", made.png(), FileKind.PNG, "site.png"),
    ("site.jpeg", made.jpeg(), FileKind.JPEG, "site.jpeg"),
    ("site.JPG", made.jpeg(), FileKind.JPEG, "site.JPG"),
    # The name says one thing, the content another: the content counts.
    ("policy.doc", made.docx(), FileKind.DOCX, "policy.docx"),
    ("photo.pdf", made.jpeg(), FileKind.JPEG, "photo.jpg"),
    ("setup.exe", made.pdf(), FileKind.PDF, "setup.exe.pdf"),
    ("no ending", made.pdf(), FileKind.PDF, "no ending.pdf"),
    # Anybody opens it and nobody may change it: insurers send their certificates so.
    ("insurance.pdf", made.locked_pdf(""), FileKind.PDF, "insurance.pdf"),
    ("chart.docx", made.docx(more={"word/embeddings/sheet1.xlsx": made.xlsx()}), FileKind.DOCX, "chart.docx"),
    ("table.xlsx", made.xlsx(more={"xl/media/image1.bmp": bytes(15 * 1024**2)}), FileKind.XLSX, "table.xlsx"),
]
OVERLAPPING = made.packed({"[Content_Types].xml": "x" * 5000, "a": "y" * 5000}, method=zipfile.ZIP_STORED)
BAD = [
    ("nothing", b"", refusals.EMPTY),
    ("text", b"name,date\nAlice,2026", refusals.UNKNOWN),
    ("web page", b"<html><script>alert(1)</script>", refusals.UNKNOWN),
    ("program", b"MZ" + bytes(500), refusals.UNKNOWN),
    ("test virus by itself", made.EICAR, refusals.UNKNOWN),
    ("rich text", b"{\\rtf1 hello}", refusals.RICH_TEXT),
    ("gif", b"GIF89a" + bytes(50), refusals.OTHER_PICTURE),
    ("telephone picture", b"\0\0\0\x18ftypheic" + bytes(50), refusals.OTHER_PICTURE),
    ("rar", b"Rar!\x1a\x07" + bytes(50), refusals.PACKED),
    ("zip", made.packed({"a.pdf": made.pdf()}), refusals.PACKED),
    ("empty zip", made.packed({}), refusals.PACKED),
    ("old Word", made.old_word(), refusals.OLD_OFFICE),
    ("locked Word", made.locked_office(), refusals.LOCKED),
    ("locked OpenDocument", made.odt(manifest="<manifest:encryption-data/>"), refusals.LOCKED),
    ("macros", made.docm(), refusals.MACROS),
    (
        "macros by type alone",
        made.docx(kind=made.WORD.replace("document.main", "document.macroEnabled.main")),
        refusals.MACROS,
    ),
    ("macros under a plain type", made.docx(more={"word/vbaProject.bin": made.OLE}), refusals.MACROS),
    ("macros of old Excel", made.xlsx(more={"xl/macrosheets/sheet1.xml": "<x/>"}), refusals.MACROS),
    ("template", made.docx(kind=made.WORD.replace("document.main", "template.main")), refusals.UNKNOWN),
    (
        "OpenDocument drawing",
        made.packed({"mimetype": "application/vnd.oasis.opendocument.graphics"}),
        refusals.UNKNOWN,
    ),
    ("program inside", made.docx(more={"word/embeddings/a.bin": b"MZ" + bytes(50)}), refusals.FILE_INSIDE),
    ("old object inside", made.docx(more={"word/embeddings/a.bin": made.OLE}), refusals.FILE_INSIDE),
    ("zip inside", made.docx(more={"word/embeddings/a.docx": made.packed({"b": "c"})}), refusals.PACKED),
    (
        "document in a document in a document",
        made.docx(more={"word/a.docx": made.docx(more={"word/b.docx": made.docx()})}),
        refusals.FILE_INSIDE,
    ),
    ("XML that grows", made.docx(more={"word/a.xml": '<!DOCTYPE x [<!ENTITY a "aa">]>'}), refusals.BROKEN),
    ("bomb", made.bomb(), refusals.BOMB),
    ("many members", made.docx(more={f"word/{n}": "" for n in range(kinds.MOST_MEMBERS)}), refusals.BOMB),
    ("picture bomb", made.png_that_says(60_000, 60_000), refusals.LARGE_PICTURE),
    ("large picture", made.png_that_says(10_000, 9_000), refusals.LARGE_PICTURE),
    ("cut PNG", made.png()[:60], refusals.BROKEN),
    ("cut JPEG", made.jpeg()[:300], refusals.BROKEN),
    ("cut Word", made.docx()[:400], refusals.BROKEN),
    ("cut PDF", made.pdf()[:200], refusals.BROKEN),
    ("PDF that is none", b"%PDF-1.7 and no more", refusals.BROKEN),
    ("locked PDF", made.locked_pdf(), refusals.LOCKED),
    ("script", made.pdf_with_script(), refusals.SCRIPT),
    ("starts a program", made.pdf_that_starts_a_program(), refusals.SCRIPT),
    ("file in a PDF", made.pdf_with_a_file_inside(), refusals.FILE_INSIDE),
    ("DBS certificate", made.pdf(made.DBS_CERTIFICATE), refusals.CERTIFICATE),
    ("DBS certificate in Word", made.docx(made.DBS_CERTIFICATE), refusals.CERTIFICATE),
    ("DBS certificate among others", made.pdf("Our staff\f" + made.DBS_CERTIFICATE), refusals.CERTIFICATE),
]


def lying() -> list[str]:
    """What the store holds."""
    return [*store.all_names()]


@pytest.mark.parametrize(("name", "content", "kind", "called"), GOOD, ids=[row[3] + row[0] for row in GOOD])
def test_what_is_known_by_its_content_comes_in_whole(name, content, kind, called):
    kept = store.keep(made.upload(content, name))

    assert (kept.kind, kept.name, kept.size) == (kind, called, len(content))
    assert lying() == [kept.stored_as]
    with default_storage.open(kept.stored_as) as opened:
        assert opened.read() == content

    store.forget(kept)
    store.forget(kept)
    assert lying() == []


@pytest.mark.parametrize(("content", "why"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_is_refused_says_why_and_leaves_nothing(content, why):
    with pytest.raises(Refused) as refused:
        store.keep(made.upload(content, "policy.pdf"))

    assert str(refused.value) == why
    assert lying() == []


def test_the_same_name_twice_is_two_files():
    one, other = store.keep(made.upload(made.pdf(), "a.pdf")), store.keep(made.upload(made.pdf(), "a.pdf"))

    assert (one.name, one.sha256) == (other.name, other.sha256)
    assert one.stored_as != other.stored_as


def test_a_file_is_refused_at_the_first_byte_too_much(settings):
    settings.FILE_MAX_BYTES = 2 * 1024**2
    enough = made.pdf() + b"%" * (2 * 1024**2 - len(made.pdf()))

    assert store.keep(made.upload(enough)).size == 2 * 1024**2
    with pytest.raises(Refused, match="larger than 2 MB"):
        store.keep(made.upload(enough + b"%"))


def test_a_store_that_is_full_takes_nothing_and_says_so(monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.save", full)

    with pytest.raises(Refused, match="could not be kept just now"):
        store.keep(made.upload(made.docx()))


def test_a_pack_that_unpacks_to_more_than_it_says_is_damaged():
    honest = made.docx(more={"word/media/a.bmp": b"a" * 100_000})
    size = (100_000).to_bytes(4, "little")
    assert honest.count(size) == 2

    with pytest.raises(Refused) as refused:
        store.keep(made.upload(honest.replace(size, (1000).to_bytes(4, "little"))))

    assert str(refused.value) == refusals.BROKEN


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ([kinds.Member("a", 10, 10, True)], refusals.LOCKED),
        ([kinds.Member("a", 600, 10, False), kinds.Member("b", 600, 10, False)], refusals.BROKEN),
        ([kinds.Member("a", 1, 1, False), kinds.Member("a", 1, 1, False)], refusals.BROKEN),
        ([kinds.Member("a", 10, kinds.MOST_UNPACKED + 1, False)], refusals.BOMB),
    ],
)
def test_a_pack_is_held_against_what_it_says_before_it_is_unpacked(members, why):
    with pytest.raises(Refused) as refused:
        kinds.check_members(members, size=1000)

    assert str(refused.value) == why


def test_a_pdf_that_breaks_its_reader_or_holds_it_up_is_refused_and_nothing_else_suffers(monkeypatch, tmp_path):
    breaks, holds = tmp_path / "breaks.py", tmp_path / "holds.py"
    breaks.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    holds.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(pdf_look, "SECONDS", 0.2)

    for reader, why in ((breaks, refusals.BROKEN), (holds, refusals.SLOW)):
        monkeypatch.setattr(pdf_look, "READER", reader)
        with pytest.raises(Refused) as refused:
            store.keep(made.upload(made.pdf()))
        assert str(refused.value) == why


def test_a_text_ends_somewhere():
    seen = look.look(io.BytesIO(made.docx("word " * 100_000)), size=10_000)

    assert len(seen.text) == 200_000


def test_every_refusal_says_what_to_do():
    texts = [value for name, value in vars(refusals).items() if name.isupper() and isinstance(value, str)]

    for text in texts:
        assert any(word in text.lower() for word in ("send", "save", "try again", "choose")), text
        assert not text.endswith(".")
