"""What a provider of the demo answers: a whole application, part by part, as its people would have typed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accounts.models import User
from core import clock
from lots.states import EvidenceKind
from providers.actions import applications
from providers.demo import profiles
from providers.models import Application
from providers.queries.bids import context_of, own_bid
from providers.rules import bid
from providers.rules.conflicts import QUESTIONS
from providers.rules.declarations import DECLARATIONS
from providers.rules.draft import Answers, Part
from providers.rules.evidence import PAPERS, field_of
from providers.rules.exclusion import DEBARRED
from providers.rules.grounds import GROUNDS
from providers.rules.offer import AskedEvidence, AskedStandard
from providers.rules.prices import pools
from providers.rules.reading import Context

# Which paper shows what, by a word of what is asked; all else is in the folder of policies.
SHOWN_BY = (
    ("training", profiles.TRAINING),
    ("record", profiles.RECORD),
    ("child protection", profiles.CHILD_PROTECTION),
    ("concern", profiles.CHILD_PROTECTION),
)
SAID = (
    "We do this every day and look at it again each term. {lead} answers for it, and everybody knows whom to ask. "
    "Last year a parent told us what could be better, and we changed it."
)


def seen(application: Application, by: User) -> Application:
    """The row as it stands, as its lead meets it."""
    return Application.objects.visible_to(by).get(pk=application.pk)


def whole(application: Application, *, pence: int | Mapping[str, int], lots: str, by: User) -> dict[str, Answers]:
    """Every part, with nothing missing. `lots` are the numbers of those applied for, with all their parts; the first
    price is `pence`, each further one £2 more; or `pence` names the price for each lot by its number."""
    context = context_of(seen(application, by), user=by, today=clock.today())
    chosen = [lot for lot in context.offer.biddable if lot.number in lots]
    papers = {held.title: held.version for held in context.library.values()}
    parts: dict[str, Answers] = {
        "organisation": {
            "share_code": context.bidder.numbers.get("share_code", "") or "6BcD7fGh",
            "evidence_cdp": str(papers[profiles.CDP]),
            "contact_name": by.name,
            "contact_email": by.email,
            "contact_phone": "01632 960 101",
            "size": "small",
            "vcse": "yes",
            "since": "2016",
            "history": "In the last three years we taught 140 pupils of nine schools, most of them for two terms.",
        },
        "exclusion": {ground.code: "no" for ground in GROUNDS} | {DEBARRED: "no"},
        "connected": {"name_1": by.name, "kind_1": "director", "role_1": "Runs the centre"},
        "conflicts": {asked.code: "no" for asked in QUESTIONS},
        "lots": {f"lot_{lot.pk}": [str(part.pk) for part in lot.parts] or ["whole"] for lot in chosen},
        "declarations": {
            "declared": [one.code for one in DECLARATIONS],
            "name": by.name,
            "position": "Director",
        },
    }
    for standard in context.offer.standards:
        parts[f"standard:{standard.pk}"] = _standard(standard, papers, by)
    parts["prices"] = _prices(context, parts["lots"], pence)
    return parts


def _standard(standard: AskedStandard, papers: Mapping[str, int], by: User) -> Answers:
    answers: dict = {"answer": SAID.format(lead=by.name)}
    return answers | {field_of(one): _shown(one, papers) for one in standard.evidence}


def _shown(asked: AskedEvidence, papers: Mapping[str, int]) -> str | list[str]:
    if asked.kind in PAPERS:
        words = asked.title.lower()
        title = next((title for word, title in SHOWN_BY if word in words and title in papers), profiles.POLICIES)
        return [str(papers[title])]
    if asked.kind == EvidenceKind.LINK:
        return "https://provider.example/policies"
    return "yes" if asked.kind == EvidenceKind.DECLARATION else "As our policy says, and as we do it each day."


def _prices(context: Context, lots: Answers, pence: int | Mapping[str, int]) -> Answers:
    asked = pools(bid.assemble({"lots": Part(lots)}, context).context)

    def price(number: int, pool) -> int:
        return pence + 200 * number if isinstance(pence, int) else pence[pool.lot.number]

    prices = {f"price_{pool.key}": f"{price(number, pool) / 100:.2f}" for number, pool in enumerate(asked)}
    return {"vat_all": "exempt"} | prices


def save(application: Application, parts: Mapping[str, Answers], *, by: User, only: Iterable[str] = ()) -> Application:
    """Save parts one after the other, as the pages do; all of them, or only these."""
    stands = own_bid(seen(application, by), user=by).draft
    for code in only or parts:
        revision = stands[code].revision if code in stands else 0
        applications.save_part(application=application, code=code, answers=parts[code], revision=revision, by=by)
    return seen(application, by)


def submit(application: Application, *, key: str, by: User):
    """Submit the draft as it stands."""
    application = seen(application, by)
    return applications.submit(
        application=application, key=key, revision=application.revision, accept_incomplete=False, by=by
    )
