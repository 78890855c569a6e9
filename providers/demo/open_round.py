"""The Oak Trust's round, which is open: applications in every state, questions, messages, a request for help."""

from __future__ import annotations

import datetime as dt

from core import clock
from lots.demo import organisation, person
from lots.models import Framework
from providers.actions import applications, messages, questions
from providers.demo import answers
from providers.models import Application


def load(*, at: dt.datetime) -> None:
    """Six providers, each as far as it came."""
    framework = Framework.objects.get(buyer__name="Oak Trust")
    _asked(framework, at)
    _submitted_and_edited(framework)
    _submitted(framework)
    _half_done(framework)
    _ready(framework)
    _withdrawn(framework)


def _start(framework: Framework, provider: str, lead: str) -> tuple[Application, object]:
    by = person(lead)
    return applications.start(framework=framework, provider=organisation(provider), by=by), by


def _asked(framework: Framework, at: dt.datetime) -> None:
    """Fern Cottage follows, and asks; so does Birch Farm. One question is answered to everybody, and the answer was
    made plainer since; one waits."""
    tariq = person("tariq@oak-trust.example")
    fern, flora = organisation("Fern Cottage Tuition"), person("flora@fern-cottage.example")
    applications.follow(framework=framework, provider=fern, by=flora, at=at)
    questions.ask_question(
        framework=framework,
        provider=fern,
        text="I teach alone. Must I have a deputy for safeguarding, as standard 1.5 says?",
        by=flora,
    )
    questions.ask_question(
        framework=framework,
        provider=organisation("Birch Farm"),
        text="Does the price of a half-day include lunch?",
        by=person("charlie@birch-farm.example"),
    )
    asked = "Must somebody who teaches alone have a deputy for safeguarding?"
    answer = questions.publish_answer(
        framework=framework, questions=[1], asked=asked, text="Yes, in the holidays too.", by=tariq, at=at
    )
    questions.edit_answer(
        answer=answer,
        version=1,
        asked=asked,
        text="Yes: name somebody outside your business who can be reached whenever you teach, for example the lead of "
        "another provider. Say in your answer to the standard who that is.",
        why_changed="We were asked who that could be, and say it here for everybody.",
        by=tariq,
        at=at,
    )


def _submitted_and_edited(framework: Framework) -> None:
    """Ash House submitted, and has typed something else since: what was submitted stands."""
    application, alice = _start(framework, "Ash House", "alice@ash-house.example")
    answers.save(application, answers.whole(application, pence=41_00, lots="12", by=alice), by=alice)
    answers.submit(application, key="demo-ash-house", by=alice)
    cheaper = answers.whole(application, pence=40_00, lots="12", by=alice)
    answers.save(application, cheaper, by=alice, only=["prices"])


def _submitted(framework: Framework) -> None:
    """Birch Farm submitted for one lot."""
    application, charlie = _start(framework, "Birch Farm", "charlie@birch-farm.example")
    answers.save(application, answers.whole(application, pence=38_50, lots="1", by=charlie), by=charlie)
    answers.submit(application, key="demo-birch-farm", by=charlie)


def _half_done(framework: Framework) -> None:
    """Cedar Workshop began, got stuck, and asks for help."""
    application, carys = _start(framework, "Cedar Workshop CIC", "carys@cedar-workshop.example")
    lots = {f"lot_{lot.pk}": [str(part.pk) for part in lot.sub_lots.all()] for lot in framework.lots.filter(number="2")}
    parts = {"lots": lots, "connected": {"name_1": carys.name, "kind_1": "director"}, "organisation": {"size": "micro"}}
    answers.save(application, parts, by=carys)
    messages.ask_for_help(
        application=application,
        text="The page for our supplier information asks for a PDF. Where on the Central Digital Platform do I get it?",
        reach="01632 960 103, until five",
        by=carys,
    )


def _ready(framework: Framework) -> None:
    """Dovecote Music has everything ready and did not submit yet: it waits for a word of the buyer."""
    application, dev = _start(framework, "Dovecote Music", "dev@dovecote-music.example")
    answers.save(application, answers.whole(application, pence=43_00, lots="2", by=dev), by=dev)
    messages.send_message(application=application, text="May we name a studio that we shall rent from January?", by=dev)
    messages.write_to_bidder(
        application=application.pk,
        text="Yes. Say in your answer from when you rent it. We visit every site before the first pupil comes.",
        by=person("tariq@oak-trust.example"),
        at=clock.database_now(),  # after the question, which the database has timed
    )


def _withdrawn(framework: Framework) -> None:
    """Elder Tree submitted, and took it back."""
    application, ezra = _start(framework, "Elder Tree Boxing Academy", "ezra@elder-tree.example")
    answers.save(application, answers.whole(application, pence=36_00, lots="2", by=ezra), by=ezra)
    answers.submit(application, key="demo-elder-tree", by=ezra)
    applications.withdraw(application=answers.seen(application, ezra), by=ezra)
