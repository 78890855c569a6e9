"""Quality standards on their pages: answered, shown by documents, uploaded for, and what is missing, lot by lot."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lots.models import Applies, Evidence, Framework, Lot, Policies, Standard
from lots.states import AppliesHow, AppliesTo, EvidenceKind, QualityScope
from providers.models import ItemVersion, LateAttempt, Site
from providers.queries.bids import own_bid
from providers.states import SiteKind
from providers.views import papers
from providers.views import standards as views
from tests.files.made import pdf, upload
from tests.lots.test_public_pages import text_of
from tests.providers.bids import applied, complete, held, open_framework, seen, typed


@pytest.fixture
def application(world):
    """Ash House's draft; nothing was typed."""
    return applied(world)


@pytest.fixture
def alice(world, sign_in):
    return sign_in(world.alice)


def standard_of(application, number: str = "1.2") -> Standard:
    return Standard.objects.get(number=number, theme__version__framework=application.framework_id)


def policy_of(application) -> Evidence:
    return Evidence.objects.get(standard=standard_of(application))


def page_of(application, number: str = "1.2") -> str:
    return reverse("edit_standard", args=[application.pk, standard_of(application, number).pk])


def answers_of(world, application, number: str = "1.2"):
    draft = own_bid(seen(application), user=world.alice).draft
    return draft[f"standard:{standard_of(application, number).pk}"].answers


def upload_page(application, suffix: str = "") -> str:
    field = f"evidence_{policy_of(application).pk}{suffix}"
    return reverse("upload_evidence", args=[application.pk, standard_of(application).pk, field])


def a_file(**fields) -> dict:
    plain = {"new-title": "Our policy", "new-kind": "policy", "new-shows_dbs": "no"}
    return {"new-file": upload(pdf("Policy"), "policy.pdf")} | plain | fields


def test_alice_answers_a_standard_with_a_document_of_her_library_and_goes_on_to_the_next(world, application, alice):
    policy = held(world.ash_house)
    first, second = page_of(application, "1.1"), page_of(application)
    field = f"evidence_{policy_of(application).pk}"

    after_first = alice.post(first, {"revision": "0", "answer": "Gates are locked."})
    after_second = alice.post(second, {"revision": "0", "answer": "All are.", field: ["", str(policy.pk)]})

    assert after_first["Location"] == second
    assert after_second["Location"] == reverse("application_standards", args=[application.pk])
    assert answers_of(world, application) == {"answer": "All are.", field: [str(policy.pk)]}
    listing = text_of(alice.get(after_second["Location"]))
    assert "2 of 2 standards are completed" in listing


def test_what_is_missing_is_told_after_saving_and_what_was_typed_is_kept(world, application, alice):
    sent = alice.post(page_of(application), {"revision": "0", "answer": "All are."})
    page = alice.get(sent["Location"])

    assert sent["Location"] == f"{page_of(application)}?saved=1"
    assert "Upload your safeguarding policy, or choose it from your library" in text_of(page)
    assert b"All are.</textarea>" in page.content


def test_a_document_is_uploaded_without_losing_what_was_typed(world, application, alice):
    field = f"evidence_{policy_of(application).pk}"

    sent = alice.post(page_of(application), {"revision": "0", "answer": "Half a thou", "upload": field})
    asked = alice.get(sent["Location"])
    done = alice.post(sent["Location"], a_file())

    version = ItemVersion.objects.get(item__provider=world.ash_house)
    assert sent["Location"] == upload_page(application)
    assert 'value="Safeguarding policy"' in asked.content.decode()
    assert done["Location"] == f"{page_of(application)}#div_id_{field}"
    assert answers_of(world, application) == {"answer": "Half a thou", field: [str(version.pk)]}
    shown = alice.get(page_of(application))
    assert f'value="{version.pk}" id="id_{field}_{version.pk}" checked' in shown.content.decode()
    assert "The document is in your library, and chosen here" in text_of(shown)


