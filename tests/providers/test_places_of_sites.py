"""Sites know where they are from their postcodes, and follow the list when it comes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Postcode
from audit.models import Event
from core import access
from providers.actions import profiles
from providers.models import Site
from providers.permissions.profiles import PLACING
from providers.queries.profiles import values_of
from providers.rules import profile as rules
from providers.rules.seen import fingerprint
from providers.states import SiteKind
from providers.tasks import place_sites
from tests.providers.library import AT, site


@pytest.fixture
def listed(db):
    return Postcode.objects.bulk_create(
        [
            Postcode(code="LA1 1AA", easting=400_000, northing=300_000),
            Postcode(code="LA2 2BB", easting=401_000, northing=302_000),
        ]
    )


def where(barn) -> tuple:
    return Site.objects.values_list("easting", "northing").get(pk=barn.pk)


def moved(world, barn, **changes):
    row = values_of(Site.objects.get(pk=barn.pk), rules.SITE)
    return profiles.change_site(site=barn, values=row | changes, seen=fingerprint(row), by=world.alice, at=AT)


def test_a_site_is_placed_when_it_is_written_and_when_its_postcode_changes(world, listed):
    barn = site(world.alice)
    assert where(barn) == (400_000, 300_000)

    moved(world, barn, postcode="LA2 2BB")
    assert where(barn) == (401_000, 302_000)

    moved(world, barn, postcode="LA9 9ZZ")
    assert where(barn) == (None, None)

    moved(world, barn, kind=SiteKind.ONLINE, street="", town="", postcode="")
    assert where(barn) == (None, None)


def test_sites_follow_the_list_in_one_statement_and_are_told_of_once(world):
    barn, hut = site(world.alice), site(world.alice, name="Hut", postcode="LA2 2BB")
    lost = site(world.alice, name="Lost", postcode="LA9 9ZZ")
    online = site(world.alice, name="Online", kind=SiteKind.ONLINE, street="", town="", postcode="")
    Postcode.objects.create(code="LA1 1AA", easting=400_000, northing=300_000)
    Postcode.objects.create(code="LA2 2BB", easting=401_000, northing=302_000)
    by = access.System(PLACING)

    with CaptureQueriesContext(connection) as queries:
        assert profiles.place_sites(by=by, at=AT) == 2
    assert sum('UPDATE "providers_site"' in query["sql"] for query in queries) == 1
    place_sites()

    assert [where(one) for one in (barn, hut, lost, online)] == [
        (400_000, 300_000), (401_000, 302_000), (None, None), (None, None),
    ]  # fmt: skip
    assert Event.objects.get(action="providers.sites.placed").data == {"sites": 2}
    Postcode.objects.filter(code="LA1 1AA").update(easting=400_001)
    assert profiles.place_sites(by=by, at=AT) == 1
    assert where(barn) == (400_001, 300_000)


def test_only_the_portal_places_sites(world):
    with pytest.raises(access.Denied):
        profiles.place_sites(by=world.alice, at=AT)
