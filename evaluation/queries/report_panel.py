"""The report's first part: the framework and its rules, the panel and its interests, the opening."""

from __future__ import annotations

from collections.abc import Iterator

from audit.queries import head
from evaluation.models import (
    Appointment,
    Assignment,
    Bid,
    BidLot,
    Conflict,
    CureRule,
    Declaration,
    OpeningAct,
)
from evaluation.queries.report_tables import Cell, Column, Reader, Section, facts, label, table
from evaluation.states import BidState, Cure, Duty, Source, Stage, When
from lots.models import Decision, Standard
from lots.queries.policies import blocks_of, policies_of, standing_decisions
from lots.rules import policies as rules
from lots.rules.policy_list import POLICY
from lots.states import EvidenceKind


def sections(reader: Reader) -> list[Section]:
    """In the order of the evaluation."""
    evaluation = reader.evaluation
    of = {"evaluation": evaluation}
    bids = Bid.objects.filter(pk__in=reader.bids)
    return [
        facts(
            "framework",
            "The framework and how far its evaluation has come",
            "What was bid for, and what was fixed for the evaluation before the opening.",
            lambda: _framework(reader),
        ),
        Section(
            "policies",
            "Rules of the framework",
            "They were locked when the framework was published.",
            ("Rule", "How it stands", "Decided", "By", "Why"),
            lambda most: _policies(reader),
        ),
        Section(
            "decisions",
            "Decisions about the rules",
            "Every decision, replaced ones too, with what bidders were told.",
            ("About", "Decision", "Why", "Told to bidders", "Decided", "By", "Replaced"),
            lambda most: _decisions(reader),
        ),
        table(
            "standards",
            "Standards",
            "What each bid was judged against.",
            Standard.objects.filter(theme__version__framework=evaluation.framework_id).order_by(
                "theme__position", "theme_id", "position", "id"
            ),
            Column("Theme", "theme__title"),
            Column("Number", "number"),
            Column("Standard", "title"),
        ),
        table(
            "cures",
            "What bidders may send when they are asked",
            "By kind of evidence, set before the opening. A kind that is not here: an explanation only.",
            CureRule.objects.filter(**of).order_by("kind"),
            Column("Kind of evidence", "kind", label(EvidenceKind)),
            Column("What may be sent", "cure", label(Cure)),
        ),
        table(
            "panel",
            "Panel",
            "Who was appointed to what, and until when.",
            Appointment.objects.filter(**of).order_by("appointed_at", "pk"),
            Column("Person", "person__name"),
            Column("Duty", "duty", label(Duty)),
            Column("Appointed", "appointed_at"),
            Column("By", "appointed_by__name"),
            Column("Ended", "ended_at"),
            Column("Ended by", "ended_by__name"),
            Column("Why", "end_reason", reader.text),
            lead=2,
        ),
        table(
            "assignments",
            "Who judged which standards",
            "As they were assigned; who judged each bid stands with the judgements.",
            Assignment.objects.filter(**of).order_by("standard__theme__position", "standard__position", "pk"),
            Column("Standard", "standard__number"),
            Column("Person", "person__name"),
            Column("Assigned", "assigned_at"),
            Column("Ended", "ended_at"),
        ),
        table(
            "declarations",
            "Declarations of interests",
            "Each person declared before the names were known, and again when they were. A later one replaces an "
            "earlier one; both stay.",
            Declaration.objects.filter(**of).order_by("declared_at", "pk"),
            Column("Person", "person__name"),
            Column("When", "moment", label(When)),
            Column("Has an interest", "has_interest"),
            Column("Text", "text", reader.text),
            Column("Declared", "declared_at"),
            Column("Replaced", "replaced_at"),
        ),
        table(
            "conflicts",
            "Interests in bidders and how they were dealt with",
            "Somebody with an interest is kept from that bid until the interest was mitigated by a decision of another "
            "person (Procurement Act 2023, sections 81 and 82).",
            Conflict.objects.filter(**of).exclude(provider__in=list(reader.left_out)).order_by("noted_at", "pk"),
            Column("Person", "person__name"),
            Column("Bidder", "provider__name"),
            Column("Known from", "source", label(Source)),
            Column("Text", "text"),
            Column("Noted", "noted_at"),
            Column("By", "noted_by__name"),
            Column("Mitigation", "mitigation"),
            Column("Mitigated", "mitigated_at"),
            Column("Mitigated by", "mitigated_by__name"),
            lead=2,
        ),
        table(
            "opening",
            "Opening",
            "The recorded act after the deadline. Its hash is over the hashes of all submissions.",
            OpeningAct.objects.filter(**of),
            Column("Proposed", "proposed_at"),
            Column("By", "proposed_by__name"),
            Column("Opened", "opened_at"),
            Column("Opened by", "opened_by__name"),
            Column("Submissions", "submissions"),
            Column("SHA-256", "sha256"),
        ),
        table(
            "bids",
            "Bids",
            "Every submission that was opened, with its hash. The number was drawn at the opening.",
            bids.order_by("number"),
            Column("Bid", "number"),
            Column("Bidder", "provider_name"),
            Column("Receipt", "submission__reference"),
            Column("Submitted", "submission__submitted_at"),
            Column("SHA-256", "sha256"),
            Column("State", "state", label(BidState)),
            Column("Why", "state_reason"),
            Column("Since", "state_at"),
            Column("By", "state_by__name"),
            lead=2,
        ),
        table(
            "parts",
            "What was bid for",
            "Lots and parts of lots, and whether the application for each was complete.",
            BidLot.objects.filter(bid__in=reader.bids).order_by("bid__number", "lot__position", "sub_lot__letter"),
            Column("Bid", "bid__number"),
            Column("Bidder", "bid__provider_name"),
            Column("Lot", "lot__number"),
            Column("Part", "sub_lot__letter"),
            Column("Complete", "complete"),
            Column("Missing", "missing"),
            lead=4,
        ),
    ]


