"""URLs of placements: how one is agreed, signed and paid for. Sana commissions at Elm Grove, Bob teaches at Ash House;
Alice, who leads it, meets no pupil (ADR 3)."""

from __future__ import annotations

from tests.house.matrix import Row
from tests.referrals import made
from tests.referrals.agreed import waiting
from tests.referrals.placed import made_placement, made_quote


def _school(world):
    return (world.elm_grove.pk,)


def _chosen(world):
    return (made.whole_story(world).referral.pk,)


def _draft(world):
    return (waiting(world, signed=False).pk,)


def _live(world):
    return (made_placement(world).pk,)


def _ready(world):
    return (made.made_referral(world, place=made.made_place(world)).pk,)


def _quote(world):
    return (made_quote(world).pk,)


def _framework(world):
    return (made.made_place(world).framework_id,)


BOTH = {"sana": 200, "bob": 200}
OURS = {"sana": 200, "bob": 403}

OFFICERS = {"max": 200, "ada": 200, "eve": 200, "fay": 200, "olu": 200}

ROWS: dict[str, Row] = {
    "placements": Row(others=404, roles={"sana": 200, "olu": 403}, args=_school),
    "place_pupil": Row(others=404, roles={"sana": 200}, args=_chosen),
    "placement": Row(others=404, roles=BOTH, args=_live),
    "edit_placement": Row(others=404, roles=OURS, args=_draft),
    "send_for_signature": Row(others=404, roles=OURS, args=_draft),
    "sign_placement": Row(others=404, roles=BOTH, args=_draft),
    "placement_paper": Row(others=404, roles=BOTH, args=_live),
    "parent_letter": Row(others=404, roles=OURS, args=_live),
    "cancel_placement": Row(others=404, roles=OURS, args=_draft),
    "quotes": Row(others=404, roles={"sana": 200}, args=_ready),
    "add_quote": Row(others=404, roles={"sana": 200}, args=_ready),
    "quote": Row(others=404, roles={"sana": 200}, args=_quote),
    "place_by_quote": Row(others=404, roles={"sana": 200}, args=_quote),
    "framework_spend": Row(others=403, roles=OFFICERS, args=_framework),
    "framework_spend_chart": Row(others=403, roles=OFFICERS, args=_framework),
}
