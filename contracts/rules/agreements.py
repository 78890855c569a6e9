"""When an agreement may be signed, and what a framework agreement says, clause by clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from contracts.states import CONTRACT_MOVES, ContractState
from lots.rules.policies import said
from lots.rules.policy_list import POLICY
from lots.rules.refusals import Refused

REPLACED = "Replaced by a newer offer"
NO_PLACE = "No place of the provider on the framework is left"


def check_move(now: str, then: str) -> None:
    """An agreement goes on only as `CONTRACT_MOVES` says. Raises `Refused`, saying what it is."""
    if ContractState(then) not in CONTRACT_MOVES[ContractState(now)]:
        raise Refused(
            f"This agreement is at “{ContractState(now).label}”, so this can no longer be done. Look at it again: "
            "somebody may have changed it meanwhile"
        )


def check_places(standing: int) -> None:
    """There is something to agree on: a place that has not ended. Raises `Refused`."""
    if not standing:
        raise Refused("All places in this agreement have been declined or have ended, so there is nothing to sign")


def signs_from(moments: Iterable[dt.datetime | None]) -> dt.datetime | None:
    """From when the buyer may sign: the latest end of a waiting period; None where there is none."""
    return max((moment for moment in moments if moment is not None), default=None)


def check_waited(*, waits_for_notice: bool, signs_from: dt.datetime | None, at: dt.datetime) -> None:
    """The buyer enters into the agreement only after the award notice was published and the waiting period after it
    has ended (Procurement Act 2023, s.50(1), s.51(1)). Raises `Refused`."""
    if waits_for_notice:
        raise Refused("The award notice has not been published yet. Sign after the waiting period that follows it")
    if signs_from is not None and at < signs_from:
        raise Refused("The waiting period after the award notice has not ended, so this cannot be signed yet")


def reference(framework: int, supplier: int, number: int) -> str:
    """What an agreement is called: `FA-12-345`, the second one with the same provider `FA-12-345-2`."""
    return f"FA-{framework}-{supplier}" + (f"-{number}" if number > 1 else "")


def clauses(facts: Mapping) -> list[dict]:
    """The agreement's own words, from its facts (`contracts.queries.facts_of`): they are part of what is signed, so
    that nobody can change them by changing a page."""
    framework, rules = facts["framework"], facts["rules"]
    buyer, supplier = facts["buyer"]["name"], facts["supplier"]["name"]
    return [
        _clause(
            "What this is",
            f"This is a framework agreement between {buyer} (the buyer) and {supplier} (the provider) for “"
            f"{framework['title']}” (Procurement Act 2023, section 45).",
            "It is one of a series of frameworks on substantially the same terms (section 49)."
            if framework["is_open"]
            else "",
            "It binds both when both have signed. The buyer signs last, and not before the waiting period after the "
            "award notice has ended, where there is one (sections 50 and 51).",
        ),
        _clause(
            "How long it lasts",
            _term(framework),
            "It ends earlier when the next framework of the series is awarded (section 49(2)(b))."
            if framework["is_open"]
            else "",
            "Agreements for pupils that were made under it go on to their own end."
            if rules["in_flight"]
            else "An agreement for a pupil that is still being made when it ends is not made under it any more.",
        ),
        _clause(
            "What the provider is on the framework for",
            "The lots and parts of lots in the schedule, from the day on which each place becomes active.",
            "A place that the provider is awarded later, and accepts in the portal, is part of this agreement at the "
            "prices shown there. A place that has ended is not part of it any more.",
            "The buyer does not promise that any pupil will be placed.",
        ),
        _clause("Who may use it", *_users(facts)),
        _clause(
            "How a provider is chosen for a pupil",
            f"{said(POLICY['selection'], rules['selection'])} (section 45(4)(b)).",
            "Somebody else may be chosen on one of these grounds, which is recorded: "
            f"{'; '.join(_inside(one) for one in rules['departures'])}."
            if rules["departures"]
            else "",
        ),
        _clause(
            "Prices",
            "The prices in the schedule are without VAT, for the unit that stands beside each. VAT is added where the "
            "law asks for it.",
            _review(rules),
            "The provider may offer a lower price for a pupil at any time.",
        ),
        _clause(
            "Which sessions are paid for",
            *(f"{POLICY[code].label}: {rules[code]}% of the price." for code in _CHARGED),
            f"A session that is cancelled {rules['notice_hours']} hours or more before it begins costs nothing.",
        ),
        _clause(
            "When invoices are paid",
            f"Within {rules['payment_days']} days, beginning with the day on which the invoice is received, unless it "
            "is not valid or is disputed (section 68).",
            framework["payment_terms"],
        ),
        _clause(
            "Keeping to the standards",
            "The provider goes on meeting the quality standards against which its application was assessed, and "
            "renews its insurance and other evidence before it runs out.",
            "The buyer may suspend a place for safeguarding, for a ground for exclusion, for an insurance that is "
            "missing or for a commercial cause, and says why. No new pupils are placed meanwhile.",
        ),
        _clause(
            "How it ends early",
            "The provider may give up a place in the portal at any time. Pupils who are placed stay on their own "
            "terms.",
            "The buyer may end a place where the provider is an excluded or excludable supplier (section 78), does "
            "not keep to the standards, or breaks this agreement. It says why.",
            "When the last place ends, this agreement ends.",
        ),
        _clause("Law", "The law of England and Wales applies, and its courts decide."),
    ]


_CHARGED = ("charge_attended", "charge_absent_told", "charge_absent_not_told", "charge_closed", "charge_cancelled")


def _clause(heading: str, *lines: str) -> dict:
    return {"heading": heading, "lines": [line for line in lines if line]}


def _term(framework: Mapping) -> str:
    first, last = framework["starts_on"], framework["ends_on"]
    begins = f"It begins on {_day(first)}" if first else "It begins when both have signed"
    return f"{begins} and ends on {_day(last)}." if last else f"{begins}."


def _users(facts: Mapping) -> list[str]:
    named = facts["users"]
    lines = [f"{facts['buyer']['name']} may make agreements for pupils under it (section 45(5))."]
    return [*lines, f"So may: {'; '.join(named)}."] if named else lines


def _review(rules: Mapping) -> str:
    words = f"Price review: {_inside(said(POLICY['price_review'], rules['price_review']))}."
    if rules["price_review"] != "cpi" or rules["review_cap_percent"] is None or rules["review_on"] is None:
        return words
    first = dt.date.fromisoformat(rules["review_on"])
    return f"{words} First on {_day(rules['review_on'])}, then each {first.day} {first:%B}; a rise of at most " + (
        f"{rules['review_cap_percent']}% each time."
    )


def _inside(words: str) -> str:
    """The words of a policy inside a sentence; an abbreviation stays as it is."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _day(text: str) -> str:
    day = dt.date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"
