"""The evidence library on a phone: a document is added, and nothing typed is lost when it is not."""

from __future__ import annotations

from django.urls import reverse

from providers.models import ItemVersion
from tests.files.made import pdf

FILE = {"name": "Fire plan.pdf", "mimeType": "application/pdf", "buffer": pdf("Fire plan")}


def typed(page, *, dbs: str = "No", file=FILE):
    """The form, filled in and not sent yet."""
    page.get_by_label("What do you call this document?").fill("Fire plan")
    page.get_by_label("What is it?").select_option("risk")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("group", name="Does this file show a DBS certificate?").get_by_label(dbs).check()
    return page.get_by_role("button", name="Add to the library")


def kept(page) -> str:
    return page.get_by_label("What do you call this document?").input_value()


def test_alice_adds_a_document_on_a_phone(world, window, violations, too_wide):
    page = window(world.alice, width=375)
    page.goto(reverse("library", args=[world.ash_house.pk]))
    page.get_by_role("button", name="Add a document").click()
    typed(page, dbs="Yes").click()
    page.locator(".govuk-error-summary").wait_for()
    assert "We do not keep DBS certificates" in page.locator(".govuk-error-summary").inner_text()
    assert (violations(page), too_wide(page)) == ([], [])

    typed(page).click()

    page.get_by_role("heading", name="Fire plan").wait_for()
    assert page.get_by_text("The document was added to your library").is_visible()
    assert (violations(page), too_wide(page), page.complaints) == ([], [], [])
    assert ItemVersion.objects.get().file.name == "Fire plan.pdf"


def test_a_document_is_added_without_javascript(world, window):
    page = window(world.alice, script=False)
    page.goto(reverse("add_item", args=[world.ash_house.pk]))

    typed(page).click()

    page.get_by_role("heading", name="Fire plan").wait_for()


def test_what_is_too_large_is_said_before_it_is_sent(world, window, settings):
    settings.FILE_MAX_BYTES = 1024**2
    page, asked = window(world.alice), []
    page.goto(reverse("add_item", args=[world.ash_house.pk]))
    page.on("request", lambda request: asked.append(request.method))

    typed(page, file=FILE | {"buffer": b"%PDF-1.7" + b" " * 1024**2}).click()

    page.get_by_text("The file is larger than 1 MB").wait_for()
    assert (kept(page), "POST" in asked) == ("Fire plan", False)


def test_a_page_that_says_no_takes_nothing_typed_away(world, window):
    page = window(world.alice)
    page.goto(reverse("add_item", args=[world.ash_house.pk]))
    body = "<main><h1>What you sent is too large</h1><p class='govuk-body'>It was not read.</p></main>"
    page.route("**/library/add/", lambda route: route.fulfill(status=413, content_type="text/html", body=body))

    typed(page).click()

    page.get_by_text("What you sent is too large. It was not read. Your answers are still here.").wait_for()
    assert kept(page) == "Fire plan"
    page.unroute("**/library/add/")
    page.get_by_role("button", name="Add to the library").click()
    page.get_by_role("heading", name="Fire plan").wait_for()


def test_an_upload_that_breaks_off_is_told_and_can_be_sent_again(world, window):
    page = window(world.alice)
    page.goto(reverse("add_item", args=[world.ash_house.pk]))
    page.route("**/library/add/", lambda route: route.abort("connectionreset"))

    typed(page).click()

    page.get_by_text("The connection broke and the file was not sent").wait_for()
    assert (kept(page), ItemVersion.objects.count()) == ("Fire plan", 0)
    page.unroute("**/library/add/")
    page.get_by_role("button", name="Add to the library").click()
    page.get_by_role("heading", name="Fire plan").wait_for()
