"""URLs of policies and of quality standards. Max buys for Larkshire; Ada, Eve and Fay belong to it."""

from __future__ import annotations

from tests.frameworks import make_framework
from tests.house.matrix import Row
from tests.standards import national, own

INSIDE = {"max": 200, "ada": 200, "eve": 200, "fay": 200, "olu": 200}


def _draft(world):
    return (make_framework(world).pk,)


def _topic(world):
    return (make_framework(world).pk, "margin")


def _set(world):
    return (own(world, fixed=True).standard_set_id,)


def _national_version(world):
    return (national().pk,)


def _version(world):
    return (own(world).pk,)


def _theme(world):
    return (own(world).themes.first().pk,)


def _measure(world):
    return (own(world).kpi_themes.first().pk,)


def _standard(world):
    return (own(world).themes.first().standards.first().pk,)


def _evidence(world):
    return (own(world).themes.first().standards.first().evidence.first().pk,)


BUYERS = {"max": 200, "ada": 403, "eve": 403, "fay": 403, "olu": 403}

ROWS: dict[str, Row] = {
    "framework_policies": Row(others=404, roles=INSIDE, args=_draft),
    "framework_policy": Row(others=404, roles=INSIDE, args=_topic),
    "framework_standards": Row(others=404, roles=BUYERS, args=_draft),
    "standard_sets": Row(others=200, nobody=200),
    "standard_set": Row(others=404, nobody=404, roles=INSIDE, args=_set),
    "standards_version": Row(others=200, nobody=200, args=_national_version),
    "standards_changes": Row(others=404, nobody=404, roles=INSIDE, args=_version),
    "adopt_standards": Row(others=403, roles={"max": 200, "tariq": 200}, args=_national_version),
    "begin_standards": Row(others=404, roles=BUYERS, args=_set),
    "fix_standards": Row(others=404, roles=BUYERS, args=_version),
    "discard_standards": Row(others=404, roles=BUYERS, args=_version),
    "add_theme": Row(others=404, roles=BUYERS, args=_version),
    "change_theme": Row(others=404, roles=BUYERS, args=_theme),
    "remove_theme": Row(others=404, roles=BUYERS, args=_theme),
    "add_standard": Row(others=404, roles=BUYERS, args=_theme),
    "add_measure": Row(others=404, roles=BUYERS, args=_version),
    "change_measure": Row(others=404, roles=BUYERS, args=_measure),
    "remove_measure": Row(others=404, roles=BUYERS, args=_measure),
    "change_standard": Row(others=404, roles=BUYERS, args=_standard),
    "remove_standard": Row(others=404, roles=BUYERS, args=_standard),
    "add_evidence": Row(others=404, roles=BUYERS, args=_standard),
    "change_evidence": Row(others=404, roles=BUYERS, args=_evidence),
    "remove_evidence": Row(others=404, roles=BUYERS, args=_evidence),
}
