"""The browser, and windows in it for members of the cast."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from scripts.find_browser import find

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
WIDTH, HEIGHT = 1280, 900
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests of a worker. None found is a failure with the line to type, never a skip."""
    path = find()
    if path is None:
        pytest.fail(
            "No Chromium starts: sudo apt-get install chromium, or .venv/bin/playwright install chromium", False
        )
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=flags)
        yield browser
        browser.close()


class Complaints(list):
    """What the browser complained about: errors in the console, refused styles or scripts, files not found."""

    def listen(self, page):
        page.on("console", lambda said: self.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on(
            "response",
            lambda answer: (
                self.append(f"{answer.status} {answer.url}")
                if answer.status >= 400 and answer.request.resource_type != "document"
                else None
            ),
        )


@pytest.fixture(scope="session")
def contexts(chromium, live_server):
    """`with contexts(script=True) as context`: a browser's profile to oneself, with nobody signed in. Those that were
    used stay, for a new one reads every style, script and font anew, which takes longer than what a test does."""
    free = {True: [], False: []}

    @contextlib.contextmanager
    def lend(script: bool):
        context = free[script].pop() if free[script] else make(script)
        yield context
        for page in context.pages:
            page.close()
        context.clear_cookies()
        context.clear_permissions()
        free[script].append(context)

    def make(script: bool):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": WIDTH, "height": HEIGHT},
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(30_000)
        return context

    return lend


@pytest.fixture
def come_in(live_server, sign_in):
    """`come_in(context, world.alice)`: Alice has signed in there, with her second step."""

    def as_user(context, user) -> None:
        session = sign_in(user).session
        # allauth asks for the password again before the pages of the second step, unless it was just given.
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "email": user.email}]
        session["second_step"] = True
        session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}
        context.add_cookies([cookie])

    return as_user


@pytest.fixture
def window(contexts, come_in):
    """`window(world.alice)` opens a page as Alice, `window()` as nobody. Its `complaints` must stay empty."""
    with contextlib.ExitStack() as opened:

        def open_one(user=None, *, width: int = WIDTH, script: bool = True):
            context = opened.enter_context(contexts(script))
            if user is not None:
                come_in(context, user)
            page = context.new_page()
            if width != WIDTH:
                page.set_viewport_size({"width": width, "height": HEIGHT})
            page.complaints = Complaints()
            page.complaints.listen(page)
            return page

        yield open_one


@pytest.fixture(scope="session")
def axe_source() -> str:
    return AXE.read_text()


@pytest.fixture
def violations(axe_source):
    """`violations(page)`: what axe finds against WCAG 2.2 A and AA and its best practice, one line for each element."""

    def find_them(page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe_source)  # through the debugger: the page's own policy admits no foreign script
        found = page.evaluate(
            """async () => (await axe.run(document, {
                runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
                resultTypes: ["violations"],
            })).violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 200)}`))"""
        )
        return sorted(found)

    return find_them


@pytest.fixture
def too_wide():
    """`too_wide(page)`: what sticks out where the page is wider than the window (WCAG 2.2, 1.4.10 Reflow)."""

    def find_it(page) -> list[str]:
        return page.evaluate(
            """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
                [...document.body.querySelectorAll("*")]
                    .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1)
                    .map((e) => e.outerHTML.slice(0, 160)).slice(0, 8)"""
        )

    return find_it
