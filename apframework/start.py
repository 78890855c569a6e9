"""What somebody who has signed in has to do first, by what they are."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.urls import reverse

from apframework.navigation import Place, address
from evaluation.queries.overview import takes_part


@dataclass(frozen=True)
class Task:
    """A line of the task list. Without `url` it cannot be started yet; an ongoing one is never done."""

    title: str
    url: str | None
    done: bool = False
    hint: str = ""
    ongoing: bool = False


def tasks(user, places: list[Place]) -> list[Task]:
    """Frameworks first, for whoever buys; where pupils are, for whoever works with them; the second step; an
    organisation; then, for whoever runs one, its people and its term dates."""
    found = [
        Task(
            f"Frameworks of {place.name}",
            place.frameworks_url,
            hint="Bring in a notice or set one up by hand, publish it, and see what is due next.",
            ongoing=True,
        )
        for place in places
        if place.buys
    ]
    if found and (url := address("check_prices")):
        found.append(
            Task(
                "Check a list of prices",
                url,
                hint="Which prices of a spreadsheet pass the price check. Nothing of it is kept.",
                ongoing=True,
            )
        )
    if any(place.frameworks_url for place in places) and takes_part(user):
        found.append(
            Task(
                "Evaluations",
                address("evaluations"),
                hint="Those in which you take part or that you oversee, and what waits for you in each.",
                ongoing=True,
            )
        )
    found += [
        Task(
            f"Today at {place.name}",
            url,
            hint="Where each pupil is to be, from when to when, and who is rung.",
            ongoing=True,
        )
        for place in places
        if place.sees_pupils and (url := address("today", place.pk))
    ]
    for place in places:
        found += _of_the_day(place)
    found += [
        Task(
            title="Set up a second step for signing in",
            url=reverse("mfa_index"),
            done=is_mfa_enabled(user),
            hint="An app on your phone or a passkey, so that a stolen password alone opens nothing."
            + ("" if settings.SECOND_STEP_DEMANDED else " Offered in this demonstration, not demanded."),
        )
    ]
    if not places and not user.is_operator and (url := address("register_provider")):
        found.append(
            Task(
                title="Register your organisation",
                url=url,
                hint="For providers. People at councils, trusts and schools are invited by a colleague instead.",
            )
        )
    if any(place.is_provider for place in places):
        found.append(
            Task(
                "See which frameworks are open for applications",
                f"{address('frameworks')}?stands=open",
                hint="What is bought, until when you may apply, and the rules by which bids are judged.",
                ongoing=True,
            )
        )
    for place in places:
        if place.is_provider:
            found += _of_provider(place)
    found += [
        Task(
            f"Places of {place.name} on frameworks",
            address("provider_places", place.pk),
            hint="Accept what you were awarded, and see what you have.",
            ongoing=True,
        )
        for place in places
        if place.is_provider
    ]
    for place in places:
        if not place.manages_people:
            continue
        if url := address("invite", place.pk) or address("people", place.pk):
            found.append(
                Task(
                    f"Invite colleagues to {place.name}",
                    url,
                    hint="Each person has a sign-in of their own.",
                    ongoing=True,
                )
            )
        if url := address("term_dates", place.pk):
            found.append(
                Task(
                    f"Check the term dates of {place.name}",
                    url,
                    hint="Terms, and the days you are closed.",
                    ongoing=True,
                )
            )
    if user.is_operator:
        for name, title in (
            ("import_schools", "Bring the list of schools up to date"),
            ("look_alikes", "Decide about organisations that look alike"),
            ("outbox", "See which letters went out and which could not be sent"),
        ):
            if url := address(name):
                found.append(Task(title, url, ongoing=True))
    return found


def _of_the_day(place: Place) -> list[Task]:
    """What is done each day: registers, the daily report, and for a commissioner what providers reported."""
    found = []
    if place.is_provider and place.sees_pupils:
        hint = "One tap for each pupil, on a phone too. Whoever answers for an absent pupil is told at once."
        found.append(Task(f"Registers of {place.name}", address("registers", place.pk), hint=hint, ongoing=True))
    if place.is_provider:
        hint = "One page for everybody you report to, filled in from your registers."
        found.append(Task(f"Daily report of {place.name}", address("daily_report", place.pk), hint=hint, ongoing=True))
    if place.watches and not place.is_provider:
        hint = "Which providers reported and what they said, day by day, and how each measure is rated."
        found.append(Task(f"Daily reports to {place.name}", address("board", place.pk), hint=hint, ongoing=True))
    return found


def _of_provider(place: Place) -> list[Task]:
    """What a provider does here besides."""
    found = []
    if place.manages_people and (url := address("applications", place.pk)):
        found.append(
            Task(
                f"Applications of {place.name}",
                url,
                hint="Go on with one, see what is missing, and what you have submitted.",
                ongoing=True,
            )
        )
    found += [
        Task(
            f"Profile of {place.name}",
            address("provider_profile", place.pk),
            hint="What you offer, where, and who answers for safeguarding. Each application starts from it.",
            ongoing=True,
        ),
        Task(
            f"Evidence library of {place.name}",
            address("library", place.pk),
            hint="Upload policies and certificates once, and use them in every application.",
            ongoing=True,
        ),
    ]
    return found


def account_rows(user) -> list[dict]:
    """Lines of the account's summary list, each with the page that changes it."""
    on = is_mfa_enabled(user)
    rows = [
        {"key": "Name", "value": user.name or None},
        {"key": "Email address", "value": user.email, "url": address("account_email")},
        {"key": "Password", "value": "Set", "url": address("account_change_password")},
        {"key": "Second step", "value": "On" if on else "Off", "url": address("mfa_index"), "action": "Manage"},
        {
            "key": "Where you are signed in",
            "value": "Browsers and devices",
            "url": address("usersessions_list"),
            "action": "See",
        },
    ]
    if settings.OIDC_PROVIDERS:
        linked = address("socialaccount_connections")
        rows.append({"key": "Linked accounts", "value": "Council or DfE sign-in", "url": linked, "action": "Manage"})
    if url := address("jobs"):
        value = "Work that goes on without you waiting for it"
        rows.append({"key": "Long tasks", "value": value, "url": url, "action": "See"})
    if mine := address("my_record"):
        rows.append({"key": "Your record", "value": "What you did, and when", "url": mine, "action": "See"})
    return rows
