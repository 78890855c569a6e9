"""People, organisations, who has which role where, and when organisations are open."""

from accounts.models.calendars import Closure, TermDates
from accounts.models.joining import Invitation, LookAlike
from accounts.models.organisations import Membership, Organisation, Successor
from accounts.models.people import HeldAnswers, User
from accounts.models.postcodes import Postcode

__all__ = [
    "Closure",
    "HeldAnswers",
    "Invitation",
    "LookAlike",
    "Membership",
    "Organisation",
    "Postcode",
    "Successor",
    "TermDates",
    "User",
]
