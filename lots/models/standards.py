"""Quality standards as versioned data: set → version → theme → standard → evidence. A framework gets a copy of its own
when it is published, and that copy never changes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from lots import states
from lots.models.frameworks import Framework


class StandardSetQuerySet(models.QuerySet):
    def locked(self, pk) -> StandardSet:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> StandardSetQuerySet:
        """National sets for everybody; an organisation's own for its people and operators."""
        national = Q(owner__isnull=True)
        if not user.is_authenticated or not user.is_active:
            return self.filter(national)
        return self if user.is_operator else self.filter(national | Q(owner__in=Organisation.objects.visible_to(user)))


class StandardSet(models.Model):
    """A family of versions: the DfE's national standards (no owner), or a buyer's own."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=500, blank=True)

    objects = StandardSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="lots_one_set_of_a_name"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(owner__isnull=True), name="lots_one_national_set_of_a_name"
            ),
        ]

    def __str__(self):
        return self.name


class StandardsVersionQuerySet(models.QuerySet):
    def locked(self, pk) -> StandardsVersion:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> StandardsVersionQuerySet:
        """Versions of sets, and copies of frameworks, that the person may see; each with its set."""
        return self.filter(
            Q(framework__isnull=True, standard_set__in=StandardSet.objects.visible_to(user))
            | Q(framework__in=Framework.objects.visible_to(user))
        ).select_related("standard_set__owner", "framework")


class StandardsVersion(models.Model):
    """One version of a set; with `framework`, the copy that was frozen into that framework. A version can be edited
    until it is fixed (`fixed_at`); after that a new version is begun from it."""

    standard_set = models.ForeignKey(StandardSet, on_delete=models.PROTECT, related_name="versions")
    framework = models.OneToOneField(Framework, on_delete=models.CASCADE, null=True, related_name="standards")
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    fixed_at = models.DateTimeField(null=True)
    fixed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = StandardsVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standard_set", "number"],
                condition=Q(framework__isnull=True),
                name="lots_one_version_of_a_number",
            ),
            models.UniqueConstraint(
                fields=["standard_set"],
                condition=Q(framework__isnull=True, fixed_at__isnull=True),
                name="lots_one_version_being_written",
            ),
            models.CheckConstraint(
                condition=Q(framework__isnull=True) | Q(fixed_at__isnull=False),
                name="lots_copy_of_a_framework_is_fixed",
            ),
        ]

    def __str__(self):
        return f"version {self.number}"


class KpiThemeQuerySet(models.QuerySet):
    def visible_to(self, user) -> KpiThemeQuerySet:
        """Those of versions that the person may see."""
        return self.filter(version__in=StandardsVersion.objects.visible_to(user))


class KpiTheme(models.Model):
    """A theme of the daily measures that a standard feeds (the direct-award notice names five)."""

    version = models.ForeignKey(StandardsVersion, on_delete=models.CASCADE, related_name="kpi_themes")
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    objects = KpiThemeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="lots_one_kpi_theme_of_a_name")]
        ordering = ["position", "id"]

    def __str__(self):
        return self.name


class ThemeQuerySet(models.QuerySet):
    def visible_to(self, user) -> ThemeQuerySet:
        """Those of versions that the person may see."""
        return self.filter(version__in=StandardsVersion.objects.visible_to(user))


class Theme(models.Model):
    """A part of the standards, judged pass or fail as a whole."""

    version = models.ForeignKey(StandardsVersion, on_delete=models.CASCADE, related_name="themes")
    number = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="lots_one_theme_of_a_number")]
        ordering = ["position", "id"]

    def __str__(self):
        return f"{self.number} {self.title}"


class StandardQuerySet(models.QuerySet):
    def visible_to(self, user) -> StandardQuerySet:
        """Standards of versions that the person may see."""
        return self.filter(theme__version__in=StandardsVersion.objects.visible_to(user))


class Standard(models.Model):
    """One standard: what must be so, and what good looks like. The number can be changed while the version can."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="standards")
    number = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    good_looks_like = models.TextField(blank=True)
    safeguarding = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    kpi_themes = models.ManyToManyField(KpiTheme, related_name="standards", blank=True)

    objects = StandardQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "number"], name="lots_one_standard_of_a_number")]
        ordering = ["position", "id"]

    def __str__(self):
        return f"{self.number} {self.title}"


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user) -> EvidenceQuerySet:
        """Those of versions that the person may see."""
        return self.filter(standard__theme__version__in=StandardsVersion.objects.visible_to(user))


class Evidence(models.Model):
    """What a provider shows for a standard. `months` is how long a certificate counts where it bears no end date."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=12, choices=states.EvidenceKind)
    title = models.CharField(max_length=300)
    months = models.PositiveSmallIntegerField(null=True)
    on_expiry = models.CharField(max_length=10, choices=states.OnExpiry, default=states.OnExpiry.NOTHING)
    required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="certificate") | Q(months__isnull=True, on_expiry="nothing"),
                name="lots_only_certificates_expire",
            )
        ]
        ordering = ["position", "id"]

    def __str__(self):
        return self.title


class Applies(models.Model):
    """For whom a standard is not asked, or is shown by other evidence (an Ofsted report of a registered school)."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="applies")
    to = models.CharField(max_length=20, choices=states.AppliesTo)
    how = models.CharField(max_length=16, choices=states.AppliesHow)
    instead = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standard", "to"], name="lots_one_rule_for_each_kind")]

    def __str__(self):
        return f"{self.to}: {self.how}"
