"""Which pages the tests of bad input walk through, as whom, and with what."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.conf import settings
from django.test import Client

from accounts.models import Closure, Invitation, Membership, Organisation, TermDates, User
from lots.models import Framework, KeyDate, Lot, PriceLine
from tests.house.nasty import FOR_A_DATABASE, VALUES
from tests.house.test_access import ROWS
from tests.pages import NOT_OPENED_BY_ADDRESS, THIRD_PARTY, Opened, ours

PAGES = [*ours(ROWS), *THIRD_PARTY]
ONLY_SENT = [
    Opened(name, next((who for who in ("olu", "alice") if row.expected(who) in {200, 302}), "alice"), row.args)
    for name, row in sorted(ROWS.items())
    if row.method == "post"
]
# Pages that show nothing by their address alone.
NO_PAGE = [
    Opened("accept_invitation", "alice"),
    Opened("open_invitation", "alice", lambda world: ["a-secret-that-nobody-sent"]),
    Opened("openid_connect_login", "nobody", lambda world: ["nobody"]),
    Opened("openid_connect_callback", "nobody", lambda world: ["nobody"]),
    *(
        Opened(name, who, ROWS[name].args)
        for name, who in {
            "job_state": "max",
            "next_judgement": "eve",
            "letter_file": "alice",
            "letters_beside": "alice",
            "evaluation_report_copy": "max",
            "known_file": "bob",
        }.items()
    ),
]
IN_THE_MIDDLE = NO_PAGE + [
    Opened(name, "alice", (lambda world: [0]) if name in {"mfa_edit_webauthn", "mfa_remove_webauthn"} else None)
    for name in sorted(NOT_OPENED_BY_ADDRESS)
]
EVERY_PAGE = PAGES + ONLY_SENT + IN_THE_MIDDLE
FORM = "application/x-www-form-urlencoded"
# Drawn or printed: once each is enough.
SLOW = {"audit_pdf", "audit_chart", "pattern_chart", "framework_timeline", "opening_pdf", "pool_plot"}
SLOW |= {"evaluation_report_pdf", "evaluation_report_xlsx"}
LISTS = {"organisations", "people", "audit", "audit_csv", "audit_copies", "my_record", "look_alikes", "outbox"}
LISTS |= {"jobs", "frameworks"}
COUNTED = (Organisation, Membership, Invitation, User, TermDates, Closure, Framework, Lot, PriceLine, KeyDate)


def opened_by(opened, world, sign_in) -> Client:
    """A browser in which whoever opens this page has just signed in."""
    user = opened.user(world)
    if not user:
        return Client()
    client = sign_in(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "email": user.email}]
    session["second_step"] = True
    session.save()
    return client


def counts() -> list[int]:
    return [model.objects.count() for model in COUNTED]


def others(world) -> dict[str, str]:
    """Keys of rows that belong to somebody else."""
    return {"another organisation": str(world.birch_farm.pk), "another person": str(world.ines.pk)}


def values(world) -> list[tuple[str, str]]:
    """What is typed, by what it is; on PostgreSQL what a database could trip over (ADR 7)."""
    kept = VALUES if settings.SQLITE else {kind: VALUES[kind] for kind in sorted(FOR_A_DATABASE)}
    return list((kept | others(world)).items())


def rounds(fields: list[str], values: list, least: int) -> Iterator[dict[str, tuple[str, str]]]:
    """Every field with another value at a time, until the fields together have had every value and each has had some
    of them."""
    for turn in range(max(least, -(-len(values) // len(fields)))):
        start = turn * len(fields) + turn * len(fields) // len(values)  # never the same again
        yield {name: values[(start + at) % len(values)] for at, name in enumerate(fields)}
