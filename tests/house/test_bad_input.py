"""Every address and every form of the portal, given what people type, paste and send on purpose: an answer each time,
never a fault of ours, nothing written where it was refused."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Closure, Invitation, Membership, Organisation, TermDates, User
from lots.models import Framework, KeyDate, Lot, PriceLine
from tests.cast import PASSWORD
from tests.house.nasty import LONG, VALUES, Forms, encoded, undone
from tests.house.test_access import ROWS
from tests.pages import NOT_OPENED_BY_ADDRESS, THIRD_PARTY, Opened, everyone, ours

PAGES = [*ours(ROWS), *THIRD_PARTY]
ONLY_SENT = [
    Opened(name, next((who for who in ("olu", "alice") if row.expected(who) in {200, 302}), "alice"), row.args)
    for name, row in sorted(ROWS.items())
    if row.method == "post"
]
# Pages that show nothing by their address alone.
NO_PAGE = [
    Opened("accept_invitation", "alice"),
    Opened("open_invitation", "alice", lambda world: ["a-secret-that-nobody-sent"]),
    Opened("openid_connect_login", "nobody", lambda world: ["nobody"]),
    Opened("openid_connect_callback", "nobody", lambda world: ["nobody"]),
    Opened("job_state", "max", ROWS["job_state"].args),
]
IN_THE_MIDDLE = NO_PAGE + [
    Opened(name, "alice", (lambda world: [0]) if name in {"mfa_edit_webauthn", "mfa_remove_webauthn"} else None)
    for name in sorted(NOT_OPENED_BY_ADDRESS)
]
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"
SLOW = {"audit_pdf", "audit_chart", "pattern_chart", "framework_timeline"}  # drawn or printed: once each is enough
LISTS = {"organisations", "people", "audit", "audit_csv", "audit_copies", "my_record", "look_alikes", "outbox"}
LISTS |= {"jobs", "frameworks"}
COUNTED = (Organisation, Membership, Invitation, User, TermDates, Closure, Framework, Lot, PriceLine, KeyDate)

# What would be taken, so that one nasty value at a time gets as far as the database.
GOOD = {
    "name": "Hazel Workshop",
    "reason": "Training",
    "no_number_reason": "I teach alone",
    "companies_house": "01234567",
    "street": "1 Station Road",
    "town": "Larkton",
    "postcode": "LA1 1AA",
    "email": "new@new.example",
    "login": "alice@alice.example",
    "password": PASSWORD,
    "oldpassword": PASSWORD,
    "password1": "seven purple otters",
    "code": "123456",
    "starts_on_0": "7",
    "starts_on_1": "9",
    "starts_on_2": "2026",
    "ends_on_0": "8",
    "ends_on_1": "9",
    "ends_on_2": "2026",
    "decision": "different",
    "step": "register",
    "title": "A framework",
    "title_1": "Vocational",
    "day_0": "7",
    "day_1": "9",
    "day_2": "2026",
}
OURS_ALONE = {"held_answers": "1", "held": "1", "next": "/", "step": ""}  # what middleware and views read besides


def opened_by(opened, world, sign_in) -> Client:
    """A browser in which whoever opens this page has just signed in."""
    user = opened.user(world)
    if not user:
        return Client()
    client = sign_in(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "email": user.email}]
    session["second_step"] = True
    session.save()
    return client


def answers_to(client, opened, address) -> dict:
    """What the page's forms hold, made good where we know how."""
    answers = {}
    if opened not in ONLY_SENT:
        page = client.get(address)
        if page.status_code == 200 and "text/html" in page["Content-Type"]:
            for form in Forms(page.content.decode()).forms:
                if form["method"] == "post" and not form["action"].startswith("/account/logout"):
                    answers |= form["fields"]
    return {name: [GOOD[name]] if name in GOOD else values for name, values in answers.items()}


