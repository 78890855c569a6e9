"""Every address of the portal, with what stands in and behind it, and every way to ask for it, given what people and
programs send on purpose: an answer each time, never a fault of ours."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD
from tests.house.fuzz import EVERY_PAGE, FORM, LISTS, PAGES, SLOW, counts, opened_by, rounds, values
from tests.house.nasty import LONG, undone
from tests.house.test_access import ROWS
from tests.pages import everyone, read

MULTIPART = "multipart/form-data; boundary=B"
GET_NAMES = ["after", "before", "words", "kind", "role", "person", "action", "first", "last", "thing", "state", "queue"]
GET_NAMES += ["decision", "others", "next", "process", "code", "error", "page", "id"]


def keys_of_pages() -> list[str]:
    """Keys of a list's page that nobody gave out."""
    moments = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00", "2026-01-01", "NaN"]
    firsts = [*moments, "\ud800", "\x00", "İ", "9" * 30, "-1", "1e5", "٣", "open"]
    keys = [[first, last] for first in firsts for last in ("1", "9" * 25)]
    keys += [[first, "a", "1"] for first in firsts] + [["1"], ["\ud800"], [], [[]], {}, None]
    encoded = [base64.urlsafe_b64encode(json.dumps(key).encode()).decode() for key in keys]
    return [*encoded, "====", "é", base64.urlsafe_b64encode(b"[" * 1500).decode()]


@pytest.mark.parametrize("opened", PAGES, ids=lambda opened: opened.name)
def test_whatever_stands_behind_the_question_mark_gets_an_answer(opened, world, sign_in):
    everyone(world)
    client, address = opened_by(opened, world, sign_in), opened.address(world)
    short = [(kind, value) for kind, value in values(world) if len(value) < 4000]
    many = 12 if opened.name in LISTS else 2
    queries = [
        urlencode({name: value for name, (_, value) in some.items()}, errors="surrogatepass")
        for some in list(rounds(GET_NAMES, short, many))[:many]
    ]
    queries += ["&".join(f"{name}={raw}" for name in GET_NAMES) for raw in ("%00", "%ed%a0%80")]
    if opened.name in LISTS:
        queries += [urlencode({"after": key}) for key in keys_of_pages()]
        queries += [urlencode({"before": key}) for key in keys_of_pages()[:4]]
        queries += ["&".join(f"{name}={raw}" for name in GET_NAMES) for raw in ("%ff", "%", "a&b&=&==")]
        queries += ["after=1&after=2&words=1&words=2&role=a&role=b", "&" * 500, quote("\u202e")]
        queries += [f"{10**30}", "words[]=1"]
    found = {}
    for query in queries[:2] if opened.name in SLOW else queries:
        with undone(client):
            try:
                page = read(client.get(f"{address}?{query}"))
                if page.status_code >= 500:
                    found[query[:200]] = page.status_code
                elif not page.streaming and b"<script>alert(9)" in page.content:
                    found[query[:200]] = "gives back markup"
            except Exception as error:
                found[query[:200]] = f"{type(error).__name__}: {str(error)[:200]}"

    assert found == {}


NUMBERS = ["0", "1" * 30, "1" * 5000, "9223372036854775808"]
NO_NUMBERS = [
    "-1",
    "٣",
    "²",
    "1%00",
    "%ff",
    "..%2f",
    "1e3",
    "%ed%a0%80",
    "%0d%0aSet-Cookie:a=b",
    "%e2%80%ae",
    "a" * 4000,
]
NO_NUMBERS += ["%3Cscript%3Ealert(9)%3C%2Fscript%3E"]
IN_A_PATH = [opened for opened in EVERY_PAGE if opened.args]


