"""The agreement for a pupil is sent, signed by the provider, then by the contracting party; with that it is agreed."""

from __future__ import annotations

import datetime as dt
import json

import pypdfium2
import pytest
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse

from audit.models import Event
from core import crypto
from core.access import Denied, System
from files.models import File
from files.steps import receive
from lots.models import Framework, PermittedUser, Place, Suspension
from lots.rules.refusals import Refused
from outbox.models import Message
from providers.models import Insurance, Seats
from referrals.actions import placing, signing
from referrals.actions.sealing import SEALED
from referrals.models import Assurance, Disclosure, Offer, Placement, PlacementPaper, Quote, SharingAgreement
from referrals.queries import papers, sealed
from referrals.rules.paper import digest
from referrals.steps.purging_placements import empty_placements
from tests.providers.library import kept
from tests.providers.seats import made_seats
from tests.referrals.agreed import drafted, offer_of, sign, terms, that_day, waiting  # noqa: F401
from tests.referrals.made import AT, CANARIES, TODAY, another_place, made_referral
from tests.referrals.placed import made_placement, made_quote

LATER = AT + dt.timedelta(hours=1)


def send(world, placement, *, by=None, seen=0, today=TODAY):
    return signing.send_for_signature(placement=placement, seen=seen, by=by or world.sana, at=AT, today=today)


def sign_for_provider(world, placement, *, by=None, sha256=None):
    sha256 = sha256 or placement.papers.get(replaced_at=None).sha256
    return signing.sign_for_provider(placement=placement, sha256=sha256, name="Bob", by=by or world.bob, at=LATER)


def fresh(placement) -> Placement:
    return Placement.objects.get(pk=placement.pk)


def test_from_the_draft_to_the_agreed_placement(world):
    placement = drafted(world)

    paper = send(world, placement)
    sign_for_provider(world, placement)
    sign(world, placement)

    placement, paper = fresh(placement), PlacementPaper.objects.get(pk=paper.pk)
    assert (placement.state, placement.agreed_at, placement.referral.state) == ("assurance", AT, "chosen")
    assert (paper.provider_signed_by, paper.provider_signed_at, paper.party_signed_by) == (world.bob, LATER, world.sana)
    text = sealed.text_of(paper, "document")
    assert paper.sha256 == digest(text)
    assert "Quillsworth" in text
    assert b"Quillsworth" not in bytes(paper.document)
    assert json.loads(text)["week"][0]["when"] == "Monday 09:30 to 14:30"
    assert [event.action for event in Event.objects.filter(about_type="referrals.placement").order_by("pk")] == [
        f"referrals.placement.{verb}" for verb in ("drafted", "sent", "signed", "agreed", "signed")
    ]
    told = {(one.key.split(":")[0], one.to) for one in Message.objects.filter(key__startswith="placement")}
    assert told == {
        ("placement-to-sign", world.bob.email),
        ("placement-to-countersign", world.sana.email),
        ("placement-agreed", world.bob.email),
        ("placement-agreed", world.sana.email),
    }
    assert not [
        word for word in CANARIES for one in Message.objects.all() if word in f"{one.key}{one.subject}{one.body}"
    ]
    assert not [word for word in CANARIES for one in Event.objects.all() if word in json.dumps(one.data)]


def test_who_sends_and_who_signs(world):
    placement = drafted(world)

    for by in (world.bob, world.tom, world.eve):
        with pytest.raises(Denied):
            send(world, placement, by=by)
    send(world, placement)
    for by in (world.alice, world.charlie, world.sana):
        with pytest.raises(Denied):
            sign_for_provider(world, placement, by=by)
    with pytest.raises(Refused, match="The provider signs first"):
        sign(world, placement)
    sign_for_provider(world, placement)
    with pytest.raises(Refused, match="signed this agreement already"):
        sign_for_provider(world, placement)
    for by in (world.bob, world.eve, world.tariq):
        with pytest.raises(Denied):
            sign(world, placement, by=by)


