"""The one way in which every part of an application is shown, saved and saved by itself while somebody types.

Saving takes whatever was typed. What is missing is told afterwards. Nobody's words are written over: a page that is
older than what stands gets both side by side. A request with the header `HX-Request` is the script's, which saves while
somebody types: it is answered with a fragment in place of a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from core import clock
from providers.actions import applications as actions
from providers.forms.parts import PartForm, as_data
from providers.queries import bids
from providers.rules import bid as rules
from providers.rules.draft import NOTHING, Answers, Part, Stale
from providers.rules.reading import Reading
from providers.rules.refusals import Refused, TooLate
from providers.states import ApplicationState
from providers.views import shown

NOT_BEGUN = Reading({})


@dataclass
class Opened:
    """One part of one application as it stands when somebody asks for it."""

    request: object
    application: object
    code: str

    def __post_init__(self):
        self.at = clock.now()
        today = clock.today()
        self.draft = bids.own_bid(self.application, user=self.request.user).draft
        context = bids.context_of(self.application, user=self.request.user, today=today, draft=self.draft)
        self.bid = rules.assemble(self.draft, context)
        self.context = self.bid.context

    @property
    def part(self) -> Part:
        return self.draft.get(self.code, NOTHING)

    @property
    def reading(self) -> Reading:
        return self.bid.readings.get(self.code, NOT_BEGUN)

    @property
    def why_shut(self) -> str:
        return shown.why_shut(self.application.framework, at=self.at)

    @property
    def is_script(self) -> bool:
        return "HX-Request" in self.request.headers

    def form(self, form_class: type[PartForm], data) -> PartForm:
        """The form with what was typed."""
        return form_class(data, context=self.context)


def part_page(
    request,
    application,
    code: str,
    form_class: type[PartForm],
    *,
    heading: str | Callable[[Opened], str],
    following: Callable[[Opened], str] | None = None,
    template: str = "providers/part.html",
    more: Callable[[Opened, PartForm], dict] = lambda opened, form: {},
    leads_to: Callable[[QueryDict], str | None] = lambda sent: None,
) -> HttpResponse:
    """Show a part, or save what was sent. `following` gives the address after it (else it is the task list); `more`
    gives the template what it needs besides; `leads_to` may name another address to go to once it was saved, by the
    button that was pressed. A part needs an address of its own: the form is sent to where it came from."""
    if application.state == ApplicationState.FOLLOWING:
        return redirect("apply", application.framework_id)
    opened = Opened(request, application, code)
    words = heading if isinstance(heading, str) else heading(opened)
    after = following(opened) if following else reverse("application", args=[application.pk])
    page = _Page(opened, form_class, words, after, template, more)
    if request.method == "POST":
        return _take(page, leads_to)
    form = opened.form(form_class, as_data(opened.part.answers, opened.part.revision))
    if why := opened.why_shut:
        return page.shut(form, why)
    if "saved" in request.GET:
        form.tell(opened.reading.problems)
    return page.shown(form)


@dataclass
class _Page:
    opened: Opened
    form_class: type[PartForm]
    heading: str
    following: str
    template: str
    more: Callable[[Opened, PartForm], dict]

    def _render(self, template: str, form: PartForm, status: int = 200, **context) -> HttpResponse:
        opened = self.opened
        framework = opened.application.framework
        basis = {
            "application": opened.application,
            "framework": framework,
            "form": form,
            "heading": self.heading,
            "part": opened.part,
            "reading": opened.reading,
            "following": self.following,
            "countdown": shown.countdown(framework, at=opened.at),
        }
        return render(opened.request, template, basis | self.more(opened, form) | context, status=status)

    def shown(self, form: PartForm) -> HttpResponse:
        """The part, to be typed in."""
        after = "saved" in self.opened.request.GET
        return self._render(self.template, form, after=after, saved_at=shown.saved_at(self.opened.part))

    def shut(self, form: PartForm, why: str, *, late: TooLate | None = None) -> HttpResponse:
        """The part, to be read; with what came too late, so that it can be copied."""
        standing = self.opened.part.answers
        typed = form.typed() if late else {}
        rows = [{"key": form.label_of(name), "value": form.said(name, standing) or None} for name in form.questions()]
        unsaved = [
            {"key": form.label_of(name), "value": words}
            for name in form.questions()
            if (words := form.said(name, typed)) and words != form.said(name, standing)
        ]
        return self._render(
            "providers/part_shut.html", form, 409 if late else 200, why=why, rows=rows, unsaved=unsaved,
            late_at=shown.to_the_second(late.at) if late else "",
        )  # fmt: skip

    def stale(self, form: PartForm, typed: Answers, theirs: Part) -> HttpResponse:
        """Both texts side by side; whoever reads them chooses."""
        rows = [
            {
                "key": key,
                "label": form.label_of(key),
                "both": [
                    ("theirs", "Keep what stands", form.in_words(key, theirs.answers.get(key))),
                    ("mine", "Keep what I typed", form.in_words(key, typed.get(key))),
                ],
                "keep": "mine" if typed.get(key) else "theirs",
            }
            for key in form.asked()
            if typed.get(key) != theirs.answers.get(key)
        ]
        sent = [
            (key, value)
            for key in form.asked()
            for value in ([typed.get(key, "")] if isinstance(typed.get(key, ""), str) else typed[key])
        ]
        return self._render(
            "providers/part_stale.html", form, 409, rows=rows, sent=sent, revision=theirs.revision,
            saved_at=shown.saved_at(theirs), is_own=theirs.saved_by == self.opened.request.user.pk,
        )  # fmt: skip

    def fragment(self, state: str, status: int, **context) -> HttpResponse:
        """What the script is told."""
        basis = {
            "state": state,
            "application": self.opened.application,
            "reading": self.opened.reading,
            "live_template": self.form_class.live_template,
        }
        return render(self.opened.request, "providers/parts/saved.html", basis | context, status=status)


def _take(page: _Page, leads_to) -> HttpResponse:
    opened = page.opened
    request, form = opened.request, opened.form(page.form_class, _chosen_of_both(opened, page.form_class))
    if not form.is_valid():
        if opened.is_script:
            return page.fragment("refused", 422, words=[text for texts in form.errors.values() for text in texts])
        return page.shown(form)
    typed = _with_what_is_not_asked(form, opened.part)
    try:
        part = _save(opened, form, typed)
    except Stale as stale:
        if opened.is_script:
            return page.fragment("stale", 409, is_own=stale.theirs.saved_by == request.user.pk)
        return page.stale(form, typed, stale.theirs)
    except TooLate as late:
        actions.note_late(application=opened.application, what="save", at=late.at, by=request.user)
        if opened.is_script:
            return page.fragment("late", 409, late_at=shown.to_the_second(late.at))
        return page.shut(form, str(late), late=late)
    except Refused as refusal:
        if opened.is_script:
            return page.fragment("refused", 422, words=[str(refusal)])
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return page.shown(form)
    read = rules.assemble(dict(opened.draft) | {opened.code: part}, opened.context)
    reading = read.readings.get(opened.code, NOT_BEGUN)
    if opened.is_script:
        return page.fragment("saved", 200, form=form, part=part, reading=reading, saved_at=shown.saved_at(part)[:8])
    if elsewhere := leads_to(request.POST):
        return redirect(elsewhere)
    return redirect(f"{request.path}?saved=1" if reading.problems else page.following)


def _chosen_of_both(opened: Opened, form_class: type[PartForm]) -> QueryDict:
    """What was sent. From the page with two texts side by side: what stands, where that was chosen."""
    sent = opened.request.POST
    if "both" not in sent:
        return sent
    data = sent.copy()
    for key, several in opened.form(form_class, sent).asked().items():
        if sent.get(f"keep-{key}") == "theirs":
            stands = opened.part.answers.get(key, [] if several else "")
            data.setlist(key, stands if isinstance(stands, list) else [stands])
    return data


def _with_what_is_not_asked(form: PartForm, part: Part) -> Answers:
    """What was typed, and what was typed earlier to questions that this page does not ask now (a price of a lot that is
    not chosen at the moment): it is there again when they are asked again."""
    if not form.keeps_the_rest:
        return form.typed()
    asked = form.asked()
    return {key: value for key, value in part.answers.items() if key not in asked} | dict(form.typed())


def _save(opened: Opened, form: PartForm, typed: Answers) -> Part:
    """Save, and know one's own words again: the same sent twice is saved once, and what the script sent without
    hearing an answer is not somebody else's."""

    def save(revision: int) -> Part:
        return actions.save_part(
            application=opened.application, code=opened.code, answers=typed, revision=revision, by=opened.request.user
        )

    try:
        return save(form.seen)
    except Stale as stale:
        standing = stale.theirs
        if standing.answers == typed:
            return standing
        before = opened.request.POST.get("unanswered", "")
        if not before or standing.saved_by != opened.request.user.pk:
            raise
        earlier = opened.form(type(form), QueryDict(before))
        if _with_what_is_not_asked(earlier, opened.part) != standing.answers:
            raise
        return save(standing.revision)
