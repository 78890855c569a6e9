"""A framework is made of a release, or brought up to a later one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import queries as accounts
from accounts.models import Organisation
from audit import steps as audit
from core import access
from lots.models import Framework
from lots.rules.differences import print_of
from lots.rules.fits import NotFit
from lots.states import FrameworkState
from lots.steps.decisions import decide
from lots.steps.facts import update_framework, write_framework
from notices import permissions
from notices.models import Release
from notices.queries import releases as queries
from notices.rules import answers as rules
from notices.rules.answers import Answer
from notices.rules.refusals import Refused, Unanswered

NO_FRAMEWORK = "This notice does not set up a framework"


@transaction.atomic(durable=True)
def confirm_release(
    *,
    release,
    answers: Mapping[str, Answer],
    parts: Mapping[str, Collection[str]],
    is_our_buyer: bool = False,
    by,
    at: datetime,
) -> Framework:
    """Make a framework of a release, with what was answered to its contradictions.

    `answers` are by the code of the finding, `parts` the letters of each lot by its number (lots that are not named
    keep what the notice says). `is_our_buyer` says that a buyer who is named differently is this organisation.
    Raises `Unanswered` with what is missing, `BadNotice` for what cannot be written, `Refused` for a notice of
    something else and for one whose framework is here."""
    organisation = Organisation.objects.locked(release.organisation_id)
    release = Release.objects.locked(release.pk)
    accounts.forget_roles(by)
    access.require(permissions.can_use_release, by, release, systems=(permissions.COMMAND,))
    told = queries.told_by(release, today=timezone.localdate(at))
    if told.facts is None:
        raise Refused(NO_FRAMEWORK)
    if queries.framework_of(release):
        raise Refused("This framework is here already. Compare it with the notice instead")
    missing = rules.missing(told.findings, answers)
    other_buyer = queries.names_another_buyer(release, told.understanding)
    if other_buyer and not is_our_buyer:
        missing["buyer"] = f"Confirm that the buyer in the notice is {organisation.name}"
    if missing:
        raise Unanswered(missing)
    settled = rules.settled(told.findings, answers)
    facts = rules.with_parts(told.facts, {**parts, **rules.parts_chosen(settled)})
    try:
        framework = write_framework(facts=facts, buyer=organisation, by=by, at=at)
    except NotFit as refusal:
        raise queries.placed(refusal, told) from None
    _decide(framework, settled, by, at)
    _becomes_source(release, framework, by, at)
    data = {"framework": framework.pk, "ocid": release.ocid, "release": release.release_id}
    data["choices"] = {one.finding.code: one.answer.option for one in settled}
    if other_buyer:
        data["buyer_in_the_notice"] = told.understanding.buyer.number or told.understanding.buyer.name
    audit.record("notices.release.confirmed", by=by, about=release, organisation=organisation, data=data, at=at)
    return framework


@transaction.atomic(durable=True)
def take_release(
    *, release, keys: Collection[str], answers: Mapping[str, Answer], seen: str, by, at: datetime
) -> Framework:
    """Bring the framework of this ocid up to a later release where `keys` say so (`title`, `lots.1.net_pence`), and
    have it exported from this release from now on. The release that it came from stays.

    `seen` is the print of the facts that were on the page (`lots.rules.differences`): a framework that was changed
    meanwhile is refused, and what cannot be taken any more is kept whatever `keys` say. Raises `Refused`,
    `Unanswered`, `BadNotice`."""
    framework = queries.framework_of(release)
    if framework is None:
        raise Refused("There is no framework for this notice yet")
    framework = Framework.objects.locked(framework.pk)
    release = Release.objects.locked(release.pk)
    accounts.forget_roles(by)
    access.require(permissions.can_use_release, by, release, systems=(permissions.COMMAND,))
    told = queries.told_by(release, today=timezone.localdate(at))
    if told.facts is None:
        raise Refused(NO_FRAMEWORK)
    if release.is_source:
        raise Refused("The framework comes from this notice already")
    if framework.state in {FrameworkState.ENDED, FrameworkState.WITHDRAWN}:
        raise Refused("The framework is over: no notice changes it any more")
    source = queries.source_of(framework)
    now, sides = queries.sides(framework, None, told.facts)
    if print_of(now) != seen:
        raise Refused("The framework was changed meanwhile. Look at the differences again")
    findings = queries.open_findings(framework, told.findings)
    if missing := rules.missing(findings, answers):
        raise Unanswered(missing)
    taken = {side.difference.key for side in sides if not side.kept} & set(keys)
    try:
        update_framework(framework=framework, facts=told.facts, keys=taken, by=by, at=at)
    except NotFit as refusal:
        raise queries.placed(refusal, told) from None
    _decide(framework, rules.settled(findings, answers), by, at)
    if source:
        Release.objects.filter(pk=source.pk).update(is_source=False)
    _becomes_source(release, framework, by, at)
    data = {"framework": framework.pk, "before": source.release_id if source else "", "release": release.release_id}
    audit.record("notices.release.taken", by=by, about=release, organisation=framework.buyer_id, data=data, at=at)
    return framework


def _decide(framework: Framework, settled: Iterable[rules.Settled], by, at: datetime) -> None:
    for one in settled:
        decide(
            framework=framework,
            about=one.finding.policy or one.finding.code,
            option=one.answer.option,
            reason=one.answer.reason.strip(),
            clarification=one.clarification,
            by=by,
            at=at,
        )


def _becomes_source(release: Release, framework: Framework, by, at: datetime) -> None:
    release.framework, release.is_source = framework, True
    release.confirmed_at, release.confirmed_by = at, by if hasattr(by, "pk") else None
    release.save(update_fields=["framework", "is_source", "confirmed_at", "confirmed_by"])
