"""Standards for pages, for copies and for comparing: a whole version in six queries, whatever it holds."""

from __future__ import annotations

from django.db.models import Count, F, Prefetch, Q, QuerySet

from accounts.models import Organisation
from accounts.queries import roles_of
from lots.models import Applies, Framework, KpiTheme, Standard, StandardSet, StandardsVersion, Theme
from lots.rules.standards import AppliesText, EvidenceText, StandardText, ThemeText, VersionText


def themes_of(version: StandardsVersion) -> list[Theme]:
    """The themes, with their standards as `rows`, evidence, daily measures and who is asked otherwise: four queries;
    one more while the version is being written, when a theme may have no standards yet."""
    found = (
        Standard.objects.filter(theme__version=version)
        .select_related("theme")
        .prefetch_related("evidence", Prefetch("applies", Applies.objects.order_by("id")), "kpi_themes")
        .order_by("theme__position", "theme_id", "position", "id")
    )
    themes = {} if version.fixed_at else {theme.pk: theme for theme in version.themes.all()}
    rows: dict[int, list[Standard]] = {pk: [] for pk in themes}
    for standard in found:
        themes.setdefault(standard.theme_id, standard.theme)
        rows.setdefault(standard.theme_id, []).append(standard)
    for pk, theme in themes.items():
        theme.rows = rows[pk]
    return list(themes.values())


def text_of(version: StandardsVersion) -> VersionText:
    """The version as plain text."""
    return VersionText(
        tuple(version.kpi_themes.order_by("position", "id").values_list("name", flat=True)),
        tuple(
            ThemeText(theme.number, theme.title, tuple(_standard(standard) for standard in theme.rows))
            for theme in themes_of(version)
        ),
    )


def _standard(standard: Standard) -> StandardText:
    return StandardText(
        standard.number,
        standard.title,
        standard.good_looks_like,
        standard.safeguarding,
        tuple(theme.name for theme in standard.kpi_themes.all()),
        tuple(
            EvidenceText(row.kind, row.title, row.months, row.on_expiry, row.required)
            for row in standard.evidence.all()
        ),
        tuple(AppliesText(row.to, row.how, row.instead) for row in standard.applies.all()),
    )


def sets_for(*, user) -> QuerySet[StandardSet]:
    """National sets first, then those of organisations, with how many versions they have, copies left out."""
    return (
        StandardSet.objects.visible_to(user)
        .select_related("owner")
        .annotate(number_of_versions=Count("versions", filter=Q(versions__framework__isnull=True)))
        .order_by(F("owner__name").asc(nulls_first=True), "name", "pk")
    )


def versions_of(standard_set: StandardSet, *, user) -> list[StandardsVersion]:
    """The versions of a set, newest first, without the copies of frameworks."""
    return list(
        StandardsVersion.objects.visible_to(user)
        .filter(standard_set=standard_set, framework__isnull=True)
        .select_related("copied_from__standard_set")
        .annotate(number_of_standards=Count("themes__standards"))
        .order_by("-number")
    )


def earlier_of(version: StandardsVersion, *, user) -> StandardsVersion | None:
    """The version that this one was copied from, where the person may see it."""
    return StandardsVersion.objects.visible_to(user).filter(pk=version.copied_from_id).first()


def choices_for(framework: Framework, *, user) -> list[StandardsVersion]:
    """Fixed versions that this framework may take over: national ones and its buyer's own, newest of a set first."""
    sets = StandardSet.objects.visible_to(user).filter(owner__isnull=True) | StandardSet.objects.visible_to(
        user
    ).filter(owner=framework.buyer_id)
    return list(
        StandardsVersion.objects.filter(standard_set__in=sets, framework__isnull=True, fixed_at__isnull=False)
        .select_related("standard_set__owner")
        .annotate(number_of_standards=Count("themes__standards"))
        .order_by("standard_set__owner_id", "standard_set__name", "-number")
    )


def measures_of(version: StandardsVersion) -> list[KpiTheme]:
    """The daily measures that a standard of this version may feed."""
    return list(version.kpi_themes.all())


def organisations_of(user, roles: set) -> list[Organisation]:
    """Organisations in which the person holds one of these roles."""
    keys = {held.organisation_id for held in roles_of(user) if held.role in roles}
    return list(Organisation.objects.filter(pk__in=keys).order_by("name", "pk"))
