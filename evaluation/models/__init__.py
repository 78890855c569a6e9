from evaluation.models.awards import AwardLine, AwardSet, Letter, Reversal
from evaluation.models.bids import Bid, BidLot, OpeningAct
from evaluation.models.evaluations import Appointment, Assignment, Conflict, CureRule, Declaration, Evaluation
from evaluation.models.freezes import Appeal, Freeze, QualityResult, ThemeResult
from evaluation.models.judging import Clarification, Judgement, Settled
from evaluation.models.moderation import Meeting
from evaluation.models.prices import Correction, GatePool, GateResult, GateRun, LowEnquiry, PriceOpening
from evaluation.models.reports import ReportCopy

__all__ = [
    "Appeal",
    "Appointment",
    "Assignment",
    "AwardLine",
    "AwardSet",
    "Bid",
    "BidLot",
    "Clarification",
    "Conflict",
    "Correction",
    "CureRule",
    "Declaration",
    "Evaluation",
    "Freeze",
    "GatePool",
    "GateResult",
    "GateRun",
    "Judgement",
    "Letter",
    "LowEnquiry",
    "Meeting",
    "OpeningAct",
    "PriceOpening",
    "QualityResult",
    "ReportCopy",
    "Reversal",
    "Settled",
    "ThemeResult",
]
