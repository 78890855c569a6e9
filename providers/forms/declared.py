"""Forms of what a bidder says of itself: exclusion grounds, connected persons, conflicts of interest, declarations."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crispy_forms_gds.layout import Div, Field, Fieldset, Fluid, Size
from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html

from providers.forms.parts import OneField, PartForm, SeveralField, TextField
from providers.rules import conflicts, connected, declarations
from providers.rules.exclusion import DEBARRED
from providers.rules.grounds import DISCRETIONARY, LIKELY, MANDATORY, WHO, Ground

YES_OR_NO = [("yes", "Yes"), ("no", "No")]
SPARE_ROWS, FIRST_ROWS = 2, 4


def _choice(label: str, hint: str, choices=YES_OR_NO) -> OneField:
    return OneField(label=label, hint=hint, choices=list(choices))


def _asked(question: str, *story) -> Div:
    """A question of yes or no, and what a yes asks besides: shown once yes is chosen (`portal-if-yes`)."""
    radios = Field.radios(question, legend_size=Size.SMALL, inline=True)
    return Div(radios, Div(*story, css_class="portal-if-yes"), css_class="portal-asked")


@dataclass(frozen=True)
class GroundRow:
    """The fields of one ground."""

    answer: BoundField
    who: BoundField
    what: BoundField
    when: BoundField
    since: BoundField
    likely: BoundField


class ExclusionForm(PartForm):
    """Each ground with yes or no, and the story of a yes."""

    def build(self):
        for ground in (*MANDATORY, *DISCRETIONARY):
            self._add(ground)
        self.fields[DEBARRED] = _choice(
            "Are you, or is any of them, on the debarment list?",
            "The government keeps this list of suppliers and publishes it (sections 59 to 62)",
        )
        self.fields[f"{DEBARRED}_details"] = TextField(label="Who is on the list, and for what?", lines=3)

    def _add(self, ground: Ground) -> None:
        code, title = ground.code, ground.title
        self.fields[code] = _choice(title, f"{ground.explained} ({ground.source})")
        self.fields[f"{code}_who"] = SeveralField(label=f"{title}: whom does it concern?", choices=list(WHO.items()))
        self.fields[f"{code}_what"] = TextField(label=f"{title}: what happened?", lines=3)
        self.fields[f"{code}_when"] = TextField(label=f"{title}: when?", hint="A month and a year are enough")
        self.fields[f"{code}_since"] = TextField(
            label=f"{title}: what was done since?",
            lines=3,
            hint="What was put right, paid, changed or learned, and how you can show it",
        )
        self.fields[f"{code}_likely"] = _choice(
            f"{title}: is it continuing, or likely to happen again?", "", LIKELY.items()
        )

    @property
    def groups(self) -> list[tuple[str, str, list[GroundRow]]]:
        """The grounds with their fields, under the two headings of the law; drawn by the part's own template, because
        a hundred fields of a form library cost a second."""
        mandatory = "A buyer must leave out whoever one of these applies to, if it is likely to happen again."
        discretionary = "A buyer may leave out whoever one of these applies to, if it is likely to happen again."
        return [
            ("Schedule 6: offences and other serious matters", mandatory, [self._row(one) for one in MANDATORY]),
            ("Schedule 7: other matters", discretionary, [self._row(one) for one in DISCRETIONARY]),
        ]

    def _row(self, ground: Ground) -> GroundRow:
        names = (ground.code, *(f"{ground.code}_{name}" for name in ("who", "what", "when", "since", "likely")))
        return GroundRow(*(self[name] for name in names))


class ConnectedForm(PartForm):
    """Rows of a name, a kind and a role; always some empty ones."""

    keeps_the_rest = False  # a row that was emptied is gone

    def build(self):
        sent = [int(found[1]) for name in self.data if (found := re.fullmatch(r"(?:name|kind|role)_([1-9]\d?)", name))]
        filled = [number for number in sent if any(self.data.get(f"{one}_{number}") for one in connected.COLUMNS)]
        self.rows = min(max(max(filled, default=0) + SPARE_ROWS, FIRST_ROWS), connected.MOST)
        kinds = [("", "Choose"), *connected.KINDS.items()]
        for number in range(1, self.rows + 1):
            self.fields[f"name_{number}"] = TextField(label=f"Name of person or firm {number}")
            self.fields[f"kind_{number}"] = OneField(
                label=f"How person or firm {number} is connected", choices=kinds, widget=forms.Select
            )
            self.fields[f"role_{number}"] = TextField(label=f"Role of person or firm {number} (optional)")
        nobody = "There is nobody: I work alone, nobody owns or directs my work, and I rely on nobody else"
        self.fields[connected.NOBODY] = SeveralField(label="Or", choices=[("yes", nobody)])

    def layout(self):
        return [*(self._row(number) for number in range(1, self.rows + 1)), Field.checkboxes(connected.NOBODY)]

    def _row(self, number: int) -> Fieldset:
        return Fieldset(
            Field.text(f"name_{number}", field_width=Fluid.TWO_THIRDS),
            Field.select(f"kind_{number}"),
            Field.text(f"role_{number}", field_width=Fluid.TWO_THIRDS),
            legend=f"Person or firm {number}",
            legend_size=Size.SMALL,
        )


class ConflictsForm(PartForm):
    """Each question with yes or no, and the story of a yes."""

    def build(self):
        for asked in conflicts.QUESTIONS:
            self.fields[asked.code] = _choice(format_html(asked.question, buyer=self.context.offer.buyer), asked.hint)
            self.fields[f"{asked.code}_details"] = TextField(
                label="Who, when and what?",
                lines=3,
                hint="A role is enough where a name is not needed, like “our deputy head”",
            )
            self.fields[f"{asked.code}_steps"] = TextField(
                label="What could be done about it? (optional)",
                lines=2,
                hint="For example, that this person takes no part in the application",
            )

    def layout(self):
        return [
            _asked(asked.code, Field(f"{asked.code}_details"), Field(f"{asked.code}_steps"))
            for asked in conflicts.QUESTIONS
        ]


class DeclarationsForm(PartForm):
    """Every declaration ticked by itself, with a name under them."""

    def build(self):
        words = declarations.texts_for(self.context.offer)
        self.fields[declarations.FIELD] = SeveralField(
            label="We declare that", hint="Tick each one that you can stand behind", choices=list(words.items())
        )
        self.fields["name"] = TextField(label="Who declares this")
        self.fields["position"] = TextField(label="Position in your organisation", hint="For example, “Director”")

    def layout(self):
        return [
            Field.checkboxes(declarations.FIELD, legend_size=Size.MEDIUM),
            Field.text("name", field_width=Fluid.TWO_THIRDS),
            Field.text("position", field_width=Fluid.TWO_THIRDS),
        ]


FORMS: dict[str, tuple[type[PartForm], str]] = {
    "exclusion": (ExclusionForm, "providers/part_exclusion.html"),
    "connected": (ConnectedForm, "providers/part_connected.html"),
    "conflicts": (ConflictsForm, "providers/part_conflicts.html"),
    "declarations": (DeclarationsForm, "providers/part_declarations.html"),
}
