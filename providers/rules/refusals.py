"""What an application is told no with. Each is a `Refused`: whoever forgets one still answers calmly."""

from __future__ import annotations

import datetime as dt

from lots.rules.refusals import Refused

__all__ = ["ChangedSince", "OtherContent", "Refused", "TooLate"]


class TooLate(Refused):
    """The deadline had passed by the database's clock. `at` is the moment that was judged, `closes_at` the deadline as
    it stood then; both UTC."""

    def __init__(self, *, closes_at: dt.datetime | None, at: dt.datetime):
        super().__init__("The deadline has passed, so this can no longer be changed")
        self.closes_at, self.at = closes_at, at


class ChangedSince(Refused):
    """The application was changed after the page was opened on which it was checked."""

    def __init__(self):
        super().__init__("Your application was changed after you opened this page. Check it again, then submit it")


class OtherContent(Refused):
    """The same request came before with something else in it."""

    def __init__(self):
        super().__init__("This page was already used to submit your application as it was before. Check it again")
