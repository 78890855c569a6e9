"""Who the providers of the demo are: profile, sites, insurances, accreditations, and a library of evidence in which
some papers run out soon and one has."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import Organisation, User
from files import store
from lots.demo import organisation, person
from lots.states import Phase
from providers.actions import covers, library, profiles
from providers.demo import papers
from providers.models import ItemVersion, Profile
from providers.queries.profiles import values_of
from providers.rules import profile as rules
from providers.rules.seen import fingerprint
from providers.states import InsuranceKind, ItemKind, Need, Registration, SiteKind

CHILD_PROTECTION = "Child protection policy"
POLICIES = "Our policies in one folder"
RECORD = "Extract of the single central record"
TRAINING = "Training record of all staff"
FIRE = "Fire risk assessment"
LIABILITY = "Public liability insurance"
CDP = "Supplier information from the Central Digital Platform"


@dataclass(frozen=True)
class Paper:
    """A document of the library. `issued` and `expires` are days before and after today."""

    title: str
    kind: ItemKind
    text: str
    issued: int
    expires: int | None = None


PAPERS = (
    Paper(
        CHILD_PROTECTION,
        ItemKind.POLICY,
        "Everybody here puts children first. A worry is written down and told to the safeguarding lead on the same "
        "day, who decides with the school whether social care is told. Approved by the directors.",
        issued=200,
    ),
    Paper(
        POLICIES,
        ItemKind.POLICY,
        "Behaviour; conduct of staff and speaking up; health and safety; first aid; data protection; complaints; "
        "equality. Each was looked at again this year.",
        issued=210,
    ),
    Paper(
        RECORD,
        ItemKind.STAFF_CHECKS,
        "Role, day of each check, who saw it. Names and certificate numbers are hidden. Head of centre: all checks "
        "complete. Four tutors: all checks complete. Caretaker: all checks complete.",
        issued=195,
    ),
    Paper(
        TRAINING,
        ItemKind.TRAINING,
        "Child protection, this autumn: everybody. First aid: three of six. Safer recruitment: the head of centre.",
        issued=205,
    ),
    Paper(
        LIABILITY,
        ItemKind.INSURANCE,
        "Larkshire Mutual, which is made up. Public liability: £5,000,000 for each claim.",
        issued=340,
        expires=25,
    ),
    Paper(
        CDP,
        ItemKind.CDP,
        "What we told the Central Digital Platform of ourselves: name, address, registration, connected persons.",
        issued=190,
    ),
)
OUT_OF_DATE = Paper(
    FIRE,
    ItemKind.RISK,
    "Ground floor: two exits, both kept free. Workshop: extinguishers looked at each year. Next look: in a year.",
    issued=370,
    expires=-5,
)


@dataclass(frozen=True)
class Told:
    """What a provider says of itself. The site's address is that of its registration."""

    name: str
    lead: str
    describes: str
    needs: tuple[Need, ...]
    phases: tuple[Phase, ...]
    kind: SiteKind
    places: int
    papers: tuple[Paper, ...] = PAPERS


PROVIDERS = (
    Told(
        "Ash House",
        "alice@ash-house.example",
        "Small groups in a house with a garden: English, mathematics, art and cooking, for pupils who have lost touch "
        "with school.",
        (Need.SEMH, Need.ANXIETY, Need.AUTISM),
        (Phase.PRIMARY, Phase.SECONDARY),
        SiteKind.PREMISES,
        24,
        (*PAPERS, OUT_OF_DATE),
    ),
    Told(
        "Birch Farm",
        "charlie@birch-farm.example",
        "Teaching on a working farm: animals, growing, building, and the sums that go with them.",
        (Need.SEMH, Need.LEARNING),
        (Phase.PRIMARY, Phase.SECONDARY),
        SiteKind.PREMISES,
        16,
    ),
    Told(
        "Cedar Workshop CIC",
        "carys@cedar-workshop.example",
        "Wood, metal and bicycles, for pupils who learn with their hands.",
        (Need.SEMH, Need.EXPLOITATION),
        (Phase.SECONDARY,),
        SiteKind.PREMISES,
        12,
        PAPERS[:2],
    ),
    Told(
        "Dovecote Music",
        "dev@dovecote-music.example",
        "Music as a way back to learning: one to one, in groups, and in a studio.",
        (Need.SEMH, Need.ANXIETY),
        (Phase.PRIMARY, Phase.SECONDARY),
        SiteKind.COMMUNITY,
        10,
    ),
    Told(
        "Elder Tree Boxing Academy",
        "ezra@elder-tree.example",
        "Boxing without blows to the head, with mentoring and English in every session.",
        (Need.SEMH, Need.EXPLOITATION),
        (Phase.SECONDARY,),
        SiteKind.COMMUNITY,
        20,
    ),
)


