"""Components that do something, in a real browser, with and without JavaScript."""

from __future__ import annotations

import re

import pytest

BIG = {"name": "policy.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" + b"x" * 3_000_000}


def test_the_council_colour_and_the_font_reach_the_page(world, window, settings):
    settings.COUNCIL_COLOUR = "#7a1f4b"
    page = window()
    page.goto("/")

    header = page.locator(".portal-header").evaluate("e => getComputedStyle(e).backgroundColor")
    font = page.locator("h1").evaluate("e => getComputedStyle(e).fontFamily")
    loaded = page.evaluate("document.fonts.ready.then(f => [...f].filter(x => x.status == 'loaded').length)")

    assert header == "rgb(122, 31, 75)"
    assert font.startswith('"Atkinson Hyperlegible"')
    assert loaded == 2


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(world, window):
    page = window()
    page.goto("/")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_on_a_phone_the_menu_folds_and_opens(world, window):
    page = window(world.ada, width=375)
    page.goto("/")
    menu = page.get_by_role("button", name="Menu")
    links = page.locator("#navigation")

    folded = links.is_visible()
    menu.click()

    assert (folded, links.is_visible()) == (False, True)


def test_without_javascript_the_menu_is_open(world, window):
    page = window(world.ada, width=375, script=False)
    page.goto("/")

    assert page.locator("#navigation").is_visible()
    assert not page.locator(".govuk-service-navigation__toggle").is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_an_upload_without_a_file_says_what_to_do(world, window, violations, script):
    page = window(world.olu, script=script)
    page.goto("/patterns/")
    page.get_by_role("button", name="Upload").click()
    summary = page.locator(".govuk-error-summary")
    summary.wait_for()

    assert summary.locator("li").all_inner_texts() == ["Choose a file"]
    assert page.title().startswith("Error: ")


def test_an_upload_says_how_far_it_is_and_leads_on(world, window):
    page, said, asked = window(world.olu), [], []
    page.expose_function("heard", lambda words: said.append(words))
    page.goto("/patterns/")
    page.evaluate(
        """() => { const text = document.querySelector(".portal-upload__text");
            new MutationObserver(() => window.heard(text.textContent)).observe(text, {childList: true}); }"""
    )
    page.on("request", lambda request: request.url.endswith("/patterns/") and asked.append(request.method))
    page.locator("input[type=file]").set_input_files(BIG)
    page.get_by_role("button", name="Upload").click()
    banner = page.get_by_role("alert").filter(has_text="We read the file and threw it away")
    banner.wait_for()

    assert said[0] == "Sending…"
    assert all(re.fullmatch(r"Sending…|\d+ % sent|File sent\. Checking it…", line) for line in said)
    assert asked == ["POST", "GET"]
    assert banner.evaluate("banner => banner === document.activeElement")


def test_what_is_wrong_with_a_file_stands_on_the_page_in_the_servers_words(world, window, violations):
    page = window(world.olu)
    page.goto("/patterns/")
    page.locator("input[type=file]").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b""})
    page.get_by_role("button", name="Upload").click()
    page.locator(".govuk-error-summary").wait_for()

    assert page.locator(".govuk-error-summary li").all_inner_texts() == ["The file is empty: choose another"]
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    assert violations(page) == []


def test_a_broken_connection_is_told_and_the_form_works_again(world, window):
    page = window(world.olu)
    page.goto("/patterns/")
    page.route("**/patterns/", lambda route: route.abort())
    page.locator("input[type=file]").set_input_files(BIG)
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("The connection broke and the file was not sent").wait_for()

    assert page.get_by_role("button", name="Upload").is_enabled()


def test_every_link_of_the_navigation_and_the_footer_leads_to_a_page_without_javascript(world, window):
    page = window(world.alice, script=False)
    page.goto("/")
    links = page.locator("header a, .govuk-service-navigation a, footer a[href^='/'], main a[href^='/']")
    addresses = sorted({link.get_attribute("href") for link in links.all()})

    answers = {address: page.goto(address).status for address in addresses}

    assert answers == dict.fromkeys(addresses, 200)