def test_what_was_not_read_is_not_signed_and_nobody_signs_for_both(world):
    placement = waiting(world, signed=False)
    with pytest.raises(Refused, match="changed since you opened it"):
        sign_for_provider(world, placement, sha256="f" * 64)
    placement.papers.update(replaced_at=AT)
    with pytest.raises(Refused, match="has to be sent again"):
        signing.sign_for_provider(placement=placement, sha256="f" * 64, name="B", by=world.bob, at=AT)

    placement.papers.update(replaced_at=None, provider_signed_at=AT, provider_signed_by=world.sana)

    with pytest.raises(Refused, match="Somebody else signs for the other side"):
        sign(world, placement)


def test_sending_again_makes_a_new_one_and_a_stale_page_is_told(world):
    placement = drafted(world)
    first = send(world, placement)
    second = send(world, placement)

    first.refresh_from_db()
    assert (first.replaced_at, second.number, second.replaced_at) == (AT, 2, None)
    with pytest.raises(Refused, match="Somebody has changed"):
        send(world, placement, seen=7)
    Placement.objects.filter(pk=placement.pk).update(state="live", agreed_at=AT)
    with pytest.raises(Refused, match="no longer being agreed"):
        send(world, placement)


BROKEN = {
    "suspended": lambda one: Place.objects.filter(pk=one.place_id).update(state="suspended"),
    "an active place": lambda one: Place.objects.filter(pk=one.place_id).update(state="accepted"),
    "no public liability": lambda one: Insurance.objects.all().update(ends_on=dt.date(2026, 9, 20)),
    "not running": lambda one: Framework.objects.filter(pk=one.framework_id).update(state="ended", ended_at=AT),
    "no longer open to your organisation": lambda one: PermittedUser.objects.all().delete(),
    "agreement to share pupil data": lambda one: SharingAgreement.objects.update(ended_at=AT),
    "taken back": lambda one: one.referral.choices.update(undone_at=AT),
    "was taken back, so": lambda one: Disclosure.objects.update(ended_at=AT),
    "price is no longer": lambda one: Offer.objects.update(pence=44_00),
    "first day has passed": lambda one: Placement.objects.update(starts_on=dt.date(2026, 9, 13)),
}


@pytest.mark.parametrize("told", BROKEN)
def test_nothing_is_sent_or_agreed_when_something_fell_away(world, told):
    placement = waiting(world)
    made_seats(placement.place, placement.sessions.first().site)
    BROKEN[told](placement)

    with pytest.raises(Refused, match=told):
        send(world, placement)
    with pytest.raises(Refused, match=told):
        sign(world, placement)

    assert fresh(placement).state == "draft"
    assert not Seats.objects.filter(free=0).exists()
    assert placement.papers.get(replaced_at=None).party_signed_at is None


def test_a_suspension_of_the_provider_stops_it_too(world):
    placement = waiting(world)
    Suspension.objects.create(
        buyer=world.larkshire, provider=world.ash_house, cause="safeguarding", reason="x", began_at=AT
    )

    with pytest.raises(Refused, match="suspended"):
        sign(world, placement)


