"""The report's third part: prices opened, asked about, corrected, and checked."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Value

from evaluation.models import Correction, GatePool, GateResult, GateRun, LowEnquiry, PriceOpening
from evaluation.queries import gate, sensitivity
from evaluation.queries.price_pages import labels_of_places, names_for, names_of_keys, policy_in_words
from evaluation.queries.report_tables import AT_ONCE, OF_ALL, Cell, Column, Reader, Section, label, pence, table
from evaluation.rules.amounts import average, pounds
from evaluation.rules.gate import KINDS, Policy
from evaluation.rules.sensitivity import compare
from evaluation.states import LowDecision, RunState

MOST_DRAWN = 60  # averages of one run
_POOL = ("Price check", "Lot", "Part", "Price line", "Prices", "Sum", "Average", "Highest that passes")


def sections(reader: Reader) -> list[Section]:
    """In the order of the evaluation."""
    evaluation, hidden = reader.evaluation, reader.priceless()
    met = {"price__submission__bid__in": reader.bids}
    about = (
        Column("Bid", "price__submission__bid__number"),
        Column("Bidder", "price__submission__bid__provider_name"),
        Column("Lot", "price__lot__number"),
        Column("Part", "price__sub_lot__letter"),
        Column("Price line", "price__line__title"),
    )

    return [
        table(
            "price_opening",
            "Opening of the prices",
            "Prices are opened after quality was frozen, by somebody who neither froze it nor judged.",
            PriceOpening.objects.filter(freeze__evaluation=evaluation).order_by("at"),
            Column("Freeze", "freeze__number"),
            Column("Opened", "at"),
            Column("By", "by__name"),
        ),
        table(
            "enquiries",
            "Questions about unusually low prices",
            "Asked before any average was taken (Procurement Act 2023, s.19), with what was decided and why.",
            LowEnquiry.objects.filter(**met).order_by("asked_at", "pk"),
            *about,
            Column("Question", "text"),
            Column("Asked", "asked_at"),
            Column("By", "asked_by__name"),
            Column("Until", "due_at"),
            Column("Answer", "answer"),
            Column("Answered", "answered_at"),
            Column("Decision", "decision", label(LowDecision)),
            Column("Why", "reason"),
            Column("Decided", "decided_at"),
            Column("Decided by", "decided_by__name"),
            Column("Replaced", "replaced_at"),
            withheld=hidden,
            lead=5,
        ),
        table(
            "corrections",
            "Corrections of obvious errors",
            "With the bidder’s consent and a second person; the price as it was bid stays.",
            Correction.objects.filter(**met).order_by("proposed_at", "pk"),
            *about,
            Column("Was", "was_pence", pence),
            Column("Becomes", "becomes_pence", pence),
            Column("Why", "reason"),
            Column("Consent", "consent"),
            Column("Proposed", "proposed_at"),
            Column("By", "proposed_by__name"),
            Column("Approved", "approved_at"),
            Column("Approved by", "approved_by__name"),
            Column("Dropped", "dropped_at"),
            Column("Replaced", "replaced_at"),
            withheld=hidden,
            lead=5,
        ),
        table(
            "runs",
            "Price checks",
            "Every run with its rules and hashes. Who works one out again from the same prices and rules gets the same "
            "hash.",
            GateRun.objects.filter(evaluation=evaluation).order_by("number"),
            Column("Price check", "number"),
            Column("State", "state", label(RunState)),
            Column("Asked", "asked_at"),
            Column("By", "asked_by__name"),
            Column("Why", "why", reader.text),
            Column("Done", "done_at"),
            Column("Rules", "policy", _rules),
            Column("Prices", "prices", reader.sum_of_all),
            Column("Failing", "failing", reader.sum_of_all),
            Column("SHA-256 of the prices", "inputs_sha256", reader.sum_of_all),
            Column("SHA-256", "sha256", reader.sum_of_all),
            Column("Signed", "signed_at"),
            Column("Signed by", "signed_by__name"),
            Column("No longer counts since", "voided_at"),
            Column("Why not", "void_reason", reader.text),
            withheld=hidden,
        ),
        Section(
            "pools",
            "Prices that were compared together",
            "Each pool with its average and limit: exact, in pounds.",
            _POOL,
            lambda most: _pools(reader),
            hidden,
            lead=4,
        ),
        table(
            "results",
            "Results of the price checks",
            "Every price of every run. What is compared includes VAT where the rules say so.",
            GateResult.objects.filter(run__evaluation=evaluation, bid__in=reader.bids).order_by(
                "run__number", "pool__lot__position", "pool__line__position", "pool__sub_lot__letter", "compared", "pk"
            ),
            Column("Price check", "run__number"),
            Column("Lot", "pool__lot__number"),
            Column("Part", "pool__sub_lot__letter"),
            Column("Price line", "pool__line__title"),
            Column("Bid", "bid__number"),
            Column("Bidder", "bid__provider_name"),
            Column("Price", "pence", pence),
            Column("Compared", "compared", pounds),
            Column("Counts", "counts"),
            Column("Passes", "passes"),
            Column("Unusually low", "low"),
            withheld=hidden,
            lead=6,
        ),
        Section(
            "pointed_out",
            "What was pointed out",
            "Shown to whoever signed the price check that counts, before they signed it.",
            ("Price check", "Prices", "What", "Bidders"),
            lambda most: _pointed_out(reader),
            hidden,
        ),
        Section(
            "other_rules",
            "Who would change under other rules",
            "Each other choice by itself, everything else as it is. The rules were fixed before anybody bid.",
            ("Price check", "Rule", "If it were", "Would pass", "Would not pass"),
            lambda most: _other_rules(reader),
            hidden or (OF_ALL if reader.left_out else ""),
        ),
    ]


def _rules(policy: str) -> str:
    return "; ".join(f"{what}: {says}" for what, says in policy_in_words(Policy.read(policy)))


def _pools(reader: Reader) -> Iterator[tuple[Cell, ...]]:
    """Where a bidder is left out, their price could be worked out from the sum and the prices of the others."""
    others = GateResult.objects.filter(pool=OuterRef("pk")).exclude(bid__in=reader.bids)
    rows = GatePool.objects.filter(run__evaluation=reader.evaluation)
    rows = rows.annotate(hides=Exists(others) if reader.left_out else Value(False))
    rows = rows.order_by("run__number", "lot__position", "line__position", "sub_lot__letter", "pk")
    fields = ("run__number", "lot__number", "sub_lot__letter", "line__title", "hides", "count", "total", "upper")
    for run, lot, part, line, hides, count, total, upper in rows.values_list(*fields).iterator(chunk_size=AT_ONCE):
        if hides:
            yield run, lot, part, line, OF_ALL, "", "", ""
        else:
            yield run, lot, part, line, count, pounds(total), _average(count, total), pounds(upper)


def _average(count: int, total: int) -> str:
    """In pounds, exactly: a fraction where decimals do not end, with four places for people to read."""
    found = average(total, count)
    return f"{found.decimals} (exactly {found.exact})" if found else "None"


def _signed(reader: Reader) -> GateRun | None:
    """The run that the award rests on, or the last one that was worked out."""
    runs = GateRun.objects.filter(evaluation=reader.evaluation, state__in=[RunState.SIGNED, RunState.DONE])
    return runs.select_related("opening").order_by("-state", "-number").first()


def _pointed_out(reader: Reader) -> Iterator[tuple[Cell, ...]]:
    run = _signed(reader)
    flags = [flag for flag in gate.flags_of(run) if flag.pool] if run else []
    names, pools = names_for(reader.evaluation, user=reader.user), names_of_keys({flag.pool for flag in flags})
    for flag in flags:
        if all(bid in names for bid in flag.bids):
            yield run.number, pools[flag.pool], KINDS[flag.kind], ", ".join(names[bid] for bid in flag.bids)


def _other_rules(reader: Reader) -> Iterator[tuple[Cell, ...]]:
    run = _signed(reader)
    found = sensitivity.all_inputs(run) if run else None
    if found is None:
        return
    names, places = names_for(reader.evaluation, user=reader.user), labels_of_places(reader.evaluation)

    def named(several) -> str:
        return ", ".join(f"{names[bid]} ({places[lot, part]})" for bid, lot, part in several) or "Nobody"

    for one in compare(found.prices, found.places, found.policy):
        yield run.number, one.other.what, one.other.says, named(one.gained), named(one.lost)


def pools_to_draw(reader: Reader) -> list[tuple[GatePool, list[GateResult]]]:
    """The averages of that run with their results, lowest first, for pictures: those in which a price counts and every
    bidder is one whom the reader meets."""
    run = _signed(reader) if reader.prices and not reader.left_out else None
    if run is None:
        return []
    found: dict[int, list[GateResult]] = {}
    for one in GateResult.objects.filter(run=run).order_by("compared", "pk"):
        found.setdefault(one.pool_id, []).append(one)
    pools = GatePool.objects.filter(run=run, count__gt=0).select_related("lot", "sub_lot", "line")
    ordered = pools.order_by("lot__position", "line__position", "sub_lot__letter", "pk")[:MOST_DRAWN]
    return [(pool, found[pool.pk]) for pool in ordered]
