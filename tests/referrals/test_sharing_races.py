"""An offer is accepted while the agreement to share data is ended: nobody is left knowing a pupil under an agreement
that has ended. Two lists with the same pupils at once bring each in once."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from accounts.models import Organisation, User
from lots.rules.refusals import Refused
from referrals.actions import bringing_in, choosing
from referrals.actions import sharing as actions
from referrals.models import Choice, Disclosure, Offer, Pupil, SharingAgreement
from referrals.queries import sharing as queries
from referrals.rules import csv_pupils
from referrals.rules import sharing as rules
from tests.cast import make_world
from tests.patience import found_by, without_lock
from tests.referrals.asked import TODAY, asked
from tests.referrals.made import AT, made_offer, made_sharing

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS, CLIENTS = 5, 8
LIST = b"Forename,Surname,DOB\n" + b"\n".join(b"Ann,Archer%c,2012-05-04" % letter for letter in b"abcdefgh")


@pytest.fixture
def world(transactional_db):
    return make_world()


def again(person) -> User:
    return User.objects.get(pk=person.pk)


def both(world) -> tuple[list, SharingAgreement]:
    """Sana accepts and ends at the same time; what each found."""
    enquiry, _ = asked(world, approved_pence=10**9)
    offer: Offer = made_offer(world, enquiry)
    agreement = made_sharing(world)
    found = found_by(
        lambda: choosing.choose_offer(enquiry=enquiry, offer=offer.pk, by=again(world.sana), at=AT, today=TODAY),
        lambda: actions.end_agreement(agreement=agreement, reason="Sold", by=again(world.sana), at=AT),
    )
    return found, agreement


def test_without_the_lock_a_provider_knows_a_pupil_under_an_agreement_that_has_ended(world, monkeypatch, meet):
    without_lock(monkeypatch, SharingAgreement)
    monkeypatch.setattr(
        type(SharingAgreement.objects.all()),
        "between_locked",
        lambda self, commissioner, provider: list(self.filter(commissioner=commissioner, provider=provider)),
    )
    monkeypatch.setattr(SharingAgreement.objects, "between_locked", SharingAgreement.objects.all().between_locked)
    in_force = queries.in_force
    monkeypatch.setattr(queries, "in_force", lambda *given, locked=False: in_force(*given))
    barrier = threading.Barrier(2)
    meet(choosing, "_covered", barrier)
    meet(rules, "check_not_ended", barrier)

    found, agreement = both(world)

    agreement.refresh_from_db()
    assert agreement.ended_at == AT
    assert [type(one) for one in found] == [Choice, int]
    assert Disclosure.objects.in_force().count() == 1


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_whoever_comes_first_nobody_knows_a_pupil_afterwards(world, turn):
    [chosen, lost], agreement = both(world)

    agreement.refresh_from_db()
    assert agreement.ended_at == AT
    assert not Disclosure.objects.in_force().exists()
    assert (isinstance(chosen, Choice), lost) in {(True, 1), (False, 0)}
    assert isinstance(chosen, Choice | Refused)


def bring_in(world):
    found = csv_pupils.read(LIST, today=dt.date(2026, 9, 14))
    return bringing_in.import_pupils(
        organisation=world.elm_grove, found=found, leave_out_wrong=False, by=again(world.sana), at=AT
    )


def test_without_the_lock_a_list_comes_in_twice(world, monkeypatch, meet):
    without_lock(monkeypatch, Organisation)
    meet(bringing_in, "held_against")

    found_by(*[lambda: bring_in(world)] * 2)

    assert Pupil.objects.count() == 16


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_eight_who_bring_in_one_list_one_does(world, turn):
    found = found_by(*[lambda: bring_in(world)] * CLIENTS)

    assert sorted(len(one.new) for one in found) == [0] * (CLIENTS - 1) + [8]
    assert Pupil.objects.count() == 8
