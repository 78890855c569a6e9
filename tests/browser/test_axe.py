"""Every page, in a real browser: nothing that axe finds, no sideways scrolling at 320 px (= 400 % of 1,280), nothing
refused by the page's own policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import HEIGHT, WIDTH, Complaints
from tests.house.test_access import ROWS
from tests.pages import THIRD_PARTY, everyone, ours

PAGES = ours(ROWS) + THIRD_PARTY


@pytest.fixture(scope="session")
def one_window(contexts):
    """One page in which every address is opened after the other."""
    with contexts(True) as context:
        page = context.new_page()
        page.complaints = Complaints()
        page.complaints.listen(page)
        yield page


@pytest.fixture
def reader(one_window, come_in):
    """`reader(world.alice)`: the page, with Alice signed in."""

    def as_user(user):
        one_window.context.clear_cookies()
        one_window.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        one_window.complaints.clear()
        if user is not None:
            come_in(one_window.context, user)
        return one_window

    yield as_user
    one_window.goto("about:blank")


@pytest.mark.parametrize("opened", PAGES, ids=lambda opened: opened.name)
def test_a_page_is_for_everybody(opened, world, reader, violations, too_wide):
    everyone(world)
    address, user = opened.address(world), opened.user(world)
    page = reader(user)

    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" not in str(error):
            raise
        return  # a file
    if "text/html" not in answer.headers["content-type"]:
        return  # a picture: the pages that show it are tested with it

    found = {"axe": violations(page)}
    page.set_viewport_size({"width": 320, "height": 640})
    found |= {"axe at 320": violations(page), "too wide": too_wide(page), "complaints": page.complaints}
    assert found == {"axe": [], "axe at 320": [], "too wide": [], "complaints": []}


@pytest.mark.parametrize("status", [403, 404])
def test_a_page_that_says_no_is_for_everybody(status, world, window, violations, too_wide):
    page = window(world.alice)
    answer = page.goto({403: "/patterns/", 404: "/no-such-page/"}[status])

    found = violations(page)
    page.set_viewport_size({"width": 320, "height": 640})

    assert (answer.status, found, too_wide(page)) == (status, [], [])


def test_a_form_that_came_from_elsewhere_says_so(world, window, violations, settings):
    page = window(world.olu)
    page.goto("/patterns/")
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.locator("form.portal-upload").evaluate("form => form.submit()")
    page.get_by_role("heading", name="We could not check where this form came from").wait_for()

    assert violations(page) == []


def test_axe_would_find_a_fault(world, window, violations):
    page = window()
    page.goto("/cookies/")
    page.evaluate("document.querySelector('h1').remove()")

    assert any("page-has-heading-one" in line for line in violations(page))


def test_a_page_that_is_too_wide_would_be_found(world, window, too_wide):
    page = window(width=320)
    page.goto("/cookies/")
    page.evaluate("document.querySelector('h1').style.width = '900px'")

    assert too_wide(page) != []
