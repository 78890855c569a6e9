"""Every form of the portal, given what people type, paste and send on purpose: an answer each time, never a fault of
ours, nothing written where it was refused."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.cast import PASSWORD
from tests.house.fuzz import EVERY_PAGE, FORM, ONLY_SENT, SLOW, counts, opened_by, rounds, values
from tests.house.nasty import LONG, Forms, encoded, undone
from tests.house.test_access import ROWS
from tests.pages import everyone, read

# What would be taken, so that one nasty value at a time gets as far as the database.
GOOD = {
    "name": "Hazel Workshop",
    "reason": "Training",
    "no_number_reason": "I teach alone",
    "companies_house": "01234567",
    "street": "1 Station Road",
    "town": "Larkton",
    "postcode": "LA1 1AA",
    "email": "new@new.example",
    "login": "alice@alice.example",
    "password": PASSWORD,
    "oldpassword": PASSWORD,
    "password1": "seven purple otters",
    "code": "123456",
    "starts_on_0": "7",
    "starts_on_1": "9",
    "starts_on_2": "2026",
    "ends_on_0": "8",
    "ends_on_1": "9",
    "ends_on_2": "2026",
    "decision": "different",
    "step": "register",
    "title": "A framework",
    "title_1": "Vocational",
    "day_0": "7",
    "day_1": "9",
    "day_2": "2026",
}
OURS_ALONE = {"held_answers": "1", "held": "1", "next": "/", "step": ""}  # what middleware and views read besides


def answers_to(client, opened, address) -> dict:
    """What the page's forms hold, made good where we know how."""
    answers = {}
    if opened not in ONLY_SENT:
        page = read(client.get(address))
        if page.status_code == 200 and "text/html" in page["Content-Type"]:
            for form in Forms(page.content.decode()).forms:
                if form["method"] == "post" and not form["action"].startswith("/account/logout"):
                    answers |= form["fields"]
    return {name: [GOOD[name]] if name in GOOD else held for name, held in answers.items()}


def one_of_each(fields: list[str]) -> list[str]:
    """The fields without those that repeat others: of a form with many rows three (a day's three parts) are enough."""
    alike = Counter()
    kept = []
    for name in fields:
        kind = re.sub(r"[0-9]+", "#", name)
        alike[kind] += 1
        if alike[kind] <= 3:
            kept.append(name)
    return kept


def stem(field: str) -> str:
    """`starts_on` of `starts_on_2`: the parts of an answer are refused together."""
    return re.sub(r"(_\d+)+$", "", field)


@dataclass
class Answer:
    """What came back for what was sent: the faults, the stems of the fields that it refused, and whether it led on."""

    faults: list[str]
    refused: set[str] = field(default_factory=set)
    led_on: bool = False


def sent_to(client, address, answers, before) -> Answer:
    """Send these answers once; what they did is taken back."""
    found = Answer([])
    with undone(client):
        began = time.process_time()
        try:
            page = read(client.generic("POST", address, encoded(answers), content_type=FORM))
        except Exception as error:  # whatever it is, it is what we look for
            return Answer([f"{type(error).__name__}: {str(error)[:120]}"])
        if time.process_time() - began > 3:
            found.faults.append(f"took {time.process_time() - began:.1f} seconds of the processor")
        if page.status_code >= 500:
            found.faults.append(str(page.status_code))
        found.led_on = page.status_code in {301, 302, 303}
        if page.status_code == 200 and "text/html" in page["Content-Type"]:
            text = page.content.decode()
            form = (page.context or {}).get("form")
            if "<script>alert(9)" in text or "<img src=x" in text:
                found.faults.append("gives back markup")
            summary = text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
            found.refused = {stem(name) for name in re.findall(r'href="#id_([^"]+)"', summary)}
            if getattr(form, "errors", None):
                found.refused |= {stem(name) for name in form.errors}
                if not summary:
                    found.faults.append("says nothing of what is wrong")
                if counts() != before:
                    found.faults.append("wrote something that it refused")
    return found


def tried(client, address, answers, changed: dict, before, turn: int = 0) -> list[str]:
    """Send the answers with what was changed (None leaves a field out). Where some of it was refused, good answers
    stand there the second time, so that the rest gets as far as the database; where nothing says what was wrong, one
    half of it is sent and then the other, another half at every turn."""

    def with_changed(names) -> dict:
        mixed = answers | {name: changed[name] for name in names}
        return {name: value for name, value in mixed.items() if value is not None}

    first = sent_to(client, address, with_changed(changed), before)
    faults, again = first.faults, []
    if first.refused:
        again = [[name for name in changed if stem(name) not in first.refused]]
    elif not first.led_on and not faults:
        names = sorted(set(changed) & set(answers))
        again = [[name for at, name in enumerate(names) if at >> turn % 3 & 1 == half] for half in (0, 1)]
    for names in again:
        if names and len(names) < len(changed):
            faults = faults + sent_to(client, address, with_changed(names), before).faults
    return faults


@pytest.mark.parametrize("opened", EVERY_PAGE, ids=lambda opened: opened.name)
def test_whatever_is_sent_to_a_page_gets_an_answer(opened, world, sign_in):
    """Each field has another value at every turn; what is taken of it gets as far as the database. Then every field
    twice, and fields left out."""
    everyone(world)
    client, address = opened_by(opened, world, sign_in), opened.address(world)
    answers, before = answers_to(client, opened, address), counts()
    fields, found = one_of_each(sorted(answers)), {}
    besides = [name for name in OURS_ALONE if name not in answers]
    if opened.name in SLOW:
        fields, besides = [], besides[:1]
    for turn, some in enumerate(rounds(fields + besides, values(world), 4 if fields else 1)):
        kinds = tuple(f"{name}: {kind}" for name, (kind, _) in some.items())
        changed = {name: value for name, (_, value) in some.items()}
        found[kinds] = tried(client, address, answers, changed, before, turn)
        if not fields and turn == 3:
            break
    if fields:
        twice = {name: [*answers[name], "two", LONG] for name in fields}
        found["twice"] = tried(client, address, answers, twice, before)
        for what, left in {"all": fields, "every second": fields[::2], "the others": fields[1::2]}.items():
            found["left out", what] = tried(client, address, answers, dict.fromkeys(left), before)

    assert {what: faults for what, faults in found.items() if faults} == {}


def test_every_address_is_looked_at():
    from django.utils.module_loading import import_string

    third_party = import_string("apframework.doors.THIRD_PARTY")

    assert {opened.name for opened in EVERY_PAGE} >= set(ROWS) | set(third_party)
