"""What a referral has to say before a provider can be asked, part by part, and the anonymised need made of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lots.rules.refusals import Refused
from lots.states import Phase
from referrals.rules import bases
from referrals.rules.content import Content, Share, Target
from referrals.rules.need import Need
from referrals.states import Basis, Consent, ReferralState, View

MOST_TARGETS = 6
MOST_SHARES = 6
MOST_DOCUMENTS = 30
# Code, title, and what it asks, in the order of the task list.
PARTS = (
    ("why", "Why, and under which law"),
    ("provision", "What is needed, when, and the cost"),
    ("needs", "Needs and risks"),
    ("targets", "Targets, and what comes after"),
    ("funding", "Who pays"),
    ("views", "Consent and views"),
    ("contact", "Whom the provider may ring"),
)
TITLES = dict(PARTS)
# May be changed while providers are asked, and after one was chosen: nothing that a provider answered to hangs on them.
LATER = frozenset({"views", "contact"})
# What a budget holder said yes to.
APPROVED_OF = ("budget_pence", "minutes", "starts_on", "ends_on")
CHECKED = frozenset({ReferralState.APPROVAL, ReferralState.READY})
AGES = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19), (20, 22))
OLDEST = 23
CLOSED_TO_CHANGE = {
    ReferralState.ENQUIRING: "Providers have been asked, so this cannot be changed. To ask for something else, close "
    "the referral and start another",
    ReferralState.CHOSEN: "A provider has been chosen, so this cannot be changed. To ask for something else, close the "
    "referral and start another",
    ReferralState.CLOSED: "This referral is closed. Start another for the pupil",
}


@dataclass(frozen=True)
class Plain:
    """The plain columns of a referral. `kind` is what the commissioner is: authority, trust or school; `lot` whether
    one was chosen; `minutes` a week's; `budget_pence` what the whole is expected to cost."""

    kind: str
    reason: str = ""
    basis: str = ""
    trigger_on: dt.date | None = None
    lot: bool = False
    phase: str = ""
    mode: str = ""
    minutes: int | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    budget_pence: int | None = None


def missing(plain: Plain, content: Content, *, today: dt.date) -> dict[str, list[str]]:
    """What each part still lacks, as sentences that say what to do; an empty list for a part that is done."""
    return {
        "why": _why(plain, content),
        "provision": _provision(plain, content, today),
        "needs": _asked(
            ("Choose at least one need", content.needs),
            ("Write the outline that providers read", content.outline),
            ("Write what the chosen provider has to know", content.need),
            ("Write the risks, or that there are none", content.risks),
        ),
        "targets": [
            *_asked(("Write at least one target", content.targets)),
            *(said for number, target in enumerate(content.targets, 1) for said in _target(number, target)),
            *_asked(("Write what comes after", content.exit_plan)),
        ],
        "funding": _funding(content.shares),
        "views": _views(content),
        "contact": _asked(
            ("Enter whom the provider may ring", content.phone_who),
            ("Enter their telephone number", content.phone),
        ),
    }


def complete(lacks: dict[str, list[str]]) -> bool:
    """No part lacks anything."""
    return not any(lacks.values())


def _asked(*pairs: tuple[str, object]) -> list[str]:
    return [said for said, value in pairs if not value]


def _why(plain: Plain, content: Content) -> list[str]:
    found = _asked(("Choose the reason", plain.reason), ("Choose the legal basis", plain.basis))
    if plain.reason in bases.HAS_A_SIXTH_DAY and not plain.trigger_on:
        found.append("Enter the first school day of the exclusion or suspension")
    if plain.basis == Basis.POST_16 and plain.phase not in {"", Phase.POST_16}:
        found.append("The basis after 16 is for pupils who may leave school: choose another, or the age phase 16+")
    if plain.reason and plain.basis:
        fit = bases.fit(plain.reason, plain.basis, plain.kind)
        if fit.never:
            found.append(fit.why)
        elif fit.why and not content.basis_why:
            found.append("Say why this legal basis is right here: it is not the usual one for this reason")
    return found


def _provision(plain: Plain, content: Content, today: dt.date) -> list[str]:
    found = _asked(
        ("Choose the lot", plain.lot),
        ("Choose the age phase", plain.phase),
        ("Choose where it should take place", plain.mode),
        ("Enter the hours a week", plain.minutes),
        ("Choose the weekdays", content.weekdays),
        ("Enter the first day", plain.starts_on),
        ("Enter the last day", plain.ends_on),
    )
    if plain.starts_on and plain.starts_on < today:
        found.append("The first day has passed: enter one that is still to come")
    if plain.budget_pence is None:
        found.append("Enter what you expect it to cost in all")
    return found


def _target(number: int, target: Target) -> list[str]:
    return _asked(
        (f"Write what target {number} is", target.what),
        (f"Write how target {number} is measured", target.measure),
        (f"Enter the day by which target {number} is to be met", target.by_on),
    )


def _funding(shares: tuple[Share, ...]) -> list[str]:
    if not shares:
        return ["Enter who pays"]
    total = sum(share.percent for share in shares)
    return [] if total == 100 else [f"The shares add up to {total}%: they have to add up to 100%"]


