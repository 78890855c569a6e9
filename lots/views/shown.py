"""What the pages of a framework say, in words: how it stands, its summary, its picture of dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core import charts
from core.money import Money
from core.templatetags.portal import in_words
from lots.models import Framework, Lot
from lots.queries.public import FrameworkPage, LotPage
from lots.rules import milestones
from lots.rules.milestones import Dates, Standing
from lots.rules.policies import Policy, Value, said
from lots.rules.policy_list import TOPICS
from lots.states import CallOff

COLOURS = {
    "draft": "grey",
    "open": "green",
    "assessing": "blue",
    "awarded": "light-blue",
    "running": "turquoise",
    "over": "grey",
    "withdrawn": "red",
}
_BEFORE_THE_DATE = {
    "open": "until",
    "assessing": "award planned by",
    "awarded": "begins on",
    "running": "until",
    "over": "on",
    "withdrawn": "on",
}
_MOST_ON_A_PICTURE = 12


def until(standing: Standing) -> str:
    """What belongs to the state: `until 20 April 2026 at midday (UK time)`. Empty where no date does."""
    if standing.on is None:
        return ""
    return f"{_BEFORE_THE_DATE[standing.code]} {when(standing.on, with_time=standing.code == 'open')}"


def when(value: dt.date | dt.datetime, *, with_time: bool = True) -> str:
    """A day, or a moment with its time in England."""
    with_time = with_time and isinstance(value, dt.datetime)
    return in_words(value, with_time=with_time) + (" (UK time)" if with_time else "")


def summary(page: FrameworkPage) -> list[dict]:
    """Lines of the summary list; what the framework does not say is left out."""
    framework, dates = page.framework, page.dates
    kind = "Open framework" if framework.is_open else "Framework"
    if framework.light_touch:
        kind += ", light touch contracts"
    runs = [when(day) for day in (framework.starts_on, framework.ends_on) if day]
    rows = [
        ("Buyer", framework.buyer.name),
        ("Reference", framework.reference),
        ("Procurement identifier", framework.ocid),
        ("Kind", kind),
        ("Estimated value", _value(framework)),
        ("Apply until", when(dates.closes_at) if dates.closes_at else ""),
        ("Ask questions until", when(dates.enquiries_until) if dates.enquiries_until else ""),
        ("Runs", " to ".join(runs)),
        ("Lots", _lots(page)),
        ("Most providers", f"{framework.max_participants:,}" if framework.max_participants else "No limit"),
        ("Most lots for each provider", f"{framework.max_lots:,}" if framework.max_lots else "No limit"),
        ("Who may use it", _users(page)),
        ("How to apply", framework.how_to_apply),
        ("Payment", framework.payment_terms),
        ("Risks that may change it", framework.risks),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def lot_summary(page: LotPage) -> list[dict]:
    """Lines of a lot's summary list; what the lot does not say is left out."""
    lot = page.lot
    days = [when(day) for day in (lot.starts_on, lot.ends_on) if day]
    kinds = [
        (lot.for_small, "small and medium-sized enterprises"),
        (lot.for_voluntary, "voluntary organisations and social enterprises"),
    ]
    rows = [
        ("Value", _value(lot)),
        ("Parts that can be applied for", "\n".join(page.parts)),
        ("Runs", " to ".join(days)),
        ("Where (statistical region)", ", ".join(page.regions)),
        ("Particularly suitable for", " and ".join(words for suits, words in kinds if suits)),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def _value(framework: Framework | Lot) -> str:
    given = [
        f"{Money(pence).in_short} {words}"
        for pence, words in ((framework.net_pence, "without VAT"), (framework.gross_pence, "with VAT"))
        if pence is not None
    ]
    return "\n".join(given)


def _lots(page: FrameworkPage) -> str:
    if not page.lots:
        return ""
    words = f"{len(page.lots)} lot{'s' if len(page.lots) > 1 else ''}"
    if page.biddable_parts:
        words += f", with {page.biddable_parts} part{'s' if page.biddable_parts > 1 else ''} that can be applied for"
    return words


def _users(page: FrameworkPage) -> str:
    policies = getattr(page.framework, "policies", None)
    named = page.users if policies and policies.call_off == CallOff.NAMED else ()
    return "\n".join([page.framework.buyer.name, *named])


@dataclass(frozen=True)
class Rule:
    """One line of the rules: what it is about, and what was chosen."""

    title: str
    chosen: tuple[str, ...]


def rules(framework: Framework) -> list[tuple[str, list[Rule]]]:
    """Heading and rules under it, in the order of the policies' own pages; nothing while none are set."""
    policies = getattr(framework, "policies", None)
    if policies is None:
        return []
    found: dict[str, list[Rule]] = {}
    for topic in TOPICS:
        values = [(one, getattr(policies, one.code)) for one in topic.policies]
        words = tuple(_rule(one, value, topic.title) for one, value in values if value not in {"", None})
        found.setdefault(topic.heading, []).append(Rule(topic.title, words))
    return list(found.items())


def _rule(policy: Policy, value: Value, title: str) -> str:
    """A policy and its value as one line; its label is left out where the title has said it."""
    lines = [line.strip() for line in said(policy, value).splitlines() if line.strip()]
    if policy.label == title:
        return "; ".join(lines)
    if policy.kind != "number":
        lines = [line[:1].lower() + line[1:] for line in lines]
    return f"{policy.label}: {'; '.join(lines)}"


def timeline(dates: Dates, *, at: dt.datetime) -> charts.Timeline | None:
    """The dates as a picture; None where there are none. No text from outside stands in it."""
    found, told = [], set()
    if dates.published_at and dates.closes_at and dates.published_at < dates.closes_at:
        told = {"Published", "Last moment to apply"}
        first, last = milestones.day_of(dates.published_at), milestones.day_of(dates.closes_at)
        found.append(charts.Span(f"Time to apply: {in_words(first, with_time=False)} to {when(last)}", first, last))
    for one in milestones.milestones(dates, at=at):
        if one.label in told:
            continue
        words = f"{one.label}: {when(one.first)}" + (f" to {when(one.last)}" if one.last else "")
        found.append(charts.Span(words, one.first, one.last))
    if not found:
        return None
    found = tuple(sorted(found, key=lambda span: span.first)[:_MOST_ON_A_PICTURE])
    return charts.Timeline(
        title="Dates of the framework", alt="; ".join(span.label for span in found), spans=found,
        today=milestones.day_of(at), split=dates.starts_on,
    )  # fmt: skip
