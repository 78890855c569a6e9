"""Applications for tests, made row by row: `applied(world)` is Ash House's draft to an open framework with two
standards, `complete(world, application)` fills every part of it, `submitted(world)` is one that was submitted."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models.organisations import Membership
from accounts.states import Role
from files.models import File
from files.states import FileKind, FileState
from lots.models import Evidence, Framework, Standard, StandardSet, StandardsVersion, Theme
from lots.states import EvidenceKind
from providers.actions import applications as actions
from providers.models import Application, Item, ItemVersion, Submission
from providers.queries.bids import context_of, own_bid
from providers.rules import bid
from providers.rules.conflicts import QUESTIONS
from providers.rules.declarations import DECLARATIONS
from providers.rules.draft import Answers, Part
from providers.rules.evidence import field_of
from providers.rules.exclusion import DEBARRED
from providers.rules.grounds import GROUNDS
from providers.rules.prices import pools
from providers.states import ApplicationState, ItemKind
from providers.steps import drafts
from tests.frameworks import AT, make_framework

DAY = dt.timedelta(days=1)
PRICE = 4500  # pence for each pool of a complete application, one more for each


def open_framework(world, **fields) -> Framework:
    """Published, with standards 1.1 (a text) and 1.2 (a document); applications close in a week."""
    closes_at = timezone.now() + 7 * DAY
    made = make_framework(
        world, published=True, **{"closes_at": closes_at, "enquiries_until": closes_at - DAY} | fields
    )
    own, _ = StandardSet.objects.get_or_create(owner=made.buyer, name="Ours")
    version = StandardsVersion.objects.create(
        standard_set=own, number=own.versions.count() + 1, framework=made, made_at=AT, fixed_at=AT
    )
    theme = Theme.objects.create(version=version, number="1", title="Safety")
    Standard.objects.create(theme=theme, number="1.1", title="Everybody is safe")
    checked = Standard.objects.create(theme=theme, number="1.2", title="Staff are checked", position=1)
    Evidence.objects.create(standard=checked, kind=EvidenceKind.FILE, title="Safeguarding policy")
    return made


def lead_of(provider):
    """Whoever leads it."""
    return Membership.objects.live().filter(organisation=provider, role=Role.PROVIDER_LEAD).first().user


def held(provider, title: str = "Safeguarding policy", kind: ItemKind = ItemKind.POLICY, **fields) -> ItemVersion:
    """A document in the provider's library, checked for viruses."""
    item = Item.objects.create(provider=provider, title=title, kind=kind, added_at=AT)
    return newer(item, **fields)


def newer(item: Item, *, state: FileState = FileState.CLEAN, **fields) -> ItemVersion:
    """Its next version."""
    named = uuid.uuid4().hex
    file = File.objects.create(
        organisation=item.provider,
        name=f"{item.kind}.pdf",
        kind=FileKind.PDF,
        size=1000,
        sha256=hashlib.sha256(named.encode()).hexdigest(),
        stored_as=f"files/{named}",
        state=state,
        received_at=AT,
        scanned_at=None if state == FileState.PENDING else AT,
    )
    made = ItemVersion.objects.create(item=item, number=item.versions.count() + 1, file=file, added_at=AT, **fields)
    item.current = made
    item.save(update_fields=["current"])
    return made


def applied(world, framework: Framework | None = None, provider=None) -> Application:
    """A draft in which nothing was typed."""
    framework, provider = framework or open_framework(world), provider or world.ash_house
    made = Application.objects.create(
        framework=framework,
        provider=provider,
        alias=f"Bidder {provider.pk}",
        state=ApplicationState.DRAFT,
        began_at=AT,
        started_at=AT,
    )
    return typed(made, {})


def typed(application: Application, parts: Mapping[str, Answers]) -> Application:
    """More of the draft, as if somebody had typed it."""
    application = seen(application)
    before = own_bid(application, user=lead_of(application.provider)).draft
    after = before | {
        code: Part(answers, before[code].revision + 1 if code in before else 1, AT.isoformat())
        for code, answers in parts.items()
    }
    with transaction.atomic():
        drafts.keep_draft(application=application, draft=after, at=timezone.now())
    return application


def seen(application: Application) -> Application:
    """The row as its lead meets it at the door of a page."""
    return Application.objects.visible_to(lead_of(application.provider)).get(pk=application.pk)


def complete(world, application: Application, *, pence: int = PRICE, lots: str = "12") -> Application:
    """Every part filled in: nothing is missing. `lots` are the numbers of those that are chosen, with all their
    parts; the first price is `pence`, each further one is a penny more."""
    user, provider = lead_of(application.provider), application.provider
    policy, cdp = held(provider), held(provider, "Supplier information", ItemKind.CDP, issued_on=AT.date())
    context = context_of(seen(application), user=user, today=timezone.localdate())
    chosen = [lot for lot in context.offer.biddable if lot.number in lots]
    parts: dict[str, Answers] = {
        "organisation": {
            "share_code": "6BcD7fGh",
            "evidence_cdp": str(cdp.pk),
            "contact_name": "Alice",
            "contact_email": "alice@ash-house.example",
            "size": "small",
            "vcse": "yes",
            "since": "2019",
            "history": "We have taught twelve pupils.",
        },
        "exclusion": {ground.code: "no" for ground in GROUNDS} | {DEBARRED: "no"},
        "connected": {"name_1": "Alice", "kind_1": "director"},
        "conflicts": {asked.code: "no" for asked in QUESTIONS},
        "lots": {f"lot_{lot.pk}": [str(part.pk) for part in lot.parts] or ["whole"] for lot in chosen},
        "declarations": {
            "declared": [one.code for one in DECLARATIONS],
            "name": "Alice",
            "position": "Director",
        },
    }
    for standard in context.offer.standards:
        answers = {"answer": f"We meet standard {standard.number}."}
        parts[f"standard:{standard.pk}"] = answers | {field_of(one): [str(policy.pk)] for one in standard.evidence}
    asked = pools(bid.assemble({"lots": Part(parts["lots"])}, context).context)
    parts["prices"] = {"vat_all": "exempt"} | {
        f"price_{pool.key}": f"{(pence + number) // 100}.{(pence + number) % 100:02d}"
        for number, pool in enumerate(asked)
    }
    return typed(application, parts)


def submit(application: Application, *, key: str | None = None, **words) -> Submission:
    """Through the action, by the provider's lead."""
    application = seen(application)
    return actions.submit(
        **{
            "application": application,
            "key": key or str(uuid.uuid4()),
            "revision": application.revision,
            "accept_incomplete": False,
            "by": lead_of(application.provider),
        }
        | words
    )


def submitted(world, framework: Framework | None = None, provider=None, **words) -> Submission:
    """A complete application that was submitted."""
    return submit(complete(world, applied(world, framework, provider), **words))
