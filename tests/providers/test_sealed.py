"""Nobody but the provider's own leads sees a bid before the opening. Two providers' bids are made of canaries: every
answer, price, title of a document, and name. Then everybody else looks everywhere."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.urls.resolvers import RoutePattern

from accounts.models import HeldAnswers, Organisation, User
from audit.models import Event
from core.checks import urls
from lots.models import Framework, Standard
from outbox import delivery
from outbox.models import Message
from outbox.states import Queue
from providers.actions import messages
from providers.models import Application, BidPrice, Submission, SubmittedVersion
from providers.queries.bids import own_bid
from providers.rules.evidence import field_of
from providers.steps.opening import open_round
from tests.cast import World
from tests.dumps import everything, said
from tests.house.test_access import ROWS
from tests.providers.bids import applied, complete, context_of, held, lead_of, open_framework, seen, submit, typed
from tests.providers.rounds import ask_help, asked

TITLES = ("providers_item", "files_file")  # the library is no bid: its titles stand in clear (docs/adr/0022)
LOOKERS = ["max", "ada", "eve", "fay", "olu", "charlie", "bob", "nobody"]
# What else an address takes than the key of the thing at its door.
MORE = {"code": "prices", "group": "about", "topic": "margin", "field": "evidence_1"}
NARROWED = "?thing=providers.application-{pk}&person={alice}&action=providers.submission.made&state=sent&order=name"
NARROW = {"audit", "audit_csv", "my_record", "outbox", "jobs", "places", "frameworks", "questions", "messages_of_round"}
SLOW = {"audit_pdf", "audit_chart", "pattern_chart", "framework_timeline", "readyz"}


@dataclass(frozen=True)
class Canaries:
    """What one provider's bid is made of."""

    answers: tuple[str, ...]
    prices: tuple[str, ...]
    titles: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def secret(self) -> tuple[str, ...]:
        """What no database holds in clear, and no page but its own shows."""
        return self.answers + self.prices

    @property
    def all(self) -> tuple[str, ...]:
        return self.secret + self.titles + self.names


def canaries(word: str, pence: int) -> Canaries:
    pounds = f"{pence // 100}.{pence % 100:02d}"
    return Canaries(
        answers=(f"{word}typed", f"{word}later", f"{word}contact", f"{word}signs"),
        prices=(str(pence), pounds, f"{pence // 100:,}.{pence % 100:02d}"),
        titles=(f"{word}policy",),
        names=(f"{word}house", f"{word}person"),
    )


ASH, BIRCH = canaries("quillash", 73_193_751), canaries("zephbirch", 86_257_913)


def bid_of_canaries(world, framework: Framework, provider: Organisation, own: Canaries, pence: int) -> Application:
    """A complete draft of nothing but canaries."""
    application = complete(world, applied(world, framework, provider), pence=pence)
    document = held(provider, own.titles[0])
    lead = lead_of(provider)
    draft = own_bid(seen(application), user=lead).draft
    offer = context_of(seen(application), user=lead, today=dt.date(2026, 3, 2)).offer
    parts = {
        f"standard:{one.pk}": {"answer": own.answers[0]}
        | {field_of(asked): [str(document.pk)] for asked in one.evidence}
        for one in offer.standards
    }
    parts["organisation"] = draft["organisation"].answers | {"contact_name": own.answers[2]}
    parts["declarations"] = draft["declarations"].answers | {"name": own.answers[3]}
    return typed(application, parts)


@dataclass(frozen=True)
class Round:
    """A framework with Ash House's submission, its draft after that, and Birch Farm's draft."""

    world: World
    framework: Framework
    ash: Application
    birch: Application
    submission: Submission


@pytest.fixture
def made(world) -> Round:
    for name, own in (("ash_house", ASH), ("birch_farm", BIRCH)):
        Organisation.objects.filter(pk=getattr(world, name).pk).update(name=own.names[0], name_key=own.names[0])
    for name, own in (("alice", ASH), ("charlie", BIRCH)):
        person = getattr(world, name)
        User.objects.filter(pk=person.pk).update(name=own.names[1])
        person.memberships.update(person_name=own.names[1])
    for name in ("ash_house", "birch_farm"):
        getattr(world, name).refresh_from_db()
    framework = open_framework(world)
    ash = bid_of_canaries(world, framework, world.ash_house, ASH, 73_193_751)
    submission = submit(ash)
    later = own_bid(seen(ash), user=world.alice).draft["organisation"].answers | {"history": ASH.answers[1]}
    typed(ash, {"organisation": later})
    birch = bid_of_canaries(world, framework, world.birch_farm, BIRCH, 86_257_913)
    asked(world, framework, "May one teach in a barn?")
    ask_help(world, framework)
    messages.send_message(application=ash, text="May we ring you?", by=world.alice)
    return Round(world, framework, ash, birch, submission)


