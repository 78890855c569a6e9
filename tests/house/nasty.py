"""What people type, paste and send on purpose, and how a test sends it: used by the house's tests of bad input."""

from __future__ import annotations

import contextlib
import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.core.cache import cache
from django.db import transaction

LONG = "x" * 10_000
# Marks that sort before the ones they follow: putting many of them in order takes Python the square of their number.
UNSORTED_MARKS = "a" + "\u0300" * 60_000 + "\u0334" * 60_000

VALUES = {
    "10,000 characters": LONG,
    "a NUL": "Hazel\x00Workshop",
    "a NUL alone": "\x00",
    "a direction override": "Hazel\u202epohskroW",
    "half a character": "Hazel\ud83d",
    "an emoji": "Hazel \U0001f642",
    "NFC": unicodedata.normalize("NFC", "Café Hazel"),
    "NFD": unicodedata.normalize("NFD", "Café Hazel"),
    "a script": "<script>alert(9)</script>\"'><img src=x onerror=alert(9)>",
    "a template": "{{7*7}}{% debug %}${7*7}%(x)s%n",
    "SQL": "'; drop table accounts_user; --",
    "a huge number": "9" * 40,
    "a number that fills 64 bits": "9223372036854775808",
    "a negative number": "-1",
    "a fraction": "1e400",
    "another number": "²",
    "Arabic digits": "٣٤",
    "a day that is not": "31/02/2026",
    "year 0": "0",
    "year 99999": "99999",
    "a line break": "Hazel\r\nBcc: eve@evil.example",
    "nothing": "",
    "an unknown choice": "no-such-choice",
    "a list": '["provider_lead"]',
    "many marks": UNSORTED_MARKS,
    "an address that grows when folded": f"a@{'İ' * 62}.{'İ' * 62}.{'İ' * 62}.{'İ' * 59}.example",
    "an address with an override": "eve@exa\u202emple.example",
}

# What one database takes and another does not: bytes that it cannot hold, numbers and texts that are too large, days
# that it cannot count.
FOR_A_DATABASE = {"10,000 characters", "a NUL", "half a character", "an emoji", "a huge number", "a fraction"}
FOR_A_DATABASE |= {"a number that fills 64 bits", "a negative number", "a day that is not", "year 0", "year 99999"}
FOR_A_DATABASE |= {"an address that grows when folded", "SQL"}


class Forms(HTMLParser):
    """The forms of a page: method, action, and each field's name with what stands in it."""

    def __init__(self, page: str):
        super().__init__()
        self.forms, self._in, self._area, self._select = [], None, None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self._in = {"method": attrs.get("method", "get").lower(), "action": attrs.get("action") or "", "fields": {}}
            self.forms.append(self._in)
        if self._in is None:
            return
        name, fields = attrs.get("name"), self._in["fields"]
        if tag == "option" and self._select and ("selected" in attrs or not fields[self._select][0]):
            fields[self._select] = [attrs.get("value", "")]
        if not name or name == "csrfmiddlewaretoken":
            return
        if tag in {"input", "button"} and attrs.get("type") in {"checkbox", "radio"}:
            kept = fields.setdefault(name, [])
            if "checked" in attrs or not kept:
                kept.append(attrs.get("value", "on"))
        elif tag in {"input", "button"}:
            fields.setdefault(name, []).append(attrs.get("value", ""))
        elif tag == "textarea":
            fields[name], self._area = [""], name
        elif tag == "select":
            fields[name], self._select = [""], name

    def handle_data(self, data):
        if self._area and self._in is not None:
            self._in["fields"][self._area] = [self._in["fields"][self._area][0] + data]

    def handle_endtag(self, tag):
        if tag == "form":
            self._in = None
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None


def encoded(fields: dict) -> bytes:
    """A form's body, half characters and all: a browser sends none, anybody else can."""
    return urlencode(fields, doseq=True, errors="surrogatepass").encode()


@contextlib.contextmanager
def undone(client):
    """What happens inside is taken back: rows, cookies, counted attempts. Actions still see their transaction as the
    outermost one, as they do in every test."""
    cookies, block = {name: morsel.value for name, morsel in client.cookies.items()}, transaction.atomic()
    block._from_testcase = True
    with block:
        try:
            yield
        finally:
            transaction.set_rollback(True)
            cache.clear()
            client.cookies.clear()
            for name, value in cookies.items():
                client.cookies[name] = value
