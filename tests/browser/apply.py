"""An application as one walks it in a browser: each function fills one part and comes back to the list of tasks."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.files import made


def register(page: Page, name: str) -> None:
    """Somebody who belongs nowhere yet registers a provider."""
    page.goto("/")
    page.get_by_role("link", name="Register your organisation").first.click()
    page.get_by_label("Organisation name").fill(name)
    page.get_by_label("Building and street").fill("1 Station Road")
    page.get_by_label("Town or city").fill("Larkton")
    page.get_by_label("Postcode").fill("LK1 1AA")
    page.get_by_label("Companies House number").fill("99000199")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name=name).first.wait_for()


def add_to_library(page: Page, provider: int, title: str, kind: str) -> None:
    """Upload one document."""
    page.goto(f"/organisations/{provider}/library/add/")
    page.get_by_label("What do you call this document?").fill(title)
    page.get_by_label("What is it?").select_option(kind)
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "document.pdf", "mimeType": "application/pdf", "buffer": made.pdf()}
    )
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Add to the library").click()
    page.get_by_role("heading", name=title).or_(page.get_by_text(title).first).first.wait_for()


def task(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    page.locator("form[data-autosave]").wait_for()


def save(page: Page) -> None:
    """Save, and be back at the list: nothing is missing in this part."""
    page.get_by_role("button", name="Save and continue").last.click()
    page.get_by_role("heading", name="Your application to").wait_for()


def saved_by_itself(page: Page) -> None:
    expect(page.locator("[data-saving-said]")).to_have_text(re.compile(r"Saved at \d\d:\d\d:\d\d \(UK time\)\."))


def choose_lots(page: Page) -> None:
    """Everything that is offered."""
    task(page, "Lots")
    for box in page.locator("form[data-autosave] input[type=checkbox]").all():
        box.check()
    saved_by_itself(page)
    save(page)


def give_prices(page: Page, pounds: str) -> None:
    """The same price everywhere, exempt from VAT."""
    task(page, "Prices")
    page.get_by_label("Exempt from VAT").first.check()
    for box in page.locator("input[name^=price_]").all():
        box.fill(pounds)
    saved_by_itself(page)
    save(page)


def describe_organisation(page: Page, document: str) -> None:
    task(page, "Your organisation")
    page.get_by_label("Share code").fill("6BcD7fGh")
    page.get_by_label("The PDF of your supplier information").select_option(label=document)
    for name, value in (("Day", "1"), ("Month", "4"), ("Year", "2026")):
        page.get_by_label(name, exact=True).fill(value)
    page.get_by_label("Name", exact=True).fill("Nora")
    page.get_by_label("Email address").fill("nora@hazel.example")
    page.get_by_label("Fewer than 10 people").check()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("In which year did you begin?").fill("2019")
    page.get_by_label("What have you done so far?").fill("We have taught twelve pupils.")
    save(page)


def answer_no(page: Page, name: str) -> None:
    """Every question of the part with no; questions that only a yes asks stay unasked."""
    task(page, name)
    for radio in page.locator("form[data-autosave] input[type=radio][value=no]").all():
        if radio.is_visible():
            radio.check()
    save(page)


def name_nobody(page: Page) -> None:
    task(page, "Connected persons")
    page.get_by_label("There is nobody").check()
    save(page)


def declare(page: Page) -> None:
    task(page, "Declarations")
    for box in page.locator("form[data-autosave] input[type=checkbox]").all():
        box.check()
    page.get_by_label("Who declares this").fill("Nora")
    page.get_by_label("Position in your organisation").fill("Director")
    save(page)


def answer_standards(page: Page, document: str) -> None:
    """Each standard with an answer, and with the document wherever one is asked for."""
    page.get_by_role("link", name="Quality standards", exact=True).click()
    page.get_by_role("heading", name="Quality standards").first.wait_for()
    overview = page.url
    addresses = [link.get_attribute("href") for link in page.locator("main .govuk-task-list__link").all()]
    for address in addresses:
        page.goto(address)
        page.get_by_label("How you meet this standard").fill("We do it every day, and write it down.")
        for picker in page.locator("select.portal-picker__list").all():
            picker.select_option(label=document)
        saved_by_itself(page)
        page.get_by_role("button", name="Save and continue").last.click()
        page.wait_for_url(lambda url, here=address: here not in url)
    page.goto(overview)
    page.locator("main").get_by_text("Completed").first.wait_for()


def submit(page: Page) -> str:
    """Check, submit; the receipt's reference."""
    page.get_by_role("link", name="Check your answers and submit").click()
    page.get_by_role("button", name="Submit application").click()
    page.get_by_role("heading", name="Application submitted").wait_for()
    return page.locator(".govuk-panel__body strong").inner_text()