def test_a_file_that_is_refused_says_why_and_chooses_nothing(world, application, alice):
    refused = alice.post(upload_page(application), a_file(**{"new-file": upload(b"", "empty.pdf")}))

    assert refused.status_code == 200
    assert "There is a problem" in text_of(refused)
    assert not ItemVersion.objects.exists()


def test_an_upload_meets_a_colleague_who_is_saving_and_overwrites_nothing(world, application, alice, monkeypatch):
    field = f"evidence_{policy_of(application).pk}"
    code = f"standard:{standard_of(application).pk}"
    real, met = papers.actions.save_part, []

    def meets(**given):
        if not met:
            met.append(typed(application, {code: {"answer": "My colleague’s words"}}))
        return real(**given)

    monkeypatch.setattr(papers.actions, "save_part", meets)

    alice.post(upload_page(application), a_file())

    version = ItemVersion.objects.get()
    assert answers_of(world, application) == {"answer": "My colleague’s words", field: [str(version.pk)]}


def test_an_upload_that_meets_savers_again_and_again_leaves_the_document_in_the_library(
    world, application, alice, monkeypatch
):
    code = f"standard:{standard_of(application).pk}"
    real = papers.actions.save_part

    def always_meets(**given):
        typed(application, {code: {"answer": "Somebody is quick"}})
        return real(**given)

    monkeypatch.setattr(papers.actions, "save_part", always_meets)

    done = alice.post(upload_page(application), a_file(), follow=True)

    assert "The document is in your library. Somebody was saving at the same time: choose it here" in text_of(done)
    assert ItemVersion.objects.count() == 1
    assert answers_of(world, application) == {"answer": "Somebody is quick"}


def test_an_upload_that_ends_after_the_deadline_is_told_calmly(world, application, alice, monkeypatch):
    monkeypatch.setattr(views.shown, "why_shut", lambda framework, at: "")  # it was open when the page was
    Framework.objects.filter(pk=application.framework_id).update(closes_at=timezone.now() - dt.timedelta(seconds=1))

    late = alice.post(upload_page(application), a_file())

    assert late.status_code == 409
    assert LateAttempt.objects.get().application_id == application.pk
    assert ItemVersion.objects.count() == 1


def test_nothing_is_uploaded_for_an_application_once_it_is_shut(world, application, alice):
    Framework.objects.filter(pk=application.framework_id).update(closes_at=timezone.now() - dt.timedelta(seconds=1))

    for answer in (alice.get(upload_page(application)), alice.post(upload_page(application), a_file())):
        assert answer.status_code == 302
    assert not ItemVersion.objects.exists()
    listing = alice.get(reverse("application_standards", args=[application.pk]))
    assert "Nothing can be changed" in text_of(listing)


def test_an_application_that_was_not_begun_takes_no_documents(world, application, alice):
    type(application).objects.filter(pk=application.pk).update(state="following")

    done = alice.post(upload_page(application), a_file())

    assert done.status_code == 302
    assert ItemVersion.objects.count() == 1


@pytest.mark.parametrize("field", ["evidence_0", "evidence_instead", "answer", "evidence_12_lotx"])
def test_documents_are_taken_only_for_what_is_asked(application, alice, field):
    address = reverse("upload_evidence", args=[application.pk, standard_of(application).pk, field])

    assert alice.get(address).status_code == 404


def test_standards_of_another_framework_are_not_there(world, application, alice):
    other = standard_of(applied(world, provider=world.birch_farm))

    assert alice.get(reverse("edit_standard", args=[application.pk, other.pk])).status_code == 404
    address = reverse("upload_evidence", args=[application.pk, other.pk, f"evidence_{other.evidence.get().pk}"])
    assert alice.get(address).status_code == 404


def test_a_document_is_chosen_for_no_lot_of_another_framework(world, application, alice):
    ours, theirs = (one.lots.order_by("pk")[0].pk for one in (application.framework, open_framework(world)))
    field = f"evidence_{policy_of(application).pk}"

    def status(lot) -> int:
        address = reverse("upload_evidence", args=[application.pk, standard_of(application).pk, f"{field}_lot{lot}"])
        return alice.get(address).status_code

    assert [status(ours), status(theirs), status(10**18 - 1)] == [200, 404, 404]