def load(*, at: dt.datetime, today: dt.date) -> None:
    """Each provider's profile and library."""
    for told in PROVIDERS:
        tell(told, organisation(told.name), person(told.lead), at, today)


def tell(told: Told, provider: Organisation, by: User, at: dt.datetime, today: dt.date) -> None:
    """Its profile, site, library and insurance."""
    groups = {
        "about": {"description": told.describes, "website": "", "sole_tutor": False},
        "teaching": {
            "phases": [str(phase) for phase in told.phases],
            "needs": [str(need) for need in told.needs],
            "lowest_age": 7 if Phase.PRIMARY in told.phases else 11,
            "highest_age": 16,
            "places": told.places,
        },
        "registration": {
            "registration": Registration.NOT_REQUIRED,
            "school_urn": "",
            "why_not_registered": "Pupils come part-time, for 15 hours a week at most.",
        },
        "safeguarding": {
            "lead_name": by.name,
            "lead_email": by.email,
            "lead_phone": "01632 960 101",
            "lead_trained_on": today - dt.timedelta(days=200),
        },
    }
    for group, values in groups.items():
        found = Profile.objects.filter(provider=provider).first() or Profile(provider=provider)
        seen = fingerprint(values_of(found, rules.GROUPS[group]))
        profiles.edit_profile(provider=provider, group=group, values=values, seen=seen, by=by, at=at)
    profiles.add_site(provider=provider, values=_site(told, provider), by=by, at=at)
    held = {paper.title: keep(paper, provider, by, at, today) for paper in told.papers}
    if LIABILITY in held:
        covers.add_insurance(provider=provider, values=_insurance(held[LIABILITY]), by=by, at=at)
    if told.name in {"Ash House", "Birch Farm"}:
        given = {"by": "Larkshire Council", "what": "On its list until the framework began"}
        days = {"given_on": today - dt.timedelta(days=500), "ends_on": None}
        covers.add_accreditation(provider=provider, values=given | days, by=by, at=at)


def _site(told: Told, provider: Organisation) -> dict:
    address = {"street": "", "town": provider.town, "postcode": "", "uprn": ""}
    if told.kind == SiteKind.PREMISES:
        address |= {"street": provider.street, "postcode": provider.postcode}
    return address | {
        "name": told.name if told.kind == SiteKind.PREMISES else "Wherever our pupils are",
        "kind": told.kind,
        "phases": [str(phase) for phase in told.phases],
        "places": told.places,
        "show_address": True,
    }


def _insurance(version: ItemVersion) -> dict:
    return {
        "kind": InsuranceKind.PUBLIC,
        "insurer": "Larkshire Mutual",
        "policy_number": "LM-99-0001",
        "cover_pence": 5_000_000_00,
        "activities": "",
        "starts_on": version.issued_on,
        "ends_on": version.expires_on,
        "item_id": version.item_id,
    }


def keep(paper: Paper, provider: Organisation, by: User, at: dt.datetime, today: dt.date) -> ItemVersion:
    """Put a paper into the provider's library."""
    kept = store.keep(papers.upload(paper.title, f"{provider.name}\n\n{paper.text}"))
    return library.add_item(
        provider=provider,
        title=paper.title,
        kind=paper.kind,
        issued_on=today - dt.timedelta(days=paper.issued),
        expires_on=None if paper.expires is None else today + dt.timedelta(days=paper.expires),
        kept=kept,
        by=by,
        at=at,
    )
