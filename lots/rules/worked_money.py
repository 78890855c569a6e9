"""Worked examples of what is paid and of who is chosen; the rest stands in `worked`. Pence, made-up providers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from lots.rules import prices
from lots.rules.examples import Example, Table, pounds
from lots.rules.policies import Value

SESSION = 4500
BIDS, STANDARDS, SAFEGUARDING, PROPOSED_FAILS = 20, 21, 6, 12
READING_PENCE = 600  # twelve minutes of somebody whose hour costs £30


def evaluators(values: Mapping[str, Value]) -> Example:
    """How many readings twenty bids take, and what they cost."""
    safeguarding, rest = BIDS * SAFEGUARDING, BIDS * (STANDARDS - SAFEGUARDING) - PROPOSED_FAILS
    sample = rest if values["evaluators"] == "two" else rest * int(values["blind_percent"]) // 100
    rows = [
        ("Safeguarding", safeguarding, 2 * safeguarding),
        ("Elsewhere, where a fail was proposed", PROPOSED_FAILS, 2 * PROPOSED_FAILS),
        ("Elsewhere, judged by two", sample, 2 * sample),
        ("Elsewhere, judged by one and read by a second", rest - sample, rest - sample),
    ]
    readings = sum(row[2] for row in rows)
    shown = tuple((name, str(standards), str(done), pounds(done * READING_PENCE)) for name, standards, done in rows)
    return Example(
        f"{BIDS} providers bid, {STANDARDS} standards each, of which {SAFEGUARDING} are about safeguarding. A decision "
        f"takes twelve minutes, which cost {pounds(READING_PENCE)}.",
        (Table("Decisions to make", ("Where", "Standards", "Decisions", "Cost"), shown),),
        (f"{readings} decisions, {pounds(readings * READING_PENCE)} in all.",),
    )


def auto_places(values: Mapping[str, Value]) -> Example:
    """A quote under the lot that comes with the others."""
    on = bool(values["auto_places"])
    rows = (
        ("Alder", "Lot 2", "Yes" if on else "No", f"Quotes {pounds(8500)} a day" if on else "Cannot be asked"),
        ("Beech", "None", "No", "Cannot be asked"),
    )
    point = (
        "Nothing was priced there when they bid, so each price is a quote that is approved by itself."
        if on
        else "The lot stays empty: nobody bids for it, and nobody gets a place."
    )
    return Example(
        "A pupil needs something that no lot offers. Alder has a place on lot 2, Beech has none.",
        (Table("The miscellaneous lot", ("Provider", "Place on", "Has a place there", "For this pupil"), rows),),
        (point,),
    )


def limits(values: Mapping[str, Value]) -> Example:
    """A bid for three lots in eight parts under a limit of six, and 103 bids for 100 places."""
    parts = {"Lot 1": 2, "Lot 2": 3, "Lot 3": 3}
    by_parts = values["lot_limit"] == "sub_lots"
    rows, used = [], 0
    for lot, number in parts.items():
        used += number if by_parts else 1
        rows.append((lot, str(number), pounds(SESSION), str(used), "Within the limit" if used <= 6 else "Over"))
    rule = str(values["over_limit_rule"]).strip()
    after = (
        "The published rule decides who gets a place."
        if rule
        else "No rule is published, so nobody gets a place until the limit was lawfully changed."
    )
    return Example(
        f"A provider may have six. Alder bids {pounds(SESSION)} in each of eight parts of three lots.",
        (Table("Alder’s bid", ("Lot", "Parts", "Price", "Counted so far", "Result"), tuple(rows)),),
        (
            f"Alder’s bid counts {used} of 6.",
            f"103 providers pass and 100 may take part: no award is made in the order of arrival. {after}",
        ),
    )


def call_off(values: Mapping[str, Value]) -> Example:
    """A council and a school that both want the same place."""
    named = values["call_off"] == "named"
    weekly = 10 * SESSION
    rows = (
        ("The buyer", "Yes", pounds(weekly)),
        ("A school that is named", "Yes" if named else "No", pounds(weekly) if named else "–"),
        ("A school that is not named", "No", "–"),
    )
    return Example(
        f"Alder’s price is {pounds(SESSION)} a half-day. A week of ten half-days costs {pounds(weekly)}.",
        (Table("Who can agree that week under the framework", ("Who", "May use it", "Pays"), rows),),
        ("Whoever may not use it has to buy in another way, and pays what it can agree.",),
    )


def selection(values: Mapping[str, Value]) -> Example:
    """Four providers, of which one does not meet the need, one is not free, and one has lowered its price."""
    sessions = 120
    found = (
        # name, price at award, price now, why not
        ("Cedar", 4000, 4000, "Not free by the date"),
        ("Beech", 4200, 4200, ""),
        ("Alder", 4500, 4100, ""),
        ("Damson", 3900, 3900, "Does not meet the need"),
    )
    at = 2 if values["selection"] == "lowest_cost" else 1
    first = min((row for row in found if not row[3]), key=lambda row: row[at])
    rows = tuple(
        (name, pounds(was), pounds(now), pounds(now * sessions), why or ("Chosen" if name == first[0] else "–"))
        for name, was, now, why in found
    )
    grounds = [line.strip() for line in str(values["departures"]).splitlines() if line.strip()]
    points = [f"{first[0]} is chosen: {pounds(first[2])} × {sessions} half-days = {pounds(first[2] * sessions)}."]
    points.append(
        f"Somebody else may be chosen, with reasons, on one of these grounds: {'; '.join(grounds)}."
        if grounds
        else "No ground to choose somebody else is published, so nobody else may be chosen."
    )
    return Example(
        f"A pupil needs ten half-days a week for twelve weeks, {sessions} in all.",
        (Table("Four providers", ("Provider", "Price at award", "Price now", "In all", "Result"), rows),),
        tuple(points),
    )


def in_flight(values: Mapping[str, Value]) -> Example:
    """A choice that has begun on the last day of a framework."""
    kept = bool(values["in_flight"])
    old, new = 4500, 4800
    rows = (
        ("Agreed before the switch", pounds(old), "Runs on under its own terms and price"),
        (
            "Begun before the switch, not yet agreed",
            pounds(old) if kept else pounds(new),
            "Finished under the old terms" if kept else "Begun again under the new framework",
        ),
        ("Begun after the switch", pounds(new), "Under the new framework"),
    )
    return Example(
        f"Alder’s price is {pounds(old)} in this framework and {pounds(new)} in the next one.",
        (Table("Around the switch", ("The choice", "Price", "What happens"), rows),),
    )


def price_review(values: Mapping[str, Value]) -> Example:
    """A price of £45.00, an index that rose by 5.2%, and a request for £48.00."""
    kind, cap = values["price_review"], values["review_cap_percent"]
    rows = [("In the bid", pounds(SESSION))]
    if kind == "cpi" and cap is None:
        point = "Enter the cap on a rise to see the new price."
    elif kind == "cpi":
        limit = int(cap)
        new = prices.reviewed(SESSION, index_permille=52, cap_percent=limit)
        rows += [("The index alone", pounds(prices.reviewed(SESSION, index_permille=52, cap_percent=100)))]
        rows += [(f"With the cap of {limit}%", pounds(new))]
        point = f"A half-day then costs {pounds(new)}, {pounds(new - SESSION)} more. Prices never fall by the index."
    elif kind == "on_request":
        rows += [("Asked for", pounds(4800)), ("If the buyer agrees", pounds(4800)), ("If not", pounds(SESSION))]
        point = "The buyer decides with reasons. Until then, and after a no, the old price stands."
    else:
        rows += [("Until the next opening", pounds(SESSION))]
        point = "The price stands until the framework is opened again. The provider may offer less at any time."
    return Example(
        "A half-day costs £45.00. A year later consumer prices are up by 5.2%.",
        (Table("The price of a half-day", ("When", "Price"), tuple(rows)),),
        (point,),
    )


def charging(values: Mapping[str, Value]) -> Example:
    """A week of ten half-days at £45.00 in which not all went as planned."""
    week = (
        ("Attended", 5, "charge_attended"),
        ("Absent, provider told", 2, "charge_absent_told"),
        ("Absent, provider not told", 1, "charge_absent_not_told"),
        ("Provider closed", 1, "charge_closed"),
        (f"Cancelled less than {values['notice_hours']} hours before", 1, "charge_cancelled"),
    )
    rows, total = [], 0
    for name, number, code in week:
        due = prices.share(SESSION, int(values[code]))
        total += number * due
        rows.append((name, str(number), f"{values[code]}%", pounds(due), pounds(number * due)))
    return Example(
        f"A week of ten half-days at {pounds(SESSION)}, {pounds(10 * SESSION)} if all of them ran as planned.",
        (Table("What the week costs", ("Session", "How many", "Share", "Each", "Together"), tuple(rows)),),
        (
            f"{pounds(total)} is paid for the week.",
            f"A session cancelled at least {values['notice_hours']} hours before costs nothing.",
        ),
    )


def payment(values: Mapping[str, Value]) -> Example:
    """An invoice received on a Monday in March. The day of receipt is the first day (s.68)."""
    received = dt.date(2027, 3, 1)
    due = received + dt.timedelta(days=max(int(values["payment_days"]), 1) - 1)
    rows = (("Received", f"{received.day} {received:%B %Y}"), ("Paid by", f"{due.day} {due:%B %Y}"))
    return Example(
        f"An invoice of {pounds(44 * SESSION)} for 44 half-days that nobody queries.",
        (Table("The invoice", ("What", "Day"), rows),),
        (f"{pounds(44 * SESSION)} is paid by {due.day} {due:%B %Y}.",),
    )
