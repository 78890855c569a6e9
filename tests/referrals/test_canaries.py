"""A made-up pupil is planted, every page of referrals opened and every letter, log line and record searched: she stands
where she may, and nowhere else. Pages are those of the access matrix, so that a new one is under this from its first
day."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from audit import steps as audit
from audit.models import Event
from core.access import System
from outbox import steps as outbox
from outbox.models import Message
from referrals.actions import asking, choosing, moves, offering, purging, sharing
from referrals.models import Disclosure, Enquiry, Offer, Placement, Pupil
from referrals.permissions.sharing import PURGE, WATCH
from referrals.states import Decline
from tests.accounts.mail import body
from tests.apframework.test_logs import lines  # noqa: F401
from tests.house.matrix import ROLES
from tests.referrals.asked import TODAY, proposal, that_day, two_places  # noqa: F401
from tests.referrals.made import AT, CANARIES, UPN, made_pupil, made_referral, made_sharing

HERE = Path(__file__).parent.parent / "house" / "matrix"
ROWS = {
    name: row
    for path in sorted(HERE.glob("referrals_*.py"))
    for name, row in import_module(f"tests.house.matrix.{path.stem}").ROWS.items()
    if row.method == "get"
}
# What is sealed of her: whoever is shown it is written down.
SEALED = (UPN, "saxophone phobia", "Canary Wharf Lane", "07700 900123")
# Pages that name no pupil to anybody, their own commissioner included.
NAMELESS = re.compile(r"directory|provision|shortlist|sharing|terms_of|import_pupils|approval|enquir")


def canaries(text: str) -> list[str]:
    return [one for one in CANARIES if one.casefold() in text.casefold()]


def text_of(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def meets(person, name: str) -> bool:
    """Whether this page may tell this person who a pupil is: a commissioner's people who work with pupils, on pages of
    pupils who are with them the chosen provider's, and whoever meets a placement on its pages."""
    if person is None or NAMELESS.search(name):
        return False
    if Pupil.objects.visible_to(person).exists():
        return True
    if name.startswith("known"):
        return Disclosure.objects.visible_to(person).exists()
    return Placement.objects.visible_to(person).exists()


def looked_at_by(row) -> list[str]:
    """Everybody who is shown the page, a stranger, and nobody."""
    shown = [role for role in ROLES if row.expected(role) == 200]
    return [*dict.fromkeys([*shown, "charlie", "nobody"])]


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_page_names_her_to_those_who_may_meet_her_and_to_nobody_else(name, world, sign_in, lines):  # noqa: F811
    row = ROWS[name]
    address = reverse(name, args=row.args(world) if row.args else ())
    made_pupil_if_none(world)
    leaks = {}

    for role in looked_at_by(row):
        person = None if role == "nobody" else getattr(world, role)
        reads = Event.objects.filter(action__endswith=".read", by=person).count()
        answer = (Client() if person is None else sign_in(person)).get(address)
        text = text_of(answer)
        title = "".join(re.findall(r"<title>.*?</title>", text, flags=re.S))
        found = {
            "title": canaries(title),
            "headers": canaries(f"{dict(answer.headers)} {answer.cookies.output()}"),
            "page": [] if meets(person, name) else canaries(text),
        }
        if any(one in text for one in SEALED):
            again = Event.objects.filter(action__endswith=".read", by=person).count()
            found["read unseen"] = [] if again > reads else [role]
        leaks |= {f"{role}: {where}": what for where, what in found.items() if what}

    assert leaks == {}
    assert canaries(address) == []
    assert outside(lines) == {}


def made_pupil_if_none(world) -> None:
    """There is somebody who could leak."""
    if not Pupil.objects.exists():
        made_pupil(world)


def outside(lines) -> dict:  # noqa: F811
    """What has left the process or is kept for long, and names her."""
    kept = {
        "log": [line for line in lines() if canaries(json.dumps(line, ensure_ascii=False))],
        "letters": [
            letter.key
            for letter in Message.objects.all()
            if canaries(f"{letter.subject} {body(letter)} {letter.key} {letter.last_error}")
        ],
        "record": [event.action for event in Event.objects.all() if canaries(json.dumps(event.data))],
        "sessions": [one.pk for one in Session.objects.all() if canaries(one.session_data)],
    }
    return {where: what for where, what in kept.items() if what}


def test_what_left_would_be_seen(world, lines):  # noqa: F811
    logging.getLogger("portal").warning("of %s", "Quillon")
    with transaction.atomic():
        outbox.post(key="a", to=world.sana.email, subject="Quillon", body="Sign in", at=AT)
        audit.record("referrals.pupil.added", by=world.sana, data={"name": "Quillon"}, at=AT)

    assert {where: len(what) for where, what in outside(lines).items()} == {"log": 1, "letters": 1, "record": 1}


def test_no_address_takes_a_name():
    """Addresses take numbers, the name of a part, an item or a kind of file, and the secret of a feed: nobody could put
    a pupil's name into one."""
    taken = {
        (argument, type(converter).__name__)
        for name in ROWS
        for *_, converters in get_resolver().reverse_dict.getlist(name)
        for argument, converter in converters.items()
    }

    assert {argument for argument, converter in taken if converter != "IntConverter"} == {
        "part",
        "item",
        "kind",
        "token",
    }


@pytest.mark.usefixtures("that_day")
class TestJourney:
    """The pupil goes through everything that can happen to her, and what leaves is searched afterwards."""

    def test_nothing_that_leaves_names_her(self, world, lines):  # noqa: F811
        places = two_places(world)
        referral = made_referral(world, place=places[0], approved_pence=10**9)
        asking.ask_providers(referral=referral, places=[place.pk for place in places], by=world.sana, at=AT)
        dear, cheap = (Enquiry.objects.get(provider=one) for one in (world.ash_house, world.birch_farm))
        agreement = made_sharing(world)
        offering.make_offer(
            enquiry=dear,
            proposal=proposal(world, dear),
            shown_pence=24 * 2 * 45_00,
            by=world.bob,
            at=AT,
            today=TODAY,
        )
        offering.decline(enquiry=cheap, reason=Decline.NEED, note="Quillon", by=world.charlie, at=AT)
        offer = Offer.objects.get()
        choosing.choose_offer(enquiry=dear, offer=offer.pk, by=world.sana, at=AT, today=TODAY)
        choosing.undo_choice(referral=referral, reason="Zephyrine is ill", by=world.sana, at=AT)
        sharing.end_agreement(agreement=agreement, reason="Quillsworth", by=world.sana, at=AT)
        made_sharing(world, ends_on=TODAY)
        sharing.tell_of_sharing(by=System(WATCH), at=AT, today=TODAY)
        move = moves.offer_pupil(
            pupil=referral.pupil, taker=world.oak_trust, reason="The family moves", by=world.sana, at=AT
        )
        moves.accept_move(move=move, by=world.tariq, at=AT)
        Pupil.objects.update(born_on=dt.date(2001, 1, 1))
        purging.purge_pupils(by=System(PURGE), at=AT, today=TODAY)

        happened = set(Event.objects.values_list("action", flat=True))
        assert len(happened) >= 12, sorted(happened)
        assert Message.objects.count() >= 12
        assert outside(lines) == {}