def test_free_places_are_taken_all_or_none(world):
    placement = waiting(world)
    site = placement.sessions.first().site
    made_seats(placement.place, site, halves=[(0, "am"), (0, "pm"), (2, "am")])

    with pytest.raises(Refused, match="no free place left on Wednesday afternoon"):
        sign(world, placement)
    assert not Seats.objects.filter(free=0).exists()

    made_seats(placement.place, site, halves=[(2, "pm"), (4, "am")], free=2)
    sign(world, placement)

    assert list(Seats.objects.order_by("weekday", "half").values_list("weekday", "half", "free")) == [
        (0, "am", 0), (0, "pm", 0), (2, "am", 0), (2, "pm", 1), (4, "am", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(("provider", "named"), [("birch_farm", "Birch Farm")])
def test_a_pupil_who_is_elsewhere_at_that_time_is_not_placed(world, provider, named):
    placement = waiting(world)
    other = another_place(world, placement.place, getattr(world, provider), pence=40_00)
    made_placement(world, place=other, pupil=placement.pupil)

    with pytest.raises(Refused, match=rf"Monday 09:30 to 14:30 \({named}, Monday 09:30 to 14:30\)"):
        sign(world, placement)


def test_a_provider_that_the_signer_may_not_see_is_not_named(world):
    placement = waiting(world, contracting_party=world.larkshire)
    other = another_place(world, placement.place, world.birch_farm, pence=40_00)
    made_placement(world, place=other, pupil=placement.pupil)

    with pytest.raises(Refused, match="another provider") as refused:
        sign(world, placement, by=world.eve)

    assert "Birch" not in str(refused.value)


def test_more_than_full_time_is_agreed_with_a_reason(world):
    placement = waiting(world)
    other = made_placement(
        world, place=another_place(world, placement.place, world.birch_farm, pence=40_00), pupil=placement.pupil
    )
    other.sessions.update(starts=dt.time(7), ends=dt.time(15, 30))
    for weekday, row in zip((1, 3), other.sessions.all(), strict=True):
        row.weekday = weekday
        row.save()
    with pytest.raises(Refused, match="27 hours long, more than 25 hours"):
        sign(world, placement)

    Placement.objects.filter(pk=placement.pk).update(hours_reason="Boards there")
    sign(world, placement)

    assert fresh(placement).state == "assurance"


def test_the_council_signs_where_it_is_the_contracting_party_and_sees_that_one_alone(world):
    placement = waiting(world, contracting_party=world.larkshire)
    made_placement(world, place=placement.place, pupil=placement.pupil, state="draft")

    assert list(Placement.objects.visible_to(world.eve)) == [placement]
    with pytest.raises(Denied):
        sign(world, placement)
    sign(world, placement, by=world.eve)

    assert Message.objects.filter(key__startswith="placement-agreed", to=world.sana.email).exists()


def test_a_placement_outside_a_framework_takes_no_place_and_draws_no_value(world):
    placement = waiting(world)
    made_seats(placement.place, placement.sessions.first().site)
    nothing = dict.fromkeys(("framework", "place", "lot", "sub_lot", "line", "referral"))
    Placement.objects.filter(pk=placement.pk).update(route="spot", outside_reason="Nobody else", **nothing)

    sign(world, fresh(placement))

    assert fresh(placement).state == "assurance"
    assert not Seats.objects.filter(free=0).exists()


# Pages


def test_both_sign_in_the_portal(world, sign_in, that_day):  # noqa: F811
    placement = drafted(world)
    sana, bob = sign_in(world.sana), sign_in(world.bob)
    url = reverse("sign_placement", args=[placement.pk])
    sending = reverse("send_for_signature", args=[placement.pk])

    assert "was not sent to be signed yet" in bob.get(url).content.decode()
    assert sana.get(reverse("placement_paper", args=[placement.pk])).status_code == 404
    assert "signs first" in sana.get(sending).content.decode()
    assert "Somebody has changed" in sana.post(sending, {"revision": "9"}).content.decode()
    assert sana.post(sending, {"revision": "0"}).status_code == 302
    assert "An agreement was sent already" in sana.get(sending).content.decode()
    page = bob.get(url).content.decode()
    sha256 = placement.papers.get().sha256
    assert "I have read the agreement and may sign it for Ash House" in page
    assert "Quillsworth" in page
    assert "Quill" not in page.split("<title>")[1].split("</title>")[0]
    assert "Waits for" in sana.get(url).content.decode()
    wrong = bob.post(url, {"sha256": sha256, "name": ""}).content.decode()
    assert "Enter your full name" in wrong
    assert "Tick that you have read" in wrong
    assert bob.post(url, {"sha256": sha256, "name": "Bob", "declared": "on"}).status_code == 302
    assert (
        "signed this agreement already"
        in bob.post(url, {"sha256": sha256, "name": "Bob", "declared": "on"}).content.decode()
    )
    answer = sana.post(url, {"sha256": sha256, "name": "Sana", "declared": "on"}, follow=True).content.decode()
    assert "The placement is agreed" in answer
    assert "Put everything in place before the start" in answer
    assert "signed by both" in bob.get(reverse("placement", args=[placement.pk])).content.decode()
    assert Event.objects.filter(action="referrals.placement.read", by=world.bob).exists()


def test_a_page_above_the_value_asks_why(world, sign_in, that_day):  # noqa: F811
    placement = waiting(world)
    Framework.objects.filter(pk=placement.framework_id).update(net_pence=1)
    client, url = sign_in(world.sana), reverse("sign_placement", args=[placement.pk])
    sent = {"sha256": placement.papers.get().sha256, "name": "Sana", "declared": "on"}

    page, refused = client.get(url).content.decode(), client.post(url, sent).content.decode()

    assert "It can be agreed with a reason alone" in page
    assert "Enter why it is agreed all the same" in refused
    assert client.post(url, sent | {"over_reason": "Nobody else"}).status_code == 302


def text_of(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


@pytest.mark.once
def test_the_papers_say_what_was_agreed_and_their_names_say_nothing(world, sign_in, that_day):  # noqa: F811
    placement = waiting(world)
    client = sign_in(world.sana)

    agreement = client.get(reverse("placement_paper", args=[placement.pk]))
    letter = client.get(reverse("parent_letter", args=[placement.pk]))

    assert agreement["Content-Disposition"] == f'attachment; filename="placement-{placement.pk}-agreement-1.pdf"'
    words = text_of(agreement.content)
    for said in ("Quillsworth", "Ash House", "Elm Grove School", "Monday 09:30 to 14:30", "100%", "Bob"):
        assert said in words
    assert "saxophone" not in words
    words = text_of(letter.content)
    for said in ("Zephyrine Quillsworth", "1 Canary Wharf Lane", "Ash House", "Monday 09:30 to 14:30", "01632 960100"):
        assert said in words
    assert "saxophone" not in words
    assert "£" not in words
    assert letter["Content-Disposition"] == f'attachment; filename="placement-{placement.pk}-letter.pdf"'


def test_a_letter_without_contacts_is_to_the_parent_or_carer(world):
    placement = waiting(world)
    private = sealed.private_of(placement.pupil)
    assert papers.parent_letter(placement, today=TODAY).contact == private.contacts[0]
    Placement.objects.filter(pk=placement.pk).update(referral=None)

    assert papers.parent_letter(fresh(placement), today=TODAY).phone == ""


def test_an_agreement_that_was_signed_is_not_placed_twice(world):
    placement = waiting(world)
    sign(world, placement)

    with pytest.raises(Refused, match="no longer being agreed"):
        sign(world, placement)
    with pytest.raises(Refused, match="no longer being agreed"):
        sign_for_provider(world, placement)
    offer = offer_of(Disclosure.objects.get(referral=placement.referral))
    with pytest.raises(Refused, match="led to a placement already"):
        placing.place_pupil(referral=placement.referral, terms=terms(world, offer), by=world.sana, at=AT, today=TODAY)


def test_after_the_purge_nothing_of_the_pupil_is_left_in_a_placement(world, sign_in):
    placement = made_placement(world, state="ended", hours_reason="Quillon likes it", cancel_reason="x")
    made_quote(world, referral=made_referral(world, pupil=placement.pupil, place=placement.place))
    [file, *_] = [made_assurance_file(world, placement)]
    with transaction.atomic():
        count = empty_placements(pupils=[placement.pupil_id], by=System("referrals.purge"), at=AT)

    placement = fresh(placement)
    assert (count, placement.hours_reason, placement.reason, placement.end_reason) == (1, "", "", "")
    assert placement.total_pence
    assert not PlacementPaper.objects.exclude(document=b"").exists()
    assert not Assurance.objects.exclude(words=b"").exists()
    assert not File.objects.filter(pk=file.pk, stored_as__gt="").exists()
    assert set(Quote.objects.values_list("why_not_others", "compared")) == {("", "")}
    page = sign_in(world.sana).get(reverse("sign_placement", args=[placement.pk])).content.decode()
    assert "What was known of the pupil was removed" in page


def made_assurance_file(world, placement) -> File:
    with transaction.atomic():
        file = receive(kept=kept("risk.pdf"), organisation=world.elm_grove, by=world.sana, at=AT)
    row = placement.assurances.first()
    row.file = file
    row.save()
    return file


def test_what_is_sealed_of_placements_is_sealed_anew(world):
    """Every sealed field of this app has its line, under the purpose under which it is opened."""
    placement = made_placement(world)
    found = {(model, field) for model, field, _ in SEALED.values()}

    assert found == {
        (model, field.name)
        for model in apps.get_app_config("referrals").get_models()
        for field in model._meta.fields
        if isinstance(field, models.BinaryField)
    }
    for model, field, purpose in SEALED.values():
        for row in model.objects.exclude(**{field: b""}):
            assert crypto.unseal(bytes(getattr(row, field)), purpose=f"{purpose}:{row.pk}")
    assert placement.papers.exclude(document=b"").exists()
