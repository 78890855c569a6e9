"""The main job in a real browser: upload the published notice, read what it says and what it leaves open, choose,
confirm, and have the same file back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jobs import running
from lots.models import Framework, SubLot
from notices.models import NoticeFile, Release
from tests.notices.files import NOTICES, SAMPLE, named


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """The test is the worker: it does the job when it wants to."""
    monkeypatch.setattr("notices.views.files.start_soon", lambda: None)


FRAMEWORKS = [file for file in NOTICES if file.stem == "framework-release"]


def bring_in(page, world, file):
    """Upload the file, wait for it on its progress page, and follow the result."""
    page.goto(reverse("notice_files", args=[world.larkshire.pk]))
    page.get_by_role("button", name="Bring in a notice").click()
    page.get_by_label("The notice as OCDS data").set_input_files(str(file))
    page.get_by_role("button", name="Upload the notice").click()
    page.wait_for_url("**/jobs/*/")
    running.sweep()
    page.goto(page.url)
    page.get_by_role("button", name="See the result").click()


def answer(page):
    """Give every reason; what stands pre-selected is what is chosen."""
    for number, box in enumerate(page.locator("textarea").all(), 1):
        box.fill(f"Agreed with legal, point {number}")
    for tick in page.locator("input[name=is_our_buyer]").all():
        tick.check()
    page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("file", FRAMEWORKS, ids=lambda file: f"{file.parent.name}-{named(file)}")
def test_max_brings_the_published_notice_in_and_has_it_back(world, window, violations, too_wide, file, script):
    page = window(world.max, script=script)
    bring_in(page, world, file)

    assert page.get_by_text("7 lots, 17 parts to apply for").is_visible()
    assert page.get_by_text("£24,200,000", exact=True).is_visible()
    assert page.get_by_text("The price rule stands in two wordings").first.is_visible()
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("heading", name="What the notice leaves open").is_visible()
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    if script:
        assert [*violations(page), *too_wide(page)] == []

    answer(page)
    assert page.get_by_role("heading", name="Check your answers").is_visible()
    if script:
        page.set_viewport_size({"width": 320, "height": 640})
        assert [*violations(page), *too_wide(page), *page.complaints] == []
        page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Make the framework").click()

    made = Framework.objects.get()
    assert page.url.endswith(reverse("setup_framework", args=[made.pk]))
    assert (made.lots.count(), SubLot.objects.count(), made.max_participants, made.max_lots) == (7, 17, 100, 6)
    page.goto(reverse("release", args=[Release.objects.get().pk]))
    with page.expect_download() as download:
        page.get_by_role("link", name="Give the notice back").click()
    assert download.value.path().read_bytes() == file.read_bytes()


def test_a_file_of_something_else_is_told_in_plain_words(world, window, tmp_path, violations):
    bad = tmp_path / "letter.json"
    bad.write_text("Dear council")
    page = window(world.max)
    page.goto(reverse("import_notice", args=[world.larkshire.pk]))
    page.get_by_label("The notice as OCDS data").set_input_files(str(bad))
    page.get_by_role("button", name="Upload the notice").click()
    page.wait_for_url("**/jobs/*/")
    running.sweep()
    page.goto(page.url)

    assert page.get_by_text("This is not JSON").first.is_visible()
    page.goto(reverse("notice_file", args=[NoticeFile.objects.get().pk]))
    assert page.get_by_text("Nothing was taken from the file").is_visible()
    assert violations(page) == []


def test_the_same_file_again_is_shown_where_it_is(world, window):
    page = window(world.max)
    bring_in(page, world, SAMPLE)
    page.goto(reverse("import_notice", args=[world.larkshire.pk]))
    page.get_by_label("The notice as OCDS data").set_input_files(str(SAMPLE))
    page.get_by_role("button", name="Upload the notice").click()

    page.wait_for_url("**/releases/*/?again")
    assert page.get_by_text("This file is here already").is_visible()