@pytest.mark.parametrize("opened", IN_A_PATH, ids=lambda opened: opened.name)
def test_whatever_stands_in_the_path_gets_an_answer(opened, world, sign_in):
    """Where a number is asked for the address lets nothing else through, which is shown once for each page."""
    everyone(world)
    client = opened_by(opened, world, sign_in)
    args = [str(arg) for arg in opened.args(world)] if opened.args else []
    address = reverse(opened.name, args=args)
    found = {}
    for number, arg in enumerate(args):
        head, middle, tail = address.partition(f"/{arg}/") if number == 0 else address.rpartition(f"/{arg}/")
        whole = arg.isdecimal()
        for value in NUMBERS + (NO_NUMBERS[number::12] if whole else NO_NUMBERS):
            for method in ("get",) if whole and value != NUMBERS[-1] else ("get", "post"):
                if not middle:
                    continue
                with undone(client):
                    path = f"{head}/{value}/{tail}"
                    try:
                        page = read(getattr(client, method)(path))
                        if page.status_code >= 500 or (not page.streaming and b"<script>alert(9)" in page.content):
                            found[method, path[:200]] = page.status_code
                    except Exception as error:
                        found[method, path[:200]] = f"{type(error).__name__}: {str(error)[:200]}"

    assert found == {}


def _multipart(*parts: bytes, end: bytes = b"--B--\r\n") -> bytes:
    return b"".join(b"--B\r\n" + part + b"\r\n" for part in parts) + end


def _file(name: bytes, field: bytes = b"file", body: bytes = b"x") -> bytes:
    head = b'Content-Disposition: form-data; name="' + field + b'"; filename="' + name + b'"\r\n'
    return head + b"Content-Type: text/csv\r\n\r\n" + body


BODIES = {
    "JSON": ("application/json", b'{"login": ["a", {"b": 1}], "name": null}'),
    "plain text": ("text/plain", b"login=a"),
    "no type": ("", b"login=a&name=b"),
    "a strange type": ("\xff; charset=\xff", b"login=a"),
    "another alphabet": (f"{FORM}; charset=utf-16", "login=a&name=b".encode("utf-16")),
    "an unknown alphabet": (f"{FORM}; charset=no-such", b"login=a&name=b"),
    "bytes that are not text": (
        FORM,
        b"login=%ff&name=%fe&email=\xff\xfe&code=%ed%a0%80&%ff=1&words=%00&held_answers=%ff",
    ),
    "signs alone": (FORM, b"&&&===&;;;%%%"),
    "no boundary": ("multipart/form-data", _multipart(b'Content-Disposition: form-data; name="name"\r\n\r\na')),
    "a boundary that is not there": ("multipart/form-data; boundary=OTHER", _multipart(_file(b"a.csv"))),
    "an endless boundary": (f"multipart/form-data; boundary={'b' * 300}", b"--" + b"b" * 300),
    "cut off": (MULTIPART, _multipart(_file(b"a.csv"), end=b"")[:-6]),
    "cut off in a heading": (MULTIPART, b"--B\r\nContent-Disposition: form-d"),
    "bad base64": (
        MULTIPART,
        _multipart(b'Content-Disposition: form-data; name="name"\r\nContent-Transfer-Encoding: base64\r\n\r\n*a*=b'),
    ),
    "a NUL in a file's name": (MULTIPART, _multipart(_file(b"a\x00b.csv"), _file(b"\x00", b"links"))),
    "a line in a file's name": (MULTIPART, _multipart(_file(b"a%0d%0ab.csv"), _file(b"a\nb", b"links"))),
    "a path in a file's name": (MULTIPART, _multipart(_file(b"../../../etc/passwd"), _file(b"..", b"links"))),
    "a file's name in no alphabet": (MULTIPART, _multipart(_file(b"\xff\xfe.csv"), _file(b"", b"links"))),
    "a file where text is asked for": (
        MULTIPART,
        _multipart(*[_file(b"a", field) for field in (b"name", b"email", b"login", b"password", b"roles", b"code")]),
    ),
    "a field with no name": (MULTIPART, _multipart(b"Content-Disposition: form-data\r\n\r\na")),
    "5,000 fields": (FORM, b"&".join(b"f%d=1" % number for number in range(5000))),
    "6 MB": (FORM, b"name=" + b"a" * 6_000_000),
    "many marks in one field": (FORM, b"name=a" + "\u0300".encode() * 60_000 + "\u0334".encode() * 60_000),
}


# What reads a body is the same for all pages, but for those that take files. So every body is sent to these pages, and
# to the others what a page could trip over by itself.
EVERY_BODY = {"account_login", "register_provider"}
ON_EVERY_PAGE = {"JSON", "a NUL in a file's name", "bytes that are not text", "a file where text is asked for"}


