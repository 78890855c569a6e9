"""URLs of the standards in an application, which Alice alone sees, and of the self-check, which anybody may make."""

from __future__ import annotations

from lots.models import Evidence, Standard
from tests.house.matrix import Row
from tests.providers.bids import applied, open_framework


def _application(world):
    return (applied(world).pk,)


def _standard(world):
    application = applied(world)
    return application.pk, Standard.objects.get(number="1.2", theme__version__framework=application.framework).pk


def _evidence(world):
    application, standard = _standard(world)
    return application, standard, f"evidence_{Evidence.objects.get(standard=standard).pk}"


ROWS: dict[str, Row] = {
    "self_check": Row(others=200, nobody=200, args=lambda world: (open_framework(world).pk,)),
    "application_standards": Row(others=404, roles={"alice": 200}, args=_application),
    "edit_standard": Row(others=404, roles={"alice": 200}, args=_standard),
    "upload_evidence": Row(others=404, roles={"alice": 200}, args=_evidence),
    "what_is_missing": Row(others=404, roles={"alice": 200}, args=_application),
}
