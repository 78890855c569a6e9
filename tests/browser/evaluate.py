"""An evaluation as one walks it in a browser: the round that it begins with, and the forms that its people fill in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Membership, Organisation, User
from accounts.states import OrganisationKind, Role
from evaluation.demo.bidders import BIDDERS
from evaluation.models import Bid, Evaluation, Judgement
from lots.models import Framework, Lot, PriceLine, Standard, SubLot, Theme
from lots.states import LETTERS, Group, Mode, Unit
from providers.models import Application
from tests.cast import make_people
from tests.evaluation import judging
from tests.evaluation.clarify import drawn, stored
from tests.evaluation.made import round_closed
from tests.evaluation.panels import handed_in
from tests.frameworks import AT
from tests.providers.bids import held

PHONE, DESK, HEIGHT = 375, 1280, 900


def round_of_twelve(world) -> Framework:
    """A round whose deadline has passed, with twelve sealed applications that nobody has opened: three lots, two
    themes, and the prices of the demo. Each bidder's lead is in the world by first name; Seb works for the buyer."""
    framework = round_closed(world)
    lot = Lot.objects.create(framework=framework, number="3", position=3, title="Tuition", net_pence=1, gross_pence=1)
    SubLot.objects.create(lot=lot, letter="A", phase=LETTERS["A"])
    PriceLine.objects.create(
        lot=lot, title="Half-day session", unit=Unit.HALF_DAY, mode=Mode.ON_SITE, group=Group.SMALL
    )
    standards = Standard.objects.filter(theme__version__framework=framework)
    standards.filter(number="1.1").update(safeguarding=True, good_looks_like="Somebody answers for it, by name.")
    theme = Theme.objects.create(version=standards.first().theme.version, number="2", title="Learning", position=1)
    Standard.objects.create(theme=theme, number="2.1", title="Pupils learn and come back")
    _people(world)
    for number, bidder in enumerate(BIDDERS, start=1):
        provider = Organisation.objects.get(name=bidder.name)
        paper = held(provider)
        drawn(stored(paper))
        handed_in(framework, provider, number, lots="".join(bidder.prices), pence=bidder.prices, paper=paper)
    return framework


def _people(world) -> None:
    """Ten more bidders with their leads, and one more evaluator."""
    new = [bidder for bidder in BIDDERS if not Organisation.objects.filter(name=bidder.name).exists()]
    names = ["seb", *(bidder.lead.split("@")[0] for bidder in new)]
    world.people |= dict(zip(names, make_people({name: {} for name in names}), strict=True))
    provider = OrganisationKind.PROVIDER
    made = Organisation.objects.bulk_create(
        Organisation(kind=provider, name=bidder.name, name_key=bidder.name.casefold()) for bidder in new
    )
    places = [(world.seb, world.larkshire, Role.COMMISSIONER)]
    places += [(world.people[name], one, Role.PROVIDER_LEAD) for name, one in zip(names[1:], made, strict=True)]
    Membership.objects.bulk_create(
        Membership(user=person, organisation=one, role=role, person_name=person.name, given_at=AT)
        for person, one, role in places
    )


@dataclass
class Walk:
    """A window in which one person after another sits down. `look` is called on every page that is met."""

    page: Page
    come_in: Any
    violations: Any
    too_wide: Any
    width: int = DESK
    looked: int = 0

    def sit(self, user: User, name: str, *keys: int, query: str = "") -> Page:
        """This person opens that page."""
        self.come_in(self.page.context, user)
        self.page.goto(reverse(name, args=keys) + query)
        self.look()
        return self.page

    def look(self) -> None:
        """Nothing here is closed to somebody who cannot see or point, and nothing sticks out, on a phone neither."""
        page = self.page
        found = [*self.violations(page), *self.too_wide(page)]
        if self.width != PHONE:
            page.set_viewport_size({"width": PHONE, "height": HEIGHT})
            found += [f"on a phone: {one}" for one in self.too_wide(page)]
            page.set_viewport_size({"width": self.width, "height": HEIGHT})
        assert found == [], page.url
        self.looked += 1

    def press(self, name: str, then: str) -> None:
        """The button or link of this name, and the heading or words that come of it."""
        page = self.page
        page.get_by_role("button", name=name, exact=True).or_(
            page.get_by_role("link", name=name, exact=True)
        ).first.click()
        self.see(then)

    def see(self, words: str) -> None:
        """These words are on the page that comes."""
        self.page.locator("main, .govuk-notification-banner").get_by_text(words).first.wait_for()
        self.look()

    def says(self) -> str:
        """Everything on the page."""
        return self.page.locator("body").inner_text()

    def status(self, name: str, *keys: int) -> int:
        """What the person who sits here is answered at an address."""
        return self.page.request.get(reverse(name, args=keys)).status


