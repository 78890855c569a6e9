"""What a stored release says, and how it stands to the framework of its ocid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.rules.names import name_key
from lots.models import Framework
from lots.queries.facts import facts_of
from lots.rules import fits
from lots.rules.differences import Difference, differences, value_of, why_kept
from lots.rules.facts import FrameworkFacts
from lots.states import FrameworkState
from notices.models import Release
from notices.rules import paths, tree, where
from notices.rules.errors import BadNotice
from notices.rules.findings import Finding, find
from notices.rules.understand import Understanding, understand


@dataclass(frozen=True)
class Told:
    """A release as it was understood, with what contradicts itself in it."""

    understanding: Understanding
    findings: tuple[Finding, ...]

    @property
    def facts(self) -> FrameworkFacts | None:
        """What it says of a framework; None for a notice of something else."""
        return self.understanding.facts


def told_by(release: Release, *, today: dt.date) -> Told:
    """What a release says. Raises `BadNotice` where it tells a framework that could not be written."""
    whole = tree.read(bytes(release.body))
    understanding = understand(whole)
    return Told(understanding, find(whole, understanding, today=today))


def unfit(told: Told) -> BadNotice | None:
    """Why no framework can hold what the release says, with its place in the notice; None where one can."""
    try:
        fits.check(told.facts)
    except fits.NotFit as refusal:
        return placed(refusal, told)
    return None


def placed(refusal: fits.NotFit, told: Told) -> BadNotice:
    """What no framework can hold, with its place in the notice; a text that was too long to be taken says so there."""
    place = told.understanding.sources.get(refusal.key) or where.TEXTS.get(refusal.key, ())
    why = next((one.why.rstrip(".") for one in told.understanding.unread if one.path == place), str(refusal))
    return BadNotice(why, paths.text(place))


def names_another_buyer(release: Release, understanding: Understanding) -> bool:
    """The notice's buyer is not, by number or by name, the organisation that brought it in."""
    buyer, organisation = understanding.buyer, release.organisation
    if buyer.number and organisation.ppon:
        return buyer.number.casefold() != organisation.ppon.casefold()
    return name_key(buyer.name) != organisation.name_key


def framework_of(release: Release) -> Framework | None:
    """The framework of this organisation that the release is about: the one of its ocid."""
    return Framework.objects.filter(buyer=release.organisation_id, ocid=release.ocid).exclude(ocid="").first()


def source_of(framework: Framework) -> Release | None:
    """The release that the framework came from, and is exported from."""
    return framework.releases.filter(is_source=True).first()


@dataclass(frozen=True)
class Side:
    """A difference with what the framework's own notice said; `edited` in the portal since; `kept` is why it cannot be
    taken, empty where it can."""

    difference: Difference
    was: object
    edited: bool
    kept: str


def sides(framework: Framework, was: FrameworkFacts | None, new: FrameworkFacts) -> tuple[FrameworkFacts, list[Side]]:
    """What the portal says now, and how `new` differs from it. `was` is what the framework's own notice said; a
    framework without one was typed in here, so all of it counts as edited."""
    now = facts_of(framework)
    published = framework.state != FrameworkState.DRAFT
    found = []
    for difference in differences(now, new):
        before = value_of(was, difference) if was else None
        edited = was is None or before != difference.before
        found.append(Side(difference, before, edited, why_kept(difference, published=published)))
    return now, found


def source_facts(framework: Framework, *, today: dt.date) -> tuple[Release | None, FrameworkFacts | None]:
    """The release that the framework came from, and what it said; nothing for one that was set up by hand, no facts
    where we would not read that release as a framework any more."""
    source = source_of(framework)
    try:
        return source, told_by(source, today=today).facts if source else None
    except BadNotice:
        return source, None


def open_findings(framework: Framework, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings that this framework has no decision for. Once it is published nothing more is decided by a notice."""
    if framework.state != FrameworkState.DRAFT:
        return ()
    decided = set(framework.decisions.filter(replaced_at=None).values_list("about", flat=True))
    return tuple(finding for finding in findings if (finding.policy or finding.code) not in decided)
