"""A framework set up by hand, from nothing to published, by a procurement officer: with JavaScript and without."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from lots.models import Framework, StandardsVersion
from tests.frameworks import make_ready, recovered


def fill_day(page, name: str, day: dt.date):
    for part, value in enumerate((day.day, day.month, day.year)):
        page.locator(f"[name={name}_{part}]").fill(str(value))


def task(page, name: str):
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


@pytest.mark.parametrize("script", [True, False])
def test_max_sets_a_framework_up_by_hand_and_publishes_it(world, window, violations, too_wide, script):
    make_ready(world, buyer=world.mereshire)
    page = window(world.max, script=script)
    clean = []

    def look():
        if script:
            clean.extend(violations(page) + too_wide(page))

    page.goto(f"/organisations/{world.larkshire.pk}/frameworks/start/")
    page.get_by_label("Title of the framework").fill("Alternative provision 2027")
    look()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("0 of 8 tasks done")).to_be_visible()
    look()

    task(page, "About the framework")
    page.get_by_label("What the framework is for").fill("Education for children who cannot be in school")
    page.get_by_label("Estimated value excluding VAT").fill("1,000,000")
    page.get_by_label("Estimated value including VAT").fill("£1.2m")
    look()
    page.get_by_role("button", name="Save and return").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Enter an amount in pounds and pence")
    expect(page.get_by_label("Estimated value excluding VAT")).to_have_value("1,000,000")
    page.get_by_label("Estimated value including VAT").fill("1,200,000")
    page.get_by_role("button", name="Save and return").click()

    task(page, "Lots and their parts")
    page.get_by_role("button", name="Add several lots").click()
    for row, title in enumerate(("Vocational", "Online tuition", "Other"), 1):
        page.get_by_label(f"Title, row {row}").fill(title)
    page.locator("[name=part_B_1]").check()
    page.locator("[name=part_C_1]").check()
    page.locator("[name=auto_3]").check()
    look()
    page.get_by_role("button", name="Save these lots").click()
    expect(page.get_by_text("3 lots were added")).to_be_visible()
    page.locator("tr", has_text="Online tuition").get_by_role("button", name="Up").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Online tuition")
    look()

    page.get_by_role("link", name="Go on to price lines").click()
    expect(page.get_by_role("cell", name="Hour online, one pupil", exact=True)).to_be_visible()
    page.get_by_role("button", name="Add usual price lines to several lots").click()
    page.get_by_label("Full day, small group").check()
    look()
    page.get_by_role("button", name="Add these price lines").click()
    expect(page.get_by_text("2 price lines were added")).to_be_visible()
    look()
    page.get_by_role("link", name="Setting up").click()

    task(page, "Timetable")
    year = timezone.localdate().year + 1
    fill_day(page, "closes_at", dt.date(year, 4, 20))
    fill_day(page, "starts_on", dt.date(year, 9, 1))
    fill_day(page, "ends_on", dt.date(year + 4, 8, 31))
    fill_day(page, "scheme_ends_on", dt.date(year + 10, 8, 31))
    page.get_by_role("button", name="Save and return").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("8 years at most")
    fill_day(page, "scheme_ends_on", dt.date(year + 8, 8, 31))
    look()
    page.get_by_role("button", name="Save and return").click()

    task(page, "Who may use the framework")
    page.get_by_label("We, and those named below").check()
    page.get_by_label("Schools in our area").check()
    page.get_by_label("Others by name").fill("Oak Trust\nHill Academy")
    look()
    page.get_by_role("button", name="Save and return").click()

    # Choosing standards has its own pages and its own test; so has the recovery file, which takes two people.
    framework = Framework.objects.get(title="Alternative provision 2027")
    framework.standards_chosen = StandardsVersion.objects.filter(framework=None, fixed_at__isnull=False)[0]
    framework.save()
    recovered(framework, world)

    task(page, "Check and publish")
    expect(page.get_by_text("Nothing: the framework can be published.")).to_be_visible()
    look()
    page.get_by_role("button", name="Go on to publish").click()
    page.get_by_label("I have checked all of this").check()
    look()
    page.get_by_role("button", name="Publish the framework").click()
    expect(page.get_by_text("The framework is published. Anybody can read it now")).to_be_visible()
    look()

    framework.refresh_from_db()
    assert framework.published_by == world.max
    assert page.complaints == []
    assert clean == []
