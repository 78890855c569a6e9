"""Files made in code: good ones for whoever needs something to upload, and bad ones of every kind.

`upload(pdf("Fire risk assessment"), "fire.pdf")` is what a form is given."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Cut in two, so that no scanner takes this file for what it describes.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


def upload(content: bytes, name: str = "policy.pdf") -> SimpleUploadedFile:
    """What arrives in `request.FILES`, or is sent by a test's client."""
    return SimpleUploadedFile(name, content)


def pdf(
    text: str = "Safeguarding policy", *, pages: int = 1, catalogue: str = "", extra: tuple[bytes, ...] = ()
) -> bytes:
    """A PDF with a text layer; a form feed begins a new page. `catalogue` is put into its catalogue, `extra` are
    further objects, numbered from 4 on."""
    leaves = text.split("\f") if "\f" in text else [text] * pages
    first = 4 + len(extra)
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(leaves)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalogue.encode() + b" >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(leaves)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        *extra,
    ]
    for number, leaf in enumerate(leaves):
        drawn = _drawn(leaf)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first + 2 * number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    return _numbered(objects)


def _drawn(text: str) -> bytes:
    lines = [line.encode("cp1252", "replace") for line in text.splitlines() or [""]]
    written = [b"(" + _escaped(line) + b") Tj T*" for line in lines]
    return b"BT /F1 11 Tf 14 TL 50 790 Td\n" + b"\n".join(written) + b"\nET"


def _escaped(line: bytes) -> bytes:
    return line.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _numbered(objects: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n%010d 65535 f \n" % (len(objects) + 1, 0)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def locked_pdf(password: str = "open sesame", text: str = "Safeguarding policy") -> bytes:
    """A PDF that asks for a password; with an empty one, a PDF that anybody opens and that may not be changed."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(text))) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="the owner's", user=password))
    return out.getvalue()


def pdf_with_script() -> bytes:
    """A PDF that runs a script when it is opened."""
    return pdf(catalogue="/OpenAction 4 0 R", extra=(b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>",))


def pdf_that_starts_a_program() -> bytes:
    """A PDF that starts a program when it is opened."""
    return pdf(catalogue="/OpenAction 4 0 R", extra=(b"<< /S /Launch /F (calc.exe) >>",))


def pdf_with_a_file_inside() -> bytes:
    """A PDF in which another file is packed."""
    names = "/Names << /EmbeddedFiles << /Names [(a.exe) 4 0 R] >> >>"
    spec = b"<< /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>"
    return pdf(catalogue=names, extra=(spec, b"<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream"))


def infected(text: str = "Safeguarding policy") -> bytes:
    """A PDF that opens and in which a scanner for viruses finds the test virus."""
    return pdf(text) + b"%" + EICAR + b"\n"


def packed(members: dict[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as pack:
        for name, content in members.items():
            pack.writestr(name, content)
    return out.getvalue()


def _office(kind: str, part: str, body: str, more: dict[str, bytes | str] | None = None) -> bytes:
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
    )
    links = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'officeDocument" Target="{part}"/></Relationships>'
    )
    return packed({"[Content_Types].xml": types, "_rels/.rels": links, part: body} | (more or {}))


def docx(text: str = "Safeguarding policy", *, more: dict | None = None, kind: str = WORD) -> bytes:
    """A Word document; `more` are further members of its pack."""
    lines = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.splitlines())
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<?xml version="1.0"?><w:document xmlns:w="{space}"><w:body>{lines}</w:body></w:document>'
    return _office(kind, "word/document.xml", body, more)


def docm() -> bytes:
    """A Word document with macros."""
    return docx(
        kind=WORD.replace("openxmlformats-officedocument.wordprocessingml.document", "ms-word.document.macroEnabled"),
        more={"word/vbaProject.bin": OLE},
    )


def xlsx(text: str = "Name, date, number", *, more: dict | None = None, kind: str = EXCEL) -> bytes:
    """An Excel workbook."""
    body = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    strings = f"<sst><si><t>{escape(text)}</t></si></sst>"
    return _office(kind, "xl/workbook.xml", body, {"xl/sharedStrings.xml": strings} | (more or {}))


def pptx(text: str = "Our induction") -> bytes:
    """A PowerPoint presentation."""
    slide = f'<p:sld xmlns:a="a" xmlns:p="p"><a:t>{escape(text)}</a:t></p:sld>'
    return _office(POWERPOINT, "ppt/presentation.xml", "<p/>", {"ppt/slides/slide1.xml": slide})


def odt(text: str = "Safeguarding policy", *, manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument text, with its type first and unpacked, as the format wants."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        pack.writestr("content.xml", f"<office:text><text:p>{escape(text)}</text:p></office:text>")
        pack.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def locked_office() -> bytes:
    """A Word document with a password: an OLE file that holds an encrypted package."""
    return OLE + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)


def old_word() -> bytes:
    """What .doc and .xls files are."""
    return OLE + bytes(1000) + "WordDocument".encode("utf-16-le") + bytes(1000)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture of one colour."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", size, (29, 79, 115)).save(out, kind)
    return out.getvalue()


def png() -> bytes:
    """A PNG picture."""
    return picture("PNG")


def jpeg() -> bytes:
    """A JPEG picture."""
    return picture("JPEG")


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so many pixels wide and high."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def bomb(megabytes: int = 60) -> bytes:
    """A Word document of some kilobytes that unpacks to many megabytes."""
    return docx(more={"word/media/image1.bmp": bytes(megabytes * 1024 * 1024)})


# What a certificate of the Disclosure and Barring Service says, with a made-up person.
DBS_CERTIFICATE = """Enhanced Certificate Page 1 of 2
Disclosure & Barring Service
Certificate Number 991234567890
Date of Issue: 04 MARCH 2026
Applicant Personal Details
Surname: EXAMPLE Forename(s): ROBIN
Date of Birth: 01 JANUARY 1980 Place of Birth: NOWHERE Gender: F
Employment Details
Position applied for: CHILD WORKFORCE TUTOR
Name of Employer: ASH HOUSE
Countersignatory Details
Registered Person/Body: LARKSHIRE UMBRELLA
Police Records of Convictions, Cautions, Reprimands and Warnings
NONE RECORDED
Information from the list held under Section 142 of the Education Act 2002
NONE RECORDED
DBS Children's Barred List information
NONE RECORDED
Other relevant information disclosed at the Chief Police Officer(s) discretion
NONE RECORDED
"""
DBS_POLICY = """Safer recruitment policy
Everybody who works with our pupils has an enhanced check by the Disclosure and Barring Service with the children's
barred list. We see the original certificate before the first day, write its number and date into the single central
record, and do not keep a copy. An applicant whose certificate shows a conviction is asked about it by the head.
The Police Act 1997 and the code of practice say how certificate information is handled.
"""
