"""Documents and insurances that run out, as rows."""

from __future__ import annotations

import datetime as dt

from core.access import System
from files.models import File
from lots.models import Evidence, Framework, Standard, StandardSet, StandardsVersion, Theme
from monitoring.actions import effects
from monitoring.models import Proposal
from monitoring.permissions.effects import PROPOSE
from providers.models import Application, Insurance, Item, ItemVersion, Submission, SubmittedVersion
from tests.monitoring.made import NINE
from tests.referrals.made import made_place

TODAY = NINE.date()
YESTERDAY = TODAY - dt.timedelta(days=1)


def made_cover(provider, *, kind: str = "public", ends_on: dt.date = YESTERDAY, **fields) -> Insurance:
    """An insurance of a provider; of yesterday, so that it has run out."""
    return Insurance.objects.create(
        provider=provider, kind=kind, insurer="Insurer", cover_pence=5_000_000_00, ends_on=ends_on, **fields
    )


def made_asked(framework: Framework, on_expiry: str, *, months: int | None = None, title="First aid certificate"):
    """One piece of evidence that a framework asks for."""
    version = StandardsVersion.objects.filter(framework=framework).first()
    if version is None:
        own = StandardSet.objects.create(name=f"Of framework {framework.pk}")
        version = StandardsVersion.objects.create(
            framework=framework, standard_set=own, number=1, made_at=NINE, fixed_at=NINE
        )
    theme, _ = Theme.objects.get_or_create(version=version, number="9", defaults={"title": "Made up"})
    standard = Standard.objects.create(theme=theme, number=f"9.{theme.standards.count() + 1}", title=title)
    return Evidence.objects.create(
        standard=standard, kind="certificate", title=title, months=months, on_expiry=on_expiry
    )


def made_item(provider, *, kind: str = "certificate", **days) -> ItemVersion:
    """A document of a provider with one version."""
    item = Item.objects.create(provider=provider, title="Certificate", kind=kind, added_at=NINE)
    return renewed(item, **days)


def renewed(item: Item, **days) -> ItemVersion:
    """One more version of a document."""
    number = item.versions.count() + 1
    file = File.objects.create(
        organisation=item.provider, name="c.pdf", kind="pdf", size=1, sha256="0" * 64,
        stored_as=f"files/{item.pk}-{number}", state="clean", received_at=NINE, scanned_at=NINE,
    )  # fmt: skip
    item.current = ItemVersion.objects.create(item=item, number=number, file=file, added_at=NINE, **days)
    item.save(update_fields=["current"])
    return item.current


def made_given(framework: Framework, version: ItemVersion, evidence: Evidence) -> SubmittedVersion:
    """The provider's submission that stands gave this version for this evidence."""
    provider = version.item.provider
    application, new = Application.objects.get_or_create(
        framework=framework, provider=provider, defaults={"alias": "A-1", "began_at": NINE}
    )
    if new:
        application.standing = Submission.objects.create(
            application=application, number=1, reference=f"R-{application.pk}"[:20], sealed=b"x", revision=1,
            sha256="0" * 64, content_key="0" * 64, key="k", submitted_at=NINE,
        )  # fmt: skip
        application.state = "submitted"
        application.save()
    return SubmittedVersion.objects.create(submission=application.standing, version=version, evidence=evidence)


def watch(today: dt.date = TODAY, at: dt.datetime = NINE) -> int:
    """What beat does every hour."""
    new = effects.propose_effects(by=System(PROPOSE), at=at, today=today)
    effects.hold_places(by=System(PROPOSE), at=at)
    return new


def made_proposal(world, *, effect: str = "hold", place=None, **fields) -> Proposal:
    """Ash House's public liability insurance ran out yesterday."""
    place = place or made_place(world)
    cover = fields.pop("insurance", None) or made_cover(place.provider)
    fields = {"what": "Public liability insurance", "ended_on": YESTERDAY, "proposed_at": NINE} | fields
    return Proposal.objects.create(
        framework=place.framework, provider=place.provider, effect=effect, insurance=cover, **fields
    )
