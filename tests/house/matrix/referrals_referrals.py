"""URLs of referrals, their parts and documents, and of approvals. Sana commissions and holds the budget at Elm Grove;
to everybody else there is no referral of hers."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.referrals import made
from tests.referrals.papers import document


def _school(world):
    return (world.elm_grove.pk,)


def _pupil(world):
    return (made.made_pupil(world).pk,)


def _referral(world):
    return (made.made_referral(world, place=made.made_place(world), state="draft").pk,)


def _part(world):
    return (*_referral(world), "why")


def _document(world):
    return (document(world, made.made_referral(world)).pk,)


def _approval(world):
    return (made.made_approval(world, made.made_referral(world, state="approval")).pk,)


OURS = {"sana": 200}
OF_THE_SCHOOL = OURS | {"olu": 403}

ROWS: dict[str, Row] = {
    "referrals": Row(others=404, roles=OF_THE_SCHOOL, args=_school),
    "start_referral": Row(others=404, roles=OURS, args=_pupil),
    "referral": Row(others=404, roles=OURS, args=_referral),
    "referral_part": Row(others=404, roles=OURS, args=_part),
    "check_referral": Row(others=404, roles=OURS, args=_referral),
    "close_referral": Row(others=404, roles=OURS, args=_referral),
    "referral_documents": Row(others=404, roles=OURS, args=_referral),
    "referral_file": Row(others=404, roles=OURS, args=_document),
    "remove_referral_file": Row(others=404, roles=OURS, args=_document),
    "approvals": Row(others=404, roles=OF_THE_SCHOOL, args=_school),
    "approval": Row(others=404, roles=OURS, args=_approval),
}
