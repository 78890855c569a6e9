"""The list of long tasks, and the page of one."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from jobs import tasks
from jobs.models import Job
from tests.jobs import MINUTE, make_job

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
REFRESH = '<meta http-equiv="refresh"'


@pytest.fixture
def told(monkeypatch):
    """Whether the workers were told of something to do."""
    found = []
    monkeypatch.setattr(tasks.sweep, "apply_async", lambda **words: found.append(words))
    return found


def page_of(client, job, name="job", **headers) -> str:
    return client.get(reverse(name, args=[job.pk]), **headers).content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_list_costs_the_same_for_one_task_and_for_three(world, sign_in, how_many, django_assert_num_queries):
    for number in range(how_many):
        make_job(world, title=f"Read notice-{number}.json")
    client = sign_in(world.max)
    client.get("/jobs/")

    with django_assert_num_queries(4):  # session, person, roles, rows
        page = client.get("/jobs/").content.decode()

    assert [f"notice-{number}.json" in page for number in range(3)] == [n < how_many for n in range(3)]


def test_each_sees_the_tasks_of_their_own_organisations(world, sign_in):
    make_job(world, title="Of Larkshire")
    make_job(world, title="Of Ash House", by="alice", organisation=world.ash_house)
    make_job(world, title="Of nobody's", by="olu", organisation=None)

    found = {
        who: {job.title for job in sign_in(getattr(world, who)).get("/jobs/").context["page"].rows}
        for who in ("max", "fay", "bob", "nora", "ines", "olu")
    }

    assert found == {
        "max": {"Of Larkshire"},
        "fay": {"Of Larkshire"},
        "bob": {"Of Ash House"},
        "nora": set(),
        "ines": set(),
        "olu": {"Of Larkshire", "Of Ash House", "Of nobody's"},
    }


def test_the_list_is_narrowed_by_state_and_turns_its_pages(world, sign_in):
    for number in range(60):
        make_job(world, title=f"Task {number}", state="done" if number % 2 else "failed")
    client = sign_in(world.max)

    done, first = client.get("/jobs/?state=done").context["page"], client.get("/jobs/").context["page"]
    second = client.get(f"/jobs/{first.after}").context["page"]

    assert ({job.state for job in done}, len(done)) == ({"done"}, 30)
    assert [job.title for job in [*first, *second]] == [f"Task {number}" for number in reversed(range(60))]


@pytest.mark.parametrize(
    ("fields", "says", "asks_again"),
    [
        ({}, ["Waiting to start", "It starts within a few seconds", "Stop this task"], True),
        ({"attempts": 1}, ["We try again by ourselves"], True),
        ({"state": "running", "done": 1, "total": 4}, ["Running", 'value="25"', "25 % done", "Stop this task"], True),
        ({"state": "running"}, ["Just started"], True),
        ({"state": "running", "cancel_asked_at": timezone.now()}, ["Stopping"], True),
        (
            {"state": "done", "result": "All 700", "about_id": 5},
            ["All 700", "/organisations/5/", "See the result"],
            False,
        ),
        (
            {"state": "failed", "problem": "Not JSON", "about_id": 5},
            ["Not JSON", "See what it was", "Try again"],
            False,
        ),
        ({"state": "cancelled", "done": 1, "total": 4}, ["Somebody stopped it", "25 % done", "Try again"], False),
    ],
    ids=["waiting", "to be tried again", "running", "just started", "stopping", "done", "failed", "stopped"],
)
def test_the_page_says_what_the_task_is_at(world, sign_in, fields, says, asks_again):
    page = page_of(sign_in(world.max), make_job(world, **fields))

    assert [words for words in says if words not in page] == []
    assert ("hx-get=" in page, f"<noscript>{REFRESH}" in page) == (asks_again, asks_again)


@pytest.mark.parametrize(("who", "buttons"), [("max", True), ("ada", True), ("olu", True), ("fay", False)])
def test_the_button_is_for_those_who_may(world, sign_in, who, buttons):
    client = sign_in(getattr(world, who))

    assert ("Stop this task" in page_of(client, make_job(world))) == buttons
    assert ("Try again" in page_of(client, make_job(world, state="failed"))) == buttons


@pytest.mark.parametrize("kind", ["test", "gone", "a kind of yesterday"])
def test_the_result_is_linked_to_while_its_page_is_there(world, sign_in, kind):
    page = page_of(sign_in(world.max), make_job(world, kind=kind, about_id=5, state="done"))

    assert ("See the result" in page) == (kind == "test")


def test_the_page_of_a_task_costs_few_queries(world, sign_in, django_assert_max_num_queries):
    job, client = make_job(world, state="running"), sign_in(world.max)
    page_of(client, job)

    with django_assert_max_num_queries(8):
        page_of(client, job)
    with django_assert_max_num_queries(8):
        page_of(client, job, "job_state", **HTMX)


def test_the_part_that_changes_comes_alone_to_htmx_and_anybody_else_is_led_to_the_page(world, sign_in):
    job, client = make_job(world, state="running"), sign_in(world.max)

    part, other = page_of(client, job, "job_state", **HTMX), client.get(reverse("job_state", args=[job.pk]))

    assert ("<html" in part, '<div id="job-state" hx-get=' in part) == (False, True)
    assert (other.status_code, other["Location"]) == (302, f"/jobs/{job.pk}/")


def test_news_come_with_the_part_when_there_are_some(world, sign_in):
    job, client = make_job(world, state="running", done=30, total=100), sign_in(world.max)

    def news(heard):
        page = client.get(reverse("job_state", args=[job.pk]), {"heard": heard}, **HTMX).content.decode()
        return page.partition('hx-swap-oob="innerHTML">')[2].partition("</div>")[0].strip()

    assert news("running-1") == ""
    assert news("running-0") == "Running. 30 % done"
    Job.objects.filter(pk=job.pk).update(state="done", try_at=None, ended_at=timezone.now(), result="All 700 read.")
    assert news("running-1") == "Done. All 700 read."


def test_names_from_outside_are_text(world, sign_in):
    evil = "<script>alert(9)</script>"
    job = make_job(world, title=evil, progress=evil, problem=evil, state="failed")

    pages = page_of(sign_in(world.max), job) + page_of(sign_in(world.max), job, "job_state", **HTMX)

    assert "<script>alert" not in pages
    assert "&lt;script&gt;alert" in pages


def test_max_stops_a_task_after_being_asked(world, sign_in):
    job, client = make_job(world), sign_in(world.max)
    address = reverse("cancel_job", args=[job.pk])

    asked = client.get(address)
    assert (asked.status_code, Job.objects.get().state) == (200, "waiting")
    answer = client.post(address, follow=True)

    assert Job.objects.get().state == "cancelled"
    assert "The task was stopped" in answer.content.decode()


def test_a_running_task_stops_in_a_moment(world, sign_in):
    job = make_job(world, state="running")

    answer = sign_in(world.max).post(reverse("cancel_job", args=[job.pk]), follow=True)

    assert "The task stops in a moment" in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_task_that_was_over_meanwhile_says_so(world, sign_in, method):
    job = make_job(world, state="done")

    answer = getattr(sign_in(world.max), method)(reverse("cancel_job", args=[job.pk]), follow=True)

    assert "It was over before we could stop it." in answer.content.decode()
    assert Job.objects.get().state == "done"


def test_max_has_it_tried_again_and_the_workers_are_told(world, sign_in, told):
    job = make_job(world, state="failed")

    answer = sign_in(world.max).post(reverse("retry_job", args=[job.pk]))

    assert (answer["Location"], Job.objects.get().state, len(told)) == (f"/jobs/{job.pk}/", "waiting", 1)


def test_what_is_under_way_is_not_tried_again(world, sign_in, told):
    job = make_job(world, at=timezone.now() - MINUTE)

    answer = sign_in(world.max).post(reverse("retry_job", args=[job.pk]), follow=True)

    assert "It is under way already." in answer.content.decode()
    assert told == []
