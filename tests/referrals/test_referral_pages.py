"""The pages of a referral: the list, the task list, its parts, the check, documents, the end, and who sees what."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core import clock
from providers.rules.seen import fingerprint
from referrals.models import Pupil, Referral, ReferralFile
from referrals.queries import referrals as queries
from referrals.queries import sealed
from referrals.rules.content import Share, Target
from referrals.states import EnquiryState, ReferralState
from tests.files.made import pdf, upload
from tests.referrals.made import (
    AT,
    CANARIES,
    CONTENT,
    PRIVATE,
    made_approval,
    made_enquiry,
    made_place,
    made_pupil,
    made_referral,
    whole_story,
)
from tests.referrals.papers import document


@pytest.fixture
def place(world):
    return made_place(world)


@pytest.fixture
def coming() -> dict:
    """Days that are still to come, whenever the tests run."""
    start = clock.today() + dt.timedelta(days=30)
    return {"starts_on": start, "ends_on": start + dt.timedelta(days=80)}


@pytest.fixture
def draft(world, place, coming) -> Referral:
    return made_referral(world, place=place, state=ReferralState.DRAFT, **coming)


@pytest.fixture
def client(world, sign_in):
    return sign_in(world.sana)


def url(name: str, thing, *more) -> str:
    return reverse(name, args=[thing.pk, *more])


def content_of(referral: Referral):
    return sealed.content_of(Referral.objects.get(pk=referral.pk))


def form_of(page) -> dict:
    """What the form of a page would send as it stands, by names."""
    form = page.context["form"]
    sent = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, dt.date):
            sent |= {f"{bound.html_name}_{at}": part for at, part in enumerate((value.day, value.month, value.year))}
        elif value not in (None, ""):
            sent[bound.html_name] = bound.field.prepare_value(value)
    return sent


def queries_of(client, address: str) -> list[str]:
    """What a page asks the database, without the marks of the transaction around the test."""
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return [one["sql"] for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]]


class TestList:
    def test_what_it_shows_and_that_it_costs_the_same_with_more(self, world, client, place, draft):
        made_enquiry(world, made_referral(world, pupil=draft.pupil, place=place), place, state=EnquiryState.OFFERED)
        address = url("referrals", world.elm_grove)
        client.get(address)
        few = queries_of(client, address)
        made_referral(world, pupil=draft.pupil, reason="suspended", state=ReferralState.CLOSED)
        made_referral(world, pupil=draft.pupil)
        many = queries_of(client, address)
        page = client.get(address)

        assert len(many) == len(few) <= 8
        assert "Quillon Zephyrine Quillsworth" in page.text
        assert "<title>Referrals" in page.text
        assert "Has come, nobody chosen" in page.text
        assert "Being written (1)" in page.text
        assert "4</strong> referrals" in page.text
        for asked, number in (({"state": "open"}, 3), ({"state": "closed"}, 1), ({"sixth": "late"}, 3)):
            assert f"<strong>{number}</strong>" in client.get(address, asked).text
        assert "<strong>1</strong>" in client.get(address, {"reason": "suspended"}).text
        assert "Nothing matches" in client.get(address, {"reason": "sen"}).text
        assert Event.objects.filter(action="accounts.organisation.read").exists()

    def test_an_attendance_officer_sees_that_there_is_one_not_why(self, world, sign_in, place):
        Membership.objects.create(
            user=world.nora,
            organisation=world.elm_grove,
            role=Role.SCHOOL_ATTENDANCE,
            person_name="Nora",
            given_at=AT,
        )
        referral = made_referral(world, place=place)
        added = document(world, referral)
        theirs = sign_in(world.nora)

        listed, page = theirs.get(url("referrals", world.elm_grove)), theirs.get(url("referral", referral))

        assert "Quillsworth" in listed.text
        assert "To improve behaviour" not in f"{listed.text}{page.text}"
        assert "You can see that there is a referral" in page.text
        assert "saxophone" not in page.text
        for address in (
            url("referral_file", added),
            url("check_referral", referral),
            url("referral_part", referral, "why"),
        ):
            assert theirs.get(address).status_code == 403

    def test_a_safeguarding_officer_reads_it_whole_and_writes_nothing(self, world, sign_in):
        pupil = made_pupil(world, commissioner=world.larkshire, private=replace(PRIVATE, upn=""))
        referral = made_referral(world, pupil=pupil, state=ReferralState.DRAFT)

        page = sign_in(world.tom).get(url("referral", referral))

        assert "saxophone phobia" in page.text
        assert "Close this referral" not in page.text
        assert url("referral_part", referral, "why") not in page.text
        assert sign_in(world.tom).get(url("close_referral", referral)).status_code == 403


class TestBeginning:
    def test_from_the_pupil_to_the_task_list(self, world, client, draft):
        page = client.get(url("start_referral", draft.pupil))
        assert "Referrals that are open for this pupil" in page.text
        assert "Quillon" not in re.search("<title>.*?</title>", page.text, flags=re.S).group()

        answer = client.post(url("start_referral", draft.pupil))

        made = Referral.objects.latest("pk")
        assert answer.url == url("referral", made)
        page = client.get(answer.url)
        assert "You have done 1 of 7 parts" in page.text
        assert "Write the outline that providers read" in page.text
        assert Event.objects.filter(action="referrals.referral.read", about_id=made.pk).exists()

    def test_a_merged_record_is_told_so(self, world, client):
        pupil, other = made_pupil(world), made_pupil(world, private=replace(PRIVATE, upn=""))
        Pupil.objects.filter(pk=pupil.pk).update(merged_into=other, merged_at=AT)

        assert "merged into another" in client.get(url("start_referral", pupil)).text
        assert "merged into another" in client.post(url("start_referral", pupil), follow=True).text


class TestParts:
    @pytest.mark.parametrize("part", list(queries.CONTENT))
    def test_each_is_shown_saved_as_it_stands_and_loses_nothing(self, client, draft, part):
        address = url("referral_part", draft, part)
        page = client.get(address)
        before = queries.values_of(draft, CONTENT, part)

        answer = client.post(address, form_of(page))

        assert answer.status_code == 302, page.context["form"].errors
        assert answer.url == url("referral", draft)
        after = queries.values_of(Referral.objects.get(), content_of(draft), part)
        assert after == before

    def test_nothing_at_all_may_be_saved_and_is_said_to_be_missing(self, client, draft):
        for part in queries.CONTENT:
            seen = fingerprint(queries.values_of(Referral.objects.get(), content_of(draft), part))
            assert client.post(url("referral_part", draft, part), {"seen": seen}).status_code == 302

        page = client.get(url("referral", draft))
        assert "You have done 0 of 7 parts" in page.text
        assert "Still missing" in client.get(url("referral_part", draft, "funding")).text
        assert client.get(url("referral_part", draft, "why")).context["lacks"] == [
            "Choose the reason",
            "Choose the legal basis",
        ]

    def test_targets_and_payers_are_added_one_by_one(self, client, draft):
        address = url("referral_part", draft, "targets")
        answer = client.post(address, form_of(client.get(address)) | {"more": "more"})
        assert answer.url == f"{address}?more"
        page = client.get(answer.url)
        assert ("Target 2" in page.text, "Target 3" in page.text) == (True, False)
        typed = {"what_2": "Reads aloud", "measure_2": "Weekly test", "by_2_0": "1", "by_2_1": "12", "by_2_2": "2026"}
        client.post(address, form_of(page) | typed)
        assert content_of(draft).targets == (*CONTENT.targets, Target("Reads aloud", "Weekly test", "2026-12-01"))

        address = url("referral_part", draft, "funding")
        typed = {"percent_1": "60", "name_2": "Larkshire Council", "percent_2": "40"}
        client.post(address, form_of(client.get(address)) | typed)
        assert content_of(draft).shares == (Share("Elm Grove School", 60), Share("Larkshire Council", 40))
        assert "Add another" not in client.get(url("referral_part", draft, "views")).text

    @pytest.mark.parametrize(
        ("part", "typed", "said"),
        [
            ("why", {"trigger_on_0": "31", "trigger_on_1": "2", "trigger_on_2": "2026"}, "as a real date"),
            ("why", {"reason": "nonsense"}, "Choose one of the options"),
            ("provision", {"minutes": "lots"}, "Enter the hours as a number up to 40, like 12 or 12.5"),
            ("provision", {"minutes": "41"}, "Enter the hours as a number up to 40"),
            ("provision", {"minutes": "1.33"}, "Enter the hours as a number up to 40"),
            ("provision", {"lot_id": "999999999999999999999"}, "Choose a lot that is on this page"),
            ("provision", {"weekdays": ["9", "x\x00"]}, "Select only what is on this page"),
            ("provision", {"budget_pence": "1e9"}, "budget_pence"),
            ("provision", {"phase": "primary"}, "is not for primary pupils"),
            ("needs", {"outline": "Quillon needs quiet"}, "Take out “Quillon”"),
            ("needs", {"need": "a\x07b"}, "cannot be seen"),
            ("targets", {"by_1_0": "31", "by_1_1": "2", "by_1_2": "2026"}, "as a real date"),
            ("funding", {"name_1": "", "percent_1": "50"}, "Enter who pays this share"),
            ("funding", {"name_2": "Somebody"}, "Enter the share in per cent, like 100"),
            ("funding", {"percent_1": "101"}, "The share must be a whole number from 1 to 100"),
            ("contact", {"phone": "ask at the desk"}, "Enter a telephone number, like 01632 960100"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_is_said_and_kept(self, client, draft, part, typed, said):
        address = url("referral_part", draft, part)

        page = client.post(address, form_of(client.get(address)) | typed)

        assert page.status_code == 200
        assert said in page.text
        assert Referral.objects.get().revision == 0

    @pytest.mark.once
    @pytest.mark.parametrize("part", sorted(set(queries.CONTENT) - {"why"}))  # that one is walked by tests/house
    def test_what_people_send_on_purpose_is_answered(self, client, draft, part):
        address = url("referral_part", draft, part)
        page = client.get(address)
        names = [bound.html_name for bound in page.context["form"] if bound.html_name != "seen"]
        names += [f"{name}_{at}" for name in names for at in (0, 1, 2)]

        for value in ("\x00", "9" * 400, "٣", "<script>"):
            answer = client.post(address, form_of(page) | dict.fromkeys(names, value))
            assert answer.status_code == 200
        assert Referral.objects.get().revision == 0

    def test_whoever_comes_second_is_told_and_keeps_what_was_typed(self, client, draft):
        for part, first, second in (
            ("contact", {"phone": "01632 960111"}, {"phone": "01632 960222"}),
            ("targets", {"what_1": "Comes every day"}, {"what_1": "Comes on Mondays"}),
            ("funding", {"name_1": "The trust"}, {"name_1": "The council"}),
            ("provision", {"minutes": "5"}, {"minutes": "6.5"}),
        ):
            address = url("referral_part", draft, part)
            opened = form_of(client.get(address))
            client.post(address, opened | first)

            page = client.post(address, opened | second)

            assert page.status_code == 409
            assert "Somebody changed this since you opened it" in page.text
            for value in (*first.values(), *second.values()):
                assert value in page.text
            again = form_of(page) | {"seen": page.context["form"].data["seen"]}
            assert client.post(address, again).status_code == 302
        assert Referral.objects.get().minutes == 390

    def test_an_unusual_basis_is_asked_why_and_a_wrong_one_refused(self, client, draft):
        address = url("referral_part", draft, "why")
        client.post(address, form_of(client.get(address)) | {"basis": "s19"})
        page = client.get(url("referral", draft))
        assert "Section 19 is a duty of the council" in page.text
        assert "Which legal basis is usual" in client.get(address).text

        client.post(address, form_of(client.get(address)) | {"basis_why": "The council asked us to"})
        assert "Section 19 is a duty" not in client.get(url("referral", draft)).text
        client.post(address, form_of(client.get(address)) | {"basis": "s100"})
        assert "for a suspension of more than five" in client.get(url("referral", draft)).text

    def test_how_the_sixth_day_was_counted_is_said(self, client, draft):
        address = url("referral_part", draft, "why")
        typed = {"reason": "suspended", "basis": "s100"}

        client.post(address, form_of(client.get(address)) | typed)

        page = client.get(url("referral", draft))
        assert "Sixth school day: " in page.text
        assert "No term dates are written down" in page.text
        assert "14 September 2026" in page.text

    def test_a_checked_one_warns_and_goes_back(self, world, client, place):
        referral = made_referral(world, place=place)
        address = url("referral_part", referral, "needs")
        page = client.get(address)
        assert "This referral was checked" in page.text

        page = client.post(address, form_of(page) | {"outline": "A calm room"}, follow=True)

        assert "Check the referral again before you ask providers" in page.text
        assert Referral.objects.get().state == ReferralState.DRAFT

    def test_what_providers_were_asked_is_shut(self, world, client, place):
        referral = made_referral(world, place=place, state=ReferralState.ENQUIRING)
        address = url("referral_part", referral, "needs")

        page = client.get(address)

        assert "so this cannot be changed" in page.text
        assert "Save and go back" not in page.text
        assert "cannot be changed" in client.post(address, form_of(page)).text
        assert client.get(f"{url('referral', referral)}nonsense/").status_code == 404


class TestChecking:
    def test_all_answers_on_one_page_then_ready(self, client, draft):
        document_free = client.get(url("referral", draft))
        assert "Check your answers" in document_free.text
        page = client.get(url("check_referral", draft))
        for text in ("saxophone phobia", "Lot 1", "£4,000", "Attends four sessions", "Would like to cook", "100%"):
            assert text in page.text
        assert "Still missing" not in page.text

        done = client.post(url("check_referral", draft), form_of(page), follow=True)

        assert "The referral is ready" in done.text
        assert Referral.objects.get().state == ReferralState.READY
        assert "was checked already" in client.get(url("check_referral", draft)).text

    def test_above_the_limit_it_says_who_is_asked_or_that_nobody_can(self, world, client, draft):
        Referral.objects.update(budget_pence=900_000)
        page = client.get(url("check_referral", draft))
        assert "Nobody but you holds the budget at Elm Grove School" in page.text
        Membership.objects.create(
            user=world.nora, organisation=world.elm_grove, role=Role.SCHOOL_FINANCE, person_name="Nora", given_at=AT
        )
        assert "They are told by letter: Nora" in client.get(url("check_referral", draft)).text

        done = client.post(url("check_referral", draft), form_of(page), follow=True)

        assert "waits for a budget holder" in done.text
        assert "What was asked" in done.text

    def test_what_was_changed_meanwhile_or_is_missing_is_not_confirmed(self, client, draft):
        opened = form_of(client.get(url("check_referral", draft)))
        Referral.objects.update(revision=3)

        for typed in (opened, {}, {"revision": "x\x00"}, {"revision": "9" * 40}):
            assert client.post(url("check_referral", draft), typed).status_code == 200
        assert "Look at it again, then confirm" in client.post(url("check_referral", draft), opened).text
        Referral.objects.update(starts_on=dt.date(2020, 1, 1))
        assert "The first day has passed" in client.get(url("check_referral", draft)).text
        assert Referral.objects.get().state == ReferralState.DRAFT

    def test_a_no_is_shown_where_it_is_to_be_changed(self, world, client, draft):
        made_approval(
            world, draft, approved=False, answered_at=AT, answered_by=world.tariq, answer="Half as many hours"
        )

        assert "The budget holder said no:</strong> Half as many hours" in client.get(url("referral", draft)).text


class TestDocuments:
    def test_added_downloaded_and_removed(self, world, client, draft):
        address = url("referral_documents", draft)
        assert "No document has been added" in client.get(address).text
        page = client.post(address, {"title": "", "file": upload(pdf(), "plan.pdf")})
        assert "Enter what this document is" in page.text
        page = client.post(address, {"title": "Plan", "file": upload(b"MZ not a document", "plan.pdf")})
        assert page.status_code == 200
        assert not ReferralFile.objects.exists()

        page = client.post(address, {"title": "Health plan", "file": upload(pdf(), "Quillon.pdf")}, follow=True)

        assert "The document was added" in page.text
        added = ReferralFile.objects.get()
        answer = client.get(url("referral_file", added))
        assert answer.headers["Content-Disposition"] == 'attachment; filename="referral-document.pdf"'
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        assert Event.objects.filter(action="referrals.referralfile.read", organisation_id=world.elm_grove.pk).exists()
        assert "1 document" in client.get(url("referral", draft)).text
        assert "“Health plan” will be gone" in client.get(url("remove_referral_file", added)).text
        assert "The document was removed" in client.post(url("remove_referral_file", added), follow=True).text
        assert client.get(url("referral_file", added)).status_code == 404

    def test_a_closed_referral_takes_none(self, world, client, place):
        closed = made_referral(world, place=place, state=ReferralState.CLOSED)
        added = document(world, closed)

        assert "nothing can be added" in client.get(url("referral_documents", closed)).text
        sent = {"title": "Plan", "file": upload(pdf(), "plan.pdf")}
        assert "is closed" in client.post(url("referral_documents", closed), sent).text
        assert "is closed" in client.post(url("remove_referral_file", added)).text


class TestEnding:
    def test_with_a_reason(self, world, client):
        referral = whole_story(world).referral
        address = url("close_referral", referral)
        assert "A provider was chosen" in client.get(address).text
        assert "Write why you close it" in client.post(address, {}).text

        page = client.post(address, {"reason": "Back at school"}, follow=True)

        assert "Back at school" in page.text
        assert "Closed" in client.get(address).text
        assert "is closed" in client.post(address, {"reason": "Twice"}).text

    @pytest.mark.parametrize("state", list(ReferralState))
    def test_its_page_at_every_state(self, world, client, place, state):
        referral = made_referral(world, place=place, state=state)
        if state == ReferralState.APPROVAL:
            made_approval(world, referral)

        page = client.get(url("referral", referral))

        assert page.status_code == 200
        assert state.label in page.text
        assert [canary for canary in CANARIES if canary in re.search("<title>.*?</title>", page.text).group()] == []

    def test_the_giver_of_a_record_that_moved_reads_what_it_wrote_and_no_new_name(self, world, client, place):
        referral = made_referral(world, place=place, state=ReferralState.CLOSED)
        Pupil.objects.update(commissioner=world.oak_trust, last_name="Newname")

        pages = client.get(url("referral", referral)).text + client.get(url("referrals", world.elm_grove)).text

        assert "a pupil whose record has moved" in pages
        assert "Newname" not in pages
        assert url("start_referral", referral.pupil) not in pages
