"""Pupils and their referrals, from a draft to the provider that was chosen."""

from __future__ import annotations

import datetime as dt

from core.access import System
from core.calendars import working_day_after
from lots.demo import on, organisation, person
from lots.models import Lot, Place
from lots.states import Mode, Phase
from providers.models import Site
from providers.rules.seen import fingerprint
from referrals.actions import approval, asking, choosing, lapsing, offering, pupils, referrals
from referrals.demo import people
from referrals.demo.around import running
from referrals.models import Approval, Enquiry, Offer, Pupil, Referral
from referrals.permissions.enquiries import LAPSE
from referrals.queries import referrals as queries
from referrals.queries import sealed
from referrals.queries.offers import standing_offer
from referrals.queries.worked import Proposal, worked_out
from referrals.rules.content import Share, Target
from referrals.rules.pupils import Roll
from referrals.rules.timetable import Session
from referrals.states import Decline, EnrolmentKind, NoSchool

SANA, EVE = "sana@elm-grove.example", "eve@larkshire.example"
LEADS = {
    "Ash House": "bob@ash-house.example",
    "Birch Farm": "charlie@birch-farm.example",
    "Elder Tree Boxing Academy": "ezra@elder-tree.example",
}
NINE, TWO = dt.time(9, 30), dt.time(14, 0)


def load(*, at: dt.datetime, today: dt.date) -> list[Pupil]:
    """The first pupils of the list have a referral, each one a stage further than the one before. Returns the school's
    pupils that have none."""
    ours = _pupils("Elm Grove School", SANA, people.ELM_GROVE, at, today)
    _pupils("Larkshire Council", EVE, people.LARKSHIRE, at, today)
    draft = referrals.start_referral(pupil=ours[0], by=person(SANA), at=at)
    _save(draft, "why", {"reason": "behaviour", "basis": "s29a", "trigger_on": None, "basis_why": ""}, at)
    checked(ours[1], at, today, budget=3_800_00)
    checked(ours[2], at, today, budget=9_600_00)
    _asked(ours[3], at, today)
    compared = _asked(ours[4], at, today)
    _answered(compared, today, at, offers=3)
    chosen = _asked(ours[5], at, today)
    _answered(chosen, today, at, offers=2)
    _choose(chosen, today, at)
    _lapsed(ours[6], at, today)
    closed = checked(ours[7], at, today, budget=3_000_00)
    reason = "The hospital school has a place for her from Monday"
    referrals.close_referral(referral=closed, reason=reason, by=person(SANA), at=at)
    return ours[8:]


def _pupils(commissioner: str, email: str, told: list, at: dt.datetime, today: dt.date) -> list[Pupil]:
    owner, by, made = organisation(commissioner), person(email), []
    first = dt.date(today.year - 2, 9, 4)
    for number, one in enumerate(told, 1 if commissioner.startswith("Elm") else 40):
        roll = Roll(EnrolmentKind.MAIN, first, school=organisation("Elm Grove School").pk)
        if commissioner.startswith("Lark"):
            roll = Roll(EnrolmentKind.NONE, today - dt.timedelta(days=30), why_none=list(NoSchool)[number % 3])
        who = people.who(one, number, today)
        made.append(pupils.add_pupil(commissioner=owner, who=who, roll=roll, different=False, by=by, at=at))
    return made


def _save(referral: Referral, part: str, values: dict, at: dt.datetime) -> Referral:
    referral = Referral.objects.get(pk=referral.pk)
    now = queries.values_of(referral, sealed.content_of(referral), part)
    return referrals.save_part(
        referral=referral, part=part, values=now | values, seen=fingerprint(now), by=person(SANA), at=at
    )


