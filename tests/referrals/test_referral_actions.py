"""A referral is begun, written, checked and closed: what each verb writes down, refuses and tells."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Membership, Organisation, TermDates
from accounts.states import Role
from audit.models import Event
from lots.models import Framework
from lots.rules.refusals import Refused
from outbox.models import Message
from providers.rules.seen import Changed, fingerprint
from referrals.actions import referrals as actions
from referrals.models import Approval, Disclosure, Enquiry, Pupil, Referral, Terms
from referrals.queries import call_off, sealed
from referrals.queries import referrals as queries
from referrals.rules.content import Content, Share
from referrals.rules.need import Need
from referrals.states import EnquiryState, ReferralState
from tests.providers.library import kept
from tests.referrals.made import (
    AT,
    CANARIES,
    CONTENT,
    PRIVATE,
    TODAY,
    made_approval,
    made_enquiry,
    made_place,
    made_pupil,
    made_referral,
    whole_story,
)
from tests.referrals.papers import document


def save(referral, part, by, *, seen=None, **values):
    """As the page does: what stands, with what is typed over it."""
    now = queries.values_of(referral, sealed.content_of(referral), part)
    seen = fingerprint(now) if seen is None else seen
    saved = actions.save_part(referral=referral, part=part, values=now | values, seen=seen, by=by, at=AT)
    return Referral.objects.get(pk=saved.pk)


def check(referral, by, *, seen=None, today=TODAY):
    seen = Referral.objects.get(pk=referral.pk).revision if seen is None else seen
    return actions.check_referral(referral=referral, seen=seen, today=today, by=by, at=AT)


def events(start: str = "referrals.") -> list[str]:
    return list(Event.objects.filter(action__startswith=start).order_by("pk").values_list("action", flat=True))


def letters() -> list[Message]:
    return list(Message.objects.filter(key__startswith="referrals."))


def give(world, name: str, role: Role, organisation: Organisation) -> None:
    person = world.people[name]
    Membership.objects.create(user=person, organisation=organisation, role=role, person_name=person.name, given_at=AT)


@pytest.fixture
def place(world):
    return made_place(world)


@pytest.fixture
def draft(world, place) -> Referral:
    return made_referral(world, place=place, state=ReferralState.DRAFT)


class TestBeginning:
    def test_sana_begins_with_what_the_record_says(self, world):
        made = actions.start_referral(pupil=made_pupil(world), by=world.sana, at=AT)

        content = sealed.content_of(Referral.objects.get(pk=made.pk))
        assert (content.needs, content.need, content.risks) == (PRIVATE.needs, PRIVATE.need, PRIVATE.risks)
        assert content.shares == (Share("Elm Grove School", 100, world.elm_grove.pk),)
        assert (content.outline, content.phone_who) == ("", "Sana")
        assert (made.state, made.started_by, made.commissioner) == (ReferralState.DRAFT, world.sana, world.elm_grove)
        assert events() == ["referrals.referral.started"]

    @pytest.mark.parametrize("who", ["tariq", "eve", "tom", "ada", "alice", "bob", "ines", "olu"])
    def test_nobody_else_does(self, world, who):
        pupil = made_pupil(world)

        with pytest.raises(PermissionDenied):
            actions.start_referral(pupil=pupil, by=world.people[who], at=AT)

    @pytest.mark.parametrize("role", [Role.SCHOOL_ATTENDANCE, Role.SCHOOL_FINANCE])
    def test_attendance_and_finance_officers_do_not_write(self, world, role):
        give(world, "nora", role, world.elm_grove)
        pupil = made_pupil(world)

        with pytest.raises(PermissionDenied):
            actions.start_referral(pupil=pupil, by=world.nora, at=AT)

    def test_not_for_a_record_that_was_merged(self, world):
        pupil, other = made_pupil(world), made_pupil(world, private=replace(PRIVATE, upn=""))
        Pupil.objects.filter(pk=pupil.pk).update(merged_into=other, merged_at=AT)

        with pytest.raises(Refused, match="merged into another"):
            actions.start_referral(pupil=pupil, by=world.sana, at=AT)


class TestWriting:
    def test_a_part_is_saved_however_unfinished_and_the_others_stay(self, world, draft):
        saved = save(draft, "needs", world.sana, need="", risks="", outline="A calm room")

        content = sealed.content_of(saved)
        assert content == replace(CONTENT, need="", risks="", outline="A calm room")
        assert (saved.revision, saved.reason) == (draft.revision + 1, draft.reason)
        assert Event.objects.get(action="referrals.referral.changed").data == {"part": "needs"}

    def test_two_colleagues_on_one_part_nothing_is_overwritten(self, world, draft):
        seen = fingerprint(queries.values_of(draft, CONTENT, "needs"))
        save(draft, "needs", world.sana, outline="A calm room")

        with pytest.raises(Changed) as changed:
            save(draft, "needs", world.sana, seen=seen, outline="A loud room")

        assert changed.value.now["outline"] == "A calm room"
        save(draft, "contact", world.sana, phone="01632 960111")  # another part is nobody's trouble

    @pytest.mark.parametrize(
        ("outline", "said"),
        [
            ("Quillon needs quiet", "Quillon"),
            ("left Elm Grove", "Elm Grove"),
            ("the wharf, canary Wharf lane", "canary"),
        ],
    )
    def test_an_outline_that_tells_is_refused_with_the_word(self, world, draft, outline, said):
        with pytest.raises(Refused, match=said) as refusal:
            save(draft, "needs", world.sana, outline=outline)

        assert refusal.value.field == "outline"
        assert sealed.content_of(Referral.objects.get(pk=draft.pk)) == CONTENT

    def test_a_former_name_and_a_former_school_tell_too(self, world, draft):
        draft.pupil.former_names.create(first_names="Perpetua", last_name="Oldname", until_on=TODAY)

        for outline in ("Perpetua", "was called Oldname"):
            with pytest.raises(Refused):
                save(draft, "needs", world.sana, outline=outline)

    def test_the_sixth_school_day_is_worked_out_from_the_calendar_of_the_school(self, world, draft):
        TermDates.objects.create(
            organisation=world.elm_grove, name="Autumn", starts_on=dt.date(2026, 9, 2), ends_on=dt.date(2026, 10, 23)
        )
        why = {"reason": "suspended", "basis": "s100"}

        saved = save(draft, "why", world.sana, **why, trigger_on=dt.date(2026, 9, 21))
        assert (saved.sixth_on, saved.school) == (dt.date(2026, 9, 28), world.elm_grove)
        saved = save(saved, "why", world.sana, **why, trigger_on=dt.date(2026, 10, 20))
        assert saved.sixth_on is None  # the calendar does not reach so far
        saved = save(saved, "why", world.sana, **why, trigger_on=dt.date(2023, 1, 9))
        assert saved.school is None  # on no roll then
        saved = save(saved, "why", world.sana, reason="early", basis="early")
        assert (saved.trigger_on, saved.sixth_on) == (dt.date(2023, 1, 9), None)

    def test_the_lot_gives_framework_and_part(self, world, draft, place):
        saved = save(draft, "provision", world.sana, lot_id=None)
        assert (saved.framework, saved.lot, saved.sub_lot) == (None, None, None)

        saved = save(saved, "provision", world.sana, lot_id=place.lot_id, phase="post_16")
        assert (saved.framework, saved.lot, saved.sub_lot.letter) == (place.framework, place.lot, "C")
        assert save(saved, "provision", world.sana, phase="").sub_lot is None

    def test_a_lot_that_is_not_for_them_a_phase_that_it_has_not_and_days_that_cross(self, world, draft, place):
        with pytest.raises(Refused, match="before the first day"):
            save(draft, "provision", world.sana, ends_on=dt.date(2026, 9, 1))
        with pytest.raises(Refused, match="not for primary pupils, only for: Secondary, 16"):
            save(draft, "provision", world.sana, phase="primary")
        with pytest.raises(Refused, match="framework that you may use"):
            save(draft, "provision", world.sana, lot_id=0)
        auto = place.framework.lots.filter(is_auto=True).first()
        assert auto
        assert auto not in [lot for _, lots in call_off.lots_for(world.elm_grove) for lot in lots]
        assert call_off.lots_for(world.mereshire) == []

    def test_strangers_and_readers_write_nothing(self, world, draft):
        give(world, "nora", Role.SCHOOL_ATTENDANCE, world.elm_grove)
        for who in ("nora", "tariq", "eve", "alice", "olu"):
            with pytest.raises(PermissionDenied):
                save(draft, "contact", world.people[who], phone="01632 960111")

    def test_a_trust_s_commissioner_writes_for_a_school_that_is_listed_for_them(self, world, draft):
        world.tariq.memberships.get().schools.add(world.elm_grove)

        assert save(draft, "contact", world.tariq, phone="01632 960111").revision == 1
        assert list(queries.of_commissioner(world.oak_trust, user=world.tariq)) == [draft]

    @pytest.mark.parametrize("state", [ReferralState.ENQUIRING, ReferralState.CHOSEN, ReferralState.CLOSED])
    def test_what_providers_were_asked_stands(self, world, place, state):
        referral = made_referral(world, place=place, state=state)

        with pytest.raises(Refused, match=r"cannot be changed|is closed"):
            save(referral, "provision", world.sana, minutes=300)

    def test_whom_to_ring_can_be_changed_later_and_not_emptied(self, world, place):
        referral = made_referral(world, place=place, state=ReferralState.CHOSEN)

        saved = save(referral, "contact", world.sana, phone="01632 960111")
        assert saved.state == ReferralState.CHOSEN
        with pytest.raises(Refused, match="telephone number"):
            save(saved, "contact", world.sana, phone="")


class TestChecking:
    def test_within_the_limit_it_is_ready(self, world, draft):
        ready = check(draft, world.sana)

        assert (ready.state, ready.checked_by, Approval.objects.count()) == (ReferralState.READY, world.sana, 0)
        assert Event.objects.get(action="referrals.referral.checked").data == {"ready": True}

    @pytest.mark.parametrize(
        ("limit", "budget", "state"), [(None, 500_000, "ready"), (None, 500_001, "approval"), (100, 101, "approval")]
    )
    def test_above_it_a_budget_holder_is_asked(self, world, draft, limit, budget, state):
        give(world, "nora", Role.SCHOOL_FINANCE, world.elm_grove)
        if limit is not None:
            Terms.objects.create(commissioner=world.elm_grove, approve_above_pence=limit, changed_at=AT)
        save(draft, "provision", world.sana, budget_pence=budget)

        checked = check(draft, world.sana)

        assert checked.state == state
        assert [one.to for one in letters()] == ([world.nora.email] if state == "approval" else [])

    def test_what_lacks_something_is_not_ready(self, world, draft):
        save(draft, "views", world.sana, pupil_view="")

        with pytest.raises(Refused, match="Consent and views: write what the pupil said"):
            check(draft, world.sana)
        assert Referral.objects.get().state == ReferralState.DRAFT

    def test_what_was_changed_since_is_looked_at_again(self, world, draft):
        save(draft, "contact", world.sana, phone="01632 960111")

        with pytest.raises(Refused, match="changed this referral since"):
            check(draft, world.sana, seen=0)

    def test_a_start_that_has_passed_a_framework_that_has_ended_and_once(self, world, draft, place):
        with pytest.raises(Refused, match="first day has passed"):
            check(draft, world.sana, today=dt.date(2026, 9, 29))
        Framework.objects.filter(pk=place.framework_id).update(state="ended", ended_at=AT)
        with pytest.raises(Refused, match="has ended"):
            check(draft, world.sana)
        Framework.objects.filter(pk=place.framework_id).update(state="running", ended_at=None)
        check(draft, world.sana)
        with pytest.raises(Refused, match="checked already"):
            check(draft, world.sana)

    def test_a_name_that_came_later_makes_an_old_outline_tell(self, world, draft):
        Pupil.objects.update(known_as="Group Captain")  # the outline says "a small group"

        with pytest.raises(Refused, match="Take out “group”"):
            check(draft, world.sana)
        with pytest.raises(Refused, match="Take out"):
            queries.need_of(Referral.objects.get())

    @pytest.mark.parametrize("state", [ReferralState.READY, ReferralState.APPROVAL])
    def test_a_change_brings_it_back(self, world, place, state):
        referral = made_referral(world, place=place, state=state, checked_at=AT)
        if state == ReferralState.APPROVAL:
            made_approval(world, referral)

        saved = save(referral, "targets", world.sana, exit_plan="College")

        assert (saved.state, saved.checked_at) == (ReferralState.DRAFT, None)
        assert "referrals.referral.reopened" in events()
        assert not Approval.objects.filter(answered_at=None).exists()

    @pytest.mark.parametrize(
        ("part", "typed", "stays"),
        [
            ("provision", {"budget_pence": 900_001}, False),
            ("provision", {"minutes": 660}, False),
            ("provision", {"starts_on": dt.date(2026, 9, 29)}, False),
            ("provision", {"ends_on": dt.date(2026, 12, 17)}, False),
            ("provision", {"mode": "online"}, True),
            ("needs", {"outline": "A calm room"}, True),
        ],
    )
    def test_what_a_budget_holder_agreed_is_void_where_cost_hours_or_days_change(
        self, world, place, part, typed, stays
    ):
        referral = made_referral(world, place=place, budget_pence=900_000, approved_pence=900_000)

        saved = save(referral, part, world.sana, **typed)

        assert saved.approved_pence == (900_000 if stays else None)
        assert check(saved, world.sana).state == ("ready" if stays else "approval")


class TestTelling:
    def test_the_need_tells_nobody(self, world, draft):
        need = queries.need_of(draft)

        assert need == Need(
            ages="14 to 16",
            phase="secondary",
            needs=("semh", "anxiety"),
            outline=CONTENT.outline,
            area="LK1",
            mode="on_site",
            minutes=600,
            weekdays=(0, 2),
            starts_on="2026-09-28",
            ends_on="2026-12-18",
            targets=1,
        )
        assert [canary for canary in CANARIES if canary in json.dumps(need.__dict__)] == []

    def test_an_unfinished_referral_has_none(self, world, place):
        referral = made_referral(world, place=place, state=ReferralState.DRAFT, content=Content(), minutes=None)

        with pytest.raises(Refused, match="Complete it first"):
            queries.need_of(referral)


class TestDocuments:
    def test_a_document_is_added_and_removed(self, world, draft):
        added = actions.add_document(referral=draft, title="Plan", kept=kept(), by=world.sana, at=AT)
        assert queries.documents_of(draft, user=world.sana) == [added]
        assert queries.documents_of(draft, user=world.eve) == []

        actions.remove_document(document=added, by=world.sana, at=AT)

        assert queries.documents_of(draft, user=world.sana) == []
        assert events("referrals.referralfile") == ["referrals.referralfile.added", "referrals.referralfile.removed"]
        with pytest.raises(Refused, match="removed already"):
            actions.remove_document(document=added, by=world.sana, at=AT)

    def test_not_with_a_closed_referral_and_not_by_a_stranger(self, world, draft):
        added = document(world, draft)
        with pytest.raises(PermissionDenied):
            actions.remove_document(document=added, by=world.eve, at=AT)
        closed = made_referral(world, pupil=draft.pupil, state=ReferralState.CLOSED)
        with pytest.raises(Refused, match="is closed"):
            actions.add_document(referral=closed, title="Plan", kept=kept(), by=world.sana, at=AT)


class TestClosing:
    def test_enquiries_are_taken_back_and_the_pupil_is_known_no_more(self, world):
        referral = whole_story(world).referral

        actions.close_referral(referral=referral, reason="Back at school", by=world.sana, at=AT)

        closed = Referral.objects.get()
        assert (closed.state, closed.closed_at, closed.close_reason) == (ReferralState.CLOSED, AT, "Back at school")
        assert Enquiry.objects.get().state == EnquiryState.WITHDRAWN
        assert Disclosure.objects.get().ended_at == AT
        with pytest.raises(Refused, match="is closed"):
            actions.close_referral(referral=referral, reason="Twice", by=world.sana, at=AT)

    def test_what_waits_for_a_budget_holder_is_taken_back(self, world, draft):
        Referral.objects.update(state=ReferralState.APPROVAL)
        approval = made_approval(world, draft)

        actions.close_referral(referral=draft, reason="Moved away", by=world.sana, at=AT)

        approval.refresh_from_db()
        assert (approval.approved, approval.answered_by, approval.answer) == (False, None, "The referral was closed")

    def test_by_whoever_commissions(self, world, draft):
        with pytest.raises(PermissionDenied):
            actions.close_referral(referral=draft, reason="Why not", by=world.tom, at=AT)


class TestTheRecord:
    def test_nothing_that_left_names_the_pupil(self, world, draft, place):
        give(world, "nora", Role.SCHOOL_FINANCE, world.elm_grove)
        save(draft, "provision", world.sana, budget_pence=900_000)
        check(draft, world.sana)
        actions.close_referral(referral=draft, reason=CANARIES[0], by=world.sana, at=AT)

        told = json.dumps([event.data for event in Event.objects.all()])
        told += "".join(f"{one.subject}{one.body}{one.key}" for one in letters())
        assert letters()
        assert [canary for canary in CANARIES if canary in told] == []

    def test_the_database_refuses_what_must_never_be(self, world, draft):
        for wrong in ({"state": "closed"}, {"state": "ready"}, {"ends_on": dt.date(2026, 1, 1)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Referral.objects.filter(pk=draft.pk).update(**wrong)

    def test_offers_and_lateness_are_counted_for_the_list(self, world, draft, place):
        made_enquiry(world, draft, place, state=EnquiryState.OFFERED)

        [row] = queries.for_list(queries.of_commissioner(world.elm_grove, user=world.sana))

        assert row.offers == 1
        assert queries.late(Referral.objects.all(), today=dt.date(2026, 9, 14)).count() == 0
        assert queries.late(Referral.objects.all(), today=dt.date(2026, 9, 15)).count() == 1
