"""What an officer answers to a notice: its contradictions, its parts, its buyer; and what to take of a later one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crispy_forms.layout import LayoutObject
from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Field, Layout, Size
from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html

from accounts.forms.fields import helper
from core.fields import LinesField
from lots.rules import telling
from lots.states import LETTERS
from notices.queries.releases import Side, Told
from notices.rules import answers as rules
from notices.rules.answers import Answer
from notices.rules.findings import Finding, Option

LONGEST_REASON = 4000


class Shown(LayoutObject):
    """A finding as it stands between the fields of the form."""

    def __init__(self, finding: Finding):
        self.finding = finding

    def render(self, form, context, template_pack=None, **kwargs):
        """The finding's title, explanation, and the texts that contradict each other."""
        return render_to_string("notices/parts/finding.html", {"finding": self.finding})


def _about(question: str, finding: Finding) -> str:
    """The question; to a screen reader also what it is about, because it is asked so often."""
    return format_html('{}<span class="govuk-visually-hidden"> {}</span>', question, finding.title)


def _choice(option: Option) -> Choice:
    """An answer, with what bidders are told when it is chosen."""
    more = {"hint": f"All bidders are told: {option.clarification}"} if option.clarification else {}
    return Choice(option.value, option.label, **more)


def _name(code: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "_", code)


class AnswersForm(forms.Form):
    """An option and a reason for each finding that wants them."""

    def __init__(self, *args, findings: Iterable[Finding], **kwargs):
        super().__init__(*args, **kwargs)
        self.findings = rules.asked(findings)
        self.layout = []
        for finding in self.findings:
            self._ask(finding)

    def _ask(self, finding: Finding) -> None:
        name = _name(finding.code)
        self.layout.append(Shown(finding))
        if finding.effect == "choose":
            self.fields[f"option_{name}"] = forms.ChoiceField(
                label=_about("What holds?", finding),
                choices=[_choice(option) for option in finding.options],
                widget=forms.RadioSelect,
                initial=finding.chosen,
                error_messages={
                    "required": f"Choose what holds: {finding.title}",
                    "invalid_choice": f"Choose one of the answers on this page: {finding.title}",
                },
            )
            self.layout.append(Field.radios(f"option_{name}", legend_size=Size.SMALL))
        self.fields[f"reason_{name}"] = LinesField(
            what="Reason",
            longest=LONGEST_REASON,
            label=_about("Why?", finding),
            initial=finding.reason,
            error_messages={"required": f"Enter the reason: {finding.title}"},
        )
        self.layout.append(Field.textarea(f"reason_{name}", label_size=Size.SMALL, rows=3))

    def clean(self):
        """What is filled in as the reason is the notice's: whoever departs from the notice gives one of their own."""
        if not self.errors:
            for code, words in rules.missing(self.findings, self.answers()).items():
                title = next(finding.title for finding in self.findings if finding.code == code)
                self.add_error(f"reason_{_name(code)}", f"{words}: {title}")
        return super().clean()

    def answers(self) -> dict[str, Answer]:
        """By the code of the finding."""
        return {
            finding.code: Answer(
                option=self.cleaned_data.get(f"option_{_name(finding.code)}", ""),
                reason=self.cleaned_data[f"reason_{_name(finding.code)}"],
            )
            for finding in self.findings
        }

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Every answer as it was sent, for the hidden fields of the next page."""
        return [(name, value) for name in self.fields for value in self.data.getlist(name)]


class ConfirmForm(AnswersForm):
    """Everything that a framework needs besides what the notice says."""

    def __init__(self, *args, told: Told, buyer: str = "", organisation=None, **kwargs):
        super().__init__(*args, findings=told.findings, **kwargs)
        settled = {rules.lot_of(finding) for finding in told.findings}
        self.lots = [lot for lot in told.facts.lots if not lot.is_auto and lot.number not in settled]
        if self.lots:
            self.layout.append(HTML('<h2 class="govuk-heading-m">Parts of the lots</h2>'))
        for number, lot in enumerate(self.lots):
            self.fields[f"parts_{number}"] = forms.MultipleChoiceField(
                label=f"Lot {lot.number}: {lot.title}",
                choices=[(letter, f"{letter}: {phase.label}") for letter, phase in LETTERS.items()],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=[part.letter for part in lot.sub_lots],
                error_messages={"invalid_choice": f"Lot {lot.number}: select only parts that are on this page"},
            )
            self.layout.append(Field.checkboxes(f"parts_{number}", legend_size=Size.SMALL, small=True))
        if buyer:
            self.fields["is_our_buyer"] = forms.BooleanField(
                label=f"{buyer} is {organisation.name}",
                error_messages={"required": f"Confirm that the buyer in the notice is {organisation.name}"},
            )
            self.layout.append(HTML('<h2 class="govuk-heading-m">The buyer in the notice has another name</h2>'))
            self.layout.append(Field("is_our_buyer"))
        self.helper = helper(*self.layout, submit="Continue")

    def parts(self) -> dict[str, list[str]]:
        """Letters by the number of the lot."""
        return {lot.number: self.cleaned_data[f"parts_{number}"] for number, lot in enumerate(self.lots)}

    def rows(self) -> list[tuple[str, str]]:
        """Parts as they will be, for checking."""
        return [
            (f"Lot {lot.number}: {lot.title}", ", ".join(f"{at}: {LETTERS[at].label}" for at in letters) or "No parts")
            for lot, letters in zip(self.lots, self.parts().values(), strict=True)
        ]


class TakeForm(AnswersForm):
    """For each difference: keep what the portal says, or take what the new notice says."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args, sides: list[Side], findings: Iterable[Finding], seen: str, **kwargs):
        super().__init__(*args, findings=findings, **kwargs)
        self.fields["seen"].initial = seen
        self.sides = sides
        self.questions = FormHelper()
        self.questions.form_tag, self.questions.disable_csrf = False, True
        self.questions.layout = Layout(*self.layout)
        for number, side in enumerate(sides):
            if not side.kept:
                self.fields[f"take_{number}"] = forms.ChoiceField(
                    label=side.difference.label,
                    choices=[
                        (f"keep {side.difference.key}", "Keep what the portal says"),
                        (f"take {side.difference.key}", "Take what the notice says"),
                    ],
                    widget=forms.RadioSelect,
                    initial=f"{'keep' if side.edited else 'take'} {side.difference.key}",
                    error_messages={
                        "required": f"Choose whether to keep or take: {side.difference.label}",
                        "invalid_choice": "The framework was changed meanwhile. Look at the differences again",
                    },
                )

    def rows(self) -> list[dict]:
        """The table: what differs, told three times, with its field."""
        return [
            {
                "label": side.difference.label,
                "now": telling.told(side.difference.before, field=side.difference.field),
                "was": telling.told(side.was, field=side.difference.field),
                "new": telling.told(side.difference.after, field=side.difference.field),
                "kept": side.kept,
                "field": self[f"take_{number}"] if not side.kept else None,
            }
            for number, side in enumerate(self.sides)
        ]

    def keys(self) -> set[str]:
        """Of the facts that are taken."""
        return {
            side.difference.key
            for number, side in enumerate(self.sides)
            if not side.kept and self.cleaned_data[f"take_{number}"].startswith("take ")
        }
