"""URLs of profiles and evidence libraries. Ash House's people see theirs; Alice, who leads it, changes it; operators
see into neither."""

from __future__ import annotations

from files.models import File
from files.states import FileState
from lots.models import Place
from tests.frameworks import AT
from tests.house.matrix import Row
from tests.providers import library

LEADS = {"alice": 200, "bob": 403}
MEMBERS = {"alice": 200, "bob": 200}
# An operator sees every organisation, and is told that this is not theirs.
ORGANISATION = {"olu": 403}


def _ash(world):
    return (world.ash_house.pk,)


def _group(world):
    return (world.ash_house.pk, "about")


def _site(world):
    return (library.site(world.alice).pk,)


def _insurance(world):
    return (library.cover(world.alice).pk,)


def _accreditation(world):
    return (library.accredited(world.alice).pk,)


def _item(world):
    return (library.add(world.alice).item.pk,)


def _version(world):
    made = library.add(world.alice).version
    File.objects.filter(pk=made.file_id).update(state=FileState.CLEAN, scanned_at=AT)
    return (made.pk,)


def _on_framework(world):
    library.on_framework(world, world.ash_house)
    assert Place.objects.filter(provider=world.ash_house).exists()
    return (world.ash_house.pk,)


ROWS: dict[str, Row] = {
    "provider": Row(others=200, nobody=200, args=_on_framework),
    "provider_profile": Row(others=404, roles=MEMBERS | ORGANISATION, args=_ash),
    "edit_profile": Row(others=404, roles=LEADS | ORGANISATION, args=_group),
    "add_site": Row(others=404, roles=LEADS | ORGANISATION, args=_ash),
    "change_site": Row(others=404, roles=LEADS, args=_site),
    "close_site": Row(others=404, roles=LEADS, args=_site),
    "add_insurance": Row(others=404, roles=LEADS | ORGANISATION, args=_ash),
    "change_insurance": Row(others=404, roles=LEADS, args=_insurance),
    "remove_insurance": Row(others=404, roles=LEADS, args=_insurance),
    "add_accreditation": Row(others=404, roles=LEADS | ORGANISATION, args=_ash),
    "change_accreditation": Row(others=404, roles=LEADS, args=_accreditation),
    "remove_accreditation": Row(others=404, roles=LEADS, args=_accreditation),
    "library": Row(others=404, roles=MEMBERS | ORGANISATION, args=_ash),
    "add_item": Row(others=404, roles=LEADS | ORGANISATION, args=_ash),
    "item": Row(others=404, roles=MEMBERS, args=_item),
    "replace_item": Row(others=404, roles=LEADS, args=_item),
    "rename_item": Row(others=404, roles=LEADS, args=_item),
    "remove_item": Row(others=404, roles=LEADS, args=_item),
    "download_version": Row(others=404, roles=MEMBERS, args=_version),
}
