from providers.models.applications import (
    Application,
    BidPrice,
    LateAttempt,
    Opening,
    Submission,
    SubmittedVersion,
)
from providers.models.library import ExpiryNotice, Item, ItemVersion
from providers.models.profiles import Accreditation, Insurance, Profile, Site
from providers.models.questions import Answer, AnswerVersion, BidMessage, DeadlineChange, Question, WithdrawalTold
from providers.models.seats import Seats

__all__ = [
    "Accreditation",
    "Answer",
    "AnswerVersion",
    "Application",
    "BidMessage",
    "BidPrice",
    "DeadlineChange",
    "ExpiryNotice",
    "Insurance",
    "Item",
    "ItemVersion",
    "LateAttempt",
    "Opening",
    "Profile",
    "Question",
    "Seats",
    "Site",
    "Submission",
    "SubmittedVersion",
    "WithdrawalTold",
]
