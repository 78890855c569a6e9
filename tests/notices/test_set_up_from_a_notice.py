"""A framework from a notice is set up further by hand: what nobody changes goes back out byte for byte, however often
its forms are saved; it can be published; and a draft that was given up leaves its notice free."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from lots.actions import publication
from lots.forms.lots import LotForm
from lots.forms.setup import AboutForm
from lots.forms.timetable import TimetableForm
from lots.models import Decision, Framework, KeyDate, PriceLine
from lots.rules import readiness
from lots.rules.timetable import time_in_words
from lots.states import FrameworkState
from lots.steps.decisions import decide
from notices.queries import export
from tests.frameworks import make_ready, recovered
from tests.notices.made import brought_in
from tests.notices.test_export_of_frameworks import FRAMEWORKS, made_of


@pytest.fixture(params=FRAMEWORKS, ids=lambda file: file.parent.name)
def notice(request):
    return request.param.read_bytes()


def sent_back(form) -> dict:
    """A form as a browser sends it back when nobody changed anything."""
    found = {}
    for name in form.fields:
        value = form.initial.get(name)
        if isinstance(value, dt.date):
            found |= {f"{name}_{part}": str(number) for part, number in enumerate((value.day, value.month, value.year))}
        elif isinstance(value, dt.time):
            found[name] = time_in_words(value)
        elif isinstance(value, list):
            found[name] = value
        elif value not in (None, False, ""):
            found[name] = str(value).replace("\n", "\r\n")
    return found


def test_saving_every_form_as_it_stands_changes_nothing(world, sign_in, notice):
    release = brought_in(world, notice).releases.get()
    framework, client = made_of(world, release), sign_in(world.max)
    reason = getattr(Decision.objects.filter(about="term_over_eight_years", replaced_at=None).first(), "reason", "")
    forms = {reverse("about_framework", args=[framework.pk]): AboutForm(framework=framework)}
    forms |= {
        reverse("change_lot", args=[lot.pk]): LotForm(lot=lot, framework=framework) for lot in framework.lots.all()
    }
    forms[reverse("framework_timetable", args=[framework.pk])] = TimetableForm(framework=framework, reason=reason)

    answers = {address: client.post(address, sent_back(form)) for address, form in forms.items()}

    assert {address: answer.context["form"].errors for address, answer in answers.items() if answer.context} == {}
    release.refresh_from_db()
    assert export.exported_alone(release) == notice


def test_what_was_changed_by_hand_is_published_and_goes_out(world, sign_in, notice):
    release = brought_in(world, notice).releases.get()
    framework, client = made_of(world, release), sign_in(world.max)
    Framework.objects.filter(pk=framework.pk).update(
        standards_chosen=make_ready(world, buyer=world.mereshire).standards_chosen
    )

    recovered(framework, world)

    client.post(reverse("add_first_price_lines", args=[framework.pk]))
    client.post(
        reverse("framework_users", args=[framework.pk]),
        {"call_off": "named", "schools_of_area": "on", "area": "Schools in Larkshire"},
    )
    answer = client.post(reverse("publish_framework", args=[framework.pk]), {"sure": "on"})

    assert answer.context is None, answer.context["form"].errors
    framework.refresh_from_db()
    assert framework.state == FrameworkState.PUBLISHED
    bid_for = framework.lots.filter(is_auto=False)
    assert PriceLine.objects.filter(lot__framework=framework, gated="gated").count() == bid_for.count()
    release.refresh_from_db()
    assert export.exported_alone(release) == notice


def test_why_only_the_buyer_uses_it_is_not_asked_twice(world, sign_in, notice):
    framework, client = made_of(world, brought_in(world, notice).releases.get()), sign_in(world.max)
    address = reverse("framework_users", args=[framework.pk])
    answer = {"framework": framework, "about": "nobody_may_use_it", "option": "", "clarification": ""}
    Decision.objects.filter(framework=framework, about="nobody_may_use_it").delete()
    tasks = reverse("setup_framework", args=[framework.pk])

    assert state_of(client, tasks) == "Not started"
    assert "names nobody but the buyer" not in client.get(address).content.decode()

    decide(**answer, reason="The council agrees for its schools", by=world.max, at=timezone.now())
    assert state_of(client, tasks) == "Done"
    text = client.get(address).content.decode()
    assert "The council agrees for its schools" in text
    assert "only you may use it, unless you name others here" in text

    client.post(address, {"call_off": "named", "schools_of_area": "on", "area": "Schools in Larkshire"})
    assert "Others were named since" in client.get(address).content.decode()


def state_of(client, tasks: str) -> str:
    """Of the task "Who may use the framework"."""
    return next(
        task["status"]
        for task in client.get(tasks).context["tasks"]
        if task["title"] == readiness.TASKS[readiness.CALLERS]
    )


def test_a_draft_that_was_given_up_leaves_its_notice_free(world, notice):
    release = brought_in(world, notice).releases.get()
    first = made_of(world, release)
    dates = KeyDate.objects.count()
    publication.withdraw_framework(framework=first, reason="", by=world.max, at=timezone.now())

    second = made_of(world, release)

    release.refresh_from_db()
    assert (release.framework, second.pk == first.pk) == (second, False)
    assert KeyDate.objects.filter(framework=second).count() == dates
    assert export.exported_alone(release) == notice
