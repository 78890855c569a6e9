"""The public log of questions and answers, asking, and the officers who answer without knowing whom."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from core import clock, lists
from core.access import guard, public
from lots.models import Framework
from lots.views.setting_up import done, tried
from providers.actions import questions as actions
from providers.forms.questions import AnswerForm, AskForm, EditForm, LogForm
from providers.models import Answer, Question
from providers.permissions import questions as permissions
from providers.queries import questions as queries
from providers.rules import questions as rules
from providers.rules.refusals import Refused


@public("what is answered to one bidder is answered to everybody; until the framework is published its door is shut")
@guard(permissions.can_see_log, on=Framework)
@require_safe
def clarifications(request, framework):
    """Everything that the buyer clarified and answered, what was published or changed last first."""
    filter = LogForm(request.GET)
    context = {
        "framework": framework,
        "filter": {"form": filter},
        "page": _page(framework, filter.wanted, request.GET),
        "until": rules.last_moment(framework.enquiries_until, framework.closes_at),
        "why_not": _why_not(framework),
        "can_manage": permissions.can_manage_framework(request.user, framework),
        "can_ask": permissions.can_apply(request.user, framework),
    }
    return render(request, "providers/clarifications.html", context)


def _page(framework, wanted: dict[str, str], asked) -> lists.Page:
    """Fifty entries. They come from two places, so a page is known by its number. One that lies beyond the end is the
    first."""
    typed = asked.get("page", "")
    number = max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 1
    before = (number - 1) * lists.MOST_ROWS
    if wanted["words"]:
        found, skipped = rules.log(queries.log_of(framework), **wanted), 0
        count = len(found)
    else:
        own = [] if wanted["kind"] == rules.ANSWER else queries.clarified(framework)
        # However the buyer's own entries lie among the answers, so many answers at least come before this page.
        skipped = max(0, before - len(own))
        of_answers = wanted["kind"] != rules.CLARIFICATION
        some = queries.answers_of(framework, skipped, before + lists.MOST_ROWS + 1) if of_answers else []
        found = rules.log([*own, *some])
        is_all = number == 1 and len(found) <= lists.MOST_ROWS
        count = len(found) if is_all else len(own) + (queries.count_answers(framework) if of_answers else 0)
    rows = found[before - skipped :]
    if number > 1 and not rows:
        first = asked.copy()
        first["page"] = ""
        return _page(framework, wanted, first)

    def address(to: int) -> str:
        query = asked.copy()
        query["page"] = str(to)
        return f"?{query.urlencode()}"

    return lists.Page(
        rows=rows[: lists.MOST_ROWS],
        count=min(count, lists.COUNT_UP_TO),
        count_is_exact=count <= lists.COUNT_UP_TO,
        before=address(number - 1) if number > 1 else "",
        after=address(number + 1) if len(rows) > lists.MOST_ROWS else "",
    )


def _why_not(framework) -> str:
    """Why nobody can ask any more; empty while one can."""
    try:
        rules.check_ask(
            state=framework.state,
            enquiries_until=framework.enquiries_until,
            closes_at=framework.closes_at,
            at=clock.now(),
            waiting=0,
        )
    except Refused as refusal:
        return str(refusal)
    return ""


@guard(permissions.can_apply, on=Framework)
def ask_question(request, framework):
    """Ask; while one can, and else why not and what to do."""
    form = AskForm(posted(request), providers=queries.providers_led_by(request.user))

    def act():
        actions.ask_question(
            framework=framework, provider=form.provider_asking, text=form.cleaned_data["text"], by=request.user
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(
            request,
            "Your question was sent. The answer goes to everybody who follows the framework, and we write to you then",
            "my_questions",
            framework.pk,
        )
    context = {"framework": framework, "form": form, "why_not": _why_not(framework)}
    return render(request, "providers/ask_question.html", context)


@guard(permissions.can_apply, on=Framework)
@require_safe
def my_questions(request, framework):
    """What the person's providers asked, with what became of it."""
    page = lists.page(queries.own_questions(framework, user=request.user), request.GET, order=["-number", "-id"])
    context = {"framework": framework, "page": page, "why_not": _why_not(framework)}
    return render(request, "providers/my_questions.html", context)


@guard(permissions.can_manage_framework, on=Framework)
@require_safe
def questions(request, framework):
    """The questions to a framework as its officers see them: what and when, never who."""
    answered = request.GET.get("show") == "answered"
    found = queries.questions_to(framework, user=request.user).filter(answer__isnull=not answered)
    order = ["-number", "-id"] if answered else ["number", "id"]
    context = {
        "framework": framework,
        "answered": answered,
        "page": lists.page(found, request.GET, order=order),
        "until": rules.last_moment(framework.enquiries_until, framework.closes_at),
    }
    return render(request, "providers/questions.html", context)


@guard(permissions.can_answer, on=Question)
def answer_question(request, question):
    """Publish the answer to a question. One that was answered meanwhile leads to its answer."""
    framework = question.framework
    if question.answer_id and request.method != "POST":
        return redirect(_address(framework, question.answer.number))
    others = [one for one in queries.open_questions(framework, user=request.user) if one.pk != question.pk]
    form = AnswerForm(posted(request), question=question, others=others)

    def act():
        data = form.cleaned_data
        actions.publish_answer(
            framework=framework,
            questions=[question.number, *data.get("also", [])],
            asked=data["asked"],
            text=data["text"],
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The answer is published, and everybody who follows is told", "questions", framework.pk)
    return render(request, "providers/answer.html", {"framework": framework, "form": form, "question": question})


@guard(permissions.can_manage_framework, on=Framework)
def add_clarification(request, framework):
    """Tell everybody something that nobody asked."""
    form = AnswerForm(posted(request))

    def act():
        text = form.cleaned_data["text"]
        actions.publish_answer(framework=framework, questions=[], asked="", text=text, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "It is published, and everybody who follows is told", "clarifications", framework.pk)
    return render(request, "providers/answer.html", {"framework": framework, "form": form})


@guard(permissions.can_answer, on=Answer)
def edit_answer(request, answer):
    """Publish a further version of an answer."""
    framework, stands = answer.framework, queries.standing_version(answer)
    form = EditForm(posted(request), stands=stands)

    def act():
        data = form.cleaned_data
        actions.edit_answer(
            answer=answer,
            version=data["version"],
            asked=data.get("asked", ""),
            text=data["text"],
            why_changed=data["why_changed"],
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return redirect(_address(framework, answer.number))
    context = {"framework": framework, "form": form, "answer": answer, "stands": stands}
    return render(request, "providers/edit_answer.html", context)


def _address(framework, number: int) -> str:
    return f"{reverse('clarifications', args=[framework.pk])}#answer-{number}"
