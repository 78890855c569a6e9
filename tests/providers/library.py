"""What providers say of themselves, for tests: documents, insurances, sites."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Organisation
from accounts.models.organisations import roles_of
from files.states import FileKind
from files.store import Kept
from lots.models import Place
from lots.states import PlaceState
from providers.actions import covers, library, profiles
from providers.models import Accreditation, Insurance, Item, ItemVersion, Site
from providers.states import InsuranceKind, ItemKind, SiteKind
from tests.frameworks import AT as FRAMEWORK_AT
from tests.frameworks import make_framework

AT = dt.datetime(2026, 5, 12, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 5, 12)


@dataclass
class Added:
    """A document that was added: `kept` is another file, for a newer version."""

    item: Item
    version: ItemVersion

    @property
    def kept(self) -> Kept:
        return kept()


def kept(name: str = "policy.pdf", content: bytes = b"%PDF-1.7 made up") -> Kept:
    """A file in the store that was looked at."""
    stored_as = default_storage.save(f"files/{uuid.uuid4().hex}", ContentFile(content))
    return Kept(name, FileKind.PDF, len(content), hashlib.sha256(content).hexdigest(), stored_as)


def own_provider(who) -> Organisation:
    return Organisation.objects.get(pk=roles_of(who)[0].organisation_id)


def add(who, *, title="Safeguarding policy", kind=ItemKind.POLICY, issued_on=None, expires_on=None, name="policy.pdf"):
    """The person's provider has one more document."""
    version = library.add_item(
        provider=own_provider(who),
        title=title,
        kind=kind,
        issued_on=issued_on,
        expires_on=expires_on,
        kept=kept(name),
        by=who,
        at=AT,
    )
    return Added(version.item, version)


def cover(who, **fields) -> Insurance:
    """The person's provider is insured."""
    values = {
        "kind": InsuranceKind.PUBLIC,
        "insurer": "Insurer",
        "policy_number": "P1",
        "cover_pence": 5_000_000_00,
        "activities": "",
        "starts_on": None,
        "ends_on": TODAY + dt.timedelta(days=200),
        "item_id": None,
    }
    return covers.add_insurance(provider=own_provider(who), values=values | fields, by=who, at=AT)


def site(who, **fields) -> Site:
    """The person's provider teaches somewhere."""
    values = {
        "name": "The Barn",
        "kind": SiteKind.PREMISES,
        "street": "1 Station Road",
        "town": "Larkford",
        "postcode": "LA1 1AA",
        "uprn": "",
        "phases": ["secondary"],
        "places": 12,
        "show_address": True,
    }
    return profiles.add_site(provider=own_provider(who), values=values | fields, by=who, at=AT)


def accredited(who, **fields) -> Accreditation:
    """Somebody has looked at the person's provider."""
    values = {"by": "Mereshire Council", "what": "", "given_on": None, "ends_on": None}
    return covers.add_accreditation(provider=own_provider(who), values=values | fields, by=who, at=AT)


def on_framework(world, provider, **fields) -> Place:
    """The provider has an active place on a running framework."""
    framework = make_framework(world, running=True)
    lot = framework.lots.get(number="1")
    return Place.objects.create(
        **{
            "framework": framework,
            "lot": lot,
            "sub_lot": lot.sub_lots.first(),
            "provider": provider,
            "provider_name": provider.name,
            "state": PlaceState.ACTIVE,
            "awarded_at": FRAMEWORK_AT,
            "accepted_at": FRAMEWORK_AT,
            "active_from": FRAMEWORK_AT,
        }
        | fields
    )