def appoint(walk: Walk, evaluation: Evaluation, person: User, duty: str) -> None:
    """Max appoints somebody; for an evaluator he shares out every standard."""
    page = walk.page
    page.goto(reverse("panel", args=[evaluation.pk]))
    walk.press("Appoint somebody", "They get a letter")
    page.get_by_label("Who?").select_option(value=str(person.pk))
    page.get_by_label(re.compile(rf"^\s*{duty}: ")).check()
    walk.press("Appoint", "They are appointed and were told so")
    if duty == "Evaluator":
        page.get_by_role("link", name=f"Standards of {person.name}").click()
        for box in page.get_by_label(re.compile(r"^\s*Every standard of theme")).all():
            box.check()
        walk.press("Save", "The standards were shared out")


def declare_interest(walk: Walk, evaluation: Evaluation, person: User, bidder: str, text: str) -> None:
    """With the names of the bidders in sight."""
    page = walk.sit(person, "declare_bidders", evaluation.pk)
    page.get_by_label("Yes, I have").check()
    page.get_by_label(bidder, exact=True).check()
    page.get_by_label(f"What is your interest in {bidder}?").fill(text)
    walk.press("Declare", f"You are kept away from {bidder}")


def bid_of(evaluation: Evaluation, name: str) -> Bid:
    """By the bidder's name."""
    return Bid.objects.select_related("submission").get(evaluation=evaluation, provider_name=name)


def application_of(evaluation: Evaluation, name: str) -> Application:
    """By the bidder's name."""
    return Application.objects.get(framework=evaluation.framework_id, provider__name=name)


def held_by(person: User, evaluation: Evaluation, bidder: str, number: str = "1.1") -> Judgement:
    """What this person is to judge."""
    return Judgement.objects.live().get(
        bid__evaluation=evaluation, bid__provider_name=bidder, standard__number=number, person=person
    )


def judge(walk: Walk, key: str, reason: str) -> None:
    """By keys alone: the outcome, the reason, and on to the next."""
    page = walk.page
    before = page.url
    page.locator("[data-judging-keys]").wait_for()
    page.keyboard.press(key)
    page.keyboard.press("Tab")
    page.keyboard.type(reason)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != before)


def judge_the_rest(evaluation: Evaluation, fails: dict[str, str]) -> int:
    """Everybody locks what is left, first the first of two: all pass, but `fails` says who fails whom at 1.1."""
    done = 0
    while rows := list(
        Judgement.objects.live()
        .filter(bid__evaluation=evaluation, locked_at=None)
        .exclude(slot="later")
        .select_related("bid", "standard", "person")
        .order_by("number", "position")
    ):
        for row in rows:
            who = fails.get(row.bid.provider_name, "")
            fails_it = row.standard.number == "1.1" and row.person.name.lower() in who
            judging.decide(row, "fail" if fails_it else "pass", reason="It says who does what, and when.")
            done += 1
    return done


def date(page: Page, label: str) -> None:
    """Today, in the three boxes of a date."""
    today = timezone.localdate()
    group = page.get_by_role("group", name=label)
    for name, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        group.get_by_label(name, exact=True).fill(str(value))
