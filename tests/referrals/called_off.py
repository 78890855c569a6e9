"""Placements that the provider has signed, by two schools, ready to be agreed at once: for races and for the bench."""

from __future__ import annotations

from dataclasses import replace

from accounts.models import Membership, Organisation, User
from accounts.states import OrganisationKind, Role
from lots.models import Place
from referrals.actions import signing
from referrals.models import Placement
from tests.cast import make_person
from tests.referrals import made
from tests.referrals.agreed import NOT_YET, insure
from tests.referrals.placed import made_paper, made_placement

UNSIGNED = {f"party_{field}": value for field, value in NOT_YET.items()}


def other_school(world):
    """Oak Road, a school of the same area, and Dora, who leads it."""
    school = Organisation.objects.create(
        kind=OrganisationKind.SCHOOL, name="Oak Road", name_key="oak road", urn="900002", la_code="999"
    )
    dora = make_person("dora")
    Membership.objects.create(
        user=dora, organisation=school, role=Role.SCHOOL_LEAD, person_name="Dora", given_at=made.AT
    )
    return school, dora


def to_sign(world, place, pupil, site=None, *, agreement=None) -> Placement:
    """One that the provider has signed, on a choice that stands."""
    enquiry = made.made_enquiry(world, made.made_referral(world, pupil=pupil, place=place), place)
    offer = made.made_offer(world, enquiry, site=site)
    known = made.made_choice(
        world,
        offer,
        agreement=agreement or made.made_sharing(world, commissioner=pupil.commissioner, provider=place.provider),
    )
    placement = made_placement(
        world,
        place=place,
        pupil=pupil,
        referral=known.referral,
        site=offer.sessions.first().site,
        state="draft",
    )
    made_paper(world, placement, provider_signed_by=world.bob, **UNSIGNED)
    return placement


def by_two_schools(world, number: int) -> tuple[Place, list[tuple[Placement, User]]]:
    """So many placements at one site, by Elm Grove and Oak Road in turn."""
    place, (school, dora) = made.made_place(world), other_school(world)
    insure(world.ash_house)
    site = made.made_site(world)
    sides = [(world.elm_grove, world.sana), (school, dora)]
    given = [made.made_sharing(world, commissioner=one, provider=world.ash_house) for one, _ in sides]
    found = []
    for turn in range(number):
        commissioner, who = sides[turn % 2]
        private = replace(made.PRIVATE, upn=f"B8012000050{turn:02d}")
        pupil = made.made_pupil(world, commissioner=commissioner, school=commissioner, private=private)
        found.append((to_sign(world, place, pupil, site, agreement=given[turn % 2]), who))
    return place, found


def sign(placement, who, **fields):
    paper = placement.papers.get(replaced_at=None)
    fields = {"name": "Somebody", "over_reason": ""} | fields
    return signing.sign_for_party(
        placement=placement,
        sha256=paper.sha256,
        by=User.objects.get(pk=who.pk),
        at=made.AT,
        today=made.TODAY,
        **fields,
    )
