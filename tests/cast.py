"""The standing cast (made up, all of them). Alice leads Ash House, a provider; Bob teaches there; Charlie leads Birch
Farm, a stranger. Sana is at Elm Grove School, Tariq commissions for the Oak Trust. At Larkshire Council, Max manages
the framework, Ada administers, Eve and Tom evaluate, Fay is in finance. Olu operates the deployment; Nora has signed
up and belongs nowhere yet; Ines is an administrator of Mereshire, another council."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from accounts.states import OrganisationKind as Kind
from accounts.states import Role

PASSWORD = "a long walk by the canal"


@dataclass
class World:
    """Everybody and every organisation by name: `world.alice`, `world.ash_house`."""

    people: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)

    def __getattr__(self, name):
        for shelf in (self.__dict__["people"], self.__dict__["organisations"]):
            if name in shelf:
                return shelf[name]
        raise AttributeError(name)


ORGANISATIONS = {
    "larkshire": {"kind": Kind.AUTHORITY, "name": "Larkshire Council", "la_code": "999"},
    "mereshire": {"kind": Kind.AUTHORITY, "name": "Mereshire Council", "la_code": "998"},
    "oak_trust": {"kind": Kind.TRUST, "name": "Oak Trust"},
    "elm_grove": {"kind": Kind.SCHOOL, "name": "Elm Grove School", "urn": "900001", "la_code": "999"},
    "ash_house": {"kind": Kind.PROVIDER, "name": "Ash House"},
    "birch_farm": {"kind": Kind.PROVIDER, "name": "Birch Farm"},
}
PEOPLE = {
    "alice": [("ash_house", Role.PROVIDER_LEAD)],
    "bob": [("ash_house", Role.PROVIDER_STAFF)],
    "charlie": [("birch_farm", Role.PROVIDER_LEAD)],
    "sana": [("elm_grove", Role.SCHOOL_LEAD), ("elm_grove", Role.SCHOOL_DSL)],
    "tariq": [("oak_trust", Role.TRUST_COMMISSIONER)],
    "max": [("larkshire", Role.PROCUREMENT)],
    "ada": [("larkshire", Role.ADMIN)],
    "eve": [("larkshire", Role.COMMISSIONER)],
    "tom": [("larkshire", Role.SAFEGUARDING)],
    "fay": [("larkshire", Role.FINANCE)],
    "ines": [("mereshire", Role.ADMIN)],
    "olu": [],
    "nora": [],
}


def make_person(name: str, *, second_step: bool = True, password: str = PASSWORD, **fields) -> User:
    """A person who has confirmed their address and, unless told otherwise, has an authenticator app."""
    [person] = make_people({name: fields}, password=password, second_step=second_step)
    return person


def make_people(people: dict[str, dict], *, password: str = PASSWORD, second_step: bool = True) -> list[User]:
    """Several at once, in one statement for each table: nearly every test begins with the whole cast."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import generate_totp_secret
    from allauth.mfa.utils import encrypt

    made, hashed = [], make_password(password)
    for name, fields in people.items():
        email = fields.pop("email", f"{name.lower()}@{name.lower()}.example")
        made.append(User(email=email.lower(), password=hashed, name=fields.pop("full_name", name.title()), **fields))
    User.objects.bulk_create(made)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made
    )
    if second_step:
        Authenticator.objects.bulk_create(
            Authenticator(user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(generate_totp_secret())})
            for user in made
        )
    return made


def make_world() -> World:
    """The whole cast in its places. The Oak Trust is Elm Grove's parent, and is listed no school by that alone."""
    world = World()
    organisations = [Organisation(name_key=fields["name"].casefold(), **fields) for fields in ORGANISATIONS.values()]
    Organisation.objects.bulk_create(organisations)
    world.organisations = dict(zip(ORGANISATIONS, organisations, strict=True))
    Organisation.objects.filter(pk=world.elm_grove.pk).update(parent=world.oak_trust)
    world.people = dict(
        zip(PEOPLE, make_people({name: {"is_operator": name == "olu"} for name in PEOPLE}), strict=True)
    )
    Membership.objects.bulk_create(
        Membership(
            user=world.people[name],
            organisation=world.organisations[organisation],
            role=role,
            person_name=world.people[name].name,
            given_at=timezone.now(),
        )
        for name, places in PEOPLE.items()
        for organisation, role in places
    )
    return world
