"""Could we pass? Five minutes for anybody, before signing up."""

from __future__ import annotations

from django.shortcuts import render
from django.views.decorators.cache import cache_control

from core import clock
from core.access import guard, public
from lots.models import Framework
from lots.permissions import can_see_framework
from providers.queries import offers
from providers.rules import self_check as rules
from providers.views import shown


@public("what is asked is public; whoever wonders whether to apply need not sign up, and nothing of it is kept")
@guard(can_see_framework, on=Framework)
@cache_control(no_store=True)
def self_check(request, framework):
    """The questions; and, once they are sent, what the answers come to. They are read, answered and forgotten."""
    offer = offers.offer_of(framework)
    sent = request.POST
    kinds, lots = sent.getlist("kind"), sent.getlist("lot")
    answers = {question.name: sent.get(question.name, "") for question in rules.questions(offer)}
    result = rules.result(offer, answers, kinds=kinds, lots=lots) if request.method == "POST" else None
    context = {
        "framework": framework,
        "offer": offer,
        "groups": _groups(offer, answers),
        "kinds": [(value, label, value in kinds) for value, label in rules.KINDS.items()],
        "lots": [(lot, str(lot.pk) in lots) for lot in offer.biddable],
        "result": result,
        "may_apply": not shown.why_shut(framework, at=clock.now()),
        "apply_url": shown.way("apply", framework.pk),
    }
    return render(request, "providers/self_check.html", context)


def _groups(offer, answers) -> list[tuple[str, list]]:
    """The questions under their headings, each with what was answered."""
    found = [("Exclusion and insurance", rules.COMMON)]
    found += [(theme.title, [rules.question_of(one) for one in theme.standards]) for theme in offer.themes]
    return [(heading, [(question, answers[question.name]) for question in asked]) for heading, asked in found]
