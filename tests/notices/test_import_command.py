"""`manage.py import_release`: the same actions as the pages, from the command line."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Organisation
from audit.models import Event
from jobs.models import Job
from lots.models import Decision, Framework
from notices.models import NoticeFile, Release
from tests.notices.made import (
    CONTACT,
    answers_to,
    award,
    body,
    brought_in,
    confirmed,
    framework,
    lot,
    package,
    received,
)
from tests.notices.test_import import BAD

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path):
    """`run(notice, "--dry-run")` gives what stands on standard output and on standard error."""

    def call(whole, *words: str) -> tuple[str, str]:
        path = tmp_path / "notice.json"
        path.write_bytes(whole if isinstance(whole, bytes) else body(whole))
        out, err = io.StringIO(), io.StringIO()
        call_command("import_release", str(path), *words, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    return call


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (NoticeFile, Release, Framework, Job, Event))


def all_answers(world) -> list[str]:
    """What has to be answered to the notice of these tests, as the command takes it."""
    release = brought_in(world, framework(ocid="ocds-elsewhere"), organisation=world.oak_trust, by=world.tariq)
    words = []
    for code, answer in answers_to(release.releases.get()).items():
        words += ["--reason", f"{code}={answer.reason}"]
        words += ["--choose", f"{code}={answer.option}"] if answer.option else []
    return words


def test_a_dry_run_says_what_was_understood_and_writes_nothing(world, run):
    before = rows()

    out, err = run(framework(), "--dry-run")

    assert "One release: 1 release, of frameworks 1" in out
    assert "Buyer: Larkshire Council GB-PPON AAAA-1111-AAAA" in out
    assert "Lot 1: Vocational, £300,000 without VAT, parts B C" in out
    assert "CHOOSE (sides):" in out
    assert "tender.techniques.frameworkAgreement.description: not said" in out
    assert "--choose sides=upper" in out
    assert "Nothing was written" in out
    assert "release 1 of 1 read" in err
    assert rows() == before


def test_a_dry_run_of_a_package_tells_its_progress_in_ten_steps(world, run):
    many = [award(ocid=f"ocds-{number}") for number in range(40)]

    out, err = run(package(*many, *[framework(ocid=f"ocds-f{number}") for number in range(22)]), "--dry-run")

    assert "62 releases, of frameworks 22" in out
    assert "and 2 more" in out
    assert 10 <= err.count("read") <= 12


def test_a_notice_of_something_else_is_told_in_a_sentence(world, run):
    out, _ = run(award(), "--dry-run")

    assert "Contract award notice" in out
    assert "of frameworks 0" in out


def test_measures_of_a_notice_of_something_else_are_told_too(world, run):
    whole = award()
    whole["awards"][0]["agreedMetrics"] = [{"observations": [{"period": {"durationInDays": 1}}]}]

    out, _ = run(whole, "--dry-run")

    assert "NOTE (daily_measures): A measure is to be reported on every day" in out


def test_without_answers_the_notice_is_kept_and_the_rest_is_said(world, run):
    out, _ = run(framework())

    release = Release.objects.get()
    assert "Taken in for Larkshire Council: 1 release" in out
    assert "sides: Choose what holds" in out
    assert reverse("confirm_release", args=[release.pk]) in out
    assert Framework.objects.count() == 0


def test_with_all_answers_the_framework_is_made(world, run):
    out, _ = run(framework(), *all_answers(world))

    made = Framework.objects.get()
    assert reverse("setup_framework", args=[made.pk]) in out
    assert Decision.objects.get(framework=made, about="pool").reason == "Because of pool"
    assert made.created_by is None
    assert Event.objects.get(action="notices.release.confirmed").by_label == "system:notices.import_release"


def test_somebody_may_do_it_in_their_own_name(world, run):
    run(framework(), "--as", world.max.email, "--organisation", "Larkshire Council", *all_answers(world))

    assert Framework.objects.get().created_by == world.max


@pytest.mark.parametrize(
    ("who", "words"), [("eve", "may not bring notices in"), ("nobody@nobody.example", "Nobody here has the address")]
)
def test_whoever_may_not_is_refused(world, run, who, words):
    email = world.eve.email if who == "eve" else who

    with pytest.raises(CommandError, match=words):
        run(framework(), "--as", email)

    assert NoticeFile.objects.count() == 0


def test_another_buyer_is_confirmed_by_a_word(world, run):
    told = framework()
    told["buyer"]["name"] = told["parties"][0]["name"] = "Borough of Fenwick"
    answers = all_answers(world)

    out, _ = run(told, "--organisation", "larkshire council", *answers)
    assert "Confirm that the buyer in the notice is Larkshire Council" in out

    run(told, "--organisation", "larkshire council", "--our-buyer", *answers)
    assert Framework.objects.count() == 1


def test_the_buyer_is_found_by_its_number(world, run):
    Organisation.objects.filter(pk=world.mereshire.pk).update(ppon="AAAA-1111-AAAA", name="Elsewhere", name_key="x")

    with pytest.raises(CommandError, match="Say for whom with --organisation"):
        run(framework())  # the number is one council's, the name another's

    run(framework(), "--organisation", "AAAA-1111-AAAA")
    assert NoticeFile.objects.get().organisation == world.mereshire


@pytest.mark.parametrize("named", ["Nobody's Council", "\x00\ud800"])
def test_a_buyer_that_is_not_here_is_asked_for(world, run, named):
    with pytest.raises(CommandError, match="Larkshire Council, Mereshire Council"):
        run(framework(), "--organisation", named)


def test_a_portal_with_one_council_needs_no_name(world, run):
    Organisation.objects.filter(pk=world.mereshire.pk).update(kind="trust")
    told = framework()
    told["buyer"]["name"] = told["parties"][0]["name"] = "Borough of Fenwick"

    run(told)

    assert NoticeFile.objects.get().organisation == world.larkshire


def test_the_same_file_again_leads_to_what_is_here(world, run):
    run(framework())
    out, _ = run(framework())
    assert "This file is here already" in out
    assert Release.objects.count() == 1

    confirmed(world, Release.objects.get())
    out, _ = run(framework())
    assert f"on http://localhost:8000{reverse('release', args=[Release.objects.get().pk])}" in out


def test_a_later_notice_is_compared_on_its_page(world, run):
    confirmed(world, brought_in(world, framework()).releases.get())

    out, _ = run(framework(id="000009-2026", title="New"))

    assert reverse("compare_release", args=[Release.objects.latest("pk").pk]) in out


def test_several_frameworks_are_confirmed_on_their_pages(world, run):
    out, _ = run(package(framework(), framework(ocid="ocds-2")), "--organisation", "Larkshire Council")

    assert reverse("notice_file", args=[NoticeFile.objects.get().pk]) in out


def test_a_framework_told_wrongly_in_a_package_is_said(world, run):
    wrong = framework(ocid="ocds-2", lots=[lot("1", "Vocational", 1) | {"id": None}])

    out, _ = run(package(framework(), wrong), "--dry-run")

    assert "It cannot become a framework" in out
    assert "(tender.lots[0].id)" in out


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_ends_with_the_message_and_the_place_and_nothing_is_written(world, run, kind):
    sent, words, path = BAD[kind]
    before = rows()

    with pytest.raises(CommandError) as refused:
        run(sent)

    assert words in str(refused.value)
    assert path in str(refused.value)
    assert "Nothing was written" in str(refused.value)
    assert refused.value.returncode == 1
    assert rows() == before


def test_an_empty_file_and_one_that_is_too_large(world, run, settings):
    with pytest.raises(CommandError, match="The file is empty"):
        run(b"")
    settings.NOTICE_FILE_MAX_BYTES = 1024**2
    with pytest.raises(CommandError, match="larger than 1 MB"):
        run(b"x" * (1024**2 + 1))


def test_a_file_that_is_not_there(world):
    with pytest.raises(CommandError, match="Cannot open no-such-file"):
        call_command("import_release", "no-such-file")


def test_other_words_for_a_release_that_is_held_are_refused(world, run):
    run(framework())

    with pytest.raises(CommandError, match=r"two releases with the id 000001-2026.*\(id\)"):
        run(framework(title="Something else"))

    assert Release.objects.count() == 1


@pytest.mark.parametrize("words", ["sides", "reason"])
def test_an_answer_without_a_code_is_refused(world, run, words):
    with pytest.raises(CommandError, match="write CODE=WORDS"):
        run(framework(), "--choose", words)


def test_a_reading_that_was_stopped_is_said(world, run):
    file = received(world, framework())
    Job.objects.filter(pk=file.job_id).update(
        state="cancelled", try_at=None, ended_at=file.received_at, cancel_asked_at=file.received_at
    )

    with pytest.raises(CommandError, match="could not be read"):
        run(framework())


def test_a_withdrawn_role_and_an_action_that_refuses_are_said(world, run, monkeypatch):
    from notices.rules.refusals import Refused

    def refuses(**words):
        raise Refused("Not today")

    monkeypatch.setattr("notices.actions.releases.confirm_release", refuses)
    with pytest.raises(CommandError, match="Not today"):
        run(framework())


def test_signs_that_a_terminal_obeys_are_left_out(world, run):
    out, _ = run(framework(title="Red \x1b[31m alert\x07"), "--dry-run")

    assert "\x1b" not in out
    assert "\x07" not in out


def test_the_contact_person_is_not_printed(world, run):
    out, err = run(framework())

    assert [word for word in CONTACT.values() if word.lower() in (out + err).lower()] == []
