"""PDFs: tagged, the same each time, and closed to everything that is not ours."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import socket
import urllib.request
import zlib

import pypdfium2
import pytest
from django.template import engines
from weasyprint.urls import FatalURLFetchingError

from core import charts, pdf

AT = dt.datetime(2026, 3, 2, 12, 30, tzinfo=dt.UTC)
PAGE = """{% extends "pdf/base.html" %}{% block title %}A letter{% endblock %}
{% block content %}<h1>A letter</h1>BODY{% endblock %}"""


@pytest.fixture
def made(monkeypatch):
    """`made("<p>…")` gives the PDF of a template with this body."""

    def make(body="<p>Dear {{ name }}</p>", context=None, **options):
        template = engines["django"].from_string(PAGE.replace("BODY", body))
        monkeypatch.setattr(pdf, "render_to_string", lambda name, context: template.render(context))
        return pdf.render("letter.html", {"name": "Bob"} | (context or {}), at=AT, **options)

    return make


def text_of(document: bytes) -> str:
    opened = pypdfium2.PdfDocument(document)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in opened)
    finally:
        opened.close()


def inside(document: bytes) -> bytes:
    """The file with its compressed parts unfolded."""
    parts = [document]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", document, flags=re.S):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompress(found[1]))
    return b"\n".join(parts)


def test_a_pdf_is_tagged_titled_and_in_english(made):
    document = made()

    assert "Dear Bob" in text_of(document)
    whole = inside(document)
    assert b"pdfuaid:part" in whole
    assert b"/StructTreeRoot" in whole
    assert b"/Marked true" in whole
    assert b"/Lang (en-GB)" in whole


def test_the_same_page_gives_the_same_bytes(made):
    assert made() == made()
    assert made() != made(context={"name": "Alice"})


@pytest.mark.parametrize(
    "body",
    [
        '<img src="https://evil.example/a.png">',
        '<img src="http://127.0.0.1/a.png">',
        '<img src="file:///etc/hostname">',
        '<img src="/etc/hostname">',
        '<img src="asset:///../settings.py">',
        '<img src="asset:///fonts/../../../manage.py">',
        '<img src="picture:///other">',
        '<img src="data:image/png;base64,AAAA">',
        '<link rel="stylesheet" href="https://evil.example/a.css">',
        '<style>@import url("https://evil.example/a.css");</style>',
        '<style>body { background: url("file:///etc/hostname") }</style>',
        '<link rel="attachment" href="file:///etc/hostname">',
    ],
)
def test_a_pdf_loads_nothing_but_what_is_ours(made, monkeypatch, body):
    def refuse(*_):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    with pytest.raises(FatalURLFetchingError) as refused:
        made(body, pictures={"plot": b""})

    assert isinstance(refused.value.__cause__, pdf.Refused)


def test_a_picture_cannot_load_another(made, monkeypatch):
    """WeasyPrint leaves out what a picture asks for and goes on; nothing is opened."""
    opened = []
    for opener in ("file_open", "open_local_file"):
        monkeypatch.setattr(urllib.request.FileHandler, opener, lambda self, request: opened.append(request))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: opened.append("socket"))
    for address in ("file:///etc/hostname", "http://127.0.0.1/a.png"):
        picture = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{address}"/></svg>'

        made('<img src="picture:///plot" alt="">', pictures={"plot": picture.encode()})

    assert opened == []


def test_a_picture_is_shown_by_its_name(made):
    chart = charts.Chart("Places", "Lot 1 has most.", "Lot", "Places", ("Lot 1",), (charts.Series("Places", (4,)),))

    document = made('<img src="picture:///plot" alt="Lot 1 has most.">', pictures={"plot": charts.bars(chart)})

    assert len(document) > len(made("<p></p>"))
    assert b"/Alt (Lot 1 has most.)" in inside(document)


def test_the_answer_is_a_file_to_save():
    answer = pdf.response("a.pdf", b"%PDF")

    assert (answer.content, answer["Content-Disposition"]) == (b"%PDF", 'attachment; filename="a.pdf"')