def one_of_each(fields: list[str]) -> list[str]:
    """The fields without those that repeat others: of a form with many rows three (a day's three parts) are enough."""
    alike = Counter()
    kept = []
    for field in fields:
        kind = re.sub(r"[0-9]+", "#", field)
        alike[kind] += 1
        if alike[kind] <= 3:
            kept.append(field)
    return kept


def counts() -> list[int]:
    return [model.objects.count() for model in COUNTED]


def faults_of(client, address, answers, before) -> list[str]:
    """What is wrong with the answer to this POST."""
    faults = []
    with undone(client):
        began = time.process_time()
        try:
            page = client.generic("POST", address, encoded(answers), content_type=FORM)
        except Exception as error:  # whatever it is, it is what we look for
            return [f"{type(error).__name__}: {str(error)[:120]}"]
        if time.process_time() - began > 3:
            faults.append(f"took {time.process_time() - began:.1f} seconds of the processor")
        if page.status_code >= 500:
            faults.append(str(page.status_code))
        if page.status_code == 200 and "text/html" in page["Content-Type"]:
            text = page.content.decode()
            form = (page.context or {}).get("form")
            if "<script>alert(9)" in text or "<img src=x" in text:
                faults.append("gives back markup")
            if getattr(form, "errors", None):
                if "govuk-error-summary" not in text:
                    faults.append("says nothing of what is wrong")
                if counts() != before:
                    faults.append("wrote something that it refused")
    return faults


def others(world) -> dict[str, str]:
    """Keys of rows that belong to somebody else."""
    return {"another organisation": str(world.birch_farm.pk), "another person": str(world.ines.pk)}


@pytest.mark.parametrize("opened", PAGES + ONLY_SENT + IN_THE_MIDDLE, ids=lambda opened: opened.name)
def test_whatever_is_sent_to_a_page_gets_an_answer(opened, world, sign_in):
    """Every value in all fields at once, and each field with every sixth value alone, so that what stands beside it
    is taken and the value gets as far as the database."""
    everyone(world)
    client, address = opened_by(opened, world, sign_in), opened.address(world)
    answers, before = answers_to(client, opened, address), counts()
    found, values = {}, list((VALUES | others(world)).items())
    for kind, value in values if answers else values[::4]:
        sent = dict.fromkeys(answers | OURS_ALONE, value)
        found[kind, "every field"] = faults_of(client, address, sent, before)
        if opened.name in SLOW:
            break
    for number, field in enumerate(one_of_each(sorted(answers))):
        for kind, value in values[number % 6 :: 6]:
            found[kind, field] = faults_of(client, address, answers | {field: value}, before)
        found["twice", field] = faults_of(client, address, answers | {field: [*answers[field], "two", LONG]}, before)
        left = {name: value for name, value in answers.items() if name != field}
        found["left out", field] = faults_of(client, address, left, before)

    assert {what: faults for what, faults in found.items() if faults} == {}


GET_NAMES = ["after", "before", "words", "kind", "role", "person", "action", "first", "last", "thing", "state", "queue"]
GET_NAMES += ["decision", "others", "next", "process", "code", "error", "page", "id"]


def keys_of_pages() -> list[str]:
    """Keys of a list's page that nobody gave out."""
    import base64
    import json

    moments = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00", "2026-01-01", "NaN"]
    firsts = [*moments, "\ud800", "\x00", "İ", "9" * 30, "-1", "1e5", "٣", "open"]
    keys = [[first, last] for first in firsts for last in ("1", "9" * 25)]
    keys += [[first, "a", "1"] for first in firsts] + [["1"], ["\ud800"], [], [[]], {}, None]
    encoded = [base64.urlsafe_b64encode(json.dumps(key).encode()).decode() for key in keys]
    return [*encoded, "====", "é", base64.urlsafe_b64encode(b"[" * 1500).decode()]


