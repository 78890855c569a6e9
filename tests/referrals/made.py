"""Pupils, referrals, enquiries and offers for tests, as rows at any stage. Elm Grove is the commissioner, Ash House the
provider. The pupil is a canary: whatever leaves the portal is searched for its names, numbers and need."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.models import Organisation
from lots.models import Framework, PermittedUser, Place, PlacePrice
from lots.states import CallOff, Phase
from providers.models import Site
from referrals.models import (
    Approval,
    Choice,
    Disclosure,
    Enquiry,
    Enrolment,
    Offer,
    OfferSession,
    Pupil,
    Referral,
    SharingAgreement,
)
from referrals.queries import sealed
from referrals.rules.content import Content, Share, Target
from referrals.rules.need import Need
from referrals.rules.private import Contact, Private
from referrals.states import EnquiryState, EnrolmentKind, Processing, ReferralState
from tests.lots import places

AT = dt.datetime(2026, 9, 14, 9, 0, tzinfo=dt.UTC)  # a Monday, a week after the framework has started
TODAY = AT.date()
UPN = "K801200014007"  # none that a page gives as an example
# What must never leave: in no address, letter, log, file name, page title, record or another school's error.
CANARIES = ("Quillon", "Zephyrine", "Quillsworth", UPN, "saxophone phobia", "Canary Wharf Lane", "07700 900123")
PRIVATE = Private(
    upn=UPN,
    sex="F",
    needs=("semh", "anxiety"),
    need="saxophone phobia",
    risks="Runs from the saxophone phobia",
    street="1 Canary Wharf Lane",
    town="Larkford",
    postcode="LK1 1AA",
    contacts=(Contact(name="Zephyrine Quillsworth", relation="Mother", phone="07700 900123", can_collect=True),),
)
CONTENT = Content(
    needs=("semh", "anxiety"),
    outline="Needs a small group and time to settle",
    need="saxophone phobia, worse in the afternoon",
    risks="Runs from the saxophone phobia",
    weekdays=(0, 2),
    targets=(Target("Attends four sessions in five", "The register", "2026-12-18"),),
    exit_plan="Back to Elm Grove after half a term",
    shares=(Share("Elm Grove School", 100),),
    consent="given",
    consent_by="Zephyrine Quillsworth",
    consent_on="2026-09-10",
    pupil_heard="heard",
    pupil_view="Would like to cook",
    parent_heard="heard",
    parent_view="Agrees",
    phone_who="Sana, SENCO",
    phone="01632 960100",
)
NEED = Need(
    ages="13 to 15",
    phase=Phase.SECONDARY,
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


def open_to_schools(framework: Framework) -> None:
    """Schools of Larkshire may call off too."""
    framework.policies.__class__.objects.filter(framework=framework).update(call_off=CallOff.NAMED)
    PermittedUser.objects.get_or_create(
        framework=framework, schools_of_area=True, defaults={"description": "Schools in Larkshire"}
    )


def made_place(world, part: str = "1B", *, pence: int = 45_00) -> Place:
    """Ash House is active on a part of Larkshire's framework, which schools may use."""
    made = places.running(world)
    open_to_schools(made.framework)
    return places.active(world, made, part, pence=pence)[0]


def another_place(world, place: Place, provider: Organisation, *, pence: int) -> Place:
    """Another provider is active on the same part, as rows alone."""
    lines = list(place.lot.price_lines.all())
    copy = Place.objects.get(pk=place.pk)
    copy.pk, copy.provider, copy.provider_name = None, provider, provider.name
    copy.save()
    PlacePrice.objects.bulk_create(
        PlacePrice(place=copy, line=line, pence=pence, from_on=dt.date(2026, 9, 1), set_at=AT) for line in lines
    )
    return copy


def made_site(world, provider=None, **fields) -> Site:
    fields = {"name": "Workshop", "kind": "premises", "town": "Larkford", "postcode": "LK1 1AA"} | fields
    return Site.objects.create(provider=provider or world.ash_house, added_at=AT, **fields)


def made_pupil(world, *, commissioner=None, private: Private = PRIVATE, school=None, **fields) -> Pupil:
    """The canary, on the roll of her school."""
    commissioner = commissioner or world.elm_grove
    fields = {"first_names": "Quillon Zephyrine", "last_name": "Quillsworth", "born_on": dt.date(2012, 5, 4)} | fields
    name = f"{fields['first_names']} {fields['last_name']}".casefold()
    numbers = {"upn_key": sealed.hash_of(private.upn, what="upn"), "uln_key": sealed.hash_of(private.uln, what="uln")}
    if not private.upn:
        numbers["no_upn_reason"] = "not_known"
    pupil = Pupil.objects.create(
        **({"commissioner": commissioner, "name_key": name, "added_at": AT, "changed_at": AT} | numbers | fields)
    )
    Pupil.objects.filter(pk=pupil.pk).update(private=sealed.sealed_private(pupil, private))
    Enrolment.objects.create(
        pupil=pupil, school=school or world.elm_grove, kind=EnrolmentKind.MAIN, from_on=dt.date(2023, 9, 4)
    )
    return Pupil.objects.get(pk=pupil.pk)


