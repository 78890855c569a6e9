"""A pupil's record goes from one commissioner to another."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import moves as actions
from referrals.models import Disclosure, Enquiry, Pupil, PupilMove, Referral
from referrals.queries import pupils as queries
from referrals.queries import sealed
from referrals.rules import moves as rules
from referrals.rules.private import Private
from referrals.states import MoveState
from tests.patience import found_by, without_lock
from tests.referrals.made import AT, CANARIES, PRIVATE, UPN, made_pupil, made_referral, whole_story
from tests.referrals.pupils import another, give, made_move


def offered(world, pupil, taker=None, by=None) -> PupilMove:
    return actions.offer_pupil(
        pupil=pupil, taker=taker or world.oak_trust, reason="A new school", by=by or world.sana, at=AT
    )


def accepted(world, move, by=None):
    return actions.accept_move(move=move, by=by or world.tariq, at=AT)


class TestOffering:
    def test_sana_offers_and_the_other_side_is_shown_initials_alone(self, world, sign_in):
        pupil, client = made_pupil(world), sign_in(world.sana)
        address = reverse("move_pupil", args=[pupil.pk])

        answer = client.post(address, {"words": "oak trust", "reason": "She starts there on Monday"})

        move = PupilMove.objects.get()
        assert answer.url == reverse("pupil", args=[pupil.pk])
        assert client.get(address).url == reverse("answer_move", args=[move.pk])
        [letter] = Message.objects.all()
        assert (letter.to, letter.subject) == (world.tariq.email, "A pupil’s record is offered to you")
        theirs = sign_in(world.tariq)
        for page in ("pupil_moves", "answer_move"):
            key = world.oak_trust.pk if page == "pupil_moves" else move.pk
            text = theirs.get(reverse(page, args=[key])).text
            assert "QQ, born 2012" in text
            assert [word for word in CANARIES if word in text] == []
        assert "Elm Grove School" in theirs.get(reverse("answer_move", args=[move.pk])).text
        assert theirs.get(reverse("pupil", args=[pupil.pk])).status_code == 404

    @pytest.mark.parametrize(
        ("words", "reason", "says"),
        [
            ("Elm Grove", "Moved", "Nothing in the register matches"),
            ("Mereshire", "Moved", "Nobody there uses this portal"),
            ("", "Moved", "Enter the name of the school"),
            ("Oak", "", "Say why the record moves"),
            ("Oak", "Zephyrine starts there", "Take out what tells who the pupil is: “Zephyrine”"),
            ("Ash House", "Moved", "Nothing in the register matches"),
        ],
    )
    def test_what_is_refused(self, world, sign_in, words, reason, says):
        pupil = made_pupil(world)

        page = sign_in(world.sana).post(reverse("move_pupil", args=[pupil.pk]), {"words": words, "reason": reason})

        assert says in page.text
        assert not PupilMove.objects.exists()

    def test_once_at_a_time_and_only_by_who_commissions(self, world):
        pupil = made_pupil(world)
        give(world.nora, world.elm_grove, Role.SCHOOL_ATTENDANCE)
        with pytest.raises(PermissionDenied):
            offered(world, pupil, by=world.nora)
        offered(world, pupil)

        with pytest.raises(Refused, match="offered to somebody already"):
            offered(world, pupil)
        with pytest.raises(Refused, match="is there already"):
            offered(world, another(world), taker=world.elm_grove)

    def test_a_trust_answers_for_the_schools_that_are_listed(self, world):
        assert queries.commissioning_people(world.elm_grove) == [(world.sana.pk, world.sana.email)]
        Membership.objects.get(user=world.tariq).schools.add(world.elm_grove)

        assert queries.commissioning_people(world.elm_grove) == sorted(
            [(world.sana.pk, world.sana.email), (world.tariq.pk, world.tariq.email)]
        )


class TestAnswering:
    def test_with_the_acceptance_access_moves_and_history_stays(self, world, sign_in):
        pupil = made_pupil(world)
        made_referral(world, pupil=pupil)
        twice = another(world, merged_into=pupil, merged_at=AT)
        giver, taker = sign_in(world.sana), sign_in(world.tariq)
        giver.get(reverse("pupil", args=[pupil.pk]))
        move = offered(world, pupil)

        answer = taker.post(reverse("answer_move", args=[move.pk]), {"answer": "accept"})

        assert answer.url == reverse("pupil", args=[pupil.pk])
        assert giver.get(answer.url).status_code == 404
        assert giver.get(reverse("pupil", args=[twice.pk])).status_code == 404
        page = taker.get(answer.url)
        assert "Quillon Zephyrine Quillsworth" in page.text
        assert "since 4" in page.text.replace("&nbsp;", " ") or "Elm Grove School" in page.text
        assert sealed.private_of(Pupil.objects.get(pk=pupil.pk)) == PRIVATE
        record = taker.get(reverse("pupil_record", args=[pupil.pk])).text
        assert "Somebody at Elm Grove School" in record
        assert ">Sana<" not in record
        referral = Referral.objects.get()
        assert (referral.state, referral.commissioner, referral.close_reason) == (
            "closed",
            world.elm_grove,
            rules.CLOSED_BECAUSE,
        )
        assert "QQ, born 2012" in giver.get(reverse("answer_move", args=[move.pk])).text
        assert {event.organisation_id for event in Event.objects.filter(about_type="referrals.pupilmove")} == {
            world.elm_grove.pk,
            world.oak_trust.pk,
        }

    def test_the_chosen_provider_may_know_no_more(self, world, sign_in):
        story = whole_story(world)
        pupil = story.referral.pupil
        sign_in(world.bob).get(reverse("known_pupil", args=[story.pk]))
        record = sign_in(world.sana).get(reverse("pupil_record", args=[pupil.pk]), {"only": "read"}).text
        assert "by the chosen provider" in record
        assert ">Bob<" in record

        accepted(world, offered(world, pupil))

        assert not Disclosure.objects.in_force().exists()
        assert Enquiry.objects.get().state == "withdrawn"

    def test_the_same_number_at_the_taker_leads_to_putting_both_together(self, world, sign_in):
        private = Private(upn=UPN, uln="1000102504")
        pupil = made_pupil(world, private=private)
        own = another(world, "Quill", "Quillsworth", commissioner=world.oak_trust, private=private)
        move, client = offered(world, pupil), sign_in(world.tariq)

        answer = client.post(reverse("answer_move", args=[move.pk]), {"answer": "accept"})

        assert answer.url == reverse("merge_pupils", args=[own.pk, pupil.pk])
        assert client.get(answer.url).status_code == 200
        pupil.refresh_from_db()
        assert (pupil.commissioner, pupil.upn_key, pupil.uln_key) == (world.oak_trust, "", "")
        assert (pupil.no_upn_reason, sealed.private_of(pupil)) == ("not_known", Private())

    def test_declined_and_taken_back(self, world, sign_in):
        first, second = offered(world, made_pupil(world)), offered(world, another(world))

        sign_in(world.tariq).post(reverse("answer_move", args=[first.pk]), {"answer": "decline"})
        sana = sign_in(world.sana)
        sana.post(reverse("answer_move", args=[second.pk]))
        late = sign_in(world.tariq).post(reverse("answer_move", args=[second.pk]), {"answer": "accept"})

        assert list(PupilMove.objects.order_by("pk").values_list("state", flat=True)) == ["declined", "withdrawn"]
        assert "has been taken back already" in late.text
        assert set(Pupil.objects.values_list("commissioner", flat=True)) == {world.elm_grove.pk}
        told = Message.objects.filter(key__contains="pupil-move-").exclude(key__contains="offered")
        assert sorted(told.values_list("to", "subject")) == sorted(
            [
                (world.sana.email, "A pupil’s record was declined"),
                (world.tariq.email, "An offer was taken back"),
            ]
        )
        assert "Declined" in sana.get(reverse("pupil_moves", args=[world.elm_grove.pk])).text

    def test_only_by_who_commissions_on_that_side(self, world, sign_in):
        move = offered(world, made_pupil(world))
        for call, by in (
            (actions.accept_move, world.sana),
            (actions.decline_move, world.sana),
            (actions.withdraw_move, world.tariq),
            (actions.accept_move, world.eve),
        ):
            with pytest.raises(PermissionDenied):
                call(move=move, by=by, at=AT)
        give(world.nora, world.elm_grove, Role.SCHOOL_ATTENDANCE)
        client, address = sign_in(world.nora), reverse("answer_move", args=[move.pk])
        assert "Take the offer back" not in client.get(address).text
        assert client.post(address).status_code == 403


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestRace:
    """Accepted against taken back: one of them."""

    def race(self, world):
        move = made_move(world, made_pupil(world))
        found = found_by(
            lambda: actions.accept_move(move=move, by=world.tariq, at=AT),
            lambda: actions.withdraw_move(move=move, by=world.sana, at=AT),
        )
        return found, PupilMove.objects.get(), Pupil.objects.get()

    def test_one_of_them_wins_and_the_other_is_told(self, world, meet):
        meet(rules, "check_move")

        found, move, pupil = self.race(world)

        [lost] = [one for one in found if isinstance(one, Exception)]
        assert isinstance(lost, Refused)
        assert (move.state == MoveState.ACCEPTED) == (pupil.commissioner_id == world.oak_trust.pk)

    def test_without_the_lock_both_believe_that_they_won(self, world, monkeypatch, meet):
        without_lock(monkeypatch, Pupil, PupilMove)
        meet(rules, "check_move")

        found, _, _ = self.race(world)

        assert [one for one in found if isinstance(one, Exception)] == []
