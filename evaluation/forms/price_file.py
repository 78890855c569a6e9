"""A list of prices to be checked: a CSV or an Excel workbook, and the margin."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import openpyxl
from django import forms
from django.core.exceptions import ValidationError

from evaluation.rules import price_file as rules
from evaluation.rules.price_file import BadPriceFile, Fault
from files.look import look
from files.rules.refusals import Refused
from files.states import FileKind

MOST_MEGABYTES = 2
MOST_BYTES = MOST_MEGABYTES * 1024**2
MOST_ROWS = 5_000
_WIDEST = 50  # columns of a sheet that are looked at
_LAST_ROW = 100_000
_PACK = b"PK\x03\x04"
_MORE = "There may be more. Mend these first"


class PriceFileForm(forms.Form):
    """A file, or the prices of one that was read before (`rows`), and the margin. After `is_valid`, `prices` holds what
    was read. Where only the margin is wrong, the prices that were read stay in the page."""

    file = forms.FileField(label="The list of prices", required=False, allow_empty_file=True)
    rows = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    margin = forms.CharField(
        label="Margin above the average, in per cent",
        help_text="A whole number. A price passes up to this much above the average of its pool, the limit included",
        max_length=20,
        initial=str(rules.MARGIN),
        error_messages={"required": "Enter the margin, like 20"},
    )

    prices: list[rules.Price]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.prices = []
        self.fields["file"].help_text = f"CSV or Excel (.xlsx), {MOST_MEGABYTES} MB and {MOST_ROWS:,} prices at most"

    @property
    def kept(self) -> str:
        """The prices as they were read, for the page to hold."""
        return rules.as_csv(self.prices) if self.prices else ""

    def clean_margin(self):
        try:
            return rules.margin_of(self.cleaned_data["margin"])
        except ValueError as wrong:
            raise ValidationError(str(wrong), code="margin") from None

    def clean(self):
        file = self.cleaned_data.get("file")
        if "file" in self.errors:
            return
        try:
            if file is not None:
                self.prices = read(file)
            elif rows := self.cleaned_data.get("rows"):
                self.prices = rules.read_csv(io.BytesIO(rows.encode("utf-8", "replace")), most=MOST_ROWS)
            else:
                self.add_error("file", "Select a file")
        except Refused as refusal:
            self.add_error("file", str(refusal))
        except BadPriceFile as bad:
            words = [str(fault) for fault in bad.faults]
            self.add_error("file", words + [_MORE] * bad.more)


def read(file) -> list[rules.Price]:
    """The prices of an uploaded file. Raises `BadPriceFile`, or `Refused` for a file that is damaged or does harm."""
    if file.size > MOST_BYTES:
        raise BadPriceFile(Fault(0, f"The file is larger than {MOST_MEGABYTES} MB. Check it in parts, each pool whole"))
    file.seek(0)
    is_pack = file.read(len(_PACK)) == _PACK
    file.seek(0)
    if not is_pack:
        return rules.read_csv(file, most=MOST_ROWS)
    if look(file, size=file.size).kind != FileKind.XLSX:
        raise BadPriceFile(Fault(0, "The file is neither CSV nor Excel (.xlsx). Save the list as one of them"))
    file.seek(0)
    return rules.read_rows(_rows(file), most=MOST_ROWS)


def _rows(file) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet as text. Formulas are not worked out: the text of one is refused by the rules."""
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=_WIDEST, max_row=_LAST_ROW, values_only=True), start=1):
            yield number, [_text(value) for value in row]
    except (GeneratorExit, BadPriceFile):
        raise
    except Exception:
        # A damaged workbook breaks wherever the library first needs what is not there.
        raise BadPriceFile(Fault(0, "The workbook cannot be read. Save it again, or as “CSV UTF-8”")) from None


def _text(value) -> str:
    """A cell as the spreadsheet shows it. Excel knows fifteen digits of a number: 45.099999999999994, which it worked
    out, is 45.1 to it and to us; 45.005 stays 45.005, and is refused."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return f"{value:.15g}" if isinstance(value, float) else str(value)