def made_sharing(world, *, commissioner=None, provider=None, **fields) -> SharingAgreement:
    fields = {
        "processing": Processing.CONTROLLER,
        "purposes": "Teaching and looking after the pupils that are placed",
        "contact_name": "Dana Data",
        "contact_email": "data@elm-grove.example",
        "signed_on": dt.date(2026, 8, 20),
        "starts_on": dt.date(2026, 9, 1),
        "written_at": AT,
    } | fields
    return SharingAgreement.objects.create(
        commissioner=commissioner or world.elm_grove, provider=provider or world.ash_house, **fields
    )


def made_referral(world, *, pupil=None, place=None, state=ReferralState.READY, content: Content = CONTENT, **fields):
    """A referral by Sana, complete, at this state; `place` gives it the framework, lot and part."""
    pupil = pupil or made_pupil(world)
    if place:
        fields = {"framework": place.framework, "lot": place.lot, "sub_lot": place.sub_lot} | fields
    fields = {
        "reason": "behaviour",
        "basis": "s29a",
        "trigger_on": dt.date(2026, 9, 7),
        "sixth_on": dt.date(2026, 9, 15),
        "school": world.elm_grove,
        "phase": Phase.SECONDARY,
        "mode": "on_site",
        "minutes": 600,
        "starts_on": dt.date(2026, 9, 28),
        "ends_on": dt.date(2026, 12, 18),
        "budget_pence": 400_000,
        "started_at": AT,
        "started_by": world.sana,
        "changed_at": AT,
    } | fields
    if state in {ReferralState.READY, ReferralState.ENQUIRING, ReferralState.CHOSEN}:
        fields = {"checked_at": AT, "checked_by": world.sana} | fields
    if state == ReferralState.CLOSED:
        fields = {"closed_at": AT} | fields
    referral = Referral.objects.create(pupil=pupil, commissioner=pupil.commissioner, state=state, **fields)
    Referral.objects.filter(pk=referral.pk).update(content=sealed.sealed_content(referral, content))
    return Referral.objects.get(pk=referral.pk)


def made_approval(world, referral: Referral, **fields) -> Approval:
    fields = {"pence": referral.budget_pence, "asked_at": AT, "asked_by": world.sana} | fields
    return Approval.objects.create(referral=referral, **fields)


def made_enquiry(world, referral: Referral, place: Place, *, state=EnquiryState.WAITING, **fields) -> Enquiry:
    fields = {"sent_at": AT, "sent_by": world.sana, "lapses_at": AT + dt.timedelta(days=3)} | fields
    enquiry = Enquiry.objects.create(referral=referral, place=place, provider=place.provider, state=state, **fields)
    Enquiry.objects.filter(pk=enquiry.pk).update(need=sealed.sealed_need(enquiry, NEED))
    if referral.state == ReferralState.READY:
        Referral.objects.filter(pk=referral.pk).update(state=ReferralState.ENQUIRING)
        referral.state = ReferralState.ENQUIRING
    return Enquiry.objects.get(pk=enquiry.pk)


def made_offer(world, enquiry: Enquiry, *, pence: int = 45_00, site=None, **fields) -> Offer:
    """Two sessions a week of five hours, on the first price line of the lot."""
    site = site or made_site(world, enquiry.provider)
    fields = {
        "line": enquiry.place.lot.price_lines.first(),
        "awarded_pence": pence,
        "starts_on": dt.date(2026, 9, 28),
        "ends_on": dt.date(2026, 12, 18),
        "units": 12_000,
        "total_pence": pence * 120,
        "made_at": AT,
        "number": 1,
    } | fields
    offer = Offer.objects.create(enquiry=enquiry, pence=pence, **fields)
    OfferSession.objects.bulk_create(
        OfferSession(offer=offer, weekday=weekday, starts=dt.time(9, 30), ends=dt.time(14, 30), site=site)
        for weekday in (0, 2)
    )
    Enquiry.objects.filter(pk=enquiry.pk).update(state=EnquiryState.OFFERED, answered_at=AT)
    enquiry.state = EnquiryState.OFFERED
    return offer


def made_choice(world, offer: Offer, *, agreement=None) -> Disclosure:
    """The offer was accepted, and its provider may know the pupil."""
    referral = offer.enquiry.referral
    Choice.objects.create(
        referral=referral, offer=offer, selection="lowest_cost", ranking=[], chosen_at=AT, chosen_by=world.sana
    )
    Enquiry.objects.filter(pk=offer.enquiry_id).update(state=EnquiryState.CHOSEN)
    Referral.objects.filter(pk=referral.pk).update(state=ReferralState.CHOSEN)
    return Disclosure.objects.create(
        referral=referral,
        provider=offer.enquiry.provider,
        agreement=agreement or made_sharing(world, provider=offer.enquiry.provider),
        given_at=AT,
        given_by=world.sana,
    )


def whole_story(world) -> Disclosure:
    """From the place to the choice, in one go; the disclosure leads to everything else."""
    place = made_place(world)
    enquiry = made_enquiry(world, made_referral(world, place=place), place)
    return made_choice(world, made_offer(world, enquiry))


def now() -> dt.datetime:
    return timezone.now()
