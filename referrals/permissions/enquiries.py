"""Who asks, who answers, who chooses, and who of the chosen provider reads about the pupil."""

from __future__ import annotations

from accounts.queries import has_role
from referrals.models import Disclosure, Enquiry, Referral
from referrals.models.own import ANSWERS, COMMISSIONS, SEES_PUPILS, TEACHES, holds

LAPSE = "referrals.lapse_enquiries"
REMIND = "referrals.remind_of_enquiries"


def can_ask(user, referral: Referral) -> bool:
    """Ask providers: whoever refers for the commissioner."""
    return holds(user, referral.commissioner_id, COMMISSIONS)


def can_compare(user, referral: Referral) -> bool:
    """See the offers on a referral: whoever works with the commissioner's pupils."""
    return holds(user, referral.commissioner_id, SEES_PUPILS)


def can_choose(user, enquiry: Enquiry) -> bool:
    """Accept the offer on an enquiry: whoever refers for the commissioner."""
    return holds(user, enquiry.referral.commissioner_id, COMMISSIONS)


def can_see_enquiries(user, organisation) -> bool:
    """A provider's enquiries: its people. They name nobody."""
    return has_role(user, *ANSWERS, organisation=organisation)


def can_see_enquiry(user, enquiry: Enquiry) -> bool:
    """One enquiry and what was answered: both sides' people, to whom alone its queryset shows it."""
    return True


def can_answer(user, enquiry: Enquiry) -> bool:
    """Offer or decline: the provider's people."""
    return has_role(user, *ANSWERS, organisation=enquiry.provider_id)


def can_meet_pupils(user, organisation) -> bool:
    """Which pupils the provider may know: its people who meet pupils. Whoever leads the account does not (ADR 3)."""
    return has_role(user, *TEACHES, organisation=organisation)


def can_know(user, disclosure: Disclosure) -> bool:
    """Who the pupil is: the chosen provider's people who meet pupils."""
    return has_role(user, *TEACHES, organisation=disclosure.provider_id)