def _framework(reader: Reader) -> Iterator[tuple[str, Cell]]:
    evaluation, framework = reader.evaluation, reader.evaluation.framework
    yield "Framework", framework.title
    yield "Buyer", framework.buyer.name
    yield "Reference", framework.reference
    yield "Open contracting identifier", framework.ocid
    yield "Published", framework.published_at
    yield "Deadline for applications", framework.closes_at
    yield "Evaluation began", evaluation.began_at
    yield "Stage", Stage(evaluation.stage).label
    yield "Two people open the applications", evaluation.two_open
    yield "Working days to answer a question", evaluation.clarify_days
    yield "Waiting period after the award notice", evaluation.standstill
    yield "Fixed", evaluation.fixed_at
    if seal := head():
        yield "Last seal of the portal’s record", f"Number {seal.pk}, {seal.hash}"


def _policies(reader: Reader) -> Iterator[tuple[Cell, ...]]:
    framework = reader.evaluation.framework
    for block in blocks_of(framework, policies_of(framework), standing_decisions(framework)):
        for line in block.lines:
            made = line.decision
            decided = (
                (made.decided_at, str(made.decided_by or ""), made.reason) if made else (None, "As pre-selected", "")
            )
            yield line.policy.label, line.said, *decided


def _decisions(reader: Reader) -> Iterator[tuple[Cell, ...]]:
    rows = Decision.objects.filter(framework=reader.evaluation.framework_id).order_by("decided_at", "pk")
    fields = ("about", "option", "reason", "clarification", "decided_at", "decided_by__name", "replaced_at")
    for about, option, *rest in rows.values_list(*fields).iterator():
        policy = POLICY.get(about)
        said = rules.said(policy, rules.read(policy, option)) if policy else option
        yield policy.label if policy else about.replace("_", " "), said, *rest
