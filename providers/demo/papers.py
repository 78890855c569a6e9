"""Small real PDFs, made in code: one page each, with a text layer."""

from __future__ import annotations

import io
import textwrap

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

WIDTH, HEIGHT = 595, 842  # points: A4


def pdf(title: str, text: str) -> bytes:
    """One page with a title and a text."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(WIDTH, HEIGHT))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = made.make_stream(_drawn(title, text))
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def _drawn(title: str, text: str) -> bytes:
    lines = [line for part in text.splitlines() for line in textwrap.wrap(part, 85) or [""]]
    written = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    whole = f"BT /F1 18 Tf 60 770 Td ({_escaped(title)}) Tj ET\nBT /F1 11 Tf 16 TL 60 735 Td\n{written}ET"
    return whole.encode("cp1252", "replace")


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def upload(title: str, text: str) -> SimpleUploadedFile:
    """The PDF as a browser would send it."""
    return SimpleUploadedFile(f"{title}.pdf", pdf(title, text), content_type="application/pdf")
