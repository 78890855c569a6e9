"""A notice becomes a framework, the framework is changed in the portal, and the notice goes back out: only what was
changed differs. With the project's own sample and, where it stands beside the project, the published notice."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from lots.models import Framework
from notices.actions import releases as actions
from notices.models import Release
from notices.queries import export
from notices.rules.paths import text
from tests.notices import files
from tests.notices.generated import spelled
from tests.notices.made import answers_to, award, body, brought_in, framework, package

FRAMEWORKS = [file for file in files.NOTICES if file.stem == "framework-release"]


def made_of(world, release: Release) -> Framework:
    """Max confirms it, whoever its buyer is."""
    return actions.confirm_release(
        release=release, answers=answers_to(release), parts={}, is_our_buyer=True, by=world.max, at=timezone.now()
    )


def differing(one, other, path=()) -> dict[str, tuple]:
    """The paths at which two notices differ, with what each says there."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = list(dict.fromkeys([*one, *other]))
        steps = [(key, one.get(key, "nothing"), other.get(key, "nothing")) for key in keys]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        steps = [(place, *both) for place, both in enumerate(zip(one, other, strict=True))]
    else:
        return {} if one == other else {text(path): (one, other)}
    return {at: both for key, *two in steps for at, both in differing(*two, (*path, key)).items()}


@pytest.fixture(params=FRAMEWORKS, ids=lambda file: file.parent.name)
def notice(request):
    return request.param.read_bytes()


def test_a_framework_that_nobody_changed_gives_its_notice_back_byte_for_byte(world, notice, capfdbinary):
    release = brought_in(world, notice).releases.get()
    made_of(world, release)
    release.refresh_from_db()

    assert release.is_source
    assert export.exported_alone(release) == notice
    call_command("export_release", release.ocid)
    assert capfdbinary.readouterr() == (notice, b"")


def test_who_handed_a_framework_over_gives_the_notice_back_as_it_came(world):
    """What the next buyer makes of it is not for the people of the last one."""
    release = brought_in(world, framework()).releases.get()
    made = made_of(world, release)
    Framework.objects.filter(pk=made.pk).update(buyer=world.oak_trust, title="What Oak Trust plans")
    release = Release.objects.get()

    assert export.exported(release) == bytes(release.body)
    assert b"Oak Trust plans" not in b"".join(export.exported_file(release.file))


def test_after_changes_in_the_portal_only_those_paths_differ(world, notice):
    release = brought_in(world, notice).releases.get()
    made = made_of(world, release)
    Framework.objects.filter(pk=made.pk).update(
        title="A better title", max_participants=None, closes_at=dt.datetime(2026, 11, 2, 12, 0, tzinfo=dt.UTC)
    )
    made.lots.filter(number="3").update(net_pence=123_456_50)
    release.refresh_from_db()

    changed = differing(spelled(notice), spelled(export.exported_alone(release)))

    now = {path: new for path, (_, new) in changed.items()}
    assert now["tender.title"] == "A better title"
    assert now["tender.tenderPeriod.endDate"] == "2026-11-02T12:00:00+00:00"
    assert now["tender.lots[2].value.amount"] == "123456.5"
    assert len(now) == 4
    (limit,) = [path for path in now if "maximumParticipants" in path]
    assert now[limit] in ("nothing", "1e9999")


def test_a_framework_in_a_package_changes_its_own_release_alone(world):
    file = brought_in(world, body(package(award(), framework()), indent=3))
    made = made_of(world, file.releases.get(is_framework=True))
    Framework.objects.filter(pk=made.pk).update(title="A better title")

    given_back = b"".join(export.exported_file(file))

    told = body(package(award(), framework(title="A better title")), indent=3)
    assert given_back == told
    assert json.loads(given_back)["releases"][0] == award()