def _views(content: Content) -> list[str]:
    found = _asked(("Choose how it stands with consent", content.consent))
    if content.consent == Consent.GIVEN:
        found += _asked(
            ("Enter who gave consent", content.consent_by),
            ("Enter the day on which consent was given", content.consent_on),
        )
    elif content.consent == Consent.REFUSED:
        found += _asked(("Write what was said when consent was refused, and why you go on", content.consent_why))
    elif content.consent == Consent.NOT_NEEDED:
        found += _asked(("Write why consent is not needed", content.consent_why))
    elif content.consent == Consent.WAITING:
        found.append("Consent has been asked for: write down the answer before you go on")
    for heard, view, whose in (
        (content.pupil_heard, content.pupil_view, "the pupil"),
        (content.parent_heard, content.parent_view, "the parent or carer"),
    ):
        if not heard:
            found.append(f"Say whether you heard {whose}")
        elif not view:
            said = f"Write what {whose} said" if heard == View.HEARD else f"Write why you did not ask {whose}"
            found.append(said)
    return found


def may_change(state: str, part: str) -> bool:
    """Whether a part can be changed at this state. A checked referral goes back to being written."""
    return state not in CLOSED_TO_CHANGE or (part in LATER and state != ReferralState.CLOSED)


def check_may_change(state: str, part: str) -> None:
    """Raise `Refused` where the part stands."""
    if not may_change(state, part):
        raise Refused(CLOSED_TO_CHANGE[ReferralState(state)])


def check_still_whole(part: str, lacks: dict[str, list[str]]) -> None:
    """Once providers were asked a part may be changed, not emptied. Raises `Refused`."""
    if lacks[part]:
        raise Refused(lacks[part][0])


def check_open(state: str) -> None:
    """Raise `Refused` for a closed referral."""
    if state == ReferralState.CLOSED:
        raise Refused(CLOSED_TO_CHANGE[ReferralState.CLOSED])


def check_pupil(merged: bool) -> None:
    """Raise `Refused` for a pupil that was merged into another."""
    if merged:
        raise Refused("This record was merged into another. Refer the pupil from that one")


def check_days(starts_on: dt.date | None, ends_on: dt.date | None) -> None:
    """Raise `Refused` where the last day is before the first."""
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused("The last day must not be before the first day", field="ends_on")


def check_to_send(state: str, same: bool) -> None:
    """Raise `Refused` unless the referral is being written and is what was looked at."""
    if state != ReferralState.DRAFT:
        raise Refused("This referral was checked already. Nothing was changed")
    if not same:
        raise Refused("Somebody changed this referral since you opened this page. Look at it again, then confirm")


def check_complete(lacks: dict[str, list[str]]) -> None:
    """Raise `Refused` where a part lacks something."""
    for part, said in lacks.items():
        if said:
            raise Refused(f"{TITLES[part]}: {said[0][0].lower()}{said[0][1:]}")


def check_room(documents: int) -> None:
    """Raise `Refused` where a referral has as many documents as anybody can read."""
    if documents >= MOST_DOCUMENTS:
        raise Refused(f"A referral has {MOST_DOCUMENTS} documents at most. Remove one first")


def file_name(name: str) -> str:
    """What a document is saved as wherever it is downloaded: people name files after pupils, so nothing of the name is
    kept but what kind of file it is."""
    stem, dot, kind = name.rpartition(".")
    return f"referral-document.{kind.lower()}" if dot and stem and kind.isalnum() else "referral-document"


def check_there(removed_at) -> None:
    """Raise `Refused` for a document that was removed."""
    if removed_at is not None:
        raise Refused("This document was removed already")


def ages(born_on: dt.date, on: dt.date) -> str:
    """The band that the pupil's age on a day falls into: three years, always the same ones, so that no band is drawn
    around one birthday. Raises ValueError for somebody who is not born yet."""
    age = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    if age < 0:
        raise ValueError("Born after that day")
    for first, last in AGES:
        if age <= last:
            return f"{first} to {last}" if first else f"under {last + 1}"
    return f"{OLDEST} or over"


def area(postcode: str) -> str:
    """The first half of a postcode; empty where there is none that could be one."""
    compact = "".join(postcode.split()).upper()
    return compact[:-3] if 5 <= len(compact) <= 7 else ""


def need(plain: Plain, content: Content, *, born_on: dt.date, postcode: str, has_ehcp: bool) -> Need:
    """What every provider that is asked may read: no name, no date of birth, no school, no address. The referral is
    complete."""
    return Need(
        ages=ages(born_on, plain.starts_on),
        phase=str(plain.phase),
        needs=content.needs,
        outline=content.outline,
        area=area(postcode),
        mode=str(plain.mode),
        minutes=plain.minutes,
        weekdays=content.weekdays,
        starts_on=plain.starts_on.isoformat(),
        ends_on=plain.ends_on.isoformat(),
        has_ehcp=has_ehcp,
        targets=len(content.targets),
    )
