"""Reads of a provider's profile: its own people's whole one, and what anybody may read of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Model, Q, QuerySet

from accounts.models import Organisation
from accounts.states import OrganisationKind
from lots.models import Place
from lots.states import PlaceState
from providers.models import Accreditation, Insurance, Item, Profile, Site
from providers.rules import profile as rules
from providers.rules import profile_copy
from providers.rules.reading import Bidder
from providers.states import Registration, SiteKind

NUMBERS = ("companies_house", "charity_number", "ukprn", "ppon", "share_code")


def bidder_of(provider: Organisation) -> Bidder:
    """What the registration and the profile say of a provider, for its application. One query, because every page of an
    application asks it; the door that let the person in has loaded the provider."""
    in_use = FilteredRelation("sites", condition=Q(sites__closed_at=None))
    asked = Organisation.objects.filter(pk=provider.pk).annotate(in_use=in_use).order_by()
    told = ("profile__registration", "profile__school_urn", "profile__sole_tutor")
    rows = list(asked.values_list(*told, "in_use__kind").distinct())
    registration, school_urn, sole_tutor = rows[0][:3] if rows else (None, None, None)
    kinds = {row[3] for row in rows} - {None}
    numbers = {name: getattr(provider, name) for name in NUMBERS if getattr(provider, name)}
    if school_urn:
        numbers["urn"] = school_urn
    return Bidder(
        provider_id=provider.pk,
        name=provider.name,
        numbers=numbers,
        online_only=kinds == {SiteKind.ONLINE},
        sole_tutor=bool(sole_tutor),
        registered_school=registration == Registration.REGISTERED,
    )


def values_of(row: Model, fields: Iterable[str]) -> dict:
    """What stands in these fields of a row: what a page shows, and what it is compared with when it comes back."""
    return {name: getattr(row, name) for name in fields}


@dataclass(frozen=True)
class WholeProfile:
    """Everything that a provider's own people see. `documents` is how many the library holds; `school` is the school of
    the URN in the national register, None where it knows none."""

    profile: Profile
    sites: list[Site]
    insurances: list[Insurance]
    accreditations: list[Accreditation]
    documents: int
    school: Organisation | None
    is_public: bool

    def facts(self, provider: Organisation) -> rules.Facts:
        """What is judged for completeness."""
        own = {name: getattr(self.profile, name) for name in _JUDGED}
        return rules.Facts(
            numbers=[getattr(provider, name) for name in NUMBERS if getattr(provider, name)],
            sites=len(self.sites),
            covers=[(one.kind, one.ends_on) for one in self.insurances],
            documents=self.documents,
            **own,
        )


_JUDGED = (
    "description", "phases", "needs", "lowest_age", "highest_age", "places", "registration", "school_urn",
    "why_not_registered", "lead_name", "lead_email",
)  # fmt: skip


def profile_of(provider: Organisation, *, user) -> Profile:
    """The profile, or an empty one that is written with the first change."""
    return Profile.objects.visible_to(user).filter(provider=provider).first() or Profile(provider=provider)


def whole_profile(provider: Organisation, *, user) -> WholeProfile:
    """Seven queries."""
    profile = profile_of(provider, user=user)
    return WholeProfile(
        profile=profile,
        sites=list(Site.objects.visible_to(user).open().filter(provider=provider)),
        insurances=list(Insurance.objects.visible_to(user).held().filter(provider=provider)),
        accreditations=list(Accreditation.objects.visible_to(user).filter(provider=provider)),
        documents=Item.objects.visible_to(user).filter(provider=provider, removed_at=None).count(),
        school=school_of(profile.school_urn),
        is_public=is_public(provider),
    )


def frozen_profile(provider_id: int, *, user) -> dict:
    """The profile as a submission keeps it. Four queries."""
    own = [name for group in rules.GROUPS.values() for name in group]
    empty = values_of(Profile(), own)
    covers = [name for name in rules.INSURANCE if name != "item_id"]
    return profile_copy.frozen(
        Profile.objects.visible_to(user).filter(provider=provider_id).values(*own).first() or empty,
        sites=Site.objects.visible_to(user).open().filter(provider=provider_id).values(*rules.SITE),
        insurances=Insurance.objects.visible_to(user).held().filter(provider=provider_id).values(*covers),
        accreditations=Accreditation.objects.visible_to(user).filter(provider=provider_id).values(*rules.ACCREDITATION),
    )


def school_of(urn: str) -> Organisation | None:
    """The school of that number in the national register, open or closed."""
    return Organisation.objects.filter(kind=OrganisationKind.SCHOOL, urn=urn).first() if urn else None


@dataclass(frozen=True)
class PublicSite:
    """A site as anybody reads it. `where` is its address, or the town alone where the provider keeps the rest back."""

    name: str
    kind: str
    where: str


@dataclass(frozen=True)
class PublicProfile:
    """What anybody may read of a provider, and nothing else: no person, no telephone, no address that is kept back, no
    capacity, no insurance. `frameworks` are those that it is on now."""

    provider_id: int
    name: str
    description: str
    website: str
    phases: tuple[str, ...]
    needs: tuple[str, ...]
    ages: str
    registration: str
    school_urn: str
    school: str
    why_not_registered: str
    ofsted_outcome: str
    ofsted_on: dt.date | None
    ofsted_url: str
    sites: tuple[PublicSite, ...]
    accreditations: tuple[Accreditation, ...]
    frameworks: tuple[tuple[int, str, str], ...]


def all_public_providers() -> QuerySet[Organisation]:
    """Providers that hold or held a place on a framework that began: who is on one is public (`lots`, on_framework)."""
    held = _places_held().order_by().values("provider")
    return Organisation.objects.filter(kind=OrganisationKind.PROVIDER, pk__in=held)


def _places_held() -> QuerySet[Place]:
    """Places that were given and taken up, also those that have ended since. One that was only offered, or accepted
    while the framework has not begun, is nobody's business yet."""
    taken_up = Q(ended_at=None) | Q(ended_at__gt=F("active_from"))
    began = {"framework__published_at__isnull": False, "framework__awarded_at__isnull": False}
    return Place.objects.filter(taken_up, active_from__isnull=False, **began)


