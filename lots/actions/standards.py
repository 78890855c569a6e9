"""Sets of standards and their versions: copy, begin, fix, discard, choose."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Framework, StandardSet, StandardsVersion
from lots.queries.standards import text_of
from lots.rules import outline
from lots.rules import standards as rules
from lots.steps.standards import write_text


@transaction.atomic(durable=True)
def adopt_standards(
    *, version: StandardsVersion, organisation: Organisation, name: str, by: User, at: dt.datetime
) -> StandardsVersion:
    """Copy a version into a new set of the organisation, ready to be changed. Raises `Refused` for a name that it has
    already, and for a version that is still being written."""
    organisation = Organisation.objects.locked(organisation.pk)
    people.forget_roles(by)
    access.require(permissions.can_adopt_for, by, organisation)
    rules.check_can_copy(version.fixed_at)
    names = StandardSet.objects.filter(owner=organisation).values_list("name", flat=True)
    rules.check_free(name, names, field="name", what="a set of standards called")
    made = StandardSet.objects.create(owner=organisation, name=name, source=version.standard_set.source)
    copy = StandardsVersion.objects.create(standard_set=made, copied_from=version, number=1, made_at=at, made_by=by)
    write_text(version=copy, text=text_of(version))
    audit.record(
        "lots.standards.adopted",
        by=by,
        about=copy,
        organisation=organisation,
        data={"from": version.pk, "name": name},
        at=at,
    )
    return copy


@transaction.atomic(durable=True)
def begin_version(*, standard_set: StandardSet, by: User, at: dt.datetime) -> StandardsVersion:
    """Begin a new version from the last one. Raises `Refused` while another one is being written."""
    standard_set = StandardSet.objects.locked(standard_set.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_set, by, standard_set)
    versions = standard_set.versions.filter(framework__isnull=True).order_by("-number")
    rules.check_can_begin(versions.filter(fixed_at__isnull=True).exists())
    last = versions.first()
    made = StandardsVersion.objects.create(
        standard_set=standard_set,
        copied_from=last,
        number=last.number + 1 if last else 1,
        made_at=at,
        made_by=by,
    )
    if last:
        write_text(version=made, text=text_of(last))
    audit.record(
        "lots.standards.begun",
        by=by,
        about=made,
        organisation=standard_set.owner_id,
        data={"set": standard_set.pk, "number": made.number},
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def fix_version(*, version: StandardsVersion, note: str, by: User, at: dt.datetime) -> StandardsVersion:
    """Fix a version: from now on it cannot change, and frameworks may take it over. `note` says what is new in it.
    Raises `Refused` while a standard has no evidence or a part no standards."""
    version = StandardsVersion.objects.locked(version.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_version, by, version)
    rules.check_editable(version.fixed_at, in_framework=version.framework_id is not None)
    rules.check_can_fix(text_of(version))
    version.note, version.fixed_at, version.fixed_by = note, at, by
    version.save(update_fields=["note", "fixed_at", "fixed_by"])
    audit.record("lots.standards.fixed", by=by, about=version, organisation=version.standard_set.owner_id, at=at)
    return version


@transaction.atomic(durable=True)
def discard_version(*, version: StandardsVersion, by: User, at: dt.datetime) -> None:
    """Throw away a version that is being written; a set of one's own that has no other goes with it."""
    version = StandardsVersion.objects.locked(version.pk)
    people.forget_roles(by)
    access.require(permissions.can_edit_version, by, version)
    rules.check_editable(version.fixed_at, in_framework=version.framework_id is not None)
    kept = version.standard_set
    audit.record(
        "lots.standards.discarded",
        by=by,
        about=version,
        organisation=kept.owner_id,
        data={"set": kept.pk, "number": version.number},
        at=at,
    )
    version.delete()
    if not kept.versions.exists():
        kept.delete()


@transaction.atomic(durable=True)
def choose_standards(*, framework: Framework, version: StandardsVersion, by: User, at: dt.datetime) -> Framework:
    """Choose the version that the framework takes over when it is published. Raises `Refused` for one that is not fixed
    or belongs to somebody else, and once the framework is published."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    version = StandardsVersion.objects.select_related("standard_set").get(pk=version.pk)
    rules.check_owner(version.standard_set.owner_id, framework.buyer_id)
    rules.check_can_choose(version.fixed_at, in_framework=version.framework_id is not None)
    framework.standards_chosen = version
    framework.save(update_fields=["standards_chosen"])
    audit.record(
        "lots.standards.chosen",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"version": version.pk},
        at=at,
    )
    return framework
