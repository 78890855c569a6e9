"""Pages of accounts that stand in the middle of something: they too are for everybody."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts import demo
from tests.accounts.test_invitations import link, send
from tests.cast import make_person


@pytest.fixture
def sound(violations, too_wide):
    """`sound(page)`: what axe finds and what does not fit, wide and narrow."""

    def look(page) -> list:
        found = violations(page)
        page.set_viewport_size({"width": 320, "height": 640})
        complaints = [line for line in page.complaints if "status of 40" not in line]  # a page that says no is meant
        found = [*found, *violations(page), *too_wide(page), *complaints]
        page.set_viewport_size({"width": 1280, "height": 800})
        return found

    return look


def test_nora_registers_in_a_browser(world, window, sound):
    page = window(world.nora)
    page.goto(reverse("register_provider"))
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    assert sound(page) == []

    page.get_by_label("Organisation name").fill("Hazel Workshop")
    page.get_by_label("UK provider reference number (UKPRN)").fill("1990 0777")
    page.get_by_label("Building and street").fill("1 Station Road")
    page.get_by_label("Town or city").fill("Larkford")
    page.get_by_label("Postcode").fill("lk11aa")
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("heading", name="Check your answers before you register").is_visible()
    assert sound(page) == []

    page.get_by_role("button", name="Register").click()
    assert page.get_by_text("Hazel Workshop is registered").is_visible()
    assert sound(page) == []


def test_hanna_opens_her_invitation_in_a_browser(world, window, sound):
    address = link(send(world))
    stranger = window()
    stranger.goto(address)
    assert stranger.get_by_role("heading", name="Join Ash House").is_visible()
    assert sound(stranger) == []

    charlie = window(world.charlie)
    charlie.goto(address)
    assert charlie.get_by_role("heading", name="This invitation is for another email address").is_visible()
    assert sound(charlie) == []

    hanna = window(make_person("hanna"))
    hanna.goto(address)
    assert sound(hanna) == []
    hanna.get_by_role("button", name="Accept invitation").click()
    assert hanna.get_by_text("You have joined Ash House").is_visible()

    hanna.goto(address)
    assert hanna.get_by_role("heading", name="This invitation cannot be used").is_visible()
    assert sound(hanna) == []


def test_olu_uploads_the_schools_in_a_browser(world, window, sound):
    page = window(world.olu)
    page.goto(reverse("import_schools"))
    page.get_by_label("Establishment fields CSV").set_input_files(demo.SAMPLES / "links.csv")
    page.get_by_label("Establishment links CSV (optional)").set_input_files(demo.SAMPLES / "schools.csv")
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("heading", name="The list of schools is up to date").wait_for()
    assert sound(page) == []

    page.goto(reverse("import_schools"))
    page.get_by_label("Establishment fields CSV").set_input_files(
        {"name": "schools.csv", "mimeType": "text/csv", "buffer": b"PK\x03\x04"}
    )
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="Excel workbook").wait_for()
    assert sound(page) == []
