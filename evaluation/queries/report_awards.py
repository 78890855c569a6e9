"""The report's last part: what was awarded, taken back, told and agreed."""

from __future__ import annotations

from contracts.models import Contract
from contracts.states import ContractState
from evaluation.models import AwardLine, AwardSet, Letter, Reversal
from evaluation.queries.report_tables import Column, Reader, Section, label, table
from evaluation.states import Cause, LetterKind, SetState

_PART = (
    Column("Bid", "bid__number"),
    Column("Bidder", "bid__provider_name"),
    Column("Lot", "lot__number"),
    Column("Part", "sub_lot__letter"),
)


def sections(reader: Reader) -> list[Section]:
    """In the order of the evaluation. All of it follows from prices too."""
    evaluation, hidden = reader.evaluation, reader.priceless()
    sets = AwardSet.objects.filter(evaluation=evaluation).order_by("number")
    lines = AwardLine.objects.filter(award_set__evaluation=evaluation, bid__in=reader.bids)
    order = ("award_set__number", "bid__number", "lot__position", "sub_lot__letter", "pk")
    return [
        table(
            "sets",
            "Awards",
            "Each was proposed whole and decided whole by somebody who neither proposed it nor judged. The hash is "
            "over every line.",
            sets,
            Column("Award", "number"),
            Column("Price check", "run__number"),
            Column("State", "state", label(SetState)),
            Column("Proposed", "proposed_at"),
            Column("By", "proposed_by__name"),
            Column("How the published rule was applied", "rule_applied", reader.text),
            Column("Note", "note", reader.text),
            Column("Decided", "decided_at"),
            Column("Decided by", "decided_by__name"),
            Column("Why", "decided_note", reader.text),
            Column("SHA-256", "sha256", reader.sum_of_all),
            withheld=hidden,
        ),
        table(
            "notices",
            "Award notices and waiting periods",
            "The day on which the notice was published on Find a Tender, from which the waiting period counts.",
            sets.filter(published_on__isnull=False),
            Column("Award", "number"),
            Column("Notice", "notice_number"),
            Column("Published", "published_on"),
            Column("Noted", "published_noted_at"),
            Column("By", "published_noted_by__name"),
            Column("Waiting period", "standstill"),
            Column("Waits until", "waits_until"),
            withheld=hidden,
        ),
        table(
            "lines",
            "What each award says",
            "Every bid and every lot or part that it was made for: awarded, or not and why.",
            lines.order_by(*order),
            Column("Award", "award_set__number"),
            *_PART,
            Column("Awarded", "awarded"),
            Column("Cause", "cause", label(Cause)),
            Column("Why", "reason"),
            withheld=hidden,
            lead=5,
        ),
        table(
            "reversals",
            "Awards taken back",
            "A decision of two people of its own; the award stays as it was recorded.",
            Reversal.objects.filter(line__in=lines.values("pk")).order_by("proposed_at", "pk"),
            Column("Award", "line__award_set__number"),
            *(Column(one.heading, f"line__{one.field}") for one in _PART),
            Column("Why", "reason"),
            Column("Proposed", "proposed_at"),
            Column("By", "proposed_by__name"),
            Column("Done", "done_at"),
            Column("Done by", "done_by__name"),
            withheld=hidden,
            lead=5,
        ),
        table(
            "letters",
            "Letters",
            "What each bidder was sent, with the hash of the document.",
            Letter.objects.filter(award_set__evaluation=evaluation, bid__in=reader.bids).order_by(
                "award_set__number", "bid__number", "kind"
            ),
            Column("Award", "award_set__number"),
            Column("Bid", "bid__number"),
            Column("Bidder", "bid__provider_name"),
            Column("Letter", "kind", label(LetterKind)),
            Column("SHA-256", "file__sha256"),
            Column("Made", "made_at"),
            Column("Sent", "sent_at"),
            Column("First opened", "read_at"),
            withheld=hidden,
            lead=4,
        ),
        table(
            "agreements",
            "Framework agreements",
            "With the providers that were awarded a place.",
            Contract.objects.filter(framework=evaluation.framework_id)
            .exclude(supplier__in=list(reader.left_out))
            .order_by("reference"),
            Column("Agreement", "reference"),
            Column("Provider", "supplier__name"),
            Column("State", "state", label(ContractState)),
            Column("Offered", "offered_at"),
            Column("Not before", "not_before"),
            Column("Signed", "signed_at"),
            Column("Signed by", "signed_name"),
            Column("Countersigned", "countersigned_at"),
            Column("By", "countersigned_by__name"),
            Column("Ended", "ended_at"),
            Column("Why", "end_reason"),
            Column("SHA-256", "sha256"),
            withheld=hidden,
            lead=2,
        ),
    ]
