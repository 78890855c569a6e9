"""Writing a version of standards, and the copy that a framework takes over for good."""

from __future__ import annotations

import datetime as dt

from audit import steps as audit
from core.steps import step
from lots.models import Applies, Evidence, Framework, KpiTheme, Standard, StandardsVersion, Theme
from lots.queries.standards import text_of
from lots.rules import standards as rules
from lots.rules.standards import VersionText


@step
def write_text(*, version: StandardsVersion, text: VersionText) -> None:
    """Fill an empty version with themes, standards, evidence and the rest, in six statements. The caller records."""
    measures = {
        row.name: row
        for row in KpiTheme.objects.bulk_create(
            KpiTheme(version=version, name=name, position=position) for position, name in enumerate(text.kpi_themes)
        )
    }
    themes = Theme.objects.bulk_create(
        Theme(version=version, number=theme.number, title=theme.title, position=position)
        for position, theme in enumerate(text.themes)
    )
    pairs = [
        (themes[at], position, standard)
        for at, theme in enumerate(text.themes)
        for position, standard in enumerate(theme.standards)
    ]
    rows = Standard.objects.bulk_create(
        Standard(
            theme=theme,
            number=standard.number,
            title=standard.title,
            good_looks_like=standard.good_looks_like,
            safeguarding=standard.safeguarding,
            position=position,
        )
        for theme, position, standard in pairs
    )
    texts = [(row, standard) for row, (_, _, standard) in zip(rows, pairs, strict=True)]
    link = Standard.kpi_themes.through
    link.objects.bulk_create(
        link(standard_id=row.pk, kpitheme_id=measures[name].pk) for row, text in texts for name in text.measures
    )
    Evidence.objects.bulk_create(
        Evidence(
            standard=row,
            kind=shown.kind,
            title=shown.title,
            months=shown.months,
            on_expiry=shown.on_expiry,
            required=shown.required,
            position=position,
        )
        for row, text in texts
        for position, shown in enumerate(text.evidence)
    )
    Applies.objects.bulk_create(
        Applies(standard=row, to=rule.to, how=rule.how, instead=rule.instead)
        for row, text in texts
        for rule in text.applies
    )


@step
def copy_standards(*, version: StandardsVersion, framework: Framework, by, at: dt.datetime) -> StandardsVersion:
    """Freeze a version into a framework: a copy of its own that never changes. Raises `Refused` for a version that is
    still being written. The caller has locked the framework."""
    rules.check_can_choose(version.fixed_at, in_framework=version.framework_id is not None)
    person = by if hasattr(by, "pk") else None
    copy = StandardsVersion.objects.create(
        standard_set_id=version.standard_set_id,
        framework=framework,
        copied_from=version,
        number=version.number,
        note=version.note,
        made_at=at,
        made_by=person,
        fixed_at=at,
        fixed_by=person,
    )
    write_text(version=copy, text=text_of(version))
    audit.record(
        "lots.standards.copied",
        by=by,
        about=copy,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "version": version.pk},
        at=at,
    )
    return copy
