"""The form of one quality standard: the answer, its evidence out of the library, what differs for a lot."""

from __future__ import annotations

import datetime as dt

from crispy_forms_gds.layout import HTML, Button, Div, Field, Size
from django.utils.html import format_html

from lots.rules.timetable import in_words
from lots.states import EvidenceKind
from providers.forms.parts import PartForm, SeveralField, TextField
from providers.rules import evidence, standards
from providers.rules.draft import Typed
from providers.rules.offer import AskedEvidence, AskedStandard, OfferedLot
from providers.rules.reading import Held
from providers.rules.typed import LONGEST_ANSWER, YES, keys

PICKER = "providers/parts/picker.html"
UPLOAD, STAY = "upload", "stay"
# The first button of a form is what the Enter key presses: not "Upload a document", which stands further down.
ENTER = '<button type="submit" name="go" class="govuk-visually-hidden" tabindex="-1">Save and continue</button>'

DIFFERS = (
    '<h2 class="govuk-heading-m">What differs from lot to lot</h2><p class="govuk-body">What you said above counts for '
    "every lot that you chose, unless you say otherwise here.</p>"
)


class PapersField(SeveralField):
    """Documents out of the library: those that are chosen, as boxes that can be unticked, and the rest in one list."""

    def __init__(self, *, chosen: list[Held], library: list[Held], today: dt.date, **kwargs):
        labels = {held.version: _label(held, today) for held in (*library, *chosen)}
        super().__init__(choices=[(str(version), label) for version, label in labels.items()], **kwargs)
        taken = {held.version for held in chosen}
        self.chosen = [(held.version, labels[held.version]) for held in chosen]
        self.rest = [(held.version, labels[held.version]) for held in library if held.version not in taken]


def _label(held: Held, today: dt.date) -> str:
    """A document as a person knows it, with what keeps it from counting."""
    if not held.usable:
        return f"{held.title} (did not pass the check for viruses)"
    if not held.is_current:
        return f"{held.title} (version {held.number}, an earlier one)"
    if held.expires_on:
        return f"{held.title} ({'ran out on' if held.expires_on < today else 'until'} {in_words(held.expires_on)})"
    return held.title


class StandardForm(PartForm):
    """One standard. A lot that differs has fields of its own, whose names end in `_lot` and the lot's key."""

    standard_pk = 0

    def build(self):
        self.standard: AskedStandard = self.context.offer.standard(self.standard_pk)
        self.asked_as = standards.asked_of(self.standard, self.context.bidder)
        current = (held for held in self.context.library.values() if held.is_current and held.usable)
        self.library = sorted(current, key=lambda held: (held.title.casefold(), held.version))
        offer = self.context.offer
        self.lots = [lot for lot in offer.biddable if lot.pk in self.context.chosen] if offer.quality_per_lot else []
        self._add_answers("", "How you meet this standard", "Say what you do, who does it and how often")
        for lot in self.lots:
            self.fields[standards.at("differs", lot.pk)] = SeveralField(
                label=format_html("Lot {}: <bdi>{}</bdi>", lot.number, lot.title),
                choices=[(YES, "Something is different for this lot")],
            )
            if self._differs(lot):
                hint = "Leave empty what is the same for all lots"
                where = f" (lot {lot.number})"
                self._add_answers(standards.at("", lot.pk), f"How you meet it in lot {lot.number}", hint, where)
        self.fields["na"] = SeveralField(
            label="Only if this standard cannot apply to you",
            hint="It counts only if the buyer agrees with your reason. If not, the standard is not met",
            choices=[(YES, "This standard does not apply to us")],
        )
        self.fields["na_reason"] = TextField(label="Why it does not apply to you", lines=3)

    def _differs(self, lot: OfferedLot) -> bool:
        return YES in self.data.getlist(standards.at("differs", lot.pk))

    def _add_answers(self, suffix: str, label: str, hint: str, where: str = "") -> None:
        self.fields[f"answer{suffix}"] = TextField(label=label, hint=hint, lines=2)
        for asked in self.standard.evidence:
            name = f"{evidence.field_of(asked)}{suffix}"
            self.fields[name] = self._field(asked, name, where)
        if self.asked_as.instead:
            words = format_html("Or, in place of all of this: {}{}", standards.in_short(self.asked_as), where)
            name = f"{standards.INSTEAD}{suffix}"
            self.fields[name] = self._papers(name, words, "You may show this and leave the evidence above empty")

    def _field(self, asked: AskedEvidence, name: str, where: str):
        title = format_html("{}{}{}", asked.title, "" if asked.required else " (if you have it)", where)
        if asked.kind in evidence.PAPERS:
            hint = f"Counts for {asked.months} months after the day it was issued" if asked.months else ""
            return self._papers(name, title, hint)
        if asked.kind == EvidenceKind.DECLARATION:
            return SeveralField(label=title, choices=[(YES, "We declare this")])
        if asked.kind == EvidenceKind.LINK:
            return TextField(label=title, hint="A link that anybody can open. It begins with https://")
        return TextField(label=title, lines=4)

    def _papers(self, name: str, label: str, hint: str) -> PapersField:
        picked = (self.context.library.get(version) for version in keys({name: self.data.getlist(name)}, name))
        return PapersField(
            label=label,
            hint=hint,
            chosen=[held for held in picked if held],
            library=self.library,
            today=self.context.today,
        )

    def layout(self):
        reason = Div(Field("na_reason"), css_class="portal-if-yes")
        lots = [self._lot(lot) for lot in self.lots]
        if lots:
            lots = [HTML(DIFFERS), *lots, Button.secondary(STAY, "Save, and show what can differ")]
        tick = Field.checkboxes("na", small=True, legend_size=Size.SMALL)
        return [HTML(ENTER), *self._shown(""), *lots, Div(tick, reason, css_class="portal-asked")]

    def _lot(self, lot: OfferedLot) -> Div:
        tick = Field.checkboxes(standards.at("differs", lot.pk), small=True, legend_size=Size.SMALL)
        own = self._shown(standards.at("", lot.pk)) if self._differs(lot) else []
        return Div(tick, *own, css_class="portal-lot")

    def _shown(self, suffix: str) -> list:
        names = [f"{evidence.field_of(asked)}{suffix}" for asked in self.standard.evidence]
        if self.asked_as.instead:
            names.append(f"{standards.INSTEAD}{suffix}")
        rows = 4 if suffix else 8
        answer = Field.textarea(f"answer{suffix}", max_characters=LONGEST_ANSWER, label_size=Size.MEDIUM, rows=rows)
        return [answer, *(self._drawn(name) for name in names)]

    def _drawn(self, name: str) -> Field:
        field = self.fields[name]
        if isinstance(field, PapersField):
            return Field(name, template=PICKER)
        if isinstance(field, SeveralField):
            return Field.checkboxes(name, small=True, legend_size=Size.SMALL)
        return Field(name, context={"label_size": Size.SMALL})

    def typed(self):
        """What was typed; a document that is both ticked and chosen from the list is one."""
        return {name: kept for name, value in super().typed().items() if (kept := self._once(name, value))}

    def _once(self, name: str, value: Typed) -> Typed:
        is_papers = isinstance(self.fields[name], PapersField)
        return list(dict.fromkeys(one for one in value if one.strip())) if is_papers else value


def form_for(standard_pk: int) -> type[StandardForm]:
    """The form of one standard."""
    return type("OneStandardForm", (StandardForm,), {"standard_pk": standard_pk})
