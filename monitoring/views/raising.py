"""Raising a concern: one question after the other, in one form that carries what was said. Nothing of it is kept before
it is sent: not in a session, not in an address."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

from accounts.models import Organisation
from core import clock
from core.access import guard
from lots.views.setting_up import done, tried
from monitoring.actions import concerns as actions
from monitoring.actions import listing
from monitoring.actions.concerns import Said
from monitoring.forms.concerns import CalledForm, CheckForm, CouncilForm, DangerForm, KindForm, WordsForm
from monitoring.permissions import concerns as permissions
from monitoring.queries import concerns as queries
from monitoring.states import ConcernKind
from monitoring.views.frame import page

STEPS = ["danger", "called", "kind", "words", "council", "check"]
CARRIED = ("key", "danger", "called_999", "kind", "placement", "provider", "about", "detail", "authority")


@dataclass
class Raising:
    """How far somebody has come: what each form before this one was answered with."""

    request: object
    organisation: Organisation
    forms: dict = field(default_factory=dict)

    def __post_init__(self):
        self.today = clock.today()
        self.data = self.request.POST if self.request.method == "POST" else {}

    def next_form(self):
        """The first step that was not answered, or not well, with its form; None and the last form when all are."""
        answered = STEPS.index(self.data["at"]) if self.data.get("at") in STEPS else -1
        for number, step in enumerate(STEPS):
            if not (make := getattr(self, f"_{step}")()):
                continue
            if number > answered:
                return step, make(None, initial={name: self.data[name] for name in CARRIED if name in self.data})
            form = self.forms[step] = make(self.data)
            if not form.is_valid():
                return step, form
        return None, self.forms["check"]

    def _danger(self):
        return DangerForm

    def _called(self):
        return CalledForm if self.forms["danger"].cleaned_data["danger"] == "yes" else None

    def _kind(self):
        return KindForm

    def _words(self):
        placements = queries.pupils_for(self.organisation, user=self.request.user, today=self.today)
        return partial(
            WordsForm, kind=self.kind, placements=placements, providers=queries.providers_for(self.organisation)
        )

    def _council(self):
        words = self.forms["words"]
        self.authorities = queries.authorities_for(self.organisation, words.chosen, words.placement, self.today)
        return partial(CouncilForm, authorities=self.authorities) if len(self.authorities) > 1 else None

    def _check(self):
        self.told = queries.told(
            queries.parties(
                self.kind, self.organisation, self.forms["words"].chosen, self.forms["words"].placement, self.authority
            )
        )
        self.told = [one for one in self.told if one.user != self.request.user.pk]
        return partial(CheckForm, kind=self.kind, people=self.told)

    @property
    def kind(self) -> str:
        return self.forms["kind"].cleaned_data["kind"]

    @property
    def authority(self) -> Organisation | None:
        if "council" in self.forms:
            form = self.forms["council"]
            return form.authorities[form.cleaned_data["authority"]]
        return self.authorities[0] if self.authorities else None

    @property
    def key(self) -> uuid.UUID:
        """Given out with the first page, so that sending twice is one concern."""
        try:
            return uuid.UUID(self.data.get("key", ""))
        except ValueError:
            return uuid.uuid4()

    def said(self) -> Said:
        """Everything, once all was answered."""
        words, called = self.forms["words"], self.forms.get("called")
        return Said(
            key=self.key,
            kind=self.kind,
            provider=words.chosen,
            placement=words.placement,
            authority=self.authority,
            detail=words.cleaned_data["detail"],
            about=words.cleaned_data.get("about", ""),
            about_user=self.forms["check"].about(),
            called_999=bool(called and called.cleaned_data["called_999"]),
        )


@guard(permissions.can_raise, on=Organisation)
def raise_concern(request, organisation):
    """Write down a worry about a child or an adult, and see before it is sent who will be told."""
    raising = Raising(request, organisation)
    step, form = raising.next_form()
    if step is None:
        sent = []
        if tried(form, lambda: sent.append(_send(raising))):
            return done(request, "The concern is sent", "concern", sent[0].key)
        step = "check"
    if step == "words":
        listing.note_pupils(organisation=organisation, number=len(form.placements), by=request.user, at=clock.now())
    context = {
        "step": step,
        "form": form,
        "carried": _carried(raising, form),
        "front_doors": queries.front_doors_for(organisation, raising.today) if step in ("danger", "called") else [],
        "told": Counter((one.role, one.organisation) for one in getattr(raising, "told", [])).items(),
        "is_adult": "kind" in raising.forms and raising.forms["kind"].is_valid() and raising.kind == ConcernKind.ADULT,
        "words": raising.forms.get("words"),
        "pupil": _pupil(raising) if step == "check" else None,
        "authority": raising.authority if step == "check" else None,
        "front_door": queries.front_door_of(raising.authority) if step == "check" else None,
    }
    return page(request, organisation, "monitoring/raise_concern.html", active="concerns", **context)


def _pupil(raising: Raising):
    """The child who was chosen. A template would find the form's field of that name instead."""
    placement = raising.forms["words"].placement
    return placement.pupil if placement else None


def _carried(raising: Raising, form) -> list[tuple[str, str]]:
    """What was said before, for the hidden fields of the page."""
    said = {name: raising.data[name] for name in CARRIED if name in raising.data and name not in form.fields}
    return list((said | {"key": str(raising.key)}).items())


def _send(raising: Raising):
    return actions.raise_concern(
        organisation=raising.organisation,
        said=raising.said(),
        by=raising.request.user,
        at=clock.now(),
        today=raising.today,
    )
