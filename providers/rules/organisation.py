"""The part about the bidder: supplier information of the central digital platform, whom to ask, size, kind, history.
Who the bidder is in law stands in its registration and is not typed again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accounts.rules.identifiers import WrongIdentifier
from accounts.rules.identifiers import share_code as spelled
from lots.rules.timetable import in_words
from providers.rules.draft import Answers
from providers.rules.reading import Context, Held, Problem, Reading
from providers.rules.typed import begun, keys, text, yes_or_no

CDP = "evidence_cdp"
OLD_AFTER = 183  # days: supplier information that is older is asked about
LONGEST_HISTORY = 2_000
# What a buyer must publish of a supplier: whether it is small or medium-sized (fewer than 250 people), and whether it
# is a voluntary, community or social enterprise.
SIZES = {
    "micro": "Fewer than 10 people",
    "small": "10 to 49 people",
    "medium": "50 to 249 people",
    "large": "250 people or more",
}
_EMAIL = re.compile(r"[^@\s<>\"(),:;]+@[^@\s<>\"(),:;]+\.[^@\s.<>\"(),:;]{2,}")
_PHONE = re.compile(r"[+0-9() -]*")


def read(answers: Answers, context: Context) -> Reading:
    """Every answer but the telephone number is needed. An old supplier information is asked about, not refused."""
    found = _Found(answers, context)
    return Reading(
        values=found.values,
        problems=tuple(found.problems()),
        begun=begun(answers),
        notices=tuple(found.notices()),
    )


def write(values: Mapping, context: Context) -> Answers:
    """The way back, for an application that begins with an earlier one's answers. The supplier information is asked for
    anew: it must be true now."""
    contact = values.get("contact", {})
    given = {
        "contact_name": contact.get("name", ""),
        "contact_email": contact.get("email", ""),
        "contact_phone": contact.get("phone", ""),
        "size": values.get("size", ""),
        "vcse": "" if values.get("vcse") is None else "yes" if values["vcse"] else "no",
        "since": str(values.get("since") or ""),
        "history": values.get("history", ""),
    }
    return {name: value for name, value in given.items() if value}


def share_code_of(answers: Answers, context: Context) -> tuple[str, str]:
    """The share code as it is spelled, and what is wrong with it. Without one typed here, that of the registration."""
    typed = text(answers, "share_code")
    if not typed:
        return context.bidder.numbers.get("share_code", ""), ""
    try:
        return spelled(typed), ""
    except WrongIdentifier as wrong:
        return "", str(wrong)


def day_of(answers: Answers, name: str) -> tuple[dt.date | None, bool]:
    """A day typed as day, month and year; and whether something was typed that is none."""
    typed = [text(answers, f"{name}_{place}") for place in range(3)]
    if not any(typed):
        return None, False
    if not all(re.fullmatch(r"[0-9]{1,4}", one) for one in typed):
        return None, True
    try:
        return dt.date(int(typed[2]), int(typed[1]), int(typed[0])), False
    except ValueError:
        return None, True


@dataclass
class _Found:
    answers: Answers
    context: Context
    values: dict = field(init=False)

    def __post_init__(self):
        answers = self.answers
        self.code, self.wrong_code = share_code_of(answers, self.context)
        self.paper = _paper(answers, self.context)
        self.made_on, self.wrong_day = day_of(answers, "cdp_on")
        if self.made_on is None and not self.wrong_day and self.paper:
            self.made_on = self.paper.issued_on
        self.email, self.phone = text(answers, "contact_email"), text(answers, "contact_phone")
        self.size, self.vcse = text(answers, "size"), yes_or_no(answers, "vcse")
        since = text(answers, "since")
        self.since = int(since) if re.fullmatch(r"[0-9]{4}", since) else None
        self.values = {
            "share_code": self.code,
            "cdp": {"version": self.paper.version, "sha256": self.paper.sha256} if self.paper else None,
            "cdp_on": self.made_on.isoformat() if self.made_on else None,
            "contact": {"name": text(answers, "contact_name"), "email": self.email, "phone": self.phone},
            "size": self.size if self.size in SIZES else "",
            "sme": self.size != "large" if self.size in SIZES else None,
            "vcse": self.vcse == "yes" if self.vcse else None,
            "since": self.since,
            "history": text(answers, "history"),
        }

    def problems(self) -> Iterator[Problem]:
        yield from self._cdp()
        yield from self._contact()
        if self.size not in SIZES:
            yield Problem("Choose how many people work for you", "size")
        if not self.vcse:
            yield Problem("Choose whether you are a voluntary, community or social enterprise", "vcse")
        if self.since is None or not 1800 <= self.since <= self.context.today.year:
            yield Problem("Enter the year in which you began, like 2019", "since")
        history = text(self.answers, "history")
        if not history:
            yield Problem("Say what you have done so far", "history")
        if len(history) > LONGEST_HISTORY:
            over = len(history) - LONGEST_HISTORY
            yield Problem(f"Shorten what you have done so far by {over:,} characters", "history")

    def _cdp(self) -> Iterator[Problem]:
        if not self.code:
            yield Problem(self.wrong_code or "Enter your share code", "share_code")
        if self.paper is None:
            named = keys(self.answers, CDP)
            held = self.context.library.get(named[0]) if named else None
            if held is not None and not held.usable:
                yield Problem("Our scan found something harmful in the PDF: choose another document", CDP)
            else:
                yield Problem("Choose the PDF of your supplier information, or upload it to your library", CDP)
        if self.wrong_day:
            yield Problem("Enter the day on which you made the PDF as a real date, like 7 9 2026", "cdp_on")
        elif self.made_on is None:
            yield Problem("Enter the day on which you made the PDF of your supplier information", "cdp_on")
        elif self.made_on > self.context.today:
            yield Problem("The day on which you made the PDF must be today or in the past", "cdp_on")

    def _contact(self) -> Iterator[Problem]:
        if not text(self.answers, "contact_name"):
            yield Problem("Enter the name of the person to contact about this application", "contact_name")
        if len(self.email) > 254 or not _EMAIL.fullmatch(self.email):
            yield Problem("Enter the email address to write to, like name@example.com", "contact_email")
        digits = sum(one.isdigit() for one in self.phone)
        if self.phone and not (_PHONE.fullmatch(self.phone) and 10 <= digits <= 15):
            yield Problem("Enter a telephone number, like 01632 960 001, or leave it out", "contact_phone")

    def notices(self) -> Iterator[Problem]:
        if self.made_on and (self.context.today - self.made_on).days > OLD_AFTER:
            yield Problem(
                f"Your supplier information is from {in_words(self.made_on)}, more than six months ago. If anything "
                "in it has changed, bring it up to date and upload the new PDF",
                "cdp_on",
            )


def _paper(answers: Answers, context: Context) -> Held | None:
    """The document that was chosen, if it is the bidder's own and clean."""
    chosen = (context.library.get(version) for version in keys(answers, CDP)[:1])
    return next((held for held in chosen if held and held.usable), None)
