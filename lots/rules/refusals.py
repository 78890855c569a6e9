"""What a rule of frameworks says no to."""

from __future__ import annotations


class Refused(ValueError):
    """The rule says no; the message says why and what to do next, to the person who asked. `field` names the field of
    the form that it is about, where there is one."""

    def __init__(self, message: str, *, field: str = ""):
        super().__init__(message)
        self.field = field
