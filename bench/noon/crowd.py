"""Bidders at the door: each a thread with a browser's manners and nothing of ours but the addresses."""

from __future__ import annotations

import contextlib
import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

PATIENCE = 15  # seconds that one answer may take


@dataclass
class Bidder:
    """One application with the session of whoever leads its provider. Times are seconds of this machine's clock."""

    application: int
    cookies: dict[str, str]
    fields: list[tuple[str, str]] = field(default_factory=list)
    action: str = ""
    begins: float = 0.0
    answered_in: float | None = None
    tries: int = 0
    receipt: str = ""
    told_late: bool = False
    statuses: list[int] = field(default_factory=list)
    reference: str = ""
    sha256: str = ""


class _Form(HTMLParser):
    """The form that submits: its address, and the fields that a browser would send with it."""

    def __init__(self):
        super().__init__()
        self.forms, self._in = [], None

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "form":
            self._in = {
                "action": facts.get("action") or "",
                "method": (facts.get("method") or "get").lower(),
                "fields": [],
            }
            self.forms.append(self._in)
        elif tag == "input" and self._in is not None and facts.get("name"):
            kind = facts.get("type", "text")
            if kind == "checkbox" or (kind == "radio" and "checked" not in facts):
                if kind == "checkbox":
                    self._in["fields"].append((facts["name"], facts.get("value", "on")))
                return
            if kind != "submit":
                self._in["fields"].append((facts["name"], facts.get("value") or ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._in = None


def ask(port: int, method: str, path: str, cookies: dict[str, str], fields=None):
    """(status, headers, body) of one request. Raises OSError or HTTPException when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    body = None
    if fields is not None:
        body = urlencode(fields)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    with contextlib.closing(connection):
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            cookies[name.strip()] = value.strip()
        return answer.status, dict(answer.headers), text


def forms_of(text: str) -> list[dict]:
    """The forms of a page."""
    page = _Form()
    page.feed(text)
    return page.forms


def look_at_check_page(port: int, bidder: Bidder, path: str) -> None:
    """Open "check your answers" and keep the form that submits."""
    status, _, text = ask(port, "GET", path, bidder.cookies)
    form = form_that_submits(text)
    if form is None:
        raise RuntimeError(f"No form that submits on {path}: {status} {text[:300]}")
    bidder.action, bidder.fields = form["action"] or path, form["fields"]


def form_that_submits(text: str) -> dict | None:
    """The one with an idempotency key."""
    posted = (form for form in forms_of(text) if form["method"] == "post")
    return next((form for form in posted if "key" in dict(form["fields"])), None)


def submit(port: int, bidder: Bidder, *, at: float, until: float, pause: float, after: float) -> None:
    """Submit at `at`; as long as nobody answers, or with a fault, again with the same key, until `until`. A bidder who
    is told that the deadline has passed tries on where `after` is later than now."""
    bidder.begins = at
    time.sleep(max(0, at - time.time()))
    first = time.time()
    while time.time() < until:
        bidder.tries += 1
        try:
            status, headers, text = ask(port, "POST", bidder.action, bidder.cookies, bidder.fields)
        except (OSError, http.client.HTTPException):
            time.sleep(pause)
            continue
        bidder.statuses.append(status)
        if status == 302 and "/receipt/" in headers.get("Location", ""):
            bidder.receipt = headers["Location"]
            bidder.answered_in = time.time() - first
            return
        if status < 500:
            bidder.told_late = "deadline" in text.lower() or "closed" in text.lower()
            if bidder.answered_in is None:
                bidder.answered_in = time.time() - first
            if time.time() > after:
                return
        time.sleep(pause)


def read_receipt(port: int, bidder: Bidder) -> None:
    """Open the receipt, and keep what it says."""
    _, _, text = ask(port, "GET", bidder.receipt, bidder.cookies)
    bidder.sha256, bidder.reference = on_receipt(text)


def on_receipt(text: str) -> tuple[str, str]:
    """The hash and the reference that a receipt shows; empty where it shows none."""
    hashes = re.findall(r"\b[0-9a-f]{64}\b", text.replace("<wbr>", ""))
    found = re.findall(r"\b[A-Z0-9]{2,}(?:-[A-Z0-9]{2,}){1,4}\b", text)
    return hashes[0] if hashes else "", found[0] if found else ""


def all_at_once(work, people, *, threads: int | None = None) -> None:
    """`work(person)` for everybody, each in a thread of its own, or `threads` at a time. Raises the first fault."""
    waiting, faults, lock = list(people), [], threading.Lock()

    def go():
        while True:
            with lock:
                if not waiting:
                    return
                person = waiting.pop(0)
            try:
                work(person)
            except Exception as fault:
                faults.append(fault)

    crowd = [threading.Thread(target=go, daemon=True) for _ in range(threads or len(waiting))]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    if faults:
        raise faults[0]
