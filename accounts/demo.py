"""The demo world of accounts: Larkshire, its schools and providers, and people who can sign in. All made up.

Everything goes through the real actions, so that the record and the outbox tell the same story as the pages. Dates
are relative to today; people, names and numbers are the same every time.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.contrib.auth.hashers import make_password

from accounts.actions import calendars, demo, invitations, look_alikes, people, postcodes, registration, schools
from accounts.models import Organisation, User
from accounts.states import OrganisationKind, Role
from core.calendars import is_working_day, working_day_after

PASSWORD = "a quiet bend in the river"  # nosec B105  # the demo's, printed for everybody
SAMPLES = Path(__file__).parent / "samples"

# (name, email address, roles, organisation). The first of each organisation lets the others in.
COUNCIL = "Larkshire Council"
ELM_GROVE = "Elm Grove School"
PEOPLE = [
    ("Ada Marsh", "ada@larkshire.example", [Role.ADMIN], COUNCIL),
    ("Max Feld", "max@larkshire.example", [Role.PROCUREMENT], COUNCIL),
    ("Eve Linton", "eve@larkshire.example", [Role.COMMISSIONER], COUNCIL),
    ("Seb Archer", "seb@larkshire.example", [Role.SEND], COUNCIL),
    ("Vera Stone", "vera@larkshire.example", [Role.VIRTUAL_SCHOOL], COUNCIL),
    ("Tom Hale", "tom@larkshire.example", [Role.SAFEGUARDING], COUNCIL),
    ("Con Peters", "con@larkshire.example", [Role.CONTRACTS], COUNCIL),
    ("Bea Lund", "bea@larkshire.example", [Role.BUDGET], COUNCIL),
    ("Fay Moss", "fay@larkshire.example", [Role.FINANCE], COUNCIL),
    ("Ines Vale", "ines@mereshire.example", [Role.ADMIN], "Mereshire Council"),
    ("Piers Lowe", "piers@mereshire.example", [Role.PROCUREMENT], "Mereshire Council"),
    ("Tariq Noor", "tariq@oak-trust.example", [Role.TRUST_COMMISSIONER], "Oak Trust"),
    ("Dina Holt", "dina@oak-trust.example", [Role.TRUST_DSL], "Oak Trust"),
    ("Finn Carr", "finn@oak-trust.example", [Role.TRUST_FINANCE], "Oak Trust"),
    ("Sana Iqbal", "sana@elm-grove.example", [Role.SCHOOL_LEAD, Role.SCHOOL_DSL], ELM_GROVE),
    ("Sian Rees", "sian@elm-grove.example", [Role.SCHOOL_SENCO], ELM_GROVE),
    ("Dora Finch", "dora@elm-grove.example", [Role.SCHOOL_DSL], ELM_GROVE),
    ("Amos Reed", "amos@elm-grove.example", [Role.SCHOOL_ATTENDANCE], ELM_GROVE),
    ("Faith Cole", "faith@elm-grove.example", [Role.SCHOOL_FINANCE], ELM_GROVE),
]
PROVIDERS = [
    {"name": "Ash House", "lead": ("Alice Rowe", "alice@ash-house.example"), "companies_house": "99000101",
     "ukprn": "19900101", "ppon": "PASH-0101-LARK", "town": "Larkford", "postcode": "LK1 1AA"},
    {"name": "Birch Farm", "lead": ("Charlie Webb", "charlie@birch-farm.example"), "charity_number": "9900102",
     "ppon": "PBBB-0102-LARK", "town": "Meadow End", "postcode": "LK4 2BB"},
    {"name": "Cedar Workshop CIC", "lead": ("Carys Boon", "carys@cedar-workshop.example"),
     "companies_house": "99000103", "town": "Port Larkin", "postcode": "LK7 3DD"},
    {"name": "Dovecote Music", "lead": ("Dev Rana", "dev@dovecote-music.example"), "companies_house": "99000104",
     "share_code": "6BcD7fGh", "town": "Fernhill", "postcode": "LK2 4EE"},
    {"name": "Elder Tree Boxing Academy", "lead": ("Ezra Pike", "ezra@elder-tree.example"),
     "charity_number": "9900105", "town": "Larkford", "postcode": "LK1 5FF"},
    {"name": "Fern Cottage Tuition", "lead": ("Flora Wynn", "flora@fern-cottage.example"), "town": "Thistledown",
     "postcode": "LK9 6GG", "reason": "I teach alone as a sole trader and have not registered with anybody"},
    {"name": "The Ash House Ltd", "lead": ("Gil Thorn", "gil@ash-house-two.example"), "companies_house": "99000107",
     "town": "Larkford", "postcode": "LK1 1AA"},
]  # fmt: skip
COLLEAGUES = [
    ("Bob Rowe", "bob@ash-house.example", [Role.PROVIDER_STAFF], "Ash House"),
    ("Dee Rowe", "dee@ash-house.example", [Role.PROVIDER_DSL], "Ash House"),
    ("Cato Webb", "cato@birch-farm.example", [Role.PROVIDER_STAFF, Role.PROVIDER_DSL], "Birch Farm"),
]
OPERATOR = ("Olu Grant", "olu@portal.example")
NEWCOMER = ("Nora Quill", "nora@newcomer.example")
TERMS = [
    ("Autumn, first half", (9, 2), (10, 24)),
    ("Autumn, second half", (11, 3), (12, 19)),
    ("Spring, first half", (1, 5), (2, 13)),
    ("Spring, second half", (2, 23), (3, 27)),
    ("Summer, first half", (4, 13), (5, 22)),
    ("Summer, second half", (6, 1), (7, 21)),
]


def sign_ins() -> list[tuple[str, str]]:
    """(what somebody is, email address) of everybody who can sign in."""
    table = [("Operator", OPERATOR[1])]
    table += [
        (f"{' and '.join(role.label for role in roles)}, {organisation}", email)
        for _, email, roles, organisation in PEOPLE + COLLEAGUES
    ]
    table += [(f"{Role.PROVIDER_LEAD.label}, {provider['name']}", provider["lead"][1]) for provider in PROVIDERS]
    return [*table, ("Signed up, in no organisation yet", NEWCOMER[1])]


def load(*, at: dt.datetime, today: dt.date) -> None:
    """Load everything, once, into a database that has none of it."""
    password_hash = make_password(PASSWORD)

    def person(name: str, email: str) -> User:
        return demo.make_person(email=email, name=name, password_hash=password_hash, by=demo.SYSTEM, at=at)

    operator = person(*OPERATOR)
    people.make_operator(person=operator, by=demo.SYSTEM, at=at)
    operator.refresh_from_db()
    for name, la_code in ((COUNCIL, "999"), ("Mereshire Council", "998")):
        registration.open_authority(name=name, la_code=la_code, by=demo.SYSTEM, at=at)
    with (SAMPLES / "schools.csv").open("rb") as one, (SAMPLES / "links.csv").open("rb") as other:
        schools.import_schools(files=[one, other], by=demo.SYSTEM, at=at)
    with (SAMPLES / "postcodes.csv").open("rb") as file:
        postcodes.import_postcodes(file=file, name="postcodes.csv", by=demo.SYSTEM, at=at)
    firsts: dict[str, User] = {}
    for provider in PROVIDERS:
        firsts[provider["name"]] = lead = person(*provider["lead"])
        registration.register_provider(
            name=provider["name"],
            numbers={number: provider.get(number, "") for number in registration.NUMBERS},
            sole_tutor="reason" in provider,
            no_number_reason=provider.get("reason", ""),
            street="1 Station Road",
            town=provider["town"],
            postcode=provider["postcode"],
            by=lead,
            at=at,
        )
    for name, email, roles, organisation in PEOPLE + COLLEAGUES:
        _let_in(person(name, email), roles, organisation, firsts, operator, at)
    person(*NEWCOMER)
    look_alikes.compare_new_providers(by=demo.SYSTEM, at=at)
    _dates(firsts, at, today)
    invitations.send_invitation(
        organisation=_organisation("Ash House"),
        email="hanna@ash-house.example",
        roles=[Role.PROVIDER_STAFF],
        by=firsts["Ash House"],
        at=at,
    )


def _organisation(name: str) -> Organisation:
    return Organisation.objects.get(name=name)


def _let_in(who: User, roles, organisation: str, firsts: dict, operator: User, at) -> None:
    """Invite and accept, as it happens in life: the operator lets the first person in, that one the others."""
    place = _organisation(organisation)
    listed = Organisation.objects.filter(parent=place, name=ELM_GROVE) if place.kind == OrganisationKind.TRUST else ()
    invitation = invitations.send_invitation(
        organisation=place,
        email=who.email,
        roles=roles,
        schools=listed,
        by=firsts.get(organisation, operator),
        at=at,
    )
    invitations.accept_invitation(invitation=invitation, by=who, at=at)
    # Read anew: roles are remembered on the user object, and this one had none a moment ago.
    firsts.setdefault(organisation, User.objects.get(pk=who.pk))


def _dates(firsts: dict[str, User], at, today: dt.date) -> None:
    """This school year's terms of the council and of one school that differs, and closures."""
    year = today.year if today.month >= 8 else today.year - 1

    def on(month_and_day: tuple[int, int], step: int) -> dt.date:
        """That day of this school year, moved off a weekend or bank holiday by whole days of `step`."""
        month, day = month_and_day
        found = dt.date(year if month >= 8 else year + 1, month, day)
        while not is_working_day(found):
            found += dt.timedelta(days=step)
        return found

    for organisation, later in ((COUNCIL, 0), (ELM_GROVE, 1)):
        for name, first, last in TERMS:
            calendars.add_term(
                organisation=_organisation(organisation),
                name=name,
                starts_on=on(first, 1) + dt.timedelta(days=later),
                ends_on=on(last, -1),
                by=User.objects.get(pk=firsts[organisation].pk),
                at=at,
            )
    closures = [
        (ELM_GROVE, "Staff training", 15, 15),
        ("Ash House", "Holiday", 25, 29),
        (COUNCIL, "Staff training", 10, 10),
    ]
    for organisation, reason, first, last in closures:
        calendars.add_closure(
            organisation=_organisation(organisation),
            reason=reason,
            starts_on=working_day_after(today, first),
            ends_on=working_day_after(today, last),
            by=User.objects.get(pk=firsts[organisation].pk),
            at=at,
        )
