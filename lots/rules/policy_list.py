"""Every policy of a framework, in the order of its pages: what it decides, the clause, its values, and why one of them
stands pre-selected. Plain English: providers read it too."""

from __future__ import annotations

from lots.rules.policies import Policy, Topic
from lots.states import (
    DEPARTURES,
    Basis,
    CallOff,
    Counted,
    Evaluators,
    FailCosts,
    LotLimit,
    Pool,
    PriceReview,
    QualityScope,
    Selection,
    Sides,
)

PRICES, QUALITY, PLACES = "Who passes on price", "Who passes on quality", "Places"
CHOOSING, MONEY = "Choosing a provider for a pupil", "What is paid"


def _choice(code: str, label: str, options, default, hint: str = "") -> Policy:
    return Policy(code, label, "choice", default.value, tuple((o.value, o.label) for o in options), hint)


def _percent(code: str, label: str, default: int | None, hint: str = "") -> Policy:
    return Policy(code, label, "percent", default, hint=hint)


TOPICS = (
    Topic(
        "pool",
        PRICES,
        "Prices compared together",
        "Which prices share one average. The average sets the limit, so it decides who passes.",
        "Award criteria of the notice: “average pricing for the lot”.",
        "The usual wording speaks of the lot. An average presupposes like for like, so each price line has its own.",
        (_choice("pool", "Prices compared together", Pool, Pool.LINE),),
    ),
    Topic(
        "counted",
        PRICES,
        "Whose prices count",
        "Whether a bid that failed on quality still moves the average. A withdrawn bid never counts.",
        "Award criteria of the notice; most advantageous tender (Procurement Act 2023, s.19).",
        "A bid that is out is not a price in the market. One high price from a bid that failed can let others through.",
        (_choice("counted", "Whose prices count", Counted, Counted.PASSED),),
    ),
    Topic(
        "margin",
        PRICES,
        "The margin",
        "How far a price may lie from the average of its pool. A price exactly at the limit passes. The average is "
        "taken once and never again after somebody failed.",
        "Award criteria of the notice: “average plus 20%”, and elsewhere “within 20% of the average”.",
        "“Average plus” names an upper limit. A low price harms nobody by being low; it is asked about instead.",
        (
            _percent("margin_percent", "Margin", 20),
            _choice("sides", "Which side", Sides, Sides.UPPER),
        ),
    ),
    Topic(
        "low",
        PRICES,
        "Unusually low prices",
        "From where on the portal points a price out to a person, before the average is taken. It never cuts a price.",
        "Abnormally low price (Procurement Act 2023, s.19): ask first, then decide, with reasons.",
        "One very low price pulls the average down and fails ordinary bids. Half of the others’ average is rarely "
        "reached by an honest price.",
        (_percent("low_percent", "Point out a price below this share of the average of the others", 50),),
    ),
    Topic(
        "fail-costs",
        PRICES,
        "What a price that fails costs",
        "How much of a bid is lost when one of its prices is above the limit.",
        "Award criteria of the notice: a provider outside the limit is not accepted.",
        "The notice takes the average for a lot, so a price that fails costs the lot and nothing beside it.",
        (_choice("fail_costs", "A price that fails costs", FailCosts, FailCosts.LOT),),
    ),
    Topic(
        "basis",
        PRICES,
        "With or without VAT",
        "Whether prices are compared before or after VAT. Each provider says for each price whether VAT is charged.",
        "Value Added Tax Act 1994, Schedule 9, group 6: some education is exempt, some is not.",
        "Councils can usually recover VAT, so the price without it is what the council bears.",
        (_choice("basis", "Prices are compared", Basis, Basis.NET),),
    ),
    Topic(
        "quality",
        QUALITY,
        "What a failed theme costs",
        "Whether quality is judged once for each provider or for each lot.",
        "Award criteria of the notice: a fail for any theme and the provider is not accepted.",
        "The usual wording speaks of the provider. Most standards are about the provider, whatever the lot.",
        (_choice("quality", "Quality is judged", QualityScope, QualityScope.PROVIDER),),
    ),
    Topic(
        "evaluators",
        QUALITY,
        "How many people judge",
        "How many people judge a standard without seeing each other’s decision.",
        "Equal treatment and integrity (Procurement Act 2023, s.12).",
        "Two where a mistake harms a child or ends a bid; elsewhere one, a second reader, and a sample by two.",
        (
            _choice("evaluators", "People who judge", Evaluators, Evaluators.MIXED),
            _percent("blind_percent", "Share of the rest that two people judge as a sample", 20),
        ),
    ),
    Topic(
        "lots-that-come",
        PLACES,
        "Lots that come with the others",
        "Whether a place on any lot brings a place on the lots that nobody bids for.",
        "Award criteria of the notice: whoever is accepted on a lot becomes a member of the miscellaneous lot.",
        "The notice says so. The place ends at the same moment as the provider’s last other place.",
        (Policy("auto_places", "A place on any lot brings these lots", "yes_no", True),),
    ),
    Topic(
        "limits",
        PLACES,
        "Limits on places",
        "What the limit on lots counts, and what happens when more providers pass than the framework takes.",
        "Maximum number of participants and of lots in the notice; s.45 and s.49(5) of the Procurement Act 2023.",
        "All parts of a lot are one lot. Without a published rule nobody gets a place until the limit was lawfully "
        "changed, because a limit is never filled in the order of arrival.",
        (
            _choice("lot_limit", "The limit on lots counts", LotLimit, LotLimit.LOTS),
            Policy(
                "over_limit_rule",
                "Rule when more pass than there are places",
                "text",
                "",
                hint="Write it so that two people applying it get the same list. Leave empty for none.",
            ),
        ),
    ),
    Topic(
        "who-may-use-it",
        CHOOSING,
        "Who may use the framework",
        "Whether others than the buyer, such as schools and trusts, may make agreements under it.",
        "The framework states who may use it (Procurement Act 2023, s.45(5)).",
        "Whoever is not named may not use it. Name them under “who may use the framework” first.",
        (_choice("call_off", "Who may use it", CallOff, CallOff.BUYER),),
    ),
    Topic(
        "selection",
        CHOOSING,
        "How a provider is chosen",
        "The objective way in which one provider is chosen for one pupil without a further competition.",
        "An objective mechanism for supplier selection (Procurement Act 2023, s.45(4)(b)).",
        "Need first, then whether there is room, then what it costs in all. A price lowered since counts.",
        (
            _choice("selection", "How a provider is chosen", Selection, Selection.LOWEST_COST),
            Policy(
                "departures",
                "Grounds on which somebody else may be chosen",
                "text",
                DEPARTURES,
                hint="One on each line. Whoever is not chosen can be told which of them it was.",
            ),
        ),
    ),
    Topic(
        "being-made",
        CHOOSING,
        "Agreements being made when the framework ends",
        "Whether a choice that has begun may be finished after the next opening has replaced this one.",
        "Procurement Act 2023, s.49(3): only if the open framework so provides.",
        "A child’s start should not fall between two frameworks.",
        (Policy("in_flight", "They may be finished under the old terms", "yes_no", True),),
    ),
    Topic(
        "price-review",
        MONEY,
        "Price review",
        "Whether prices can rise while the framework runs. A lower price may be offered at any time.",
        "Price, or how it is set (Procurement Act 2023, s.45(5)).",
        "Providers price what they know. At the next opening everybody prices anew.",
        (
            _choice("price_review", "Prices are reviewed", PriceReview, PriceReview.NONE),
            _percent("review_cap_percent", "Cap on a rise", None, "Only for a review by the index"),
            Policy("review_on", "First review", "day", None, hint="Only for a review by the index"),
        ),
    ),
    Topic(
        "charging",
        MONEY,
        "Which sessions are charged",
        "Which share of the price is paid for a session that did not run as planned. Shown to all before they bid.",
        "Price, or how it is set (Procurement Act 2023, s.45(5)).",
        "The seat was kept and the staff were there, so it is paid; a day on which the provider is closed is not.",
        (
            _percent("charge_attended", "The pupil attended", 100),
            _percent("charge_absent_told", "Absent, and the provider was told", 100),
            _percent("charge_absent_not_told", "Absent, and the provider was not told", 100),
            _percent("charge_closed", "The provider was closed", 0),
            _percent("charge_cancelled", "Cancelled later than the notice below", 100),
            Policy(
                "notice_hours", "Notice of a cancellation that costs nothing", "number", 24, unit="hours", largest=720
            ),
        ),
    ),
    Topic(
        "payment",
        MONEY,
        "When invoices are paid",
        "The day by which an invoice is paid that nobody queries.",
        "Procurement Act 2023, s.68: 30 days, beginning with the day on which it is received.",
        "The law’s own limit. A shorter one helps small providers; a longer one would have no effect.",
        (
            Policy(
                "payment_days", "Time to pay, beginning with the day of receipt", "number", 30, unit="days", largest=30
            ),
        ),
    ),
)

TOPIC = {topic.slug: topic for topic in TOPICS}
POLICY = {policy.code: policy for topic in TOPICS for policy in topic.policies}
TOPIC_OF = {policy.code: topic for topic in TOPICS for policy in topic.policies}
DEFAULTS = {code: policy.default for code, policy in POLICY.items()}