@pytest.mark.parametrize("opened", PAGES, ids=lambda opened: opened.name)
def test_whatever_stands_behind_the_question_mark_gets_an_answer(opened, world, sign_in):
    from urllib.parse import quote, urlencode

    everyone(world)
    client, address = opened_by(opened, world, sign_in), opened.address(world)
    queries = [
        urlencode(dict.fromkeys(GET_NAMES, value), errors="surrogatepass")
        for value in [*VALUES.values(), *others(world).values()]
        if len(value) < 4000
    ]
    queries += [urlencode({"after": key}) for key in keys_of_pages()]
    queries += [urlencode({"before": key}) for key in keys_of_pages()[:4]]
    queries += ["&".join(f"{name}={raw}" for name in GET_NAMES) for raw in ("%ff", "%00", "%", "%ed%a0%80", "a&b&=&==")]
    queries += ["after=1&after=2&words=1&words=2&role=a&role=b", "&" * 500, quote("\u202e"), f"{10**30}", "words[]=1"]
    found = {}
    for query in queries[-2:] if opened.name in SLOW else queries if opened.name in LISTS else queries[::10]:
        with undone(client):
            try:
                page = client.get(f"{address}?{query}")
                if page.status_code >= 500:
                    found[query[:200]] = page.status_code
                elif not page.streaming and b"<script>alert(9)" in page.content:
                    found[query[:200]] = "gives back markup"
                elif page.streaming:
                    b"".join(page.streaming_content)
            except Exception as error:
                found[query[:200]] = f"{type(error).__name__}: {str(error)[:200]}"

    assert found == {}


WHOLE = ["0", "1" * 30, "1" * 5000, "9223372036854775808", "-1", "٣", "²", "1%00", "%ff", "..%2f", "1e3", "%ed%a0%80"]


@pytest.mark.parametrize("opened", [*PAGES, *ONLY_SENT, *IN_THE_MIDDLE], ids=lambda opened: opened.name)
def test_whatever_stands_in_the_path_gets_an_answer(opened, world, sign_in):
    everyone(world)
    client = opened_by(opened, world, sign_in)
    args = [str(arg) for arg in opened.args(world)] if opened.args else []
    address = reverse(opened.name, args=args)
    found = {}
    for number, arg in enumerate(args):
        head, middle, tail = address.partition(f"/{arg}/") if number == 0 else address.rpartition(f"/{arg}/")
        for value in [*WHOLE, "%0d%0aSet-Cookie:a=b", "%3Cscript%3Ealert(9)%3C%2Fscript%3E", "%e2%80%ae", "a" * 4000]:
            for method in ("get", "post"):
                if not middle:
                    continue
                with undone(client):
                    path = f"{head}/{value}/{tail}"
                    try:
                        page = getattr(client, method)(path)
                        if page.status_code >= 500 or b"<script>alert(9)" in page.content:
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


# Pages that only show something: what reads a body before them is the same for all, so a few bodies are enough.
READ_ALONE = {name for name in ROWS if name.startswith(("audit", "outbox", "pattern", "term_dates", "usersessions"))}
READ_ALONE |= {"home", "help", "cookies", "privacy", "accessibility", "theme", "healthz", "readyz", "organisation"}
READ_ALONE |= {"organisations", "people", "my_record", "your_account", "look_alikes"}
OFTEN = {"JSON", "cut off", "a NUL in a file's name", "bytes that are not text"}


@pytest.mark.parametrize("opened", PAGES + ONLY_SENT + IN_THE_MIDDLE, ids=lambda opened: opened.name)
def test_whatever_a_body_is_made_of_gets_an_answer(opened, world, sign_in):
    everyone(world)
    client, address = opened_by(opened, world, sign_in), opened.address(world)
    before, found = counts(), {}
    for kind, (content_type, body) in BODIES.items():
        if opened.name in SLOW and kind != "JSON":
            continue
        if opened.name in READ_ALONE and kind not in OFTEN:
            continue
        with undone(client):
            try:
                page = client.generic("POST", address, body, content_type=content_type)
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


def test_this_file_looks_at_every_address():
    from django.utils.module_loading import import_string

    third_party = import_string("apframework.doors.THIRD_PARTY")

    assert {opened.name for opened in PAGES + ONLY_SENT + IN_THE_MIDDLE} >= set(ROWS) | set(third_party)
