"""Standards for pages, for copies and for comparing: a whole version in six queries, whatever it holds."""

from __future__ import annotations

from django.db.models import Count, Prefetch, QuerySet

from lots.models import Framework, Standard, StandardSet, StandardsVersion, Theme
from lots.rules.standards import AppliesText, EvidenceText, StandardText, ThemeText, VersionText


def themes_of(version: StandardsVersion) -> list[Theme]:
    """The themes with their standards, evidence, daily measures and who is asked otherwise: five queries."""
    standards = Standard.objects.prefetch_related("evidence", "applies", "kpi_themes").order_by("position", "id")
    return list(version.themes.order_by("position", "id").prefetch_related(Prefetch("standards", queryset=standards)))


def text_of(version: StandardsVersion) -> VersionText:
    """The version as plain text."""
    return VersionText(
        tuple(version.kpi_themes.order_by("position", "id").values_list("name", flat=True)),
        tuple(
            ThemeText(theme.number, theme.title, tuple(_standard(standard) for standard in theme.standards.all()))
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
        tuple(
            AppliesText(row.to, row.how, row.instead) for row in sorted(standard.applies.all(), key=lambda row: row.to)
        ),
    )


def sets_for(*, user) -> QuerySet[StandardSet]:
    """National sets first, then those of organisations, with how many versions they have."""
    return (
        StandardSet.objects.visible_to(user)
        .select_related("owner")
        .annotate(number_of_versions=Count("versions", distinct=True))
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
    """What the version is compared with: the one that it was copied from, or the one before it."""
    seen = StandardsVersion.objects.visible_to(user).select_related("standard_set")
    if version.copied_from_id:
        return seen.filter(pk=version.copied_from_id).first()
    return None


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
