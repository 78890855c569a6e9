"""What people type about visits: when, whom, what was found, what is to be done."""

from __future__ import annotations

from collections.abc import Sequence

import django_filters
from crispy_forms_gds.layout import HTML, Field, Fixed, Size, Submit
from django import forms

from accounts.filters import Panel
from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField, NameField
from lots.forms.fields import TimeField
from lots.forms.places import choice, reason
from lots.models import Standard
from monitoring.models import Visit
from monitoring.rules.visits import Seen, ToDo, Written
from monitoring.states import Found, Owner, VisitKind, VisitState

MORE_FINDINGS, MORE_ACTIONS = 3, 3  # empty lines at the end; a visit that is saved gets as many again
FINISH = "finish"


class WhomForm(forms.Form):
    """Which kind of visit, to which provider or to which pupil there."""

    kind = choice("What kind of visit?", VisitKind.choices, required="Choose the kind of visit")
    provider = forms.ChoiceField(
        label="Which provider?",
        required=False,
        error_messages={"invalid_choice": "Select a provider that is in the list"},
    )
    placement = forms.ChoiceField(
        label="To see one pupil?",
        required=False,
        help_text="Leave this empty for a visit to the provider. A visit to one pupil is seen by your own people alone",
        error_messages={"invalid_choice": "Select a pupil who is in the list"},
    )

    def __init__(self, *args, providers, placements, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [("", "Select one"), *((one.pk, one.name) for one in providers)]
        self.fields["placement"].choices = [
            ("", "No, the provider"),
            *((one.pk, f"{one.whom}, at {one.provider.name}") for one in placements),
        ]
        if not placements:
            del self.fields["placement"]

    def clean(self):
        said = super().clean()
        if not said.get("provider") and not said.get("placement") and not self.errors:
            self.add_error("provider", "Select the provider")
        return said

    def whom(self) -> dict:
        """Kind, and the keys of provider and placement."""
        said = self.cleaned_data
        placement, provider = said.get("placement"), said.get("provider")
        return {
            "kind": said["kind"],
            "provider": int(provider) if provider else 0,
            "placement": int(placement) if placement else None,
        }

    def parts(self) -> list:
        """The fields of every form about whom, in order."""
        names = [name for name in ("provider", "placement") if name in self.fields]
        return [Field.radios("kind", legend_size=Size.SMALL), *(Field(name) for name in names)]


class PlanForm(WhomForm):
    """A visit on a day."""

    planned_on = DayField(what="the day of the visit", label="On which day?")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(*self.parts(), Field("planned_on"), submit="Plan the visit")


class ScheduleForm(WhomForm):
    """Visits again and again."""

    from_on = DayField(what="the first day", label="From which day?")
    until_on = DayField(
        what="the last day", label="Until which day?", required=False, help_text="Leave empty for no end"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(*self.parts(), Field("from_on"), Field("until_on"), submit="Make the schedule")


def _text(label: str, what: str, rows: int = 2, **kwargs) -> LinesField:
    kwargs = {"longest": 4000, "required": False} | kwargs
    return LinesField(what=what, label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class WriteForm(forms.Form):
    """What was found, standard by standard, on a phone: "Not seen" is chosen already, and words are only needed where
    something is wanting. Saved unfinished as often as one likes."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), "Open this page again, then save"),
    )
    held_on = DayField(what="the day of the visit", label="When did you visit?", required=False)
    arrived = TimeField(label="When did you arrive?", required=False, help_text="For example, 9:30am")
    left = TimeField(label="When did you leave?", required=False, help_text="For example, 11am")
    words = _text("What did you see?", "What you saw", 4, help_text="In general words, and no names of pupils")

    def __init__(self, *args, visit: Visit, standards: Sequence[Standard], findings=(), actions=(), **kwargs):
        self.visit, self.standards = visit, list(standards)
        self.of_pupil = visit.placement_id is not None
        self.others = [one for one in findings if one.standard_id is None]
        self.saved_actions = list(actions)
        kept = {one.standard_id: one for one in findings if one.standard_id}
        super().__init__(*args, **kwargs)
        parts = [Field("seen"), Field("held_on"), narrow("arrived", Fixed.TEN), narrow("left", Fixed.TEN)]
        if self.of_pupil:
            self.fields["seen_text"] = _text(
                "What did you see of the pupil?", "What you saw of the pupil", 4,
                help_text="Say whether you met the pupil alone. Only your own people read this",
            )  # fmt: skip
            parts.append(Field("seen_text"))
        parts += [Field("words"), *self._standards(kept), *self._others(), *self._actions()]
        self.helper = helper(*parts, submit="Save and go on later")
        self.helper.inputs[0].field_classes += " govuk-button--secondary"
        self.helper.add_input(Submit(FINISH, "Finish the visit"))

    def _standards(self, kept):
        if self.standards:
            yield HTML('<h2 class="govuk-heading-m">What you found</h2>')
        for one in self.standards:
            found = kept.get(one.pk)
            self.fields[f"found_{one.pk}"] = forms.ChoiceField(
                label=f"{one.number} {one.title}",
                choices=Found.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=found.found if found else Found.NOT_SEEN,
                error_messages={"invalid_choice": "Choose one of the four"},
            )
            self.fields[f"words_{one.pk}"] = _text(
                f"What is wanting at {one.number}?", f"What is wanting at {one.number}",
                initial=found.words if found else "",
            )  # fmt: skip
            # An empty one shows a blank, by which the page knows that it is empty (`_monitoring_visits.scss`).
            self.fields[f"words_{one.pk}"].widget.attrs["placeholder"] = " "
            yield Field.radios(f"found_{one.pk}", legend_size=Size.SMALL, inline=True, small=True)
            yield Field(f"words_{one.pk}")

    def _others(self):
        yield HTML('<h2 class="govuk-heading-m">Anything else you found</h2>')
        for number in range(1, len(self.others) + MORE_FINDINGS + 1):
            saved = self.others[number - 1] if number <= len(self.others) else None
            self.fields[f"else_{number}"] = NameField(
                what=f"Finding {number}", longest=300, label=f"Finding {number}", required=False,
                initial=saved.title if saved else "",
            )  # fmt: skip
            yield Field(f"else_{number}")

    def _actions(self):
        yield HTML('<h2 class="govuk-heading-m">What is to be done</h2>')
        for number in range(1, len(self.saved_actions) + MORE_ACTIONS + 1):
            saved = self.saved_actions[number - 1] if number <= len(self.saved_actions) else None
            self.fields[f"what_{number}"] = _text(
                f"Action {number}", f"Action {number}", longest=1000, initial=saved.what if saved else ""
            )
            yield Field(f"what_{number}")
            if not self.of_pupil:
                self.fields[f"owner_{number}"] = forms.ChoiceField(
                    label=f"Whose is action {number}?", choices=Owner.choices, widget=forms.RadioSelect,
                    required=False, initial=saved.owner if saved else Owner.PROVIDER,
                )  # fmt: skip
                yield Field.radios(f"owner_{number}", inline=True, small=True)
            self.fields[f"due_{number}"] = DayField(
                what=f"the day of action {number}", label=f"By when is action {number} done?", required=False,
                initial=saved.due_on if saved else None,
            )  # fmt: skip
            yield Field(f"due_{number}")

    def clean(self):
        said = super().clean()
        for one in self.standards:
            wanting = said.get(f"found_{one.pk}") in {Found.PARTLY, Found.NOT_MET}
            if wanting and not said.get(f"words_{one.pk}") and f"words_{one.pk}" not in self.errors:
                self.add_error(f"words_{one.pk}", f"Write what is wanting at {one.number}")
        for name in [name for name in self.fields if name.startswith("what_")]:
            due = name.replace("what_", "due_")
            if said.get(name) and not said.get(due) and due not in self.errors:
                self.add_error(due, "Enter by when it is done")
            if said.get(due) and not said.get(name) and name not in self.errors:
                self.add_error(name, "Write what is to be done by that day")
        return said

    @property
    def finishes(self) -> bool:
        """Whether the second button was pressed."""
        return FINISH in self.data

    def written(self) -> Written:
        """The whole visit."""
        said = self.cleaned_data
        found = [
            Seen(one.number, one.title, said[f"found_{one.pk}"], said[f"words_{one.pk}"], one.pk)
            for one in self.standards
            if said[f"found_{one.pk}"] not in ("", Found.NOT_SEEN) or said[f"words_{one.pk}"]
        ]
        others = [said[name] for name in self.fields if name.startswith("else_") and said[name]]
        found += [Seen(f"+{number}", title, Found.NOT_MET, title) for number, title in enumerate(others, start=1)]
        numbers = [name.removeprefix("what_") for name in self.fields if name.startswith("what_") and said[name]]
        return Written(
            held_on=said["held_on"],
            arrived=said["arrived"],
            left=said["left"],
            words=said["words"],
            seen=said.get("seen_text", ""),
            findings=tuple(found),
            actions=tuple(
                ToDo(said[f"what_{one}"], said.get(f"owner_{one}") or Owner.VISITOR, said[f"due_{one}"])
                for one in numbers
            ),
        )


class CancelForm(forms.Form):
    """Why a visit does not take place."""

    reason = NameField(
        what="The reason", longest=300, label="Why does it not take place?", help_text="Your own people read this",
        error_messages={"required": "Write why the visit does not take place"},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("reason"), submit="Cancel the visit", warning=True)


class DoneForm(forms.Form):
    """When and how an action was done."""

    done_on = DayField(what="the day on which it was done", label="When was it done?")
    words = reason("How was it done?", help_text="In general words, and no names of pupils")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].longest = 1000
        self.fields["words"].error_messages["required"] = "Write how it was done"
        self.helper = helper(Field("done_on"), Field("words"), submit="Save")


class ConfirmForm(forms.Form):
    """A button."""

    def __init__(self, *args, submit: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(submit=submit)


class VisitFilter(Panel):
    """Planned visits, or those that were held or cancelled."""

    show = django_filters.ChoiceFilter(
        label="Show", choices=[("held", "Visits that were held"), ("cancelled", "Visits that were cancelled")],
        empty_label="Planned visits", method="by_show",
    )  # fmt: skip

    class Meta:
        model = Visit
        fields = []

    def by_show(self, queryset, name, value):
        return queryset

    @property
    def state(self) -> str:
        """Which are asked for."""
        asked = self.form.cleaned_data.get("show") if self.is_bound and self.form.is_valid() else ""
        return asked or VisitState.PLANNED
