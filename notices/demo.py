"""The demo world of frameworks: one that runs, read from our own sample of a notice; one that is open for applications;
one that is half set up. All made up, prices too.

Everything goes through the real actions, at the moments when it would have happened, so that the record, the letters
and the pages tell one story. What lies ahead is relative to today.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from django.core.files import File

from accounts.models import Organisation, User
from core.access import System
from core.calendars import working_day_after
from jobs import running
from lots.actions import (
    lots,
    places,
    price_lines,
    publication,
    reopening,
    setup,
    suspensions,
    timetable,
)
from lots.demo import choose_standards, on, organisation, person, published, recover
from lots.models import Framework, Place, SubLot
from lots.rules.awards import Award
from lots.rules.outline import LotDraft
from lots.rules.price_lines import USUAL, Line
from lots.states import CallOff, Cause, EndReason, Gated, Group, KeyDateKind, Mode, PlaceState, Unit
from notices import store
from notices.actions import files, releases
from notices.models import NoticeFile, Release
from notices.queries.releases import told_by
from notices.rules.answers import Answer, asked
from notices.states import FileState

SAMPLE = Path(__file__).parent / "samples" / "framework-release.json"

# What the officer answered to what contradicts itself in the notice.
REASONS = {
    "sides": "The award criteria say “average price plus 20%”. A limit upwards is what keeps costs down.",
    "margin_percent": "Both wordings of the notice say 20%.",
    "pool": "The notice speaks of the lot, and each price line is compared like for like.",
    "counted": "A bid that failed on quality is not a price that we could pay.",
    "fail_costs": "The average is taken for the lot, so a price above the limit costs the lot.",
    "basis": "We recover VAT, and some of the provision is exempt from it.",
    "quality": "The notice says that a provider that fails a theme is not admitted.",
    "lot_1_parts": "Vocational courses for primary pupils were never planned. One sentence names part A by mistake.",
    "term_over_eight_years": "Legal advice is awaited. We plan to end the scheme after eight years whatever it says.",
    "cap_against_staying_on": "Everybody applies again in 2028, or has the earlier application judged again.",
    "nobody_may_use_it": "Schools of our area find provision for their pupils themselves, so they are named.",
}
OTHERWISE = "It was decided as the notice suggests."

# Price lines beside the one that each lot has from the start, which is compared.
LINES = {
    "1": Line(
        "Materials and protective clothing", Unit.DAY, Mode.ON_SITE, Group.ANY, gated=Gated.QUOTED, required=False
    ),
    "3": replace(USUAL["day"], gated=Gated.QUOTED, required=False),
}
# Who was given which part, and the prices of the lot’s lines in pence; a line that need not be priced may be left out.
AWARDS = [
    ("Ash House", "alice@ash-house.example", {"3": ("AB", [46_00, 88_00]), "6": ("B", [118_00])}),
    ("Birch Farm", "charlie@birch-farm.example", {"2": ("ABC", [64_00]), "3": ("B", [44_50, 84_00])}),
    ("Cedar Workshop CIC", "carys@cedar-workshop.example", {"1": ("BC", [52_50, 9_00])}),
    ("Dovecote Music", "dev@dovecote-music.example", {"2": ("AB", [58_00]), "5": ("AB", [31_00])}),
    ("Elder Tree Boxing Academy", "ezra@elder-tree.example", {"1": ("B", [44_00]), "3": ("B", [41_50, 79_00])}),
    ("Fern Cottage Tuition", "flora@fern-cottage.example", {"4": ("AB", [42_00]), "5": ("B", [29_50])}),
]


def load(*, at: dt.datetime, today: dt.date) -> None:
    """Load everything, once, beside the people of accounts."""
    max_ = person("max@larkshire.example")
    framework = _bring_in(organisation("Larkshire Council"), max_)
    _make_ready(framework, max_)
    recover(framework, max_, person("ada@larkshire.example"), _on(2026, 3, 17, 15))
    publication.publish_framework(framework=framework, by=max_, at=_on(2026, 3, 18, 9))
    _award(framework, max_)
    _live(framework)
    _open_now(at, today)
    _half_done(at, today)


def _on(year: int, month: int, day: int, hour: int) -> dt.datetime:
    """That hour of that day in England."""
    return on(dt.date(year, month, day), hour)


def _bring_in(council: Organisation, by: User) -> Framework:
    """The sample is received, read by the job that reads every notice, and confirmed."""
    with SAMPLE.open("rb") as opened:
        kept = store.keep(File(opened, name=SAMPLE.name))
    at = _on(2026, 3, 16, 10)
    file, _ = files.receive_file(organisation=council, kept=kept, by=by, at=at)
    while NoticeFile.objects.get(pk=file.pk).state == FileState.RECEIVED:
        running.sweep()
    release = Release.objects.get(file=file)
    findings = asked(told_by(release, today=at.date()).findings)
    answers = {one.code: Answer(one.chosen, REASONS.get(one.code, OTHERWISE)) for one in findings}
    return releases.confirm_release(release=release, answers=answers, parts={}, by=by, at=at + dt.timedelta(hours=2))


def _make_ready(framework: Framework, by: User) -> None:
    """Further price lines, and standards, which no notice carries; who may use it."""
    at = _on(2026, 3, 17, 11)
    for lot in framework.lots.filter(number__in=LINES):
        price_lines.add_price_line(lot=lot, line=LINES[lot.number], by=by, at=at)
    choose_standards(framework, by, at)
    schools = "Schools in Larkshire"
    setup.set_users(framework=framework, call_off=CallOff.NAMED, schools_of_area=schools, named=[], by=by, at=at)


def _award(framework: Framework, by: User) -> None:
    """One award set, accepted by each provider; the framework begins once the waiting period is over."""
    parts = {(one.lot.number, one.letter): one for one in _parts_of(framework)}
    lines = {lot.number: list(lot.price_lines.values_list("pk", flat=True)) for lot in framework.lots.all()}
    given = [
        Award(
            provider=organisation(name).pk,
            lot=parts[number, letter].lot_id,
            sub_lot=parts[number, letter].pk,
            prices=dict(zip(lines[number], pence, strict=False)),
        )
        for name, _, bids in AWARDS
        for number, (letters, pence) in bids.items()
        for letter in letters
    ]
    places.award_places(
        framework=framework, given=given, waits_until=_on(2026, 7, 3, 0), by=by, at=_on(2026, 6, 22, 10)
    )
    for hours, (name, email, _) in enumerate(AWARDS):
        provider = organisation(name)
        chosen = Place.objects.filter(framework=framework, provider=provider, lot__is_auto=False)
        at = _on(2026, 6, 24, 9) + dt.timedelta(hours=hours)
        places.accept_places(provider=provider, chosen=list(chosen), by=person(email), at=at)
    begins = _on(2026, 7, 6, 9)
    reopening.switch_framework(framework=framework, by=by, at=begins, today=begins.date())


def _parts_of(framework: Framework):
    return SubLot.objects.filter(lot__framework=framework).select_related("lot")


def _live(framework: Framework) -> None:
    """From September places are active; since then one was suspended and one given up."""
    places.commence_places(by=System("lots.commence_places"), at=_on(2026, 9, 1, 1))
    standing = Place.objects.filter(framework=framework, state=PlaceState.ACTIVE, lot__is_auto=False)
    suspensions.suspend_place(
        place=standing.get(provider__name="Cedar Workshop CIC", sub_lot__letter="C"),
        cause=Cause.INSURANCE,
        reason="The certificate for work with machines ran out on 9 October 2026. A new one is awaited.",
        by=person("con@larkshire.example"),
        at=_on(2026, 10, 12, 9),
    )
    places.end_place(
        place=standing.get(provider__name="Dovecote Music", lot__number="5", sub_lot__letter="A"),
        reason=EndReason.WITHDREW,
        note="We no longer teach primary pupils online.",
        by=person("dev@dovecote-music.example"),
        at=_on(2026, 11, 2, 15),
    )


def _open_now(at: dt.datetime, today: dt.date) -> None:
    """The Oak Trust's own, small, set up by hand, published today and open for six weeks: somebody can apply to it."""
    words = {
        "description": "One-to-one tuition and mentoring for pupils who cannot be in school for some weeks or months. "
        "Teaching takes place at the pupil’s home, in the community or online. Pupils are placed one by one, and there "
        "is no promise of numbers.",
        "reference": "OT-AP-1",
        "net_pence": 480_000_00,
        "gross_pence": 576_000_00,
        "payment_terms": "30 days from receipt. An invoice shows each session and its price.",
        "how_to_apply": "Sign in to this portal as a provider.",
    }
    drafts = [
        LotDraft("1", "Tuition in person", ("A", "B"), net_pence=300_000_00, gross_pence=360_000_00, for_small=True),
        LotDraft("2", "Mentoring", ("B",), net_pence=180_000_00, gross_pence=216_000_00, for_voluntary=True),
    ]
    published(
        title="Tuition and mentoring for pupils of the Oak Trust",
        words=words,
        drafts=drafts,
        buyer=organisation("Oak Trust"),
        by=person("tariq@oak-trust.example"),
        second=person("dina@oak-trust.example"),
        today=today,
        at=at,
    )


def _half_done(at: dt.datetime, today: dt.date) -> None:
    """Mereshire's, as far as its officer came: described, with two lots and a planned meeting."""
    mereshire, piers = organisation("Mereshire Council"), person("piers@mereshire.example")
    framework = setup.start_framework(
        organisation=mereshire, title="Alternative provision in Mereshire", is_open=True, by=piers, at=at
    )
    words = {"description": "Teaching and support for pupils of secondary age.", "net_pence": 2_500_000_00}
    setup.describe_framework(framework=framework, changes=words, by=piers, at=at)
    drafts = [LotDraft("1", "Outdoor learning", ("A", "B")), LotDraft("2", "Core subjects", ("B", "C"))]
    lots.add_lots(framework=framework, lots=drafts, by=piers, at=at)
    meeting = working_day_after(today, 15)
    timetable.add_key_date(
        framework=framework,
        kind=KeyDateKind.ENGAGEMENT,
        moment=_on(meeting.year, meeting.month, meeting.day, 14),
        description="For providers who want to know more",
        by=piers,
        at=at,
    )
