"""The price check of a list as a page: nothing is kept, and what was read stays in the page."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evaluation.forms import price_file as forms
from evaluation.forms.price_file import PriceFileForm
from evaluation.rules.price_file import BadPriceFile
from files.rules.refusals import Refused

FILE = 'pool,provider,price\nLot 1,Ash House,40\nLot 1,Birch Farm,42\nLot 1,Cedar,45\nLot 1,"<b>D",60\nLot 2,-Elm,7\n'


def workbook(*rows, **more) -> bytes:
    book = openpyxl.Workbook()
    for row in [("pool", "provider", "price"), *rows]:
        book.active.append(row)
    for title, value in more.items():
        book.create_sheet(title).append([value])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(content: str | bytes, name: str = "prices.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


@pytest.fixture
def send(world, sign_in):
    client = sign_in(world.max)
    return lambda **fields: client.post(reverse("check_prices"), {"margin": "20"} | fields)


def rows_in(page) -> str:
    return html.unescape(re.search(r'name="rows" value="([^"]*)"', page.content.decode())[1])


def test_a_list_is_checked_tried_with_another_margin_and_taken_away(send):
    page = send(file=upload(FILE))
    text = page.content.decode()

    assert "5 prices in 2 pools: 1 fails with a margin of 20%" in text
    assert "average £46.7500 (exactly 187/4)" in text
    assert "&lt;b&gt;D" in text
    assert "Only bidder" in text

    again = send(rows=rows_in(page), margin="30")
    taken = send(rows=rows_in(page), **{"as": "csv"})
    [first, *_, last] = csv.reader(io.StringIO(b"".join(taken.streaming_content).decode("utf-8-sig")))
    facts = json.loads(send(rows=rows_in(page), **{"as": "json"}).content)

    assert "5 prices in 2 pools: none fail with a margin of 30%" in again.content.decode()
    assert first == ["pool", "provider", "price", "n", "mean", "mean_exact", "limit", "passes", "flags"]
    assert last == ["Lot 2", "'-Elm", "7.00", "1", "7.0000", "7", "8.40", "yes", "sole_bidder"]
    assert [row["passes"] for row in facts] == [True, True, True, False, True]


def test_what_is_wrong_with_the_list_is_told_by_line_and_the_margin_stays(send):
    text = send(file=upload("pool,provider,price\nL1,Ash,1e3\nL1,,45\n"), margin="35").content.decode()

    assert "Line 2: “1e3” is not a price" in text
    assert "Line 3: There is no provider" in text
    assert 'value="35"' in text


def test_what_is_wrong_with_the_margin_keeps_the_prices(send):
    page = send(file=upload(FILE), margin="20.5")

    assert "Enter the margin as a whole number from 0 to 100, like 20" in page.content.decode()
    assert "5 prices of your list are still here" in page.content.decode()
    assert "1 fails" in send(rows=rows_in(page)).content.decode()


def test_nothing_chosen(send):
    assert "Select a file" in send().content.decode()


@pytest.mark.parametrize(
    ("price", "pence"),
    [(45, 4500), (45.1, 4510), (45.0, 4500), (45.099999999999994, 4510), ("£1,234.50", 123450), (" 45 ", 4500)],
)
def test_prices_of_a_workbook(price, pence):
    file = upload(workbook(("Lot 1", 7, price), (None, None, None), (None, "", " ")), "prices.xlsx")

    assert [tuple(one) for one in forms.read(file)] == [(2, "Lot 1", "7", pence)]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("Lot 1", "Ash", "=40+5"), "Line 2: The price is a formula"),
        (("Lot 1", "=A1", 45), "Line 2: The provider is a formula"),
        (("Lot 1", "Ash", 45.005), r"Line 2: “45\.005” is not a price"),
        (("Lot 1", "Ash", 1e20), r"Line 2: “1e\+20” is not a price"),
        (("Lot 1", "Ash", True), "Line 2: “TRUE” is not a price"),
        (("Lot 1", "Ash", dt.date(2026, 5, 4)), "Line 2: “2026-05-04T00:00:00” is not a price"),
        (("Lot 1", "Ash", -1), "Line 2: “-1” is not a price"),
        (("Lot 1", "Ash", None), "Line 2: There is no price"),
    ],
)
def test_what_a_workbook_may_not_hold(row, words):
    with pytest.raises(BadPriceFile, match=words):
        forms.read(upload(workbook(row), "prices.xlsx"))


def _bare_pack(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for name, text in members.items():
            pack.writestr(name, text)
    return out.getvalue()


def _hollow() -> bytes:
    """A workbook of the right kind whose sheet is not there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(("Lot 1", "Ash", 45)))) as whole, zipfile.ZipFile(out, "w") as pack:
        for info in whole.infolist():
            pack.writestr(info, b"<no" if info.filename.endswith("sheet1.xml") else whole.read(info))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        _bare_pack(nothing="here"),
        workbook(("Lot 1", "Ash", 45))[:-30],
        _hollow(),
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"\xff\xfe\x00",
        b"",
        b"x" * (forms.MOST_BYTES + 1),
        b"pool,provider,price\n" + b"".join(b"L%d,A,1\n" % n for n in range(forms.MOST_ROWS + 1)),
    ],
)
def test_no_file_does_harm(content):
    with pytest.raises((BadPriceFile, Refused)):
        forms.read(upload(content))


def test_a_damaged_workbook_is_told_in_the_form():
    form = PriceFileForm({"margin": "20"}, {"file": upload(_bare_pack(nothing="here"), "a.xlsx")})

    assert not form.is_valid()
    assert form.kept == ""


def test_the_picture_of_a_pool_says_what_it_shows(send):
    text = send(file=upload(FILE)).content.decode()

    assert (
        'alt="Pool: Lot 1. 4 prices from £40.00 to £60.00. The average is £46.7500, the limit £56.10. '
        '1 price outside the limit."' in text
    )
    assert text.count('src="data:image/svg+xml;base64,') == 2
