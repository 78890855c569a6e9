"""The page of a long task, as it is watched: it keeps itself up to date, with a script and without."""

from __future__ import annotations

import pytest
from django.utils import timezone

from jobs.models import Job
from tests.jobs import make_job

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])


def goes_on(job, **fields) -> None:
    Job.objects.filter(pk=job.pk).update(**fields)


def ends(job) -> None:
    goes_on(job, state="done", try_at=None, ended_at=timezone.now(), result="700 notices were read.")


@SCRIPT
def test_max_watches_his_task_until_it_is_done(world, window, script, violations, too_wide):
    job = make_job(world, state="running", done=10, total=100, progress="notice 70 of 700")
    page = window(world.max, script=script)
    page.goto(f"/jobs/{job.pk}/")
    assert page.get_by_text("10 % done: notice 70 of 700").is_visible()

    goes_on(job, done=60, progress="notice 420 of 700")
    page.get_by_text("60 % done: notice 420 of 700").first.wait_for()
    if script:
        assert page.get_by_role("status").inner_text().strip() == "Running. 60 % done: notice 420 of 700"
        assert (violations(page), too_wide(page)) == ([], [])
    ends(job)
    page.get_by_text("700 notices were read.").first.wait_for()
    assert page.title().startswith("Read notice.json: done - ")

    asked = []
    page.on("request", lambda request: "/jobs/" in request.url and asked.append(request.url))
    page.wait_for_timeout(5500)
    assert asked == []
    assert page.complaints == []


def test_a_reader_of_the_page_aloud_hears_the_end_and_the_keyboard_stays_where_it_was(world, window):
    job = make_job(world, state="running", done=10, total=100)
    page = window(world.max)
    page.goto(f"/jobs/{job.pk}/")
    page.get_by_role("button", name="Stop this task").focus()

    goes_on(job, done=11)
    page.get_by_text("11 % done").wait_for()
    assert page.evaluate("document.activeElement.id") == "job-stop"
    assert page.get_by_role("status").inner_text().strip() == ""
    ends(job)
    page.get_by_role("status").get_by_text("Done. 700 notices were read.").wait_for()


def test_whoever_is_signed_out_meanwhile_is_led_to_the_way_in(world, window):
    job = make_job(world, state="running", done=10, total=100)
    page = window(world.max)
    page.goto(f"/jobs/{job.pk}/")

    page.context.clear_cookies()
    page.wait_for_url(f"**/account/login/?next=/jobs/{job.pk}/")


@SCRIPT
def test_max_stops_a_task_and_has_it_tried_again(world, window, script, violations):
    job = make_job(world)
    page = window(world.max, script=script)
    page.goto("/jobs/")
    page.get_by_role("link", name="Read notice.json").click()
    page.get_by_role("button", name="Stop this task").click()
    page.get_by_role("heading", name="Stop this task?").wait_for()
    if script:
        assert violations(page) == []
    page.get_by_role("button", name="Stop this task").click()
    page.get_by_text("The task was stopped").wait_for()

    page.get_by_role("button", name="Try again").click()
    page.get_by_text("Waiting to start").wait_for()

    assert Job.objects.values_list("state", "attempts").get(pk=job.pk) == ("waiting", 0)


@pytest.mark.parametrize("state", ["waiting", "running", "done", "failed", "cancelled"])
def test_the_page_is_for_everybody_in_every_state(world, window, violations, too_wide, state):
    job = make_job(world, state=state, problem="The file is not JSON.", title="Read " + "x" * 195)
    page = window(world.max, width=320)
    page.goto(f"/jobs/{job.pk}/")

    assert (violations(page), too_wide(page), page.complaints) == ([], [], [])
