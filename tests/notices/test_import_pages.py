"""The officer's way through the pages: upload, what was understood, what is left open, check, the framework."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from audit.models import Event
from jobs import running
from jobs.models import Job
from lots.models import Decision, Framework
from notices.models import NoticeFile, Release
from notices.queries.releases import told_by
from notices.rules.answers import asked
from notices.states import FileState
from tests.frameworks import make_framework
from tests.house.nasty import VALUES
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
    upload,
)
from tests.notices.test_import import BAD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_is_told(monkeypatch):
    """No broker: the test does the work itself."""
    monkeypatch.setattr("notices.views.files.start_soon", lambda: None)


@pytest.fixture
def max_(world, sign_in):
    return sign_in(world.max)


def post_file(client, world, file):
    return client.post(reverse("import_notice", args=[world.larkshire.pk]), {"file": file} if file else {})


def typed(release, **more) -> dict:
    """What Max types on the page of open questions: every reason, every choice as it stands pre-selected."""
    sent = {}
    for code, answer in answers_to(release).items():
        sent |= {f"reason_{code}": answer.reason} | ({f"option_{code}": answer.option} if answer.option else {})
    return sent | {"parts_0": ["B", "C"], "parts_1": ["A", "B", "C"]} | more


def test_max_uploads_reads_answers_checks_and_has_his_framework(world, max_):
    page = post_file(max_, world, upload(framework()))
    file = NoticeFile.objects.get()
    assert page["Location"] == reverse("job", args=[file.job_id])
    running.sweep()
    assert reverse("notice_file", args=[file.pk]) in max_.get(page["Location"]).content.decode()

    page = max_.get(reverse("notice_file", args=[file.pk]))
    release = Release.objects.get()
    assert page["Location"] == reverse("release", args=[release.pk])
    text = max_.get(page["Location"]).content.decode()
    assert "2 lots, 5 parts to apply for" in text
    assert "£500,000" in text
    assert "tender.techniques.frameworkAgreement" in text

    address = reverse("confirm_release", args=[release.pk])
    text = max_.get(address).content.decode()
    assert "What the notice leaves open" in text
    assert 'value="upper"' in text
    told = next(one for one in asked(told_by(release, today=timezone.localdate()).findings) if one.code == "sides")
    assert all(escape(f"All bidders are told: {option.clarification}") in text for option in told.options)

    text = max_.post(address, typed(release)).content.decode()
    assert "Check your answers" in text
    assert "What all bidders are told" in text
    assert "Because of sides" in text
    assert Framework.objects.count() == 0

    text = max_.post(address, typed(release, step="change")).content.decode()
    assert "Because of sides" in text
    page = max_.post(address, typed(release, step="confirm", parts_0=["A", "B"]))

    made = Framework.objects.get()
    assert page["Location"] == reverse("setup_framework", args=[made.pk])
    assert [part.letter for part in made.lots.get(number="1").sub_lots.all()] == ["A", "B"]
    release.refresh_from_db()
    assert (release.framework, release.is_source, release.confirmed_by) == (made, True, world.max)
    sides = Decision.objects.get(framework=made, about="sides")
    assert (sides.option, sides.reason, sides.decided_by) == ("upper", "Because of sides", world.max)
    assert "upper limit" in sides.clarification
    event = Event.objects.get(action="notices.release.confirmed")
    assert event.data["choices"]["sides"] == "upper"
    assert "Because" not in str(event.data)
    assert max_.get(address)["Location"] == reverse("compare_release", args=[release.pk])
    assert max_.get(reverse("compare_release", args=[release.pk]))["Location"] == reverse("release", args=[release.pk])


def test_who_departs_from_what_the_notice_states_says_why(world, max_):
    told = framework()
    told["tender"]["lots"][0]["description"] = "Prices are compared excluding VAT."
    release = brought_in(world, told).releases.get()
    address = reverse("confirm_release", args=[release.pk])
    stated = "The notice says so (tender.lots[0].description)."
    assert stated in max_.get(address).content.decode()

    text = max_.post(address, typed(release, option_basis="gross", reason_basis=stated)).content.decode()
    assert "You chose something else than the notice says. Give your reason" in text
    text = max_.post(address, typed(release, option_basis="gross", reason_basis="Ours are exempt")).content.decode()
    assert "Check your answers" in text


def test_nothing_typed_is_lost_when_something_is_missing(world, max_):
    release = brought_in(world, framework()).releases.get()

    sent = typed(release) | {"reason_pool": "", "option_counted": "nonsense"}
    text = max_.post(reverse("confirm_release", args=[release.pk]), sent).content.decode()

    assert "There is a problem" in text
    assert "Enter the reason: The notice" in text
    assert "Choose one of the answers on this page" in text
    assert text.count("Because of sides") == 1
    assert Framework.objects.count() == 0


def test_another_buyer_in_the_notice_is_confirmed_with_a_tick_and_recorded(world, max_):
    told = framework()
    told["buyer"]["name"] = told["parties"][0]["name"] = "Borough of Fenwick"
    release = brought_in(world, told).releases.get()
    address = reverse("confirm_release", args=[release.pk])
    assert "Borough of Fenwick" in max_.get(reverse("release", args=[release.pk])).content.decode()

    text = max_.post(address, typed(release, step="confirm")).content.decode()
    assert "Confirm that the buyer in the notice is Larkshire Council" in text
    assert "Borough of Fenwick (AAAA-1111-AAAA)" in text
    assert Framework.objects.count() == 0

    max_.post(address, typed(release, step="confirm", is_our_buyer="on"))
    assert Framework.objects.count() == 1
    assert Event.objects.get(action="notices.release.confirmed").data["buyer_in_the_notice"] == "AAAA-1111-AAAA"


def test_a_notice_of_something_else_says_so_and_leads_nowhere(world, max_):
    release = brought_in(world, award()).releases.get()

    text = max_.get(reverse("release", args=[release.pk])).content.decode()

    assert "does not set up a framework" in text
    for name in ("confirm_release", "compare_release"):
        page = max_.get(reverse(name, args=[release.pk]))
        assert page["Location"] == reverse("release", args=[release.pk])


def test_measures_that_are_reported_on_every_day_are_told_of_a_direct_award(world, max_):
    measure = {"id": "1", "title": "Safeguarding", "observations": [{"id": "1", "period": {"durationInDays": 1}}]}
    whole = award()
    whole["awards"][0]["agreedMetrics"] = [measure]
    release = brought_in(world, whole).releases.get()

    page = max_.get(reverse("release", args=[release.pk])).content.decode()

    assert "A measure is to be reported on every day" in page
    assert "awards[0].agreedMetrics[0].observations[0].period.durationInDays" in page
    assert "You answer" not in page


def test_a_framework_told_wrongly_among_many_says_where_on_its_own_page(world, max_):
    file = brought_in(world, package(framework(lots=[lot("1", "Vocational", 1) | {"id": None}]), award()))
    release = file.releases.get(position=0)

    text = max_.get(reverse("release", args=[release.pk])).content.decode()

    assert "cannot become a framework" in text
    assert "tender.lots[0].id" in text
    for name in ("confirm_release", "compare_release"):
        assert max_.get(reverse(name, args=[release.pk]))["Location"] == reverse("release", args=[release.pk])


def test_a_package_lists_its_frameworks_first(world, max_):
    file = brought_in(world, package(award(), framework()))

    text = max_.get(reverse("notice_file", args=[file.pk])).content.decode()

    assert text.index("Alternative provision") < text.index("Minibuses")
    assert "Release package" in text


def test_the_same_file_again_is_shown_where_it_is(world, max_):
    file = received(world, framework())
    assert post_file(max_, world, upload(framework()))["Location"] == reverse("job", args=[file.job_id])
    running.sweep()

    page = max_.post(reverse("import_notice", args=[world.larkshire.pk]), {"file": upload(framework())}, follow=True)

    assert page.redirect_chain[-1][0] == reverse("release", args=[Release.objects.get().pk]) + "?again"
    assert "This file is here already" in page.content.decode()
    assert NoticeFile.objects.count() == 1


def test_a_file_that_says_nothing_new_says_so(world, max_):
    brought_in(world, package(framework(), award()))
    file = brought_in(world, body(package(framework(), award()), indent=7))

    assert "already here" in max_.get(reverse("notice_file", args=[file.pk])).content.decode()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "Select a file"),
        (SimpleUploadedFile("a.json", b""), "The file is empty"),
        (SimpleUploadedFile("a.json", b"x" * 2_000_001), "The file is larger than 1 MB"),
    ],
    ids=["none", "empty", "too large"],
)
def test_a_file_that_is_none_is_refused_at_once(world, max_, settings, file, words):
    settings.NOTICE_FILE_MAX_BYTES = 1024**2

    page = post_file(max_, world, file)

    assert words in page.content.decode()
    assert (NoticeFile.objects.count(), Job.objects.count()) == (0, 0)


def test_two_hundred_megabytes_are_refused_before_they_are_read(world, max_):
    address = reverse("import_notice", args=[world.larkshire.pk])

    page = max_.post(address, b"", content_type="multipart/form-data; boundary=B", CONTENT_LENGTH=200 * 1024**2)

    assert page.status_code == 413
    assert NoticeFile.objects.count() == 0


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_says_what_is_wrong_and_where_on_its_pages(world, max_, kind):
    sent, words, path = BAD[kind]
    page = post_file(max_, world, upload(sent))
    running.sweep()
    file = NoticeFile.objects.get()

    job_page = max_.get(page["Location"]).content.decode()
    file_page = max_.get(reverse("notice_file", args=[file.pk])).content.decode()

    assert file.state == FileState.REFUSED
    for text in (job_page, file_page):
        assert words in text
        assert path in text
    assert "bring it in again" in file_page
    assert Release.objects.count() == 0


def test_a_fault_while_the_file_is_written_down_leaves_no_bytes_behind(world, max_, monkeypatch):
    gone = []
    monkeypatch.setattr("notices.views.files.store.forget", gone.append)
    monkeypatch.setattr("notices.views.files.actions.receive_file", lambda **words: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        post_file(max_, world, upload(framework()))

    assert len(gone) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_whatever_their_length(world, max_, django_assert_max_num_queries, rows):
    for number in range(rows):
        file = brought_in(world, package(award(ocid=f"ocds-{number}"), *[award(id=f"{n}") for n in range(rows)]))
    max_.get(reverse("home"))

    with django_assert_max_num_queries(8) as files:
        max_.get(reverse("notice_files", args=[world.larkshire.pk]))
    with django_assert_max_num_queries(8) as releases:
        max_.get(reverse("notice_file", args=[file.pk]))

    assert (len(files), len(releases)) == (5, 5)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_whatever_a_notice_says_is_shown_as_text(world, max_, value):
    told = framework(title=value[:500] or "x", description=value[:100_000])
    told["buyer"]["name"] = value
    file = brought_in(world, told)

    if file.state == FileState.READ:
        release = file.releases.get()
        for name in ("release", "confirm_release"):
            page = max_.get(reverse(name, args=[release.pk]))
            assert page.status_code == 200
            assert b"<script>alert(9)" not in page.content
    assert max_.get(reverse("notice_file", args=[file.pk])).status_code in {200, 302}
    assert max_.get(reverse("notice_files", args=[world.larkshire.pk])).status_code == 200


def test_the_contact_person_is_in_no_address_and_no_event(world, max_):
    release = brought_in(world, framework()).releases.get()
    page = max_.post(reverse("confirm_release", args=[release.pk]), typed(release, step="confirm"))

    assert page.status_code == 302
    told = " ".join(str(event.data) for event in Event.objects.all()) + page["Location"]
    assert [word for word in CONTACT.values() if word.lower() in told.lower()] == []


# --- A later notice ------------------------------------------------------------------------------------------------


def later(**tender) -> dict:
    return framework(id="000009-2026", **tender)


def compare(client, release, choices: dict[str, str] | None = None, **more):
    """Open the comparison, then send it back as it stands, but for `choices` (label → keep or take)."""
    address = reverse("compare_release", args=[release.pk])
    form = client.get(address).context["form"]
    sent = {"seen": form.fields["seen"].initial} | more
    for name, field in form.fields.items():
        if name.startswith("take_"):
            word, _, key = field.initial.partition(" ")
            sent[name] = f"{(choices or {}).get(field.label, word)} {key}"
    return client.post(address, sent)


@pytest.fixture
def held(world) -> Framework:
    return confirmed(world, brought_in(world, framework()).releases.get())


def test_a_later_notice_shows_three_columns_and_loses_neither_telling(world, max_, held):
    Framework.objects.filter(pk=held.pk).update(risks="Typed in the portal")
    told = later(title="New title", riskDetails="Said by the notice")
    release = brought_in(world, told).releases.get()

    page = max_.get(reverse("release", args=[release.pk])).content.decode()
    assert reverse("compare_release", args=[release.pk]) in page
    form = max_.get(reverse("compare_release", args=[release.pk])).context["form"]
    rows = {row["label"]: (row["now"], row["was"], row["new"]) for row in form.rows()}
    assert rows["Title"] == ("Alternative provision", "Alternative provision", "New title")
    assert rows["Risks"] == ("Typed in the portal", "not said", "Said by the notice")
    initial = {field.label: field.initial.partition(" ")[0] for field in form.fields.values() if field.label}
    assert (initial["Title"], initial["Risks"]) == ("take", "keep")

    page = compare(max_, release)

    held.refresh_from_db()
    assert page["Location"] == reverse("setup_framework", args=[held.pk])
    assert (held.title, held.risks) == ("New title", "Typed in the portal")
    old, new = held.releases.order_by("pk")
    assert (old.is_source, new.is_source) == (False, True)
    assert bytes(old.body) == body(framework())
    assert Event.objects.get(action="notices.release.taken").data == {
        "framework": held.pk,
        "before": "000001-2026",
        "release": "000009-2026",
    }


def test_max_takes_what_stood_kept_and_keeps_what_stood_taken(world, max_, held):
    Framework.objects.filter(pk=held.pk).update(risks="Typed in the portal")
    release = brought_in(world, later(title="New title", riskDetails="Said by the notice")).releases.get()

    compare(max_, release, {"Title": "keep", "Risks": "take"})

    held.refresh_from_db()
    assert (held.title, held.risks) == ("Alternative provision", "Said by the notice")


def test_a_framework_changed_meanwhile_is_not_written_over(world, max_, held):
    release = brought_in(world, later(title="New title")).releases.get()
    address = reverse("compare_release", args=[release.pk])
    form = max_.get(address).context["form"]
    sent = {"seen": form.fields["seen"].initial} | {
        name: field.initial for name, field in form.fields.items() if name.startswith("take_")
    }
    Framework.objects.filter(pk=held.pk).update(title="Typed by Ada")

    text = max_.post(address, sent).content.decode()

    assert "was changed meanwhile" in text
    held.refresh_from_db()
    assert held.title == "Typed by Ada"


def test_a_published_framework_keeps_what_providers_rely_on(world, max_, held):
    Framework.objects.filter(pk=held.pk).update(state="published", published_at=timezone.now(), published_by=world.max)
    told = later(title="New title", tenderPeriod={"endDate": "2026-04-10T12:00:00+01:00"})
    told["tender"]["documents"].append({"id": "terms", "title": "Terms of the agreement"})
    release = brought_in(world, told).releases.get()

    text = max_.get(reverse("compare_release", args=[release.pk])).content.decode()
    assert "This was fixed when the framework was published" in text
    assert "never made shorter" in text
    compare(max_, release, take_0="take title", keys="title")

    held.refresh_from_db()
    assert (held.title, held.closes_at.isoformat()) == ("Alternative provision", "2026-04-20T11:00:00+00:00")
    assert held.documents.filter(title="Terms of the agreement").exists()


def test_a_later_notice_that_says_the_same_becomes_the_source(world, max_, held):
    release = brought_in(world, later() | {"date": "2026-05-01T00:00:00Z"}).releases.get()

    compare(max_, release, {"Notices and documents": "keep"})

    release.refresh_from_db()
    assert release.is_source


def test_a_framework_set_up_by_hand_counts_as_edited_throughout(world, max_):
    made = make_framework(world, ocid="ocds-h6vhtk-0d0d0d")
    release = brought_in(world, framework()).releases.get()
    address = reverse("compare_release", args=[release.pk])

    form = max_.get(address).context["form"]
    assert {field.initial.partition(" ")[0] for name, field in form.fields.items() if name.startswith("take_")} == {
        "keep"
    }
    assert "set up by hand" in max_.get(address).content.decode()

    text = compare(max_, release).content.decode()
    assert "Enter the reason" in text

    reasons = {f"reason_{code}": answer.reason for code, answer in answers_to(release).items()}
    options = {f"option_{code}": answer.option for code, answer in answers_to(release).items()}
    compare(max_, release, **reasons, **options)
    release.refresh_from_db()
    assert release.framework == made
    assert Decision.objects.filter(framework=made, about="sides").exists()


@pytest.mark.parametrize(
    ("tender", "words", "path"),
    [
        ({"title": "x" * 501}, "The portal keeps 500 characters here, and this has 501", "tender.title"),
        ({"description": "x" * 100_001}, "The text is longer than 100,000 characters", "tender.description"),
        (
            {"tenderPeriod": {"endDate": "2201-04-20T12:00:00+01:00"}},
            "The year 2201 is not",
            "tender.tenderPeriod.endDate",
        ),
    ],
)
def test_what_no_framework_can_hold_is_said_before_anything_is_asked(world, max_, tender, words, path):
    release = brought_in(world, framework(**tender)).releases.get()
    page = reverse("release", args=[release.pk])

    text = max_.get(page).content.decode()

    assert f"This notice cannot become a framework: {words}" in text
    assert f'<span class="portal-reference">{path}</span>' in text
    assert "has no title" not in text
    assert reverse("confirm_release", args=[release.pk]) not in text
    assert max_.get(reverse("confirm_release", args=[release.pk]))["Location"] == page
    assert max_.post(reverse("confirm_release", args=[release.pk]), {"step": "confirm"})["Location"] == page
