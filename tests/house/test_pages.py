"""What every page and every template has, whoever wrote it."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.test_access import ROWS
from tests.pages import NOT_OPENED_BY_ADDRESS, THIRD_PARTY, everyone, ours, read

TEMPLATES = Path(settings.BASE_DIR) / "templates"
REFUSED = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "an address of javascript": re.compile(r"javascript:", re.I),
    "something from another site": re.compile(
        r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"'](?:https?:)?//", re.I
    ),
}


class Outline(HTMLParser):
    """The title, the headings of the first rank, and ids of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.title, self.first, self.ids, self._in = "", [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        if tag == "h1":
            self.first.append("")
        if tag in {"h1", "title"}:
            self._in = tag

    def handle_endtag(self, tag):
        if tag == self._in:
            self._in = None

    def handle_data(self, data):
        if self._in == "title":
            self.title += data
        elif self._in == "h1":
            self.first[-1] += data


@pytest.mark.once
@pytest.mark.parametrize("opened", ours(ROWS) + THIRD_PARTY, ids=lambda opened: opened.name)
def test_a_page_has_one_heading_and_a_title_and_no_id_twice(opened, world, client, sign_in):
    everyone(world)
    user = opened.user(world)
    if user:
        client = sign_in(user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "email": user.email}]
        session["second_step"] = True
        session.save()
    answer = read(client.get(opened.address(world)))
    assert answer.status_code == 200
    if "text/html" not in answer["Content-Type"]:
        return  # a file or a picture

    page = Outline(answer.content.decode())

    assert (len(page.first), page.first[0].strip() != "") == (1, True)
    assert re.fullmatch(rf"\S.* - {re.escape(settings.PORTAL_NAME)}", page.title.strip(), flags=re.S)
    assert sorted(set(page.ids)) == sorted(page.ids)


def test_every_page_of_a_third_party_is_opened_or_there_is_a_reason():
    from apframework.doors import THIRD_PARTY as DOORS

    opened = {page.name for page in THIRD_PARTY}

    assert opened | set(NOT_OPENED_BY_ADDRESS) == set(DOORS)
    assert opened & set(NOT_OPENED_BY_ADDRESS) == set()


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_holds_nothing_that_the_policy_refuses(path):
    text = path.read_text()
    if path.is_relative_to(TEMPLATES / "pdf"):
        return  # never seen by a browser

    assert [what for what, pattern in REFUSED.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ('<p style="color: red">', "an inline style"),
        ("<script>alert(1)</script>", "an inline script"),
        ("<a onclick='x()'>", "an inline handler"),
        ('<a href="javascript:x()">', "an address of javascript"),
        ('<script src="//cdn.example/x.js">', "something from another site"),
    ],
)
def test_what_the_policy_refuses_would_be_seen(bad, what):
    assert [name for name, pattern in REFUSED.items() if pattern.search(bad)] == [what]