def addresses(made: Round) -> list[tuple[str, str]]:
    """(URL name, address) of everything that there is, for each thing at whose door somebody could stand."""
    found, patterns = [], {name: pattern for name, pattern in urls() if name in ROWS}
    for name in sorted(ROWS):
        door, words = patterns[name].callback.door, patterns[name].pattern.converters
        if name in SLOW:
            continue
        if not words:
            found.append((name, reverse(name)))
            continue
        for pk in _keys(door, patterns[name].pattern, made):
            more = [_more(word, made) for word in words if word != "pk"]
            found.append((name, reverse(name, args=[pk, *more]) if "pk" in words else ""))
    return [(name, address) for name, address in found if address]


def _keys(door, pattern: RoutePattern, made: Round) -> list[int]:
    if door.model is not None:
        most = 10 if door.model is Organisation else 2
        return list(door.model._default_manager.order_by("pk").values_list("pk", flat=True)[:most])
    return [made.framework.pk, made.world.ash_house.pk, made.world.birch_farm.pk]


def _more(word: str, made: Round):
    if word == "standard":
        return Standard.objects.filter(theme__version__framework=made.framework).first().pk
    return MORE.get(word, made.world.bob.pk)


def held_in(text: str, words) -> set[str]:
    return {word for word in words if word in text.lower()}


def forbidden(who: str) -> tuple[str, ...]:
    """What this person must see nowhere. Operators run the list of organisations and of people; Bob works at Ash House
    and sees its name, its people and its library; Charlie has a bid of his own."""
    if who == "olu":
        return ASH.secret + ASH.titles + BIRCH.secret + BIRCH.titles
    if who == "bob":
        return ASH.secret + BIRCH.all
    return ASH.all if who == "charlie" else ASH.all + BIRCH.all


@pytest.fixture
def logged(caplog):
    """Everything that was logged, with what a line carries besides its text."""
    caplog.set_level("INFO")
    return lambda: "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records)


@pytest.mark.once  # a walk through every page: who sees what is no question of the database
@pytest.mark.parametrize("who", LOOKERS)
def test_whoever_is_not_asked_sees_nothing_wherever_they_look(made, sign_in, logged, who):
    client = Client() if who == "nobody" else sign_in(getattr(made.world, who))
    narrowed, leaks, found = NARROWED.format(pk=made.ash.pk, alice=made.world.alice.pk), {}, set()

    for name, address in addresses(made):
        for asked_for in (address, address + narrowed) if name in NARROW else (address,):
            answer = client.get(asked_for)
            found.add(answer.status_code if name != "download_version" else 200)  # nothing stands on the disk here
            if leaked := held_in(said(answer).replace(narrowed, ""), forbidden(who)):
                leaks[asked_for] = (name, leaked)
            if answer.status_code != 200:
                break

    assert leaks == {}
    assert found <= {200, 302, 400, 403, 404, 405}
    assert held_in(logged(), ASH.all + BIRCH.all) == set()


@pytest.mark.parametrize("who", ["max", "olu", "bob", "nobody"])
def test_no_door_of_a_bid_opens_and_what_is_sent_is_not_answered(made, sign_in, who):
    client = Client() if who == "nobody" else sign_in(getattr(made.world, who))
    doors = {name for name, pattern in urls() if getattr(pattern.callback, "door", None)
             and pattern.callback.door.model in (Application, Submission)}  # fmt: skip
    wrong = {}

    for name, address in addresses(made):
        if name in doors:
            codes = [client.get(address).status_code, client.post(address, {"answer": "x"}).status_code]
            if not set(codes) <= ({302} if who == "nobody" else {404, 405}):
                wrong[address] = codes

    assert len(doors) > 10
    assert wrong == {}


def test_a_dump_of_the_whole_database_holds_no_answer_and_no_price(made):
    dump = everything().lower().decode(errors="replace")
    without_library = everything(without=TITLES).lower().decode(errors="replace")

    assert held_in(dump, ASH.secret + BIRCH.secret) == set()
    assert held_in(without_library, ASH.titles + BIRCH.titles) == set()
    assert (BidPrice.objects.count(), SubmittedVersion.objects.count()) == (0, 0)


def test_the_canaries_would_be_seen(made, sign_in):
    """The bid's own lead sees them; and whoever writes one down in clear is found out."""
    alice = sign_in(made.world.alice)
    pages = "".join(
        said(alice.get(reverse(name, args=args)))
        for name, args in [
            ("submission", [made.submission.pk]),
            ("edit_part", [made.ash.pk, "prices"]),
            ("edit_part", [made.ash.pk, "organisation"]),
            ("library", [made.world.ash_house.pk]),
        ]
    )

    assert held_in(pages, ASH.all) >= {*ASH.answers, *ASH.titles, ASH.names[0]}
    assert held_in(pages, ASH.prices)
    Framework.objects.filter(pk=made.framework.pk).update(risks=ASH.answers[0], title=ASH.prices[0])
    assert held_in(everything().decode(errors="replace"), ASH.all) >= {ASH.answers[0], ASH.prices[0]}
    assert held_in(said(sign_in(made.world.max).get(reverse("framework", args=[made.framework.pk]))), ASH.all)


