"""The pages of an evaluation that are measured: one that is judged and one whose prices were checked, each of as many
bids as there are rows, up to ten thousand."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from accounts.models import Organisation
from accounts.states import OrganisationKind
from bench.page import Page, in_chunks, nothing_more
from evaluation.models import Bid, BidLot, Evaluation, GatePool, GateResult, GateRun, Judgement, QualityResult
from evaluation.states import Slot
from lots.models import Framework, PriceLine
from providers.models import Application, BidPrice, Submission
from tests.evaluation import further, made
from tests.evaluation.documents import standards_of

MOST = 10_000  # bids: more than any framework has had
JUDGED, CHECKED = "The evaluation that is judged", "The evaluation whose prices were checked"


def _evaluation(world, title: str) -> Evaluation:
    """With two bids that can be read; made when it is asked for first."""
    found = Evaluation.objects.filter(framework__title=title).first()
    if found is None:
        framework = made.round_closed(world)
        Framework.objects.filter(pk=framework.pk).update(title=title)
        framework.refresh_from_db()
        found = made.evaluation(world, framework=framework)
    return found


def _bids(evaluation: Evaluation, first: int, last: int) -> list[Bid]:
    """More bids, for the parts that the first one is for."""
    framework, several = evaluation.framework, range(first, min(last, MOST))
    if not several:
        return []
    code = f"{evaluation.pk}-"

    def firm(n):
        name = f"Bidder {code}{n:06}"
        return Organisation(kind=OrganisationKind.PROVIDER, name=name, name_key=name.lower())

    def application(n):
        alias = f"B{n:06}"
        return Application(framework=framework, provider=firms[n - first], alias=alias, began_at=made.AT)

    def submission(n):
        return Submission(
            application=applications[n - first],
            number=1,
            reference=f"BENCH-{code}{n}",
            sealed=b"nothing",
            revision=1,
            sha256=f"{n:064}",
            content_key=f"{code}{n}".rjust(64, "0"),
            key=f"{code}{n}",
            submitted_at=framework.closes_at,
        )

    def bid(n):
        provider = firms[n - first]
        return Bid(
            evaluation=evaluation,
            provider=provider,
            provider_name=provider.name,
            submission=submissions[n - first],
            number=n + 10,
            sha256=f"{n:064}",
        )

    span = (several.start, several.stop)
    firms = in_chunks(Organisation, *span, firm)
    applications = in_chunks(Application, *span, application)
    submissions = in_chunks(Submission, *span, submission)
    bids = in_chunks(Bid, *span, bid)
    parts = list(BidLot.objects.filter(bid=evaluation.bids.order_by("number").first()))
    _written(
        BidLot(bid=one, lot_id=part.lot_id, sub_lot_id=part.sub_lot_id, complete=True) for one in bids for part in parts
    )
    return bids


def _written(rows) -> None:
    rows = list(rows)
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=5000)


def fill_judgements(world, first: int, last: int) -> None:
    """Eve and Tom judge every standard of every bid, both blind; nothing is judged."""
    evaluation = _evaluation(world, JUDGED)
    if not Judgement.objects.filter(bid__evaluation=evaluation).exists():
        made.given(evaluation, world)
    standards = standards_of(evaluation.framework)
    _written(
        Judgement(
            bid=bid, standard=standard, person=world.people[name], number=number, slot=Slot.BLIND, position=bid.number
        )
        for bid in _bids(evaluation, first, last)
        for standard in standards
        for number, name in ((1, "eve"), (2, "tom"))
    )


def fill_prices(world, first: int, last: int) -> None:
    """One average of all bids, worked out and signed."""
    evaluation = _evaluation(world, CHECKED)
    run = GateRun.objects.filter(evaluation=evaluation).first() or further.run(evaluation, world)
    pool = GatePool.objects.filter(run=run).order_by("pk").first()
    line = PriceLine.objects.get(pk=pool.line_id)
    bids = _bids(evaluation, first, last)
    _written(
        BidPrice(submission_id=bid.submission_id, lot_id=line.lot_id, line=line, pence=_pence(bid), vat="exempt")
        for bid in bids
    )
    _written(QualityResult(freeze=run.opening.freeze, bid=bid, lot_id=line.lot_id, passed=True) for bid in bids)
    prices = BidPrice.objects.filter(line=line, submission__bid__evaluation=evaluation)
    keys = dict(prices.values_list("submission__bid", "pk"))
    _written(
        GateResult(
            run=run,
            pool=pool,
            bid=bid,
            price_id=keys[bid.pk],
            pence=_pence(bid),
            compared=100 * _pence(bid),
            counts=True,
            passes=_pence(bid) < 5500,
            low=False,
        )
        for bid in bids
    )
    GatePool.objects.filter(pk=pool.pk).update(count=pool.count + len(bids), total=500_000 * (pool.count + len(bids)))


def _pence(bid: Bid) -> int:
    return 4000 + bid.number % 2000


def _in(title: str, name: str) -> Callable:
    return lambda world: reverse(name, args=[_evaluation(world, title).pk])


def _judgement(world) -> str:
    """Eve's first of a bid that can be read."""
    found = Judgement.objects.filter(bid__evaluation=_evaluation(world, JUDGED), person=world.eve, bid__number=1)
    return reverse("judgement", args=[found.order_by("pk").first().pk])


def _run(world) -> str:
    return reverse("run", args=[GateRun.objects.get(evaluation=_evaluation(world, CHECKED)).pk])


def _pool(world) -> str:
    found = GatePool.objects.filter(run__evaluation=_evaluation(world, CHECKED)).order_by("pk").first()
    return reverse("pool", args=[found.pk])


PAGES = [
    Page("my_judgements", "eve", _in(JUDGED, "my_judgements"), fill_judgements),
    Page("judgement", "eve", _judgement, nothing_more),
    Page("bids", "eve", _in(JUDGED, "bids"), nothing_more),
    Page("bids for the buyer", "max", _in(JUDGED, "bids"), nothing_more),
    Page("differences", "ada", _in(JUDGED, "differences"), nothing_more),
    Page("price_check", "max", _in(CHECKED, "price_check"), fill_prices),
    Page("run", "max", _run, nothing_more),
    Page("pool", "max", _pool, nothing_more),
]
