"""The first day of somebody who has just typed `make run`: in with every line of the printed table, then a colleague is
invited, comes in by the letters page alone, and everything that was done stands in the record."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

ZOE, HER_PASSWORD = "zoe@larkshire.example", "a red kite over town"


@dataclass(frozen=True)
class Printed:
    """What `manage.py demo` prints: who can sign in, and with what."""

    people: list[tuple[str, str]]
    password: str


@pytest.fixture
def printed(live_server, settings) -> Printed:
    """The demo world, loaded by the command that `make run` calls."""
    settings.DEMO, settings.SECOND_STEP_DEMANDED = True, False
    settings.BASE_URL = live_server.url
    said = io.StringIO()
    call_command("demo", stdout=said)
    people = re.findall(r"^  (\S.*?) {2,}(\S+@\S+)$", said.getvalue(), flags=re.M)
    return Printed(people, re.search(r"Password of all of them: (.+)", said.getvalue())[1])


def come_in(page, email: str, password: str):
    page.goto("/account/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Hello, ").wait_for()


def go_out(page):
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("banner").get_by_role("link", name="Sign in").wait_for()


def follow_the_newest_letter(page, subject: str):
    """Open the newest letter on the letters page and its first link."""
    newest = page.get_by_role("table").get_by_role("link").first
    expect(newest).to_contain_text(subject)
    newest.click()
    page.locator(".portal-letter a").first.click()


def lines(page) -> list[list[str]]:
    """The record's table: who, what happened with its details, from newest to oldest."""
    rows = page.get_by_role("table").locator("tbody tr").all()
    return [re.split(r"\s*\n\s*", "\n".join(row.locator("td").all_inner_texts()[1:3])) for row in rows]


def test_everybody_in_the_printed_table_comes_in_and_is_told_what_they_are(printed, window):
    page = window()
    greeted = {}

    for _, email in printed.people:
        page.context.clear_cookies()
        come_in(page, email, printed.password)
        cards = page.locator(".portal-card").all()
        if cards:
            place = cards[0].get_by_role("heading").inner_text()
            roles = cards[0].locator("p").last.inner_text().split(": ", 1)[1]
            greeted[email] = (place, sorted(roles.split(", ")))
        else:
            greeted[email] = page.get_by_role("main").locator("p").first.inner_text()

    expected = {}
    for who, email in printed.people:
        what, _, place = who.partition(", ")
        expected[email] = (place, sorted(what.split(" and ")))
    expected["olu@portal.example"] = "You operate this portal."
    expected["nora@newcomer.example"] = "You do not belong to an organisation yet."
    assert len(printed.people) > 20
    assert greeted == expected
    assert page.complaints == []


def test_ada_invites_a_colleague_who_comes_in_and_the_record_tells_all_of_it(printed, window):
    page = window()

    page.goto("/")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("were printed where this demonstration was started")).to_be_visible()
    come_in(page, "ada@larkshire.example", printed.password)
    page.get_by_role("link", name="Invite colleagues to Larkshire Council").click()
    page.get_by_label("Email address").fill(ZOE)
    page.get_by_label("Procurement officer").check()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text(f"We have sent an invitation to {ZOE}")).to_be_visible()
    go_out(page)

    page.get_by_role("link", name="Letters").click()
    follow_the_newest_letter(page, "You are invited")
    expect(page.get_by_role("heading", level=1)).to_have_text("Join Larkshire Council")
    page.get_by_role("button", name="Create an account").click()
    page.get_by_label("Full name").fill("Zoe Hart")
    page.get_by_label("Email address").fill(ZOE)
    page.get_by_label("Create a password", exact=True).fill(HER_PASSWORD)
    page.get_by_role("button", name="Create an account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    page.get_by_role("link", name="page of letters").click()
    follow_the_newest_letter(page, "Confirm your email address")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Your email address is confirmed")).to_be_visible()

    come_in(page, ZOE, HER_PASSWORD)
    page.get_by_role("button", name="See your invitation").click()
    page.get_by_role("button", name="Accept invitation").click()
    expect(page.get_by_text("You have joined Larkshire Council")).to_be_visible()
    page.goto("/my-record/")
    hers = lines(page)
    go_out(page)

    come_in(page, "ada@larkshire.example", printed.password)
    page.get_by_role("link", name="Record", exact=True).click()
    councils = lines(page)
    page.get_by_label("Person").select_option("Ada Marsh")
    page.get_by_role("button", name="Show").click()
    adas = lines(page)

    joined = [
        ["Zoe Hart", "Role given", "Zoe Hart; Procurement officer"],
        ["Zoe Hart", "Invitation accepted"],
    ]
    sent = ["Ada Marsh", "Invitation sent", "Procurement officer"]
    signed_in = ["Signed in", "with password"]
    assert councils[:3] == [*joined, sent]
    assert hers == [
        *joined,
        ["Zoe Hart", *signed_in],
        ["Zoe Hart", "Email address confirmed"],
        ["Zoe Hart", "Signed up"],
    ]
    assert adas[:4] == [
        ["Ada Marsh", *signed_in],
        ["Ada Marsh", "Signed out"],
        sent,
        ["Ada Marsh", *signed_in],
    ]
    assert page.complaints == []
