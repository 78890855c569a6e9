"""The demo world of applications: what `make run` shows, all of it made by the real actions."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from core import clock
from files.look import look
from files.models import File
from files.states import FileState
from lots.models import Framework
from providers.demo import papers, profiles
from providers.demo.past_round import at_that_time
from providers.models import Application, BidPrice, DeadlineChange, Item, LateAttempt, Submission
from providers.queries.bids import own_bid, own_submission
from providers.rules.library import Standing, standing


@pytest.fixture
def loaded(db, settings):
    """Every world up to this one, loaded by the command that `make run` calls."""
    settings.DEMO, settings.SECOND_STEP_DEMANDED = True, False
    settings.DEMO_WORLDS = settings.DEMO_WORLDS[:3]
    call_command("demo", "--if-needed")


def applications_to(buyer: str, **fields) -> dict[str, Application]:
    """By provider."""
    framework = Framework.objects.get(buyer__name=buyer, **fields)
    return {one.provider.name: one for one in framework.applications.select_related("provider", "standing")}


def test_both_rounds_tell_their_story(loaded, sign_in):
    now = applications_to("Oak Trust")
    assert {name: str(one.state) for name, one in now.items()} == {
        "Ash House": "submitted",
        "Birch Farm": "submitted",
        "Cedar Workshop CIC": "draft",
        "Dovecote Music": "draft",
        "Elder Tree Boxing Academy": "withdrawn",
        "Fern Cottage Tuition": "following",
    }
    alice = User.objects.get(email="alice@ash-house.example")
    ash = Application.objects.visible_to(alice).get(pk=now["Ash House"].pk)
    assert ash.revision > Submission.objects.get(pk=ash.standing_id).revision  # edited since
    frozen = own_submission(Submission.objects.visible_to(alice).get(pk=ash.standing_id), user=alice)
    assert "4100" in str(frozen)
    assert "40.00" in str(own_bid(ash, user=alice).draft["prices"].answers)

    framework = now["Ash House"].framework
    assert (framework.questions.filter(answer=None).count(), framework.questions.count()) == (1, 2)
    assert framework.answers.get().versions.count() == 2
    assert now["Cedar Workshop CIC"].messages.get().kind == "help"
    assert [one.from_buyer for one in now["Dovecote Music"].messages.order_by("pk")] == [False, True]

    then = applications_to("Larkshire Council", reference="LC-AP-2")
    assert {name: str(one.state) for name, one in then.items()} == {
        "Ash House": "submitted",
        "Birch Farm": "draft",
        "Dovecote Music": "submitted",
    }
    late, change = LateAttempt.objects.get(), DeadlineChange.objects.get()
    assert (late.application, late.what) == (then["Birch Farm"], "submit")
    over = Framework.objects.get(pk=change.framework_id)
    assert over.closes_at == change.becomes < timezone.now()
    assert dt.timedelta(minutes=2, seconds=59) < late.at - over.closes_at < dt.timedelta(minutes=4)
    assert all(one.submitted_at <= over.closes_at for one in Submission.objects.filter(application__framework=over))
    assert BidPrice.objects.count() == 0  # nothing is opened

    library = Item.objects.filter(provider__name="Ash House").select_related("current")
    stands = {item.title: standing(item.current.expires_on, timezone.localdate()) for item in library}
    assert (stands[profiles.LIABILITY], stands[profiles.FIRE]) == (Standing.SOON, Standing.ENDED)
    assert set(File.objects.values_list("state", flat=True)) == {FileState.CLEAN}
    assert Event.objects.filter(action="providers.submission.made").count() == 5

    for email, pages in {
        alice.email: [
            reverse("application", args=[ash.pk]),
            reverse("applications", args=[ash.provider_id]),
            reverse("library", args=[ash.provider_id]),
            reverse("provider_profile", args=[ash.provider_id]),
            reverse("submission", args=[ash.standing_id]),
            reverse("receipt", args=[ash.standing_id]),
        ],
        "charlie@birch-farm.example": [reverse("application", args=[then["Birch Farm"].pk])],
        "max@larkshire.example": [reverse("round", args=[over.pk]), reverse("help_queue", args=[over.pk])],
        "tariq@oak-trust.example": [reverse("round", args=[framework.pk]), reverse("questions", args=[framework.pk])],
    }.items():
        client = sign_in(User.objects.get(email=email))
        assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_the_clock_is_put_back_and_on_again(settings, tmp_path):
    settings.DEMO, settings.DEMO_CLOCK_FILE = True, tmp_path / "demo-clock"
    noon = timezone.now() - dt.timedelta(days=20)
    with at_that_time(noon):
        assert abs(clock.now() - noon) < dt.timedelta(seconds=5)
    assert not Path(settings.DEMO_CLOCK_FILE).exists()

    settings.DEMO_CLOCK_FILE.write_text("3600")
    with pytest.raises(ZeroDivisionError), at_that_time(noon):
        1 / 0
    assert settings.DEMO_CLOCK_FILE.read_text() == "3600"


def test_its_papers_are_real_pdfs():
    content = papers.pdf("A (small) policy", "We put children first.\n\nAlways.")

    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        found = look(file, size=len(content))

    assert found.text.splitlines()[0] == "A (small) policy"
    assert papers.pdf("A (small) policy", "We put children first.\n\nAlways.") == content