def test_a_button_that_nobody_gave_out_leads_nowhere(application, alice):
    sent = alice.post(page_of(application), {"revision": "0", "answer": "Yes", "upload": "//elsewhere.example"})

    assert sent["Location"] == f"{page_of(application)}?saved=1"


def test_the_document_of_another_provider_is_never_shown_nor_named(world, application, alice):
    theirs = held(world.birch_farm, "Birch Farm’s secret plan")
    field = f"evidence_{policy_of(application).pk}"

    sent = alice.post(page_of(application), {"revision": "0", "answer": "Yes", field: str(theirs.pk)})
    page = alice.get(sent["Location"])

    assert "A document that you chose here is no longer in your library: choose another" in text_of(page)
    assert "secret plan" not in page.content.decode()


def test_a_hundred_documents_are_one_list_and_cost_no_more_queries(world, application, alice):
    address, queries = page_of(application), []
    for many in (1, 99):
        for number in range(many):
            held(world.ash_house, f"Paper {number} of {many}")
        alice.get(address)
        with CaptureQueriesContext(connection) as caught:
            page = alice.get(address)
        queries.append(len(caught))

    assert page.content.decode().count("<option") == 101
    assert queries[0] == queries[1] <= 15


@pytest.mark.parametrize("name", ["application_standards", "what_is_missing"])
def test_the_list_and_what_is_missing_stay_within_their_queries(world, application, alice, name):
    complete(world, application)
    address = reverse(name, args=[application.pk])
    alice.get(address)

    with CaptureQueriesContext(connection) as caught:
        alice.get(address)

    assert len(caught) <= 15


def test_titles_with_markup_stay_words(world, application, alice):
    Evidence.objects.filter(pk=policy_of(application).pk).update(title="<b onclick=x>Policy</b>")
    Standard.objects.filter(pk=standard_of(application).pk).update(title="<i>Checked</i>", good_looks_like="<u>Yes</u>")
    held(world.ash_house, "<s>Paper</s>")

    for address in (page_of(application), upload_page(application)):
        page = alice.get(address).content.decode()
        assert not any(mark in page for mark in ("<b onclick", "<i>Checked", "<u>Yes", "<s>Paper"))
        assert "&lt;b onclick=x&gt;Policy" in page


def test_a_standard_that_is_not_asked_says_why(world, application, alice):
    Applies.objects.create(standard=standard_of(application), to=AppliesTo.ONLINE_ONLY, how=AppliesHow.NOT_ASKED)
    Site.objects.create(provider=world.ash_house, name="Online", kind=SiteKind.ONLINE, added_at=timezone.now())

    page = text_of(alice.get(page_of(application)))
    listing = text_of(alice.get(reverse("application_standards", args=[application.pk])))

    assert "You are not asked for this standard, because your profile says: providers that teach online only" in page
    assert "Not asked: providers that teach online only" in listing
    assert "1 of 2 standards are completed" in listing


def test_other_evidence_is_chosen_and_uploaded_in_place_of_what_is_asked(world, application, alice):
    Applies.objects.create(
        standard=standard_of(application),
        to=AppliesTo.ONLINE_ONLY,
        how=AppliesHow.OTHER_EVIDENCE,
        instead="Camera rules",
    )
    Site.objects.create(provider=world.ash_house, name="Online", kind=SiteKind.ONLINE, added_at=timezone.now())
    address = reverse("upload_evidence", args=[application.pk, standard_of(application).pk, "evidence_instead"])

    alice.post(page_of(application), {"revision": "0", "answer": "Cameras are on."})
    done = alice.post(address, a_file(), follow=True)

    assert "Or, in place of all of this: camera rules" in text_of(done)
    listing = text_of(alice.get(reverse("application_standards", args=[application.pk])))
    assert "1 of 2 standards are completed" in listing


@pytest.fixture
def by_lot(world, application):
    """Quality is judged lot by lot; Ash House applies for lots 1 and 2, and everything is there but the document."""
    Policies.objects.filter(framework=application.framework_id).update(quality=QualityScope.LOT)
    complete(world, application)
    code = f"standard:{standard_of(application).pk}"
    return typed(application, {code: {"answer": "All are checked."}})


