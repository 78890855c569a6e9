"""What stands in a version that is being written: parts, standards, what providers show, themes of the daily measures.
Each action holds the version, so that none changes after it was fixed. Numbers and titles go into the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Applies, Evidence, KpiTheme, Standard, StandardsVersion, Theme
from lots.rules import standards as rules
from lots.rules.refusals import Refused
from lots.rules.standards import AppliesText


def _check(version: StandardsVersion) -> None:
    rules.check_editable(version.fixed_at, in_framework=version.framework_id is not None)


def _said(did: str, what: str, label: str) -> dict:
    return {"did": did, "what": what, "label": label[:100]}


def _again(row):
    """The row as it is now; somebody may have removed it since it was shown."""
    found = type(row).objects.filter(pk=row.pk).first()
    if found is None:
        raise Refused("This has already been removed")
    return found


def _sort(rows) -> None:
    """Positions by number, as people read them."""
    for position, row in enumerate(sorted(rows, key=lambda row: rules.in_order(row.number))):
        if row.position != position:
            type(row).objects.filter(pk=row.pk).update(position=position)


@transaction.atomic(durable=True)
def save_theme(
    *, version: StandardsVersion, theme: Theme | None, number: str, title: str, by: User, at: dt.datetime
) -> Theme:
    """Add a part, or change one. Raises `Refused` for a number that another part has."""
    version = StandardsVersion.objects.locked(version.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_version, by, version)
    _check(version)
    row = _again(theme) if theme else Theme(version=version)
    others = version.themes.exclude(pk=row.pk).values_list("number", flat=True)
    rules.check_free(number, others, field="number", what="a part with the number")
    row.number, row.title = number, title
    row.save()
    _sort(version.themes.all())
    data = _said("changed" if theme else "added", "part", f"{number} {title}")
    audit.record(
        "lots.standards.changed", by=by, about=version, organisation=version.standard_set.owner_id, data=data, at=at
    )
    return row


@transaction.atomic(durable=True)
def save_measure(*, version: StandardsVersion, measure: KpiTheme | None, name: str, by: User, at: dt.datetime) -> None:
    """Add a theme of the daily measures, or rename one. Raises `Refused` for a name that another one has."""
    version = StandardsVersion.objects.locked(version.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_version, by, version)
    _check(version)
    row = _again(measure) if measure else KpiTheme(version=version, position=version.kpi_themes.count())
    others = version.kpi_themes.exclude(pk=row.pk).values_list("name", flat=True)
    rules.check_free(name, others, field="name", what="a daily measure called")
    row.name = name
    row.save()
    data = _said("changed" if measure else "added", "measure", name)
    audit.record(
        "lots.standards.changed", by=by, about=version, organisation=version.standard_set.owner_id, data=data, at=at
    )


@transaction.atomic(durable=True)
def save_standard(
    *,
    theme: Theme,
    standard: Standard | None,
    number: str,
    title: str,
    good_looks_like: str,
    safeguarding: bool,
    measures: Collection[int],
    applies: Collection[AppliesText],
    by: User,
    at: dt.datetime,
) -> Standard:
    """Add a standard to a part, or change one. `measures` are keys of themes of the daily measures. Raises `Refused`
    for a number that another standard of the version has."""
    version = StandardsVersion.objects.locked(theme.version_id)
    people.forget_roles(by)
    access.require(permissions.can_edit_version, by, version)
    _check(version)
    theme = _again(theme)
    row = _again(standard) if standard else Standard(theme=theme)
    others = Standard.objects.filter(theme__version=version).exclude(pk=row.pk).values_list("number", flat=True)
    rules.check_free(number, others, field="number", what="a standard with the number")
    row.number, row.title, row.good_looks_like, row.safeguarding = number, title, good_looks_like, safeguarding
    row.save()
    row.kpi_themes.set(version.kpi_themes.filter(pk__in=measures))
    row.applies.all().delete()
    Applies.objects.bulk_create(
        Applies(standard=row, to=rule.to, how=rule.how, instead=rule.instead) for rule in applies
    )
    _sort(theme.standards.all())
    data = _said("changed" if standard else "added", "standard", f"{number} {title}")
    audit.record(
        "lots.standards.changed", by=by, about=version, organisation=version.standard_set.owner_id, data=data, at=at
    )
    return row


@transaction.atomic(durable=True)
def save_evidence(
    *,
    standard: Standard,
    evidence: Evidence | None,
    kind: str,
    title: str,
    months: int | None,
    on_expiry: str,
    required: bool,
    by: User,
    at: dt.datetime,
) -> Evidence:
    """Say what providers show for a standard, or change it. Raises `Refused` where something other than a certificate
    is meant to run out."""
    version = StandardsVersion.objects.locked(standard.theme.version_id)
    people.forget_roles(by)
    access.require(permissions.can_edit_version, by, version)
    _check(version)
    rules.check_evidence(kind, months, on_expiry)
    standard = _again(standard)
    row = _again(evidence) if evidence else Evidence(standard=standard, position=standard.evidence.count())
    row.kind, row.title, row.months, row.on_expiry, row.required = kind, title, months, on_expiry, required
    row.save()
    data = _said("changed" if evidence else "added", "evidence", f"{standard.number} {title}")
    audit.record(
        "lots.standards.changed", by=by, about=version, organisation=version.standard_set.owner_id, data=data, at=at
    )
    return row


@transaction.atomic(durable=True)
def remove_part(
    *, version: StandardsVersion, part: Theme | Standard | Evidence | KpiTheme, by: User, at: dt.datetime
) -> None:
    """Remove a part with its standards, a standard with its evidence, a piece of evidence, or a daily measure."""
    version = StandardsVersion.objects.locked(version.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_version, by, version)
    _check(version)
    row = _again(part)
    data = _said("removed", row._meta.model_name, str(row))
    row.delete()
    audit.record(
        "lots.standards.changed", by=by, about=version, organisation=version.standard_set.owner_id, data=data, at=at
    )