def checked(
    pupil: Pupil, at: dt.datetime, today: dt.date, *, budget: int, weekdays: tuple[int, int] = (0, 2)
) -> Referral:
    """Written whole, and sent on: ready, or to the budget holder."""
    private = sealed.private_of(pupil)
    starts = working_day_after(today, 12)
    ends = starts + dt.timedelta(weeks=10)
    lot = Lot.objects.get(framework=running(), number="3")
    parts = {
        "why": {"reason": "not_attending", "basis": "early", "trigger_on": None, "basis_why": ""},
        "provision": {
            "lot_id": lot.pk,
            "phase": Phase.SECONDARY,
            "mode": Mode.ON_SITE,
            "minutes": 540,
            "starts_on": starts,
            "ends_on": ends,
            "budget_pence": budget,
            "weekdays": weekdays,
        },
        "needs": {
            "needs": private.needs,
            "outline": "Does best in a small group with practical work, and with the same adults each time.",
            "need": private.need,
            "risks": private.risks,
        },
        "targets": {
            "targets": (
                Target("Comes to four sessions in five", "The register of each session", str(ends)),
                Target("Is back in school for two days a week", "The school’s own register", str(ends)),
            ),
            "exit_plan": "Back to school step by step: one day a week from the seventh week on.",
        },
        "funding": {"shares": (Share("Elm Grove School", 100, organisation("Elm Grove School").pk),)},
        "views": {
            "consent": "given",
            "consent_by": private.contacts[0].name,
            "consent_on": str(today),
            "consent_why": "",
            "pupil_heard": "heard",
            "pupil_view": "Would like to make something with others.",
            "parent_heard": "heard",
            "parent_view": "Wants the way back to school kept open.",
        },
        "contact": {"phone_who": "Sian Rees, SENCO", "phone": "01632 960150"},
    }
    referral = referrals.start_referral(pupil=pupil, by=person(SANA), at=at)
    for part, values in parts.items():
        referral = _save(referral, part, values, at)
    return referrals.check_referral(referral=referral, seen=referral.revision, today=today, by=person(SANA), at=at)


def _asked(pupil: Pupil, at: dt.datetime, today: dt.date) -> Referral:
    referral = checked(pupil, at, today, budget=3_900_00)
    asking.ask_providers(referral=referral, places=_places(), by=person(SANA), at=at)
    return Referral.objects.get(pk=referral.pk)


def _places() -> list[int]:
    rows = Place.objects.filter(framework=running(), lot__number="3", sub_lot__letter="B", state="active")
    return list(rows.filter(provider__name__in=LEADS).values_list("pk", flat=True))


def _answered(referral: Referral, today: dt.date, at: dt.datetime, *, offers: int) -> None:
    """So many offer; the next one declines."""
    for number, enquiry in enumerate(referral.enquiries.select_related("provider", "place").order_by("provider__name")):
        by = person(LEADS[enquiry.provider.name])
        if number < offers:
            offer(enquiry, number, by, today, at)
        else:
            note = "Our Monday group is full until the spring."
            offering.decline(enquiry=enquiry, reason=Decline.FULL, note=note, by=by, at=at)


def offer(enquiry: Enquiry, number: int, by, today: dt.date, at: dt.datetime) -> Offer:
    """Half a week on the days asked for, in its own words for the first of several."""
    site = Site.objects.filter(provider=enquiry.provider, closed_at=None).order_by("pk").first()
    need = sealed.need_of(enquiry)
    proposal = Proposal(
        line=enquiry.place.lot.price_lines.order_by("position", "pk").first(),
        pence=None,
        starts_on=dt.date.fromisoformat(need.starts_on) + dt.timedelta(days=7 * (number == 1)),
        ends_on=dt.date.fromisoformat(need.ends_on),
        sessions=[(Session(day, NINE, TWO), site) for day in need.weekdays],
        note="Lunch is cooked and eaten together." if number == 0 else "",
    )
    shown = worked_out(enquiry=enquiry, proposal=proposal, today=today).total.pence
    return offering.make_offer(enquiry=enquiry, proposal=proposal, shown_pence=shown, by=by, at=at, today=today)


def _choose(referral: Referral, today: dt.date, at: dt.datetime) -> None:
    """Ash House, by the order or on the ground that the pupil knows it."""
    enquiry = referral.enquiries.get(provider__name="Ash House")
    stands = standing_offer(enquiry)
    words = {"ground": "", "reason": ""}
    for _ in range(2):
        try:
            choosing.choose_offer(enquiry=enquiry, offer=stands.pk, by=person(SANA), at=at, today=today, **words)
        except ValueError:
            words = {"ground": "Continuity", "reason": "She was there last spring and knows the people."}
    waiting = Approval.objects.filter(referral=referral, answered_at=None).first()
    if waiting:
        approval.answer_approval(
            approval=waiting,
            yes=True,
            up_to_pence=waiting.pence,
            answer="",
            by=person("faith@elm-grove.example"),
            at=at,
        )
        choosing.choose_offer(enquiry=enquiry, offer=stands.pk, by=person(SANA), at=at, today=today, **words)


def _lapsed(pupil: Pupil, at: dt.datetime, today: dt.date) -> None:
    """Asked long ago, and nobody answered."""
    before = on(today - dt.timedelta(days=14), 10)
    referral = checked(pupil, before, today - dt.timedelta(days=14), budget=3_500_00)
    asking.ask_providers(referral=referral, places=_places()[:1], by=person(SANA), at=before)
    lapsing.lapse(by=System(LAPSE), at=at)