def test_addresses_do_not_tell_rivals_how_many_there_are(made):
    """What stands in them is drawn by lot and does not count up."""
    keys = [*Application.objects.values_list("pk", flat=True), *Submission.objects.values_list("pk", flat=True)]

    assert len(set(keys)) == len(keys) >= 3
    assert all(10**14 <= key < 10**15 for key in keys)
    assert all(abs(one - other) > 1000 for one in keys for other in keys if one != other)


def test_letters_say_nothing_before_they_are_opened_in_their_own_mailbox(made, sign_in, mailoutbox, logged):
    rows = Message.objects.filter(to__in=[made.world.alice.email, made.world.charlie.email])
    about = rows.filter(discreet=True)
    plain = [f"{one.subject} {one.body}".lower() for one in rows]

    assert about.count() >= 1
    assert not [text for text in plain if held_in(text, ASH.all + BIRCH.all) or made.framework.title.lower() in text]
    assert {bool(one.sealed_body) for one in about} == {True}
    assert {one.organisation_id for one in about} == {None}
    pages = said(sign_in(made.world.olu).get(reverse("outbox"))) + "".join(
        said(sign_in(made.world.olu).get(reverse("outbox_message", args=[one.pk]))) for one in about
    )
    assert made.world.alice.email not in pages
    delivery.sweep(Queue.MAIL)
    assert not about.exclude(sealed_body=None).exists()
    sent = [letter for letter in mailoutbox if made.world.alice.email in letter.to]
    assert not held_in("".join(letter.subject for letter in sent), ASH.all)
    assert not held_in("".join(letter.body for letter in sent), ASH.secret)
    assert held_in(logged(), ASH.all + BIRCH.all) == set()


def test_the_record_holds_ids_and_labels_and_is_the_providers_own(made, sign_in):
    events = Event.objects.filter(action__startswith="providers.")
    told = {event.action for event in events if event.organisation_id == made.world.larkshire.pk}

    assert not held_in(" ".join(str(event.data) for event in Event.objects.all()).lower(), ASH.all + BIRCH.all)
    assert told == set()
    assert events.filter(action="providers.submission.made", organisation_id=made.world.ash_house.pk).exists()
    for_olu = said(sign_in(made.world.olu).get(reverse("audit", args=[made.world.ash_house.pk])))
    for_alice = said(sign_in(made.world.alice).get(reverse("audit", args=[made.world.ash_house.pk])))
    line = re.compile(r">\s*Application submitted\s*</td>")
    assert (bool(line.search(for_olu)), bool(line.search(for_alice))) == (False, True)


def test_what_was_typed_into_a_session_that_ran_out_is_kept_sealed(made, sign_in, logged):
    client = sign_in(made.world.alice)
    session = client.session
    session["seen"] = session["began"] = 1
    session.save()

    client.post(reverse("edit_part", args=[made.ash.pk, "organisation"]), {"history": "canarytypedlate"})

    assert HeldAnswers.objects.filter(user=made.world.alice).count() == 1
    assert "canarytypedlate" not in everything().decode(errors="replace")
    assert "canarytypedlate" not in logged()


def test_a_fault_in_the_middle_of_a_bid_tells_nothing_of_it(made, sign_in, monkeypatch, logged):
    client = sign_in(made.world.alice)
    client.raise_request_exception = False

    def breaks(*args, **words):
        raise RuntimeError(f"In the way: {ASH.answers[0]}")

    monkeypatch.setattr("providers.queries.bids.from_bytes", breaks)

    answer = client.get(reverse("edit_part", args=[made.ash.pk, "organisation"]))

    assert answer.status_code == 500
    assert held_in(said(answer), ASH.secret) == set()


def test_two_bids_that_differ_look_the_same_to_the_officer(made, sign_in):
    """The same numbers whatever was bid for: only that one was submitted, not to which lot, for how much, how long."""
    client, page = sign_in(made.world.max), reverse("round", args=[made.framework.pk])
    varies = re.compile(r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"|X-Request-Id: .*|Date: .*|Content-Length: .*')

    before = varies.sub("", said(client.get(page)))
    sizes = {len(Submission.objects.get(pk=made.submission.pk).sealed)}
    application = complete(made.world, seen(made.ash), pence=5000, lots="2")
    sizes.add(len(submit(application).sealed))

    assert varies.sub("", said(client.get(page))) == before
    assert len(sizes) == 1


@pytest.mark.once  # as above
@pytest.mark.parametrize("who", ["max", "olu"])
def test_after_the_opening_there_are_price_rows_and_still_no_page_of_this_shows_them(made, sign_in, who):
    past = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    Framework.objects.filter(pk=made.framework.pk).update(closes_at=past, enquiries_until=past)
    with transaction.atomic():
        open_round(framework=made.framework, by=made.world.max)
    client = sign_in(getattr(made.world, who))

    shown = "".join(said(client.get(address)) for _, address in addresses(made)).lower()

    assert BidPrice.objects.filter(submission__application=made.ash, pence=73_193_751).exists()
    assert held_in(shown, ASH.secret) == set()
