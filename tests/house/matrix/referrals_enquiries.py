"""URLs of enquiries, offers, the choice and what the chosen provider reads. Sana refers for Elm Grove, Alice leads Ash
House and Bob teaches there; everybody else is a stranger to whom there is nothing."""

from __future__ import annotations

import datetime as dt

from files.models import File
from referrals.models import Enquiry, ReferralFile
from tests.house.matrix import Row
from tests.referrals.made import (
    AT,
    made_enquiry,
    made_offer,
    made_place,
    made_referral,
    made_site,
    whole_story,
)

FAR = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)


def _ready(world):
    return (made_referral(world, place=made_place(world)).pk,)


def _waiting(world) -> Enquiry:
    place = made_place(world)
    made_site(world)
    return made_enquiry(world, made_referral(world, place=place), place, lapses_at=FAR)


def _enquiry(world):
    return (_waiting(world).pk,)


def _referral(world):
    return (_offered(world).referral_id,)


def _offered(world) -> Enquiry:
    enquiry = _waiting(world)
    made_offer(world, enquiry)
    return enquiry


def _offer(world):
    return (_offered(world).pk,)


def _chosen(world):
    return (whole_story(world).referral_id,)


def _known(world):
    return (whole_story(world).pk,)


def _file(world):
    story = whole_story(world)
    file = File.objects.create(
        organisation=world.elm_grove, name="plan.pdf", kind="pdf", size=1, sha256="0" * 64, stored_as="away",
        received_at=AT,
    )  # fmt: skip
    document = ReferralFile.objects.create(referral=story.referral, title="Plan", file=file, added_at=AT)
    return (story.pk, document.pk)


def _ash_house(world):
    whole_story(world)
    return (world.ash_house.pk,)


OWN = {"sana": 200}
ANSWERS = {"alice": 200, "bob": 200, "sana": 403}
KNOWS = {"bob": 200, "sana": 403}

ROWS: dict[str, Row] = {
    "ask_providers": Row(others=404, roles=OWN, args=_ready),
    "offers": Row(others=404, roles=OWN, args=_referral),
    "choose_offer": Row(others=404, roles=OWN | {"alice": 403, "bob": 403}, args=_offer),
    "undo_choice": Row(others=404, roles=OWN, args=_chosen),
    "enquiries": Row(others=404, roles={"alice": 200, "bob": 200, "olu": 403}, args=_ash_house),
    "enquiry": Row(others=404, roles=ANSWERS | OWN, args=_offer),
    "make_offer": Row(others=404, roles=ANSWERS, args=_enquiry),
    "decline_enquiry": Row(others=404, roles=ANSWERS, args=_enquiry),
    "known_pupils": Row(others=404, roles={"bob": 200, "alice": 403, "olu": 403}, args=_ash_house),
    "known_pupil": Row(others=404, roles=KNOWS, args=_known),
    "known_file": Row(others=404, roles=KNOWS | {"bob": 503}, args=_file),
}