def is_public(provider: Organisation) -> bool:
    """Anybody may read its public part."""
    return _places_held().filter(provider=provider).exists()


def provider_to_show(pk: int, *, user) -> Organisation | None:
    """The provider of a public page, for anybody; one that is on no framework, for its own people alone."""
    if found := all_public_providers().filter(pk=pk).first():
        return found
    if not user.is_authenticated or user.is_operator:
        return None
    return Organisation.objects.visible_to(user).filter(pk=pk, kind=OrganisationKind.PROVIDER).first()


def all_read_of(provider: Organisation) -> PublicProfile:
    """What anybody reads of this provider, once `provider_to_show` has let it be shown. Five queries."""
    profile = Profile.objects.filter(provider=provider).first() or Profile(provider=provider)
    school = school_of(profile.school_urn)
    standing = _places_held().filter(provider=provider, state__in=[PlaceState.ACTIVE, PlaceState.SUSPENDED])
    frameworks = standing.order_by("framework__title", "framework").distinct()
    return PublicProfile(
        provider_id=provider.pk,
        name=provider.name,
        description=profile.description,
        website=profile.website,
        phases=rules.phases_in_words(profile.phases),
        needs=rules.needs_in_words(profile.needs),
        ages=rules.ages_in_words(profile.lowest_age, profile.highest_age),
        registration=profile.get_registration_display(),
        school_urn=profile.school_urn,
        school=school.name if school else "",
        why_not_registered=profile.why_not_registered,
        ofsted_outcome=profile.ofsted_outcome,
        ofsted_on=profile.ofsted_on,
        ofsted_url=profile.ofsted_url,
        sites=tuple(_public(site) for site in Site.objects.open().filter(provider=provider)),
        accreditations=tuple(Accreditation.objects.filter(provider=provider)),
        frameworks=tuple(frameworks.values_list("framework", "framework__title", "framework__buyer__name")),
    )


def _public(site: Site) -> PublicSite:
    parts = [site.street, site.town, site.postcode] if site.show_address else [site.town]
    return PublicSite(name=site.name, kind=site.get_kind_display(), where=", ".join(part for part in parts if part))