def lot_of(application, number: str) -> Lot:
    return Lot.objects.get(framework=application.framework_id, number=number)


def test_a_lot_gets_its_own_document_and_the_other_lot_keeps_its_problem(world, by_lot, alice):
    lot = lot_of(by_lot, "2")
    field, suffix = f"evidence_{policy_of(by_lot).pk}", f"_lot{lot.pk}"
    paper = held(world.ash_house, "Policy of the barn")

    plain = alice.get(page_of(by_lot)).content.decode()
    sent = alice.post(
        page_of(by_lot),
        {"revision": "2", "answer": "All are checked.", f"differs{suffix}": "yes", "stay": "Save"},
    )
    opened = alice.get(sent["Location"]).content.decode()
    alice.post(
        page_of(by_lot),
        {
            "revision": "3",
            "answer": "All are checked.",
            f"differs{suffix}": "yes",
            f"{field}{suffix}": str(paper.pk),
        },
    )
    missing = text_of(alice.get(reverse("what_is_missing", args=[by_lot.pk])))

    assert f"{field}{suffix}" not in plain
    assert f'name="{field}{suffix}"' in opened
    assert sent["Location"] == page_of(by_lot)
    assert "1 thing is missing" in missing
    assert "Lot 1: Vocational" in missing
    assert "Lot 2: Therapeutic Complete" in missing
    assert alice.get(upload_page(by_lot, suffix)).status_code == 200


def test_what_is_missing_is_a_whole_page_or_its_list_alone(world, application, alice):
    address = reverse("what_is_missing", args=[application.pk])

    whole, alone = alice.get(address), alice.get(address, headers={"HX-Request": "true"})

    assert b"<h1" in whole.content
    assert b"<h1" not in alone.content
    assert "You have not chosen a lot yet" in text_of(whole)
    assert "This has not been started" in alone.content.decode()
    assert reverse("edit_part", args=[application.pk, "exclusion"]) in alone.content.decode()
    assert page_of(application) in alone.content.decode()


def test_nothing_is_missing_in_a_complete_application_and_what_is_good_to_know_is_told(world, application, alice):
    complete(world, application)
    item = ItemVersion.objects.filter(item__title="Safeguarding policy").get().item
    starts_on = timezone.localdate() + dt.timedelta(days=90)
    Framework.objects.filter(pk=application.framework_id).update(starts_on=starts_on)
    ItemVersion.objects.filter(item=item).update(expires_on=timezone.localdate() + dt.timedelta(days=30))

    page = text_of(alice.get(reverse("what_is_missing", args=[application.pk])))

    assert "Nothing is missing" in page
    assert "before the framework starts on" in page


def test_while_alice_types_the_script_is_told_what_is_still_missing(application, alice):
    told = alice.post(
        page_of(application), {"revision": "0", "answer": "All are."}, headers={"HX-Request": "true"}
    ).content.decode()

    assert "Upload your safeguarding policy, or choose it from your library" in told
    assert 'data-revision="1"' in told


def test_a_link_and_a_tick_and_a_text_are_typed_beside_documents(world, application, alice):
    standard = standard_of(application, "1.1")
    link, tick, text, dated = (
        Evidence.objects.create(standard=standard, kind=kind, title=title, required=required, months=months)
        for kind, title, required, months in [
            (EvidenceKind.LINK, "Where it can be read", False, None),
            (EvidenceKind.DECLARATION, "Nobody starts early", True, None),
            (EvidenceKind.TEXT, "Who leads", True, None),
            (EvidenceKind.CERTIFICATE, "Training", True, 24),
        ]
    )
    paper = held(world.ash_house, "Training of Alice", issued_on=timezone.localdate())
    ended = held(world.ash_house, "Old training", expires_on=dt.date(2020, 1, 1))
    answers = {
        "revision": "0",
        "answer": "Gates.",
        f"link_{link.pk}": "https://ash-house.example",
        f"said_{tick.pk}": "yes",
        f"text_{text.pk}": "The head",
        f"evidence_{dated.pk}": [str(paper.pk)],
    }

    page = text_of(alice.get(page_of(application, "1.1")))
    sent = alice.post(page_of(application, "1.1"), answers)

    assert "Counts for 24 months after the day it was issued" in page
    assert f"{ended.item.title} (ran out on 1 January 2020)" in page
    assert sent["Location"] == page_of(application)
    typed_now = answers_of(world, application, "1.1")
    assert typed_now == {name: value for name, value in answers.items() if name != "revision"} | {
        f"said_{tick.pk}": ["yes"]
    }