def takes_files(opened, client, address) -> bool:
    page = read(client.get(address)) if opened in PAGES else None
    return page is not None and not page.streaming and b"multipart/form-data" in page.content


@pytest.mark.once
@pytest.mark.parametrize("opened", EVERY_PAGE, ids=lambda opened: opened.name)
def test_whatever_a_body_is_made_of_gets_an_answer(opened, world, sign_in):
    everyone(world)
    client, address = opened_by(opened, world, sign_in), opened.address(world)
    before, found, kinds = counts(), {}, ON_EVERY_PAGE
    if opened.name in SLOW:
        kinds = {"JSON"}
    elif opened.name in EVERY_BODY or takes_files(opened, client, address):
        kinds = set(BODIES)
    for kind in sorted(kinds):
        content_type, body = BODIES[kind]
        with undone(client):
            try:
                page = read(client.generic("POST", address, body, content_type=content_type))
                if page.status_code >= 500:
                    found[kind] = page.status_code
                if page.status_code in {400, 413} and counts() != before:
                    found[kind] = "wrote something that it refused"
            except Exception as error:
                found[kind] = f"{type(error).__name__}: {str(error)[:200]}"

    assert found == {}


COOKIES = {
    "a NUL": '"\\000\\000\\000\\000\\000\\000\\000\\000"',
    "10,000 characters": LONG,
    "half a character": '"\\355\\240\\200abcdefgh"',
    "a path": "../../../../etc/passwd",
    "SQL": "'; drop table django_session; --",
    "a script": "<script>alert(9)</script>",
    "nothing": "",
}


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "messages"])
@pytest.mark.parametrize("kind", COOKIES)
def test_whatever_a_cookie_holds_gets_an_answer(world, cookie, kind):
    client = Client()
    headers = {"HTTP_COOKIE": f"{cookie}={COOKIES[kind]}"}

    answers = [
        client.get(reverse("home"), **headers).status_code,
        client.get(reverse("organisations"), **headers).status_code,
        client.post(reverse("account_login"), {"login": "a@b.example", "password": "p"}, **headers).status_code,
    ]

    assert answers == [200, 302, 200]


HEADERS = {
    "HTTP_USER_AGENT": [LONG, "a\x00b", "\xff\xfe", "<script>alert(9)</script>", ""],
    "HTTP_REFERER": [LONG, "http://evil.example/", "a\x00b", "//["],
    "HTTP_ACCEPT_LANGUAGE": [LONG, "a\x00b", "xx-" * 400, "*;q=9"],
    "HTTP_X_FORWARDED_FOR": [LONG, "a\x00b", "1.2.3.4, " * 500, "[::1", "::1%lo"],
    "REMOTE_ADDR": ["", "not an address", "::ffff:1.2.3.4", "fe80::1%eth0"],
    "HTTP_ORIGIN": ["null", "http://[", LONG],
    "HTTP_IF_MODIFIED_SINCE": ["a", "\x00"],
    "HTTP_RANGE": ["bytes=0-0,1-1", "bytes=-1"],
    "HTTP_X_HTTP_METHOD_OVERRIDE": ["DELETE"],
}


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("proxies", [0, 1])
def test_whatever_a_header_holds_gets_an_answer(world, settings, header, proxies):
    settings.TRUSTED_PROXIES = proxies
    nora = {"login": world.nora.email, "password": PASSWORD}

    for value in HEADERS[header]:
        client = Client(**{header: value})
        assert client.get(reverse("home")).status_code == 200
        assert client.get(reverse("audit", args=[world.ash_house.pk])).status_code == 302
        assert client.post(reverse("account_login"), nora).status_code == 302


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_whatever_way_a_page_is_asked_for_it_answers(world, sign_in, method):
    client = sign_in(world.alice)
    for name in ("home", "organisations", "register_provider", "my_record", "account_login", "account_logout"):
        assert client.generic(method, reverse(name)).status_code < 500


def test_every_page_that_is_looked_at_closer_is_one():
    names = {opened.name for opened in EVERY_PAGE}

    assert names >= EVERY_BODY | SLOW
    assert {opened.name for opened in PAGES} >= LISTS
    assert names >= set(ROWS)
