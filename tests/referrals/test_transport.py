"""How a pupil travels, outside the price; and the notice of an off-site direction as a PDF."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from django.urls import reverse

from audit.models import Event
from core.access import Denied
from lots.rules.refusals import Refused
from referrals.actions import assurance as writing
from referrals.actions import transport as actions
from referrals.models import Placement, Transport
from referrals.queries import assurance as queries
from referrals.queries.assurance import Journey
from referrals.rules.assurance import Said
from referrals.states import Item, PlacementState
from tests.referrals.agreed import that_day  # noqa: F401
from tests.referrals.made import AT, CANARIES
from tests.referrals.placed import made_placement, made_terms_of_year

pytestmark = pytest.mark.usefixtures("that_day")
JOURNEY = Journey(hands_over="Zephyrine Quillsworth", receives="Dana Price", note="Taxi, 07700 900123")
NOTICE = Said(report_to="Dana Price", breaks="12:00 to 12:30", reasons="Fights at lunch", objectives="Calm lunches")


@pytest.fixture
def placement(world) -> Placement:
    return made_placement(world, state=PlacementState.ASSURANCE)


def save(placement, *, by, seen=None, **fields) -> Transport:
    given = {"arranged_by": "council", "paid_by": "school", "journey": JOURNEY, "at": AT} | fields
    mark = queries.mark_of_transport(queries.transport_of(placement)) if seen is None else seen
    return actions.save_transport(placement=placement, seen=mark, by=by, **given)


def test_written_down_the_item_is_done_and_its_words_are_sealed(world, placement):
    row = save(placement, by=world.sana)

    assert queries.standing_item(placement, Item.TRANSPORT).done
    assert queries.journey_of(row) == JOURNEY
    assert b"Zephyrine" not in bytes(row.words)
    with pytest.raises(Refused, match="What you typed is kept"):
        save(placement, by=world.sana, seen=queries.mark_of_transport(None))
    changed = save(placement, by=world.sana, arranged_by="alone", paid_by="", journey=Journey())
    assert (changed.pk, bytes(changed.words)) == (row.pk, b"")
    said = str(list(Event.objects.values_list("data", flat=True)))
    assert not [canary for canary in CANARIES if canary in said]


def test_nobody_else_writes_it_and_nothing_once_it_is_over(world, placement):
    for by in (world.bob, world.eve, world.nora):
        with pytest.raises(Denied):
            save(placement, by=by)
    Placement.objects.update(state=PlacementState.CANCELLED)
    with pytest.raises(Refused, match="nothing can be written"):
        save(placement, by=world.sana)


def test_sana_writes_it_on_the_page_and_bob_reads_it(world, placement, sign_in):
    sana, bob = sign_in(world.sana), sign_in(world.bob)
    address = reverse("transport", args=[placement.pk])
    mark = queries.mark_of_transport(None)
    sent = {
        "arranged_by": "council",
        "paid_by": "",
        "hands_over": "Mother",
        "receives": "Dana",
        "note": "",
        "seen": mark,
    }
    assert "Nothing is written down yet" in bob.get(address).text
    assert "Enter who takes over" in sana.post(address, sent | {"receives": ""}).text

    assert sana.post(address, sent)["Location"] == reverse("before_start", args=[placement.pk])

    page = bob.get(address).text
    assert "Mother" in page
    assert "Nobody has to" in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]
    assert bob.post(address, sent).status_code == 403
    stale = sana.post(address, sent | {"note": "Kept words"}).text
    assert "Kept words" in stale
    assert queries.mark_of_transport(queries.transport_of(placement)) in stale
    assert "Change it" in sana.get(address).text


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


@pytest.mark.once
def test_the_notice_is_made_of_the_placement(world, placement, sign_in):
    made_terms_of_year(world.elm_grove)
    sana, address = sign_in(world.sana), reverse("direction_notice", args=[placement.pk])
    first = sana.get(address, follow=True)
    assert "Write down what the notice says first" in first.text
    writing.write_item(placement=placement, item=Item.CONSENT, said=NOTICE, seen=0, by=world.sana, at=AT)

    answer = sana.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="direction-notice.pdf"'
    text = text_of(answer.content)
    for said in (
        "Quillon Zephyrine Quillsworth",
        "Zephyrine Quillsworth 1 Canary Wharf Lane",
        "Monday 09:30 to 14:30",
        "Workshop, Larkford, LK1 1AA",
        "Dana Price, Ash House",
        "28 September 2026",
        "16 December 2026",
        "Number of days 22",
        "12:00 to 12:30",
        "Fights at lunch",
        "Calm lunches",
        "at least every 30 days",
    ):
        assert said in text, said
    assert pypdfium2.PdfDocument(io.BytesIO(answer.content)).is_tagged()
    assert Event.objects.filter(action="referrals.placement.read", data__page="direction_notice").count() == 1
    Placement.objects.update(basis="s19")
    assert sana.get(address).status_code == 404
