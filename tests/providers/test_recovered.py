"""`SEAL_KEYS` are lost in the middle of a round, and what two people kept brings everything back: from the making of
the file to the opening, as those who do it would."""

from __future__ import annotations

import datetime as dt
import io
import sys

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import clock
from lots.actions import publication
from lots.models import Decision, Framework, Standard, StandardSet, StandardsVersion, Theme
from providers.actions import applications as actions
from providers.rules.refusals import Refused
from providers.steps.opening import open_round
from tests.dumps import said
from tests.frameworks import AT, make_framework
from tests.lots.test_recovery import NEW_KEY, ONE, TWO, tried
from tests.providers import bids


def published(world) -> tuple[Framework, bytes]:
    """A framework that was set up, its recovery file tried by two people, and published. With the file."""
    own = StandardSet.objects.create(owner=world.larkshire, name="Ours")
    version = StandardsVersion.objects.create(standard_set=own, number=1, made_at=AT, fixed_at=AT)
    theme = Theme.objects.create(version=version, number="1", title="Safety")
    Standard.objects.create(theme=theme, number="1.1", title="Everybody is safe")
    closes_at = timezone.now() + 30 * bids.DAY
    framework = make_framework(
        world,
        standards_chosen=version,
        closes_at=closes_at,
        enquiries_until=closes_at - 5 * bids.DAY,
        award_by_on=(closes_at + 60 * bids.DAY).date(),
        starts_on=(closes_at + 90 * bids.DAY).date(),
    )
    Decision.objects.create(framework=framework, about="call_off", option="buyer", decided_at=AT, decided_by=world.max)
    file = tried(world, framework)
    return publication.publish_framework(framework=framework, by=world.max, at=timezone.now()), file


def test_what_was_written_and_submitted_before_the_keys_were_lost_is_read_and_opened(
    world, sign_in, settings, monkeypatch, tmp_path
):
    framework, file = published(world)
    application = actions.start(framework=framework, provider=world.ash_house, by=world.alice)
    submission = bids.submit(bids.complete(world, application))
    bids.typed(application, {"organisation": {"history": "What we wrote afterwards"}})
    draft = reverse("edit_part", args=[application.pk, "organisation"])
    receipt = reverse("receipt", args=[submission.pk])

    settings.SEAL_KEYS = [NEW_KEY]
    alice = sign_in(world.alice)
    assert [alice.get(page).status_code for page in (draft, receipt)] == [503, 503]
    Framework.objects.filter(pk=framework.pk).update(closes_at=clock.database_now() - dt.timedelta(seconds=1))
    with pytest.raises(Refused, match="bring the key back"), transaction.atomic():
        open_round(framework=framework, by=world.max)

    (tmp_path / "recovery.json").write_bytes(file)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{ONE}\n{TWO}\n"))
    call_command("recover_seal_key", framework.pk, tmp_path / "recovery.json", stdout=io.StringIO())

    assert "What we wrote afterwards" in said(alice.get(draft))
    assert submission.sha256 in said(alice.get(receipt))
    with transaction.atomic():
        found = open_round(framework=framework, by=world.max)
    assert (found.hashes, found.broken) == ({submission.pk: submission.sha256}, ())
