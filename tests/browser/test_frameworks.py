"""Frameworks in a browser: a guest reads one to the end, whoever buys finds theirs first; paper shows it too."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from lots.models import Document, KeyDate
from tests.frameworks import AT, make_framework


@pytest.fixture
def framework(world):
    """A published framework with a planned re-opening and its notice."""
    made = make_framework(world, published=True, title="Alternative provision in Larkshire")
    KeyDate.objects.create(framework=made, kind="reopening", at=dt.datetime(2028, 3, 1, tzinfo=dt.UTC))
    Document.objects.create(framework=made, notice_type="UK4", title="Notice", url="https://notices.example/1")
    return made


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [1280, 375])
def test_a_guest_reads_a_framework_from_the_first_page_to_a_lot(framework, window, violations, too_wide, script, width):
    page = window(width=width, script=script)

    page.goto("/")
    page.get_by_role("link", name="See the frameworks").click()
    page.get_by_role("link", name=framework.title).click()
    picture = page.locator("img.portal-chart__picture")
    expect(picture).to_have_attribute("alt", "Time to apply: 12 January 2026 to 20 April 2026; " + picture_says())
    drawn = script and picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)")
    page.get_by_role("main").get_by_role("link", name="Lot 1: Vocational").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Lot 1: Vocational")
    assert (drawn > 300, page.complaints) == (script, [])
    if script:
        assert (violations(page), too_wide(page)) == ([], [])


def picture_says() -> str:
    return (
        "Last moment for questions: 14 April 2026; Award planned by: 10 July 2026; "
        "Runs: 1 September 2026 to 31 August 2034; Planned re-opening: 1 March 2028; The scheme ends: 31 August 2034"
    )


def test_max_finds_his_frameworks_first_and_the_way_to_both_beginnings(world, framework, window):
    page = window(world.max)

    page.goto("/")
    page.get_by_role("link", name="Frameworks of Larkshire Council").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your frameworks")
    for name, heading in (("Bring in a notice", "Bring in a notice"), ("Set one up by hand", "Start a framework")):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        page.go_back()
    assert page.complaints == []


def test_on_paper_a_framework_has_no_buttons_and_all_of_its_words(world, framework, window):
    page = window(world.max)
    page.goto(f"/frameworks/{framework.pk}/")
    page.emulate_media(media="print")

    expect(page.locator(".govuk-service-navigation")).to_be_hidden()
    expect(page.locator("#lots")).to_be_visible()
    expect(page.get_by_text("20 April 2026 at midday (UK time)").first).to_be_visible()


def test_the_deadline_is_said_in_the_list(world, window):
    make_framework(world, published=True, closes_at=AT + dt.timedelta(days=9000))
    page = window()

    page.goto("/frameworks/?stands=open")

    expect(page.get_by_role("row").nth(1)).to_contain_text("until 3 September 2050 at 10am (UK time)")
