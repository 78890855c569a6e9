"""Making the letters of an award, as jobs that each make a share of them. A messenger: it reads what each bidder is
told, renders it, puts it in the store and calls one action."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate

from contracts.queries import all_papers
from contracts.work import make_paper
from core import clock, pdf
from core.access import System
from core.calendars import standstill_ends_on
from core.templatetags.portal import in_words
from evaluation.actions import letters as actions
from evaluation.models import AwardSet, Letter
from evaluation.permissions.letters import MAKER
from evaluation.queries import letters as queries
from evaluation.queries import told
from evaluation.rules.letters import uncapped
from evaluation.states import LetterKind
from files import store
from files.store import Kept
from lots.rules.policies import said
from lots.rules.policy_list import POLICY

AT_ONCE = 5  # letters kept together: what a crash costs at most
BY = System(MAKER)
TEMPLATES = {
    LetterKind.SUMMARY: "pdf/letter_summary.html",
    LetterKind.AWARD: "pdf/letter_award.html",
    LetterKind.NOT_AWARDED: "pdf/letter_not_awarded.html",
}
_NAMES = {
    LetterKind.SUMMARY: "assessment-summary",
    LetterKind.AWARD: "award-letter",
    LetterKind.NOT_AWARDED: "decision-letter",
}
_RULES = ("margin_percent", "sides", "pool", "counted", "fail_costs", "basis", "quality")


def letters(job, progress) -> str:
    """Make the share that the job is about, then send all letters of its set if they are made. Twice is harmless: what
    is made is not made again, and what was sent is not sent again."""
    award_set, rows = queries.all_set_of(job.about_id), queries.all_in_share(job.about_id)
    share = Share(award_set, rows)
    for start in range(0, len(rows), AT_ONCE):
        progress(start, len(rows) + 1, f"letter {start + 1} of {len(rows)}")
        some = rows[start : start + AT_ONCE]
        # Agreements first: a letter that is made is not looked at again, and what was to be made with it would be lost.
        for contract in all_papers(framework=award_set.evaluation.framework_id, suppliers=share.winners(some)):
            make_paper(contract)
        _keep({letter.pk: share.paper(letter) for letter in some})
    progress(len(rows) + 1, len(rows) + 1)
    sent = actions.send_letters(award_set=award_set, by=BY, at=clock.now())
    return f"{sent:,} letters sent." if sent else "Made. All letters are sent together once every one is made."


def _keep(papers: Mapping[int, tuple[str, bytes]]) -> None:
    kept: dict[int, Kept] = {}
    taken: set[int] = set()
    try:
        for pk, (name, body) in papers.items():
            kept[pk] = store.keep_made(name, body)
        taken = actions.keep_letters(kept=kept, by=BY, at=clock.now())
    finally:
        for pk, one in kept.items():
            if pk not in taken:
                store.forget(one)


class Share:
    """Some letters of one set, and what stands in them."""

    def __init__(self, award_set: AwardSet, letters: list[Letter]):
        bids = list({letter.bid_id: letter.bid for letter in letters}.values())
        self.award_set, self.told = award_set, told.all_told(award_set, bids)
        self.shared = _shared(award_set)

    def paper(self, letter: Letter) -> tuple[str, bytes]:
        """Its name and its PDF. The same decision gives the same bytes, whenever it is made."""
        return f"{_NAMES[letter.kind]}-{self.reference(letter)}.pdf", pdf.render(
            TEMPLATES[letter.kind], self.context(letter), at=self.award_set.decided_at
        )

    def context(self, letter: Letter) -> dict:
        """What its template shows."""
        return self.shared | {"letter": letter, "told": self.told[letter.bid_id], "reference": self.reference(letter)}

    def reference(self, letter: Letter) -> str:
        """What the letter is called: the receipt's reference, the award's number, the kind's first letter."""
        return f"{letter.bid.submission.reference}-{self.award_set.number}{letter.kind[0].upper()}"

    def winners(self, letters: list[Letter]) -> list[int]:
        """The providers of the award letters among these."""
        return [letter.bid.provider_id for letter in letters if letter.kind == LetterKind.AWARD]


def _shared(award_set: AwardSet) -> dict:
    framework = award_set.evaluation.framework
    decided_on = localdate(award_set.decided_at)
    return {
        "award_set": award_set,
        "framework": framework,
        "buyer": framework.buyer,
        "decided_on": decided_on,
        "earliest_end": in_words(standstill_ends_on(decided_on), with_time=False),
        "rules": {name: uncapped(said(POLICY[name], getattr(framework.policies, name))) for name in _RULES},
        "framework_url": f"{settings.BASE_URL}{reverse('framework', args=[framework.pk])}",
        "with_vat": framework.policies.basis == "gross",
        "awarded": told.awarded_in(award_set),
    }