def test_a_document_that_was_replaced_or_is_infected_says_so_where_it_is_chosen(world, application, alice):
    from files.states import FileState
    from tests.providers.bids import newer

    old = held(world.ash_house, "Our policy")
    newer(old.item)
    sick = held(world.ash_house, "Sick file", state=FileState.INFECTED)
    current = held(world.ash_house, "In force", expires_on=timezone.localdate() + dt.timedelta(days=800))
    field = f"evidence_{policy_of(application).pk}"

    alice.post(
        page_of(application),
        {"revision": "0", "answer": "Yes", field: [str(old.pk), str(sick.pk), str(current.pk)]},
    )
    page = text_of(alice.get(f"{page_of(application)}?saved=1"))

    assert "Our policy (version 1, an earlier one)" in page
    assert "Sick file (did not pass the check for viruses)" in page
    assert "In force (until" in page


STORY = {
    "fraud": "yes",
    "fraud_who": ["us"],
    "fraud_what": "A clerk took money.",
    "fraud_when": "2024",
    "fraud_since": "It was paid back.",
    "fraud_likely": "over",
}


def test_a_yes_is_asked_for_its_story_and_keeps_it(world, application, alice):
    address = reverse("edit_part", args=[application.pk, "exclusion"])

    first = alice.post(address, {"revision": "0", "fraud": "yes"})
    page = text_of(alice.get(first["Location"]))
    alice.post(address, {"revision": "1", **STORY})
    kept = alice.get(address).content.decode()

    assert "You answered yes about theft, fraud, bribery and money laundering: say what happened" in page
    assert "A clerk took money.</textarea>" in kept
    assert 'name="fraud_who" value="us" checked' in kept
    assert 'name="fraud_likely" value="over" checked' in kept


def test_rows_of_connected_persons_grow_and_a_row_that_is_emptied_is_gone(world, application, alice):
    address = reverse("edit_part", args=[application.pk, "connected"])
    people = {f"name_{number}": f"Person {number}" for number in range(1, 8)}
    kinds = {f"kind_{number}": "director" for number in range(1, 8)}

    alice.post(address, {"revision": "0", **people, **kinds})
    grown = alice.get(address).content.decode()
    alice.post(address, {"revision": "1", "name_1": "Person 1", "kind_1": "director"})

    assert 'name="name_9"' in grown
    assert 'name="name_10"' not in grown
    draft = own_bid(seen(application), user=world.alice).draft
    assert draft["connected"].answers == {"name_1": "Person 1", "kind_1": "director"}


def test_a_buyers_name_in_a_question_stays_words(world, sign_in):
    world.larkshire.name = "Larkshire <b>Council</b>"
    world.larkshire.save()
    application = applied(world, open_framework(world))

    page = sign_in(world.alice).get(reverse("edit_part", args=[application.pk, "conflicts"])).content.decode()

    assert "Larkshire &lt;b&gt;Council&lt;/b&gt;" in page
    assert "<b>Council" not in page


def test_declarations_are_made_once_and_submission_waits_for_them(world, application, alice):
    address = reverse("edit_part", args=[application.pk, "declarations"])

    page = text_of(alice.get(address))
    sent = alice.post(address, {"revision": "0", "declared": ["true"], "name": "Alice"})

    assert "Tick each one that you can stand behind" in page
    assert "Tick the declaration about safer recruitment" in text_of(alice.get(sent["Location"]))
