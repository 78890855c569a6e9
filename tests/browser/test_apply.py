"""A provider applies on a phone: from registering to the receipt, and past the deadline. Then what goes wrong on the
way: two tabs, a double click, a session that runs out, a connection that breaks."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Organisation
from lots.models import Framework, Lot, PriceLine
from lots.states import Group, Mode, Unit
from providers.models import Application, Submission
from providers.queries.bids import own_bid
from tests.browser import apply
from tests.providers.bids import applied, complete, open_framework, seen

PHONE = 375


@pytest.fixture
def framework(world):
    """Open for a week, with three lots to apply for."""
    made = open_framework(world)
    third = Lot.objects.create(framework=made, number="3", position=3, title="Outdoor")
    PriceLine.objects.create(lot=third, title="Day", unit=Unit.DAY, mode=Mode.COMMUNITY, group=Group.SMALL)
    return made


def standing(application, user, code="organisation"):
    return own_bid(seen(application), user=user).draft[code].answers


def test_nora_applies_on_her_phone_and_her_submission_stands(world, framework, window, violations, too_wide):
    page = window(world.nora, width=PHONE)
    apply.register(page, "Hazel Workshop")
    hazel = Organisation.objects.get(name="Hazel Workshop")
    apply.add_to_library(page, hazel.pk, "Supplier information", "cdp")
    apply.add_to_library(page, hazel.pk, "Safeguarding policy", "policy")

    page.goto(reverse("framework", args=[framework.pk]))
    page.get_by_role("button", name="Apply").click()
    assert [*violations(page), *too_wide(page)] == []
    page.get_by_role("button", name="Begin your application").click()
    page.get_by_role("heading", name="Your application to").wait_for()
    assert [*violations(page), *too_wide(page)] == []
    application = Application.objects.get()

    apply.choose_lots(page)
    apply.give_prices(page, "45.50")
    apply.describe_organisation(page, "Supplier information")
    apply.answer_no(page, "Exclusion grounds")
    apply.name_nobody(page)
    apply.answer_no(page, "Conflicts of interest")
    apply.answer_standards(page, "Safeguarding policy")
    page.goto(reverse("application", args=[application.pk]))
    apply.declare(page)
    assert page.locator("#check-2-status").inner_text() == "Ready to submit"
    assert page.locator("#lots ~ table").get_by_text("Complete", exact=True).count() == 3
    assert [*violations(page), *too_wide(page)] == []

    reference = apply.submit(page)

    submission = Submission.objects.get()
    assert submission.reference == reference
    assert [*violations(page), *too_wide(page)] == []

    page.goto(reverse("edit_part", args=[application.pk, "organisation"]))
    page.get_by_label("In which year did you begin?").fill("2020")
    apply.saved_by_itself(page)
    apply.save(page)
    page.get_by_text("Those changes are not submitted").wait_for()
    Framework.objects.filter(pk=framework.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    page.reload()

    page.get_by_text("What you submitted stands.").wait_for()
    assert reference in page.locator("main").inner_text()
    assert page.get_by_role("link", name="Withdraw it").count() == 0
    page.get_by_role("link", name="Your organisation", exact=True).click()
    page.get_by_text("Nothing can be changed").wait_for()
    assert page.locator("form[data-autosave]").count() == 0
    assert Submission.objects.get().sha256 == submission.sha256
    assert page.complaints == []


def test_two_tabs_are_told_and_nothing_is_written_over(world, window):
    application = applied(world)
    first = window(world.alice, width=PHONE)
    address = reverse("edit_part", args=[application.pk, "organisation"])
    second = first.context.new_page()
    first.goto(address)
    second.goto(address)

    first.get_by_label("What have you done so far?").fill("Ours since spring")
    apply.saved_by_itself(first)
    second.get_by_label("What have you done so far?").fill("Mine since autumn")
    expect(second.locator("[data-saving-said]")).to_contain_text("you changed this part in another tab")
    assert standing(application, world.alice) == {"history": "Ours since spring"}
    second.get_by_role("button", name="Save and continue").click()
    second.get_by_role("heading", name="Two versions of").wait_for()
    assert second.locator(".portal-both").all_inner_texts() == ["Ours since spring", "Mine since autumn"]
    second.get_by_label("Keep what I typed").check()
    second.get_by_role("button", name="Save what I have chosen").click()
    second.get_by_role("heading", name="Your answers are saved").wait_for()

    assert standing(application, world.alice) == {"history": "Mine since autumn"}


def test_a_double_click_submits_once(world, window):
    application = complete(world, applied(world))
    page = window(world.alice, width=PHONE)
    page.goto(reverse("application", args=[application.pk]))
    page.get_by_role("link", name="Check your answers and submit").click()

    page.get_by_role("button", name="Submit application").dblclick()

    page.get_by_role("heading", name="Application submitted").wait_for()
    assert Submission.objects.count() == 1


def test_a_session_that_runs_out_loses_nothing(world, window, sign_in):
    """Alice is signed out while she types. The page says so, keeps what she types, and saves it once she is back."""
    application = applied(world)
    page = window(world.alice, width=PHONE)
    page.goto(reverse("edit_part", args=[application.pk, "organisation"]))
    Session.objects.all().delete()

    page.get_by_label("What have you done so far?").fill("Typed at 11:58")
    expect(page.locator("[data-saving-said]")).to_contain_text("you have been signed out")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_label("What have you done so far?")).to_have_value("Typed at 11:58")
    again = window(world.alice).context.cookies()  # in another tab
    page.context.add_cookies([one for one in again if "session" in one["name"]])
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    apply.saved_by_itself(page)
    assert standing(application, world.alice) == {"history": "Typed at 11:58"}


def test_a_form_that_is_older_than_the_latest_sign_in_takes_the_new_secret(world, window):
    application = applied(world)
    page = window(world.alice, width=PHONE)
    page.goto(reverse("edit_part", args=[application.pk, "organisation"]))
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)

    page.get_by_label("What have you done so far?").fill("Typed before")
    page.get_by_role("button", name="Save and continue").click()

    page.get_by_role("heading", name="Your answers are saved").wait_for()
    assert standing(application, world.alice) == {"history": "Typed before"}


def test_a_connection_that_breaks_is_told_and_saving_goes_on_when_it_is_back(world, window):
    application = applied(world)
    page = window(world.alice, width=PHONE)
    page.goto(reverse("edit_part", args=[application.pk, "organisation"]))

    page.context.set_offline(True)
    page.get_by_label("What have you done so far?").fill("Typed in a tunnel")
    expect(page.locator("[data-saving-said]")).to_contain_text("there is no connection")
    page.context.set_offline(False)

    apply.saved_by_itself(page)
    assert standing(application, world.alice) == {"history": "Typed in a tunnel"}


def test_an_answer_that_was_lost_on_its_way_makes_no_stranger_of_oneself(world, window):
    """The first words were saved, but the answer never came: the next ones follow them."""
    application = applied(world)
    page = window(world.alice, width=PHONE)
    page.goto(reverse("edit_part", args=[application.pk, "organisation"]))
    lost = []

    def lose(route):
        if lost or route.request.method != "POST":
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.route("**/parts/organisation/", lose)
    box = page.get_by_label("What have you done so far?")
    box.fill("Typed in a")
    expect(page.locator("[data-saving-said]")).to_contain_text("there is no connection")
    box.fill("Typed in a tunnel")

    apply.saved_by_itself(page)
    assert standing(application, world.alice) == {"history": "Typed in a tunnel"}


def test_the_time_left_goes_on_by_the_servers_clock_alone(world, window):
    """The device's clock is a day ahead; the page is not."""
    application = applied(world, open_framework(world, closes_at=timezone.now() + dt.timedelta(minutes=9)))
    page = window(world.alice, width=PHONE)
    page.add_init_script("const real = Date.now; Date.now = () => real() + 86400000;")
    page.goto(reverse("application", args=[application.pk]))

    expect(page.locator("[data-countdown-left]")).to_have_text(re.compile(r"8 minutes \d+ seconds? from now"))


def test_back_shows_what_is_saved(world, window):
    application = applied(world)
    page = window(world.alice, width=PHONE)
    page.goto(reverse("edit_part", args=[application.pk, "lots"]))
    page.locator("form[data-autosave] input[type=checkbox]").first.check()
    apply.save(page)

    page.go_back()

    expect(page.locator("form[data-autosave] input[type=checkbox]").first).to_be_checked()
    page.locator("form[data-autosave] input[type=checkbox]").nth(1).check()
    apply.save(page)
    lot = application.framework.lots.get(number="1")
    assert len(standing(application, world.alice, "lots")[f"lot_{lot.pk}"]) == 2
